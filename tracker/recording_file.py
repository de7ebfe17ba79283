"""Read recordings, whole or damaged, and finish those that a crash left behind."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis import AnalysisError, ImuSamples
from tracker.collector_events import Received
from tracker.errors import RecordingError
from tracker.mcap_scan import Damage, McapScan
from tracker.part_file import PART_SUFFIX, PartFile, is_in_use, sync_folder
from tracker.recording_format import (
    EVENTS_TOPIC,
    HEADER_TOPIC,
    RAW_TOPIC,
    SAMPLES_TOPIC,
    THIGH,
    ChunkWriter,
    Message,
    RecordingHeader,
    join_samples,
    unpack_notification,
    unpack_samples,
)

MESSAGES_PER_CHUNK = 100
UNREADABLE_SUFFIX = ".unreadable"
MAX_TIME_S = 1e12  # no clock runs for so long


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSession:
    """A recording as read.

    Parameters
    ----------
    header : RecordingHeader
        What it is about.
    notifications : tuple of Received
        As received; `packets` is empty.
    samples : ImuSamples
        As decoded and timed when it was recorded.
    thigh : ImuSamples
        The same of a second sensor, on the thigh; none without one.
    annotations : tuple of dict
        What happened, each with `at_s`.
    is_finished : bool
        Whether it was closed, rather than cut off by a crash.
    damage : Damage, optional
        What could not be read; a mere lack of an end is none.

    """

    header: RecordingHeader
    notifications: tuple[Received, ...]
    samples: ImuSamples
    annotations: tuple[dict[str, Any], ...]
    is_finished: bool
    damage: Damage | None
    thigh: ImuSamples = field(default_factory=lambda: ImuSamples([], [], []))

    @property
    def duration_s(self) -> float:
        """Time between the first and the last sample, or notification where there are none."""
        times = self.samples.time_s
        if len(times):
            return float(times[-1] - times[0])
        arrivals = [one.arrival_s for one in self.notifications]
        return max(arrivals) - min(arrivals) if arrivals else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """An unfinished recording that was put right.

    Parameters
    ----------
    path : Path
        The finished recording; where nothing could be read, the original under a name that is
        left alone from now on.
    recovered_s : float
        Length of its signal.
    n_samples : int
        Samples in it.
    damage : Damage, optional
        What could not be recovered.

    """

    path: Path
    recovered_s: float
    n_samples: int
    damage: Damage | None


def read_mcap(path: Path) -> RecordedSession:
    """Read a recording.

    Parameters
    ----------
    path : Path
        A finished or an unfinished one, of this program.

    Raises
    ------
    RecordingError
        If the file cannot be opened, or has not even a header. Any lesser damage is told in the
        result.

    """
    try:
        return _read(path)
    except OSError as error:
        if isinstance(error, RecordingError):
            raise
        raise RecordingError(
            f"The recording {path.name} cannot be read ({error.strerror or error})."
        ) from error


def _read(path: Path) -> RecordedSession:
    scan = McapScan(path)
    gathered = _Gathered()
    for message in scan:
        try:
            gathered.add(message)
        except (RecordingError, AnalysisError, ValueError, RecursionError) as error:
            scan.report(str(error))
    if gathered.header is None:
        raise RecordingError(
            f"{path.name} is not a recording of this program, or nothing of it can be read."
        )
    return RecordedSession(
        header=gathered.header,
        notifications=tuple(gathered.notifications),
        samples=join_samples(gathered.samples),
        thigh=join_samples(gathered.thigh),
        annotations=tuple(gathered.events),
        is_finished=scan.is_finished,
        damage=scan.damage,
    )


@dataclass(slots=True)
class _Gathered:
    header: RecordingHeader | None = None
    notifications: list[Received] = field(default_factory=list)
    samples: list[ImuSamples] = field(default_factory=list)
    thigh: list[ImuSamples] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def add(self, message: Message) -> None:
        """Read one message; topics of later versions are ignored."""
        if message.topic == HEADER_TOPIC:
            self.header = RecordingHeader.from_json(message.data)
        elif message.topic.startswith(RAW_TOPIC):
            characteristic = message.topic.removeprefix(RAW_TOPIC)
            self.notifications.append(unpack_notification(message.data, characteristic))
        elif message.topic == SAMPLES_TOPIC:
            _append(self.samples, unpack_samples(message.data))
        elif message.topic == THIGH + SAMPLES_TOPIC:
            _append(self.thigh, unpack_samples(message.data))
        elif message.topic == EVENTS_TOPIC:
            event = json.loads(message.data)
            self.events.append(_checked_event(event))


def _append(pieces: list[ImuSamples], samples: ImuSamples) -> None:
    if not samples.n_samples:
        return
    if pieces and samples.time_s[0] <= pieces[-1].time_s[-1]:
        raise RecordingError("Samples in the recording go back in time.")
    pieces.append(samples)


def _checked_event(event: Any) -> dict[str, Any]:
    """Return an event whose time can be relied on."""
    at_s = event.get("at_s") if isinstance(event, dict) else None
    if not isinstance(at_s, int | float) or not abs(at_s) <= MAX_TIME_S:
        raise RecordingError("An event in the recording has no time.")
    return dict(event)


def recover_unfinished(folder: Path) -> list[Recovered]:
    """Finish every recording in a folder that a crash left unfinished.

    The finished copy stands complete on the disk before the original is removed. Recordings that
    a running program still writes are left alone.

    Raises
    ------
    RecordingError
        If the folder cannot be written to; originals are never lost.

    """
    recovered = []
    for part in sorted(folder.glob(f"*.mcap{PART_SUFFIX}")):
        try:
            if not is_in_use(part):
                recovered.append(_recover(part))
        except OSError as error:
            if isinstance(error, RecordingError):
                raise
            raise RecordingError(
                f"The unfinished recording {part.name} cannot be put right "
                f"({error.strerror or error}): check the space and the rights in {folder}."
            ) from error
    return recovered


def _recover(part: Path) -> Recovered:
    path = part.with_name(part.name.removesuffix(PART_SUFFIX))
    try:
        session = read_mcap(part)
    except RecordingError as error:
        aside = part.with_name(path.name + UNREADABLE_SUFFIX)
        part.replace(aside)
        damage = Damage(reason=str(error), n_chunks=0, n_bytes=aside.stat().st_size)
        return Recovered(path=aside, recovered_s=0.0, n_samples=0, damage=damage)
    _copy_finished(part, path)
    part.unlink()
    sync_folder(path.parent)
    return Recovered(
        path=path,
        recovered_s=session.duration_s,
        n_samples=session.samples.n_samples,
        damage=session.damage,
    )


def _copy_finished(part: Path, path: Path) -> None:
    """Copy every readable message into a finished recording."""
    copy_path = path.with_name(path.name + ".recovering")
    copy_path.with_name(copy_path.name + PART_SUFFIX).unlink(missing_ok=True)
    copy_path.unlink(missing_ok=True)
    chunks, copy = ChunkWriter(), PartFile(copy_path)
    try:
        for n, message in enumerate(McapScan(part), start=1):
            chunks.add(message)
            if n % MESSAGES_PER_CHUNK == 0:
                copy.append(chunks.take())
        copy.append(chunks.finish())
        copy.finish()
    finally:
        copy.abandon()
    copy_path.replace(path)
