"""The bytes of recordings on their way in: appended piece by piece, synced, never written over.

A recording is named by a UUID that the phone made. A piece is taken where the last one ended, so
one that comes twice, or after another, is answered with where to go on.
"""

import hashlib
import os
import threading
from pathlib import Path
from typing import Final
from uuid import UUID

from tracker.errors import TrackerError
from tracker.part_file import sync_folder

MAX_BYTES: Final = 64 * 2**20  # nine hours of sixty samples a second
MAX_WAITING: Final = 64  # recordings that were begun and not finished
SUFFIX: Final = ".samples"


class PieceError(TrackerError, ValueError):
    """A piece that cannot be taken; the message is for the log, the phone shows its own."""


class MisplacedPieceError(PieceError):
    """A piece does not begin where the last one ended.

    Parameters
    ----------
    n_bytes : int
        Where to go on.

    """

    def __init__(self, n_bytes: int) -> None:
        super().__init__(f"The next piece begins at byte {n_bytes}.")
        self.n_bytes = n_bytes


class Pieces:
    """The recordings of a folder.

    Parameters
    ----------
    place : Path
        Where they gather; made when needed.

    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._lock = threading.Lock()

    def n_bytes(self, recording: UUID) -> int:
        """Return how much of a recording is here."""
        path = self._path(recording)
        return path.stat().st_size if path.exists() else 0

    def append(self, recording: UUID, offset: int, piece: bytes) -> int:
        """Take a piece, wait until the disk has it, and return where the next one begins.

        Raises
        ------
        MisplacedPieceError
            If it does not begin where the last one ended.
        PieceError
            If a recording is too long, or too many are waiting.
        OSError
            If the disk is full; what came before stays.

        """
        with self._lock:
            known = self.n_bytes(recording)
            if offset != known:
                raise MisplacedPieceError(known)
            if known + len(piece) > MAX_BYTES:
                raise PieceError("The recording is too long.")
            self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._path(recording)
            if known == 0 and not path.exists() and self._n_waiting() >= MAX_WAITING:
                raise PieceError("Too many recordings wait: finish those first.")
            self._append(path, known, piece)
            if known == 0:
                sync_folder(self._place)
            return known + len(piece)

    def whole(self, recording: UUID, n_bytes: int, sha256: str) -> Path | None:
        """Return the file of a recording that is here in full; None if it is not yet.

        Raises
        ------
        PieceError
            If its digest is another: it is thrown away, to be sent again.

        """
        if self.n_bytes(recording) < n_bytes or n_bytes <= 0:
            return None
        path = self._path(recording)
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            path.unlink()
            raise PieceError("The recording was damaged on its way.")
        return path

    def discard(self, recording: UUID) -> None:
        """Remove a recording, which is stored elsewhere now."""
        self._path(recording).unlink(missing_ok=True)

    def _append(self, path: Path, known: int, piece: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        file = os.open(path, flags, 0o600)
        try:
            os.lseek(file, known, os.SEEK_SET)
            left = memoryview(piece)
            while left:
                left = left[os.write(file, left) :]
            os.fsync(file)
        except OSError:
            os.ftruncate(file, known)
            raise
        finally:
            os.close(file)

    def _n_waiting(self) -> int:
        return sum(1 for _ in self._place.glob(f"*{SUFFIX}"))

    def _path(self, recording: UUID) -> Path:
        return self._place / f"{recording}{SUFFIX}"
