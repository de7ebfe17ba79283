"""Room on the disk that is kept for a running session, so that a full disk costs it nothing.

Before a session begins, a file takes as much space as an hour of it needs. When a write fails
for want of space, the file is made smaller by what is needed, and the write goes on.
"""

import contextlib
import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

RESERVE_BYTES: Final = 8 * 2**20
"""An hour of a sensor at 100 Hz takes about 5 MB, the results of a session well under 1 MB."""

STEP_BYTES: Final = 256 * 2**10
"""Given back in steps, as somebody else may take what is free."""

NO_SPACE: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_UNSUPPORTED: Final = frozenset({errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
_BLOCK_BYTES: Final = 2**16

Result = TypeVar("Result")


class DiskReserve:
    """Space that is taken now and given back when it is needed; may be used by several threads.

    Parameters
    ----------
    path : Path
        The file that takes it.
    n_bytes : int
        How much.

    Raises
    ------
    OSError
        If there is not so much: better told before a session than in the middle of it.

    """

    def __init__(self, path: Path, n_bytes: int = RESERVE_BYTES) -> None:
        self._path = path
        self._n_bytes = n_bytes
        self._lock = threading.Lock()
        try:
            _take(path, n_bytes)
        except OSError:
            self.release()
            raise

    def give(self, n_bytes: int) -> bool:
        """Free at least so much; False if nothing is left to give."""
        with self._lock:
            if self._n_bytes <= 0:
                return False
            self._n_bytes = max(0, self._n_bytes - max(n_bytes, STEP_BYTES))
            try:
                os.truncate(self._path, self._n_bytes)
            except OSError:
                self._n_bytes = 0  # gone, or no longer ours to change
                return False
            return True

    def release(self) -> None:
        """Give everything back."""
        with self._lock, contextlib.suppress(OSError):
            self._n_bytes = 0
            self._path.unlink(missing_ok=True)


def with_reserve(
    write: Callable[[], Result], reserve: DiskReserve | None, n_bytes: int = STEP_BYTES
) -> Result:
    """Write; where there is no space, take some of the reserve and write again.

    Raises
    ------
    OSError
        If it fails for another reason, or the reserve is used up.

    """
    while True:
        try:
            return write()
        except OSError as error:
            if error.errno not in NO_SPACE or reserve is None or not reserve.give(n_bytes):
                raise


def _take(path: Path, n_bytes: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        if not _allocate(file, n_bytes):
            # Zeros take space wherever the file system does not compress.
            for _ in range(n_bytes // _BLOCK_BYTES):
                os.write(file, bytes(_BLOCK_BYTES))
    finally:
        os.close(file)


def _allocate(file: int, n_bytes: int) -> bool:
    """Take space at once; False where the system or the file system cannot."""
    if not hasattr(os, "posix_fallocate"):
        return False
    try:
        os.posix_fallocate(file, 0, n_bytes)
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            return False
        raise
    return True
