"""A file that grows in whole pieces, locked the while, and gets its name when it is done."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

PART_SUFFIX: Final = ".part"
"""What an unfinished file has behind its name."""


class PartFile:
    """An append-only file that is either whole up to some piece, or finished.

    Parameters
    ----------
    path : Path
        Its name once finished; `.part` is appended until then.

    Raises
    ------
    OSError
        If it cannot be created; FileExistsError if either name is taken.

    """

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise FileExistsError(f"{path} exists already")
        self.path = path
        self.part = path.with_name(path.name + PART_SUFFIX)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._file = os.open(self.part, flags, 0o600)
        self._n_good = 0
        _lock(self._file)
        sync_folder(path.parent)  # what is synced in a file is lost with its name

    def append(self, piece: bytes) -> None:
        """Write a piece and wait until the disk has it; if that fails it may be tried again.

        Raises
        ------
        OSError
            If the disk is full, gone or broken.

        """
        left = memoryview(piece)
        try:
            os.lseek(self._file, self._n_good, os.SEEK_SET)  # behind the last whole piece
            while left:
                left = left[os.write(self._file, left) :]
            os.fsync(self._file)
        except OSError:
            with suppress(OSError):  # else the next piece overwrites it, or a reader skips it
                os.ftruncate(self._file, self._n_good)
            raise
        self._n_good += len(piece)

    def finish(self) -> None:
        """Close the file and give it its name.

        Raises
        ------
        OSError
            If it cannot be renamed.

        """
        self.abandon()
        self.part.replace(self.path)
        sync_folder(self.path.parent)

    def abandon(self) -> None:
        """Close the file and leave it unfinished."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def is_in_use(part: Path) -> bool:
    """Tell whether a running program still writes to an unfinished file."""
    if sys.platform == "win32":  # an open file cannot be renamed there, not even to itself
        try:
            part.replace(part)
        except PermissionError:
            return True
        return False
    file = os.open(part, os.O_RDONLY)
    try:
        return not _lock(file)
    finally:
        os.close(file)


def write_text_durably(path: Path, text: str) -> None:
    """Write a small file so that after a power cut the old one or the whole new one is there."""
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def make_folder_durably(folder: Path) -> None:
    """Make a folder for this user alone, and wait until the disk has its name."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has a folder's new names, where the system offers that."""
    if sys.platform == "win32":
        return
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _lock(file: int) -> bool:
    """Lock an open file until it is closed; return whether that worked."""
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 - POSIX only

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
