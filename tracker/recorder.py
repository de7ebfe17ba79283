"""Write a session to disk while it runs, so that a crash costs less than a second.

What comes in is collected for half a second, then compressed into one chunk, written and synced
by a thread of its own: the event loop does not wait for the disk. Until it is closed the file is
called `<name>.mcap.part` and locked; what a crash leaves is finished by `recover_unfinished`.

A disk that is full first gets back what was reserved for the session. When it fails for good, or
the folder vanishes, the session goes on: what was written stays readable, what comes is kept in
memory and tried again every half second. The first call after a failure raises `RecordingError`;
so does `close`, if anything could not be written.
"""

import json
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from analysis import ImuSamples
from tracker.collector_events import Received
from tracker.disk_reserve import DiskReserve, with_reserve
from tracker.errors import RecordingError
from tracker.part_file import PartFile
from tracker.recording_format import (
    EVENTS_TOPIC,
    HEADER_TOPIC,
    JSON_ENCODING,
    NOTIFICATION_ENCODING,
    RAW_TOPIC,
    SAMPLES_ENCODING,
    SAMPLES_TOPIC,
    THIGH,
    ChunkWriter,
    Message,
    RecordingHeader,
    join_samples,
    pack_notification,
    pack_samples,
)

FLUSH_EVERY_S: Final = 0.5
"""A crash may cost a second; this leaves a slow disk the other half of it."""

MAX_WAITING_CHUNKS: Final = 60
"""Half a minute of signal may wait for the disk. More comes only where a recording is made
faster than it happened; then the disk is waited for."""

PATIENCE_S: Final = 5.0
"""A disk that then takes longer for a single chunk has failed."""


MAX_UNWRITTEN_BYTES: Final = 64 * 2**20
"""Kept in memory for a disk that fails: some ten hours of one sensor."""


class Recorder:
    """One recording that is being written; also a context manager that closes it.

    Parameters
    ----------
    path : Path
        Where it will stand once closed; ends in `.mcap`. Until then `.part` is appended.
    header : RecordingHeader
        What the recording is about; on disk before this returns.
    reserve : DiskReserve, optional
        Space to use when the disk is full.

    Raises
    ------
    RecordingError
        If the file cannot be written.

    """

    def __init__(
        self, path: Path, header: RecordingHeader, *, reserve: DiskReserve | None = None
    ) -> None:
        self.path = path
        self.header = header
        self.failure: RecordingError | None = None
        self._is_told = False
        self._is_closed = False
        self._waiting: list[Message] = []
        self._samples: dict[str, list[ImuSamples]] = {}
        self._since_s: float | None = None
        self._jobs: list[Future[None]] = []
        self._has_given_up = False
        self._reserve = reserve
        self._chunks = ChunkWriter()
        self._unwritten: deque[bytes] = deque()
        self._n_unwritten_bytes = 0
        first = Message(
            HEADER_TOPIC, JSON_ENCODING, header.log_time_ns(header.anchor_s), header.to_json()
        )
        try:
            self._file = PartFile(path)
            self._write([first])
        except OSError as error:
            raise self._cannot_write(error) from error
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recorder")

    def add_raw(self, received: Received, *, of_thigh: bool = False) -> None:
        """Take in a notification as it came; of the second sensor, if there is one.

        Raises
        ------
        RecordingError
            Once, if writing has failed.

        """
        time_ns = self.header.log_time_ns(received.arrival_s)
        topic = _of(RAW_TOPIC, of_thigh=of_thigh) + received.characteristic
        data = pack_notification(received)
        self._waiting.append(Message(topic, NOTIFICATION_ENCODING, time_ns, data))
        self._flush_if_due(received.arrival_s)

    def add_samples(self, samples: ImuSamples, *, of_thigh: bool = False) -> None:
        """Take in decoded samples, later than all before of the same sensor.

        Raises
        ------
        RecordingError
            Once, if writing has failed.

        """
        if samples.n_samples:
            self._samples.setdefault(_of(SAMPLES_TOPIC, of_thigh=of_thigh), []).append(samples)
            self._flush_if_due(float(samples.time_s[-1]))

    def annotate(self, at_s: float, event: Mapping[str, Any]) -> None:
        """Take in something that happened, and write it at once.

        Parameters
        ----------
        at_s : float
            When, on the recording's clock.
        event : mapping
            What, as JSON values, such as `{"event": "set_started", "set": 1}`.

        Raises
        ------
        RecordingError
            Once, if writing has failed.

        """
        data = json.dumps({"at_s": at_s} | dict(event)).encode()
        time_ns = self.header.log_time_ns(at_s)
        self._waiting.append(Message(EVENTS_TOPIC, JSON_ENCODING, time_ns, data))
        self.flush()

    def flush(self) -> None:
        """Hand what has come in to the disk; does not wait for it.

        Raises
        ------
        RecordingError
            Once, if writing has failed.

        """
        messages = self._take()
        self._check_jobs()
        if messages and not self._has_given_up and not self._is_closed:
            self._jobs.append(self._thread.submit(self._write, messages))
            if len(self._jobs) > MAX_WAITING_CHUNKS and not wait(self._jobs[:1], PATIENCE_S).done:
                self._give_up(OSError("the disk does not answer"))
            elif self._n_unwritten_bytes > MAX_UNWRITTEN_BYTES:
                self._give_up(OSError("no more can be kept in memory"))
        self._tell()

    def close(self) -> None:
        """Write what is left and give the recording its name; waits for the disk.

        After a failure the file stays unfinished, as after a crash.

        Raises
        ------
        RecordingError
            If something could not be written, and so is lost.

        """
        if self._is_closed:
            return
        messages = self._take()
        self._is_closed = True
        if not self._has_given_up:
            self._jobs.append(self._thread.submit(self._finish, messages))
        self._thread.shutdown(wait=True)
        self._check_jobs()
        if self.failure is not None:
            self._file.abandon()
            self._is_told = False
        self._tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _flush_if_due(self, time_s: float) -> None:
        if self._since_s is None:
            self._since_s = time_s
        if time_s - self._since_s >= FLUSH_EVERY_S:
            self.flush()
        else:
            self._tell()

    def _take(self) -> list[Message]:
        """Return what has come in since the last time, as messages."""
        messages, self._waiting = self._waiting, []
        for topic, pieces in self._samples.items():
            samples = join_samples(pieces)
            time_ns = self.header.log_time_ns(float(samples.time_s[-1]))
            messages.append(Message(topic, SAMPLES_ENCODING, time_ns, pack_samples(samples)))
        self._samples = {}
        self._since_s = None
        return messages

    # In the thread.

    def _write(self, messages: list[Message]) -> None:
        for message in messages:
            self._chunks.add(message)
        self._put(self._chunks.take())

    def _finish(self, messages: list[Message]) -> None:
        if messages:
            self._write(messages)
        self._put(self._chunks.finish())
        self._file.finish()

    def _put(self, piece: bytes) -> None:
        """Write a piece, after those that could not be written before it."""
        self._unwritten.append(piece)
        self._n_unwritten_bytes += len(piece)
        while self._unwritten:
            first = self._unwritten[0]
            with_reserve(partial(self._file.append, first), self._reserve, len(first))
            self._unwritten.popleft()
            self._n_unwritten_bytes -= len(first)

    # Failures.

    def _check_jobs(self) -> None:
        while self._jobs and self._jobs[0].done():
            error = self._jobs.pop(0).exception()
            if error is not None and not isinstance(error, OSError):
                raise error
            if self._has_given_up:
                continue
            if error is None:
                self.failure, self._is_told = None, False  # all is written, old and new
            elif self.failure is None:
                self.failure = self._cannot_write(error)

    def _give_up(self, error: OSError) -> None:
        self._has_given_up = True
        self.failure, self._is_told = self._cannot_write(error), False

    def _tell(self) -> None:
        if self.failure is not None and not self._is_told:
            self._is_told = True
            raise self.failure

    def _cannot_write(self, error: OSError) -> RecordingError:
        reason = error.strerror or str(error)
        return RecordingError(
            f"The recording {self.path.name} cannot be written ({reason}): free some space or "
            f"check the folder {self.path.parent}. The session can go on; it is tried again and "
            "again."
        )


def _of(topic: str, *, of_thigh: bool) -> str:
    return THIGH + topic if of_thigh else topic
