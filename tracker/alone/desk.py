"""Where phones hand in what they measured alone: kept until whole, counted, stored as a session.

The samples are those of the phone's page, 32 bytes each (see `DeviceMotionDecoder`). The id of
the session is the one that the phone gave the recording, so that sending again stores nothing
twice.
"""

import asyncio
import json
import struct
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import compare_digest
from typing import Any, Final, Literal
from uuid import UUID

from analysis import ImuSamples, load_catalogue
from firmware_bridge import Capture, CapturedNotification, PhonePlatform
from tracker.alone.pieces import PieceError, Pieces
from tracker.capture_decoding import decode_capture
from tracker.delivery import deliver
from tracker.file_session import ImportOptions, import_loaded
from tracker.importing import LoadedRecording
from tracker.phone.family import check_ankle, phone_family, raw_name
from tracker.profile import load_profile
from tracker.running import find_running
from tracker.settings import DataFolder

SAMPLE_BYTES: Final = 32
USUAL_RATE_HZ: Final = 60.0
FORMAT: Final = "phone-alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneRecording:
    """What the phone says of a recording that it has sent in full."""

    n_bytes: int
    sha256: str
    exercise: str
    side: Literal["left", "right"] | None
    platform: PhonePlatform


class AloneDesk:
    """Take in the recordings of one data folder.

    Parameters
    ----------
    folder : DataFolder
        Where sessions go.
    key : str, optional
        What a phone must show; without it everybody who reaches the routes may hand in.

    """

    def __init__(self, folder: DataFolder, *, key: str | None = None) -> None:
        self.pieces = Pieces(folder.from_phones)
        self._folder = folder
        self._key = key
        self._busy = asyncio.Lock()  # a long recording takes memory: one at a time

    def may_enter(self, shown: str) -> bool:
        """Whether somebody who shows a key may hand in."""
        return self._key is None or compare_digest(shown.encode(), self._key.encode())

    def stored(self, recording: UUID) -> dict[str, Any] | None:
        """Return what became of a recording, where it is a session already."""
        for place in (self._folder.sent, self._folder.outbox):
            path = place / f"{recording}.json"
            if path.exists():
                document = json.loads(path.read_text("utf-8"))
                return told(document["exercise_sets"], recording)
        return None

    async def count(self, recording: UUID, about: AloneRecording) -> dict[str, Any] | None:
        """Make a session of a recording; None if it is not here in full.

        Raises
        ------
        PieceError, TrackerError, AnalysisError, FirmwareBridgeError
            If it is damaged, or nothing that can be counted.

        """
        async with self._busy:
            known = await asyncio.to_thread(self.stored, recording)
            if known is not None:
                return known
            path = await asyncio.to_thread(
                self.pieces.whole, recording, about.n_bytes, about.sha256
            )
            if path is None:
                return None
            found = await asyncio.to_thread(self._count, recording, path, about)
            self.pieces.discard(recording)  # its samples are in the outbox
            if url := await asyncio.to_thread(find_running, self._folder):
                await deliver(url, self._folder, load_profile(self._folder.profile))
            return found

    def _count(self, recording: UUID, path: Path, about: AloneRecording) -> dict[str, Any]:
        profile = load_profile(self._folder.profile)
        exercise = load_catalogue()[about.exercise]
        check_ankle(exercise, profile.language)
        data = path.read_bytes()
        started_at, samples = samples_of(data, about.platform)
        imported = import_loaded(
            LoadedRecording(samples=samples, format=FORMAT),
            ImportOptions(exercise=exercise.id),
            replace(profile, side=about.side),
            self._folder,
            session_id=recording,
            started_at=started_at,
            file=path,
        )
        return told(imported.sets, recording)


def samples_of(data: bytes, platform: PhonePlatform) -> tuple[datetime, ImuSamples]:
    """Return when a recording began, and its samples from 0 s on.

    Parameters
    ----------
    data : bytes
        Samples of 32 bytes: float64 ms since 1970, three accelerations, three rates (float32).
    platform : {"android", "ios", "standardised"}
        Whose signs they have.

    Raises
    ------
    PieceError
        If there is no whole sample, or its time is none.

    """
    n_samples = len(data) // SAMPLE_BYTES
    if n_samples == 0:
        raise PieceError("There is nothing in the recording.")
    whole = data[: n_samples * SAMPLE_BYTES]
    times_s = [one[0] / 1000 for one in struct.iter_unpack("<d24x", whole)]
    try:
        started_at = datetime.fromtimestamp(times_s[0], UTC).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise PieceError("The recording does not say when it was made.") from error
    name = raw_name(platform)
    notifications = tuple(
        CapturedNotification(
            t_s=time_s - times_s[0],
            characteristic=name,
            data=whole[n * SAMPLE_BYTES : (n + 1) * SAMPLE_BYTES],
        )
        for n, time_s in enumerate(times_s)
    )
    capture = Capture(notifications=notifications, settings={"platform": platform})
    return started_at, decode_capture(capture, phone_family(platform, USUAL_RATE_HZ)).samples


def told(sets: Any, recording: UUID) -> dict[str, Any]:
    """Return what the phone shows of a session."""
    names = ("reps", "in_tempo", "eccentric_mean_s", "dose_s")
    return {
        "session": str(recording),
        "sets": [
            {name: one["quality"].get(name) for name in names}
            | {"feedback": [said["text"] for said in one.get("feedback", ())]}
            for one in sets
        ],
    }
