"""A lock on a file, held by a running program and given back by the system when it ends or dies."""

import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Self


class FileLock:
    """Tell a running session from one that was cut off; use as a context once `take` said yes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Take the lock; False if another program holds it."""
        file = self._path.open("a+b")
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if self._file is not None:
            # Windows removes no open file; elsewhere nobody may take it between the two steps.
            if sys.platform == "win32":
                self._file.close()
                self._path.unlink(missing_ok=True)
            else:
                self._path.unlink(missing_ok=True)
                self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


if sys.platform == "win32":

    def _lock(file: IO[bytes]) -> None:
        import msvcrt  # noqa: PLC0415  # Windows only

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:

    def _lock(file: IO[bytes]) -> None:
        import fcntl  # noqa: PLC0415  # posix only

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
