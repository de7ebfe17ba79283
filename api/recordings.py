"""Recordings as files: pieces gather beside, and a whole, checked file moves into its place.

    recordings_dir/incoming/<session>.part      what has arrived, synced piece by piece
    recordings_dir/<two digits>/<session>.mcap  complete: its SHA-256 was right, it never changes

A reader sees a whole file or none: it gets a second name, and the folder is synced after it.
A whole recording is noted in the database and put into its place in one transaction, so that of two
with other content the first one noted stays. Only after it what has arrived is forgotten: wherever
the power fails, the sender goes on from there.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Final
from uuid import UUID

if sys.platform != "win32":
    import fcntl

from api.errors import (
    DigestMismatchError,
    NotFoundError,
    RecordingsUnavailableError,
    TooLargeError,
    UploadBusyError,
    UploadOffsetError,
)

READ_BYTES: Final = 256 * 1024


class Incoming:
    """The pieces of one recording on their way in. Made by `RecordingFiles.receive`."""

    def __init__(self, part: Path, final: Path, limit_bytes: int) -> None:
        self._part = part
        self._final = final
        self._limit_bytes = limit_bytes

    @property
    def offset_bytes(self) -> int:
        """How many bytes have arrived."""
        return self._part.stat().st_size if self._part.exists() else 0

    def restart(self) -> None:
        """Forget what has arrived."""
        self._part.unlink(missing_ok=True)

    def expect(self, offset_bytes: int) -> None:
        """Check that a piece starts where the last one ended.

        Raises
        ------
        UploadOffsetError
            If it does not; the error says where to go on.

        """
        if offset_bytes != self.offset_bytes:
            raise UploadOffsetError(self.offset_bytes, offset_bytes)

    def append(self, data: bytes) -> None:
        """Add bytes and sync them: what has been counted survives a power cut.

        Raises
        ------
        TooLargeError
            If the recording grows over its limit; what arrived is forgotten.
        RecordingsUnavailableError
            If the disk takes nothing; what arrived before is still there.

        """
        if self.offset_bytes + len(data) > self._limit_bytes:
            self.restart()
            raise TooLargeError(self._limit_bytes)
        is_first, before_bytes = not self._part.exists(), self.offset_bytes
        try:
            with self._part.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if is_first:  # what is synced in a file is lost with its name
                _sync_folder(self._part.parent)
        except OSError as error:
            with suppress(OSError):  # a piece counts whole or not at all
                os.truncate(self._part, before_bytes)
            raise RecordingsUnavailableError from error

    def check(self, sha256: str) -> int:
        """Check the whole; return its size in bytes.

        Raises
        ------
        DigestMismatchError
            If it is not what was sent; what arrived is forgotten, so that it can be sent again.

        """
        self._part.touch()
        found = _sha256(self._part)
        if found != sha256:
            self.restart()
            raise DigestMismatchError(
                f"The recording that arrived has SHA-256 {found}, not {sha256}; send it again."
            )
        return self.offset_bytes

    def settle(self) -> None:
        """Put what was checked into its place; it counts as arriving until `restart`."""
        _make_folder(self._final.parent)
        self._final.unlink(missing_ok=True)
        try:
            self._final.hardlink_to(self._part)
        except OSError:  # a file system without links
            _copy(self._part, self._final)
        _sync_folder(self._final.parent)


class OneAtATime:
    """Lets one request of this process at a time at the recording of a session."""

    def __init__(self) -> None:
        self._busy: set[UUID] = set()
        self._lock = Lock()

    @contextmanager
    def alone(self, session_id: UUID) -> Iterator[None]:
        """Be the only one.

        Raises
        ------
        UploadBusyError
            If another request is sending the same recording.

        """
        with self._lock:
            if session_id in self._busy:
                raise UploadBusyError(f"The recording of session {session_id} is on its way in.")
            self._busy.add(session_id)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(session_id)


class RecordingFiles(OneAtATime):
    """The folder with all recordings."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        super().__init__()
        self._folder = folder
        self._limit_bytes = limit_bytes

    def path(self, session_id: UUID) -> Path:
        """Return where the complete recording of a session is."""
        return self._folder / session_id.hex[:2] / f"{session_id}.mcap"

    def has(self, session_id: UUID) -> bool:
        """Whether the complete recording of a session is there."""
        return self.path(session_id).exists()

    def read(self, session_id: UUID, begins: int = 0, ends: int | None = None) -> Iterator[bytes]:
        """Return the bytes of a complete recording from one place up to another.

        Raises
        ------
        NotFoundError
            If it is not there.

        """
        path = self.path(session_id)
        if not path.exists():
            raise NotFoundError(f"Session {session_id} has no recording.")
        return _read(path, begins, path.stat().st_size if ends is None else ends)

    @contextmanager
    def local_copy(self, session_id: UUID) -> Iterator[Path]:
        """Give a file of this computer with the whole recording, only to be read."""
        if not self.has(session_id):
            raise NotFoundError(f"Session {session_id} has no recording.")
        yield self.path(session_id)

    def remove(self, session_id: UUID) -> bool:
        """Remove the recording of a session, complete or on its way in; False when there is none.

        Raises
        ------
        UploadBusyError
            If it is being sent at this moment.

        """
        with self.receive(session_id) as incoming:
            path = self.path(session_id)
            is_there = path.exists() or incoming.offset_bytes > 0
            incoming.restart()
            path.unlink(missing_ok=True)
            return is_there

    def offset_bytes(self, session_id: UUID) -> int:
        """Return how much of an unfinished recording has arrived."""
        return self._incoming(session_id).offset_bytes

    def arriving(self) -> dict[UUID, int]:
        """Return how many bytes have arrived of each recording that is not whole."""
        found = {}
        for part in (self._folder / "incoming").glob("*.part"):
            with suppress(FileNotFoundError):  # it became whole just now
                found[UUID(part.stem)] = part.stat().st_size
        return found

    @contextmanager
    def receive(self, session_id: UUID) -> Iterator[Incoming]:
        """Take in pieces of one recording; one request at a time, of all processes together.

        Raises
        ------
        UploadBusyError
            If another request is sending the same recording.

        """
        with self.alone(session_id):
            incoming = self._incoming(session_id)
            with _locked(self._folder / "incoming" / f"{session_id}.lock"):
                yield incoming

    def reach(self) -> None:
        """Look whether the folder can be written, or made where it is not there yet.

        Raises
        ------
        RecordingsUnavailableError
            If not.

        """
        nearest = next(one for one in (self._folder, *self._folder.parents) if one.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
            raise RecordingsUnavailableError

    def _incoming(self, session_id: UUID) -> Incoming:
        folder = self._folder / "incoming"
        _make_folder(folder)
        part = folder / f"{session_id}.part"
        return Incoming(part, self.path(session_id), self._limit_bytes)


def _read(path: Path, begins: int, ends: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(begins)
        while (left := ends - file.tell()) > 0 and (piece := file.read(min(left, READ_BYTES))):
            yield piece


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_folder(folder: Path) -> None:
    """Make a folder whose name survives a power cut."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder.parent)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock on a file that processes share; on Windows a service is one process."""
    if sys.platform == "win32":
        yield
        return
    while True:
        with path.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UploadBusyError(f"The recording of {path.stem} is on its way in.") from error
            if not path.exists() or path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                continue  # who had it removed it in between: that one is nobody's any more
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def _copy(path: Path, target: Path) -> None:
    with path.open("rb") as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system lets a folder be opened (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
