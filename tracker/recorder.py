"""Write a session to disk while it runs, so that a crash costs less than a second.

What comes in is collected for half a second, then compressed into one chunk, written and synced
by a thread of its own: the event loop does not wait for the disk. Until it is closed the file is
called `<name>.mcap.part` and locked; what a crash leaves is finished by `recover_unfinished`.

When the disk is full or the folder vanishes the session can go on: the first call after the
failure raises `RecordingError`, later ones do nothing, and what was written stays readable.
"""

import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from analysis import ImuSamples
from tracker.collector_events import Received
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


class Recorder:
    """One recording that is being written; also a context manager that closes it.

    Parameters
    ----------
    path : Path
        Where it will stand once closed; ends in `.mcap`. Until then `.part` is appended.
    header : RecordingHeader
        What the recording is about; on disk before this returns.

    Raises
    ------
    RecordingError
        If the file cannot be written.

    """

    def __init__(self, path: Path, header: RecordingHeader) -> None:
        self.path = path
        self.header = header
        self.failure: RecordingError | None = None
        self._is_told = False
        self._is_closed = False
        self._waiting: list[Message] = []
        self._samples: list[ImuSamples] = []
        self._since_s: float | None = None
        self._jobs: list[Future[None]] = []
        self._chunks = ChunkWriter()
        first = Message(
            HEADER_TOPIC, JSON_ENCODING, header.log_time_ns(header.anchor_s), header.to_json()
        )
        try:
            self._file = PartFile(path)
            self._write([first])
        except OSError as error:
            raise self._cannot_write(error) from error
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recorder")

    def add_raw(self, received: Received) -> None:
        """Take in a notification as it came.

        Raises
        ------
        RecordingError
            Once, if writing has failed.

        """
        time_ns = self.header.log_time_ns(received.arrival_s)
        topic = RAW_TOPIC + received.characteristic
        data = pack_notification(received)
        self._waiting.append(Message(topic, NOTIFICATION_ENCODING, time_ns, data))
        self._flush_if_due(received.arrival_s)

    def add_samples(self, samples: ImuSamples) -> None:
        """Take in decoded samples, later than all before.

        Raises
        ------
        RecordingError
            Once, if writing has failed.

        """
        if samples.n_samples:
            self._samples.append(samples)
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
        if messages and self.failure is None and not self._is_closed:
            self._jobs.append(self._thread.submit(self._write, messages))
            if len(self._jobs) > MAX_WAITING_CHUNKS and not wait(self._jobs[:1], PATIENCE_S).done:
                self.failure = self._cannot_write(OSError("the disk does not answer"))
        self._tell()

    def close(self) -> None:
        """Write what is left and give the recording its name; waits for the disk.

        After a failure the file stays unfinished, as after a crash.

        Raises
        ------
        RecordingError
            If writing has failed and nobody was told yet.

        """
        if self._is_closed:
            return
        messages = self._take()
        self._is_closed = True
        if self.failure is None:
            self._jobs.append(self._thread.submit(self._finish, messages))
        self._thread.shutdown(wait=True)
        self._check_jobs()
        if self.failure is not None:
            self._file.abandon()
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
        if self._samples:
            samples, self._samples = join_samples(self._samples), []
            time_ns = self.header.log_time_ns(float(samples.time_s[-1]))
            data = pack_samples(samples)
            messages.append(Message(SAMPLES_TOPIC, SAMPLES_ENCODING, time_ns, data))
        self._since_s = None
        return messages

    # In the thread.

    def _write(self, messages: list[Message]) -> None:
        for message in messages:
            self._chunks.add(message)
        self._file.append(self._chunks.take())

    def _finish(self, messages: list[Message]) -> None:
        if messages:
            self._write(messages)
        self._file.append(self._chunks.finish())
        self._file.finish()

    # Failures.

    def _check_jobs(self) -> None:
        while self._jobs and self._jobs[0].done():
            error = self._jobs.pop(0).exception()
            if error is None or self.failure is not None:
                continue
            if not isinstance(error, OSError):
                raise error
            self.failure = self._cannot_write(error)

    def _tell(self) -> None:
        if self.failure is not None and not self._is_told:
            self._is_told = True
            raise self.failure

    def _cannot_write(self, error: OSError) -> RecordingError:
        reason = error.strerror or str(error)
        return RecordingError(
            f"The recording {self.path.name} cannot be written ({reason}): free some space or "
            f"check the folder {self.path.parent}. The session can go on; its measurements are "
            "kept, its raw signal is not."
        )
