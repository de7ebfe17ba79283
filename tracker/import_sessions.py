"""Recordings made elsewhere as sessions: analysed, put in the outbox, sent like any other.

The id of an imported session follows from what is in the file and what it was analysed as, so
that the same file imported again is the same session.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from analysis import RecordingResult, analyse_recording, analysis_document
from tracker.delivery import deliver
from tracker.importing import LoadedRecording, load_recording, read_files
from tracker.live import LiveHub
from tracker.profile import Profile
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.serving import LocalServer
from tracker.session_record import trace
from tracker.settings import DataFolder
from tracker.uploader import UploadError, write_durably

IMPORTED: Final = UUID("6a3b9f0e-5f0b-4d0c-9a55-90c3a1e7d290")  # namespace of imported sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How files are to be read."""

    exercise: str
    zero_deg: float = 0.0
    sensor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSession:
    """A file that became a session, and where its JSON is."""

    file: Path
    session_id: UUID
    n_sets: int
    n_reps: int
    path: Path


async def import_recordings(
    files: Sequence[Path], options: ImportOptions, profile: Profile, folder: DataFolder
) -> list[ImportedSession]:
    """Analyse files and store them; the service runs for as long as that takes.

    Raises
    ------
    UploadError
        If the service refuses a session; it stays in the outbox.

    """
    async with LocalServer(folder, LiveHub(), port=0) as server:
        imported = [
            await asyncio.to_thread(import_file, path, options, profile, folder) for path in files
        ]
        report = await deliver(server.url, folder, profile)
    ours = {one.session_id for one in imported}
    for session_id, reason in report.failed:
        if session_id in ours:
            raise UploadError(reason)
    return imported


def import_file(
    path: Path, options: ImportOptions, profile: Profile, folder: DataFolder
) -> ImportedSession:
    """Analyse one file and put its session in the outbox, unless it was sent before."""
    recording = load_recording(path, sensor=options.sensor)
    result = analyse_recording(recording.samples, options.exercise, zero_deg=options.zero_deg)
    session_id = _session_id(path, options, profile)
    sent = folder.sent / f"{session_id}.json"
    if not sent.exists():
        document = _document(path, recording, result, options, profile)
        _write_recording(folder.outbox / f"{session_id}.mcap", recording, document, options)
        write_durably(folder.outbox / f"{session_id}.json", document)
    return ImportedSession(
        file=path, session_id=session_id, n_sets=len(result.sets), n_reps=result.n_reps, path=sent
    )


def _session_id(path: Path, options: ImportOptions, profile: Profile) -> UUID:
    digest = hashlib.sha256(repr((options, profile.side, profile.patient_id)).encode())
    files: Mapping[str, bytes] = read_files(path)
    for name in sorted(files):
        digest.update(name.encode() if len(files) > 1 else b"")
        digest.update(files[name])
    return uuid5(IMPORTED, digest.hexdigest())


def _document(
    path: Path,
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
    modified_at = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    return {
        "patient_id": str(profile.patient_id),
        "started_at": modified_at.isoformat(),  # files rarely say; the day is right
        "engine": document["engine"],
        "catalogue": document["catalogue"],
        "sensor": {"family": recording.format},
        "notes": f"imported: {path.name}",
        "recording": document["recording"],
        "exercise_sets": document["sets"],
    }


def _write_recording(
    path: Path, recording: LoadedRecording, document: dict[str, Any], options: ImportOptions
) -> None:
    """Write the samples as a recording of our own, so that they can be analysed again."""
    path.unlink(missing_ok=True)  # of an import that was cut off
    header = RecordingHeader(
        session=path.stem,
        started_at=datetime.fromisoformat(document["started_at"]),
        anchor_s=float(recording.samples.time_s[0]),
        sensor=recording.format,
        exercises=(options.exercise,),
    )
    with Recorder(path, header) as recorder:
        recorder.add_samples(recording.samples)
