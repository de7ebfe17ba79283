"""Files on their way in: each upload has a tray, a folder of its own, until it is a session.

What a browser sends is bounded in number, size and names before anything looks into it, and what
was forgotten is thrown away.
"""

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import IO, Final, Self
from uuid import UUID, uuid4

from tracker.errors import TrackerError

MAX_TRAY_BYTES: Final = 256 * 2**20  # what the readers take
MAX_FILES: Final = 200
MAX_TRAYS: Final = 4
KEPT_S: Final = 3600.0
MAX_NAME: Final = 120
MAX_ENDING: Final = 20
NAMELESS: Final = "recording"
DRAFT: Final = ".part"
FORBIDDEN: Final = ':*?"<>|'  # on one system or another


class TrayError(TrackerError, ValueError):
    """An upload is too large, has too many files, or is not there any more."""


class Trays:
    """The trays of one data folder.

    Parameters
    ----------
    root : Path
        Where they are; made when needed.

    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def make(self) -> UUID:
        """Make a tray; the oldest make room."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        trays = sorted(self._root.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
        oldest_s = time.time() - KEPT_S
        for number, tray in enumerate(trays):
            if number >= MAX_TRAYS - 1 or tray.stat().st_mtime < oldest_s:
                shutil.rmtree(tray, ignore_errors=True)
        tray_id = uuid4()
        (self._root / str(tray_id)).mkdir(mode=0o700)
        return tray_id

    def receive(self, tray_id: UUID, name: str, modified_s: float | None) -> "Incoming":
        """Begin to take in a file.

        Raises
        ------
        TrayError
            If the tray is gone or full, or has a file of that name.

        """
        place = self._place(tray_id)
        held = list(place.iterdir())
        if len(held) >= MAX_FILES:
            raise TrayError(f"More than {MAX_FILES} files are too much for one recording.")
        path = place / bare_name(name)
        if path in held:
            raise TrayError(f"There are two files called {path.name}.")
        left = MAX_TRAY_BYTES - sum(one.stat().st_size for one in held)
        return Incoming(path, left, modified_s)

    def recording(self, tray_id: UUID) -> Path:
        """Return what is to be read: the file, or the folder of several.

        Raises
        ------
        TrayError
            If the tray is gone or empty.

        """
        place = self._place(tray_id)
        held = [one for one in place.iterdir() if one.suffix != DRAFT]
        if not held:
            raise TrayError("No file has arrived.")
        return held[0] if len(held) == 1 else place

    def discard(self, tray_id: UUID) -> None:
        """Throw a tray away."""
        shutil.rmtree(self._root / str(tray_id), ignore_errors=True)

    def _place(self, tray_id: UUID) -> Path:
        place = self._root / str(tray_id)
        if not place.is_dir():
            raise TrayError("The upload is no longer there: choose the file again.")
        return place


class Incoming:
    """A file that is coming in; as a context it is whole at the end, or not there."""

    def __init__(self, path: Path, limit_bytes: int, modified_s: float | None) -> None:
        self._path = path
        self._left = limit_bytes
        self._modified_s = modified_s
        self._draft = path.with_name(path.name + DRAFT)
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._file = self._draft.open("xb")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if kind is not None:
            self._draft.unlink(missing_ok=True)
            return
        self._draft.replace(self._path)
        if self._modified_s is not None:
            with suppress(OSError, OverflowError):
                os.utime(self._path, (self._modified_s, self._modified_s))

    def append(self, piece: bytes) -> None:
        """Take in the next piece.

        Raises
        ------
        TrayError
            If that is more than a tray holds.

        """
        self._left -= len(piece)
        if self._left < 0:
            raise TrayError(f"More than {MAX_TRAY_BYTES // 2**20} MB is too much for a recording.")
        if self._file is not None:
            self._file.write(piece)


def bare_name(name: str) -> str:
    """Return a name that is safe as that of a file, as near as can be to what was given.

    Examples
    --------
    >>> bare_name("../../etc/Acc: 1.csv"), bare_name("..")
    ('Acc 1.csv', 'recording')

    """
    last = PureWindowsPath(name).name  # knows both slashes
    printable = "".join(one for one in last if one.isprintable() and one not in FORBIDDEN)
    stem, dot, ending = printable.strip(" .").rpartition(".")
    whole = f"{stem[:MAX_NAME]}{dot}{ending[:MAX_ENDING]}".strip(" .")
    return f"{whole}_" if whole.endswith(DRAFT) else whole or NAMELESS
