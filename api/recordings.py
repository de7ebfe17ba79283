"""Recordings as files: pieces gather beside, and a whole, checked file moves into its place.

    recordings_dir/incoming/<session>.part      what has arrived, synced piece by piece
    recordings_dir/<two digits>/<session>.mcap  complete: its SHA-256 was right, it never changes

A reader sees a whole file or none: the move is one rename, and the folder is synced after it.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from uuid import UUID

from api.errors import (
    DigestMismatchError,
    NotFoundError,
    TooLargeError,
    UploadBusyError,
    UploadOffsetError,
)


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

        """
        if self.offset_bytes + len(data) > self._limit_bytes:
            self.restart()
            raise TooLargeError(self._limit_bytes)
        with self._part.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def complete(self, sha256: str) -> int:
        """Check the whole and move it into its place; return its size in bytes.

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
        size_bytes = self.offset_bytes
        self._final.parent.mkdir(parents=True, exist_ok=True)
        self._part.replace(self._final)
        _sync_folder(self._final.parent)
        return size_bytes


class RecordingFiles:
    """The folder with all recordings."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._busy: set[UUID] = set()
        self._lock = Lock()

    def path(self, session_id: UUID) -> Path:
        """Return where the complete recording of a session is."""
        return self._folder / session_id.hex[:2] / f"{session_id}.mcap"

    def has(self, session_id: UUID) -> bool:
        """Whether the complete recording of a session is there."""
        return self.path(session_id).exists()

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

    @contextmanager
    def receive(self, session_id: UUID) -> Iterator[Incoming]:
        """Take in pieces of one recording; one request at a time.

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
            yield self._incoming(session_id)
        finally:
            with self._lock:
                self._busy.discard(session_id)

    def _incoming(self, session_id: UUID) -> Incoming:
        folder = self._folder / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{session_id}.part"
        return Incoming(part, self.path(session_id), self._limit_bytes)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system lets a folder be opened (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
