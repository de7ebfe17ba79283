"""A recording made elsewhere as a session: analysed, and put in the outbox.

The id of an imported session follows from what is in the file and what it was analysed as, so
that the same file imported again is the same session.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from analysis import AnalysisError, RecordingResult, analyse_recording, analysis_document
from firmware_bridge import FirmwareBridgeError
from tracker.errors import TrackerError
from tracker.importing import LoadedRecording, load_recording, read_files
from tracker.part_file import PART_SUFFIX, is_in_use
from tracker.preview import Preview, preview_of
from tracker.profile import Profile
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.session_record import trace
from tracker.settings import DataFolder
from tracker.unit_check import check_units
from tracker.uploader import write_durably

IMPORTED: Final = UUID("6a3b9f0e-5f0b-4d0c-9a55-90c3a1e7d290")  # namespace of imported sessions

REFUSALS: Final = (AnalysisError, FirmwareBridgeError, TrackerError, OSError, MemoryError)
"""What a file may come to that is no recording, or none of use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How files are to be read."""

    exercise: str
    zero_deg: float = 0.0
    sensor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSession:
    """A file that became a session.

    Parameters
    ----------
    file : Path
        The file or folder.
    session_id : UUID
        Its session.
    is_new : bool
        Whether it was not stored before.
    sets : tuple of dict
        The sets, as they are stored.
    path : Path
        Where the JSON of the session is, once it is stored.
    preview : Preview, optional
        The signal, where it was asked for.

    """

    file: Path
    session_id: UUID
    is_new: bool
    sets: tuple[dict[str, Any], ...]
    path: Path
    preview: Preview | None = None

    @property
    def n_sets(self) -> int:
        """How many sets were found."""
        return len(self.sets)

    @property
    def n_reps(self) -> int:
        """How many repetitions, in all sets."""
        return sum(len(one.get("reps", ())) for one in self.sets)


def why_refused(error: BaseException) -> str:
    """Say in a sentence why a file cannot be used."""
    if isinstance(error, MemoryError):
        return "The recording is too large for the memory of this computer: cut it into pieces."
    return " ".join(str(error).split()) or type(error).__name__


def import_file(
    path: Path, options: ImportOptions, profile: Profile, folder: DataFolder
) -> ImportedSession:
    """Analyse one file and put its session in the outbox, unless it was sent before.

    Raises
    ------
    UnitError
        If its numbers have surely another unit or sign than its columns say.

    """
    recording = load_recording(path, sensor=options.sensor)
    check_units(recording.samples)
    return import_loaded(
        recording,
        options,
        profile,
        folder,
        session_id=_session_id(path, options, profile),
        # Files rarely say when they were made; the day is right.
        started_at=datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone(),
        file=path,
    )


def import_loaded(
    recording: LoadedRecording,
    options: ImportOptions,
    profile: Profile,
    folder: DataFolder,
    *,
    session_id: UUID,
    started_at: datetime,
    file: Path,
) -> ImportedSession:
    """Analyse a recording and put its session in the outbox, unless it was sent before.

    Parameters
    ----------
    recording : LoadedRecording
        The samples.
    options, profile, folder
        As for `import_file`.
    session_id : UUID
        The same for the same recording, so that a session is stored once.
    started_at : datetime
        When it began, with its zone.
    file : Path
        What it was read from; its name is noted.

    """
    result = analyse_recording(recording.samples, options.exercise, zero_deg=options.zero_deg)
    sent = folder.sent / f"{session_id}.json"
    document = _document(recording, result, options, profile)
    document |= {"started_at": started_at.isoformat(), "notes": f"imported: {file.name}"}
    waiting = folder.outbox / f"{session_id}.json"
    is_new = not sent.exists()
    if is_new and not waiting.exists():  # its JSON comes last: what waits there is whole
        _write_recording(folder.outbox / f"{session_id}.mcap", recording, document, options)
        write_durably(waiting, document)
    return ImportedSession(
        file=file,
        session_id=session_id,
        is_new=is_new,
        sets=tuple(document["exercise_sets"]),
        path=sent,
        preview=preview_of(recording),
    )


def _session_id(path: Path, options: ImportOptions, profile: Profile) -> UUID:
    digest = hashlib.sha256(repr((options, profile.side, profile.patient_id)).encode())
    files: Mapping[str, bytes] = read_files(path)
    for name in sorted(files):
        digest.update(name.encode() if len(files) > 1 else b"")
        digest.update(files[name])
    return uuid5(IMPORTED, digest.hexdigest())


def _document(
    recording: LoadedRecording,
    result: RecordingResult,
    options: ImportOptions,
    profile: Profile,
) -> dict[str, Any]:
    time_s = recording.samples.time_s
    t0_s = float(time_s[0])
    document = analysis_document(
        result,
        exercise=options.exercise,
        recording_format=recording.format,
        side=profile.side,
        t0_s=t0_s,
        language=profile.language,
    )
    for one, described in zip(result.sets, document["sets"], strict=True):
        described |= {"exercise": options.exercise, "side": profile.side}
        if result.angle_deg is not None:
            described["trace"] = trace(time_s, result.angle_deg, one.start_s, one.end_s)
    return {
        "patient_id": str(profile.patient_id),
        "engine": document["engine"],
        "catalogue": document["catalogue"],
        "sensor": {"family": recording.format},
        "recording": document["recording"],
        "exercise_sets": document["sets"],
    }


def _write_recording(
    path: Path, recording: LoadedRecording, document: dict[str, Any], options: ImportOptions
) -> None:
    """Write the samples as a recording of our own, so that they can be analysed again."""
    for left in (path, path.with_name(path.name + PART_SUFFIX)):  # by an import that was cut off
        if left.exists() and not is_in_use(left):
            left.unlink()
    header = RecordingHeader(
        session=path.stem,
        started_at=datetime.fromisoformat(document["started_at"]),
        anchor_s=float(recording.samples.time_s[0]),
        sensor=recording.format,
        exercises=(options.exercise,),
        settings={"zero_deg": options.zero_deg},
    )
    with Recorder(path, header) as recorder:
        recorder.add_samples(recording.samples)
