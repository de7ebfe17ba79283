"""Which tempo90 uses a data folder now, and where its pages are.

The lock is what counts: the system gives it back when its holder ends or dies. The announcement
beside it says where the pages are; without a held lock it is a leftover.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tracker.adopting import ANNOUNCEMENT_NAME, LOCK_NAME
from tracker.errors import TrackerError
from tracker.locking import FileLock
from tracker.settings import DataFolder


class AlreadyRunningError(TrackerError, RuntimeError):
    """Another tempo90 uses the data folder."""


@contextmanager
def taken(folder: DataFolder) -> Iterator[None]:
    """Keep every other tempo90 out of a data folder.

    Raises
    ------
    AlreadyRunningError
        If one is using it.

    """
    folder.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder.root / LOCK_NAME)
    if not lock.take():
        raise AlreadyRunningError("tempo90 is running: end it first, then try again.")
    with lock:
        yield


@contextmanager
def in_use(folder: DataFolder) -> Iterator[Callable[[str], None]]:
    """Hold a data folder, and give what tells others the address of its pages once they are up.

    Where another tempo90 holds it already, that is the one that others find.
    """
    lock = FileLock(folder.root / LOCK_NAME)
    if not lock.take():
        yield _tell_nobody
        return
    path = folder.root / ANNOUNCEMENT_NAME
    path.unlink(missing_ok=True)  # of a program that died
    with lock:
        try:
            yield lambda url: _write(path, url)
        finally:
            path.unlink(missing_ok=True)


def find_running(folder: DataFolder) -> str | None:
    """Return the address of the pages of a tempo90 that runs now; None if none does."""
    path = folder.root / ANNOUNCEMENT_NAME
    if not path.exists():  # without a look at the lock: somebody may be about to take it
        return None
    lock = FileLock(folder.root / LOCK_NAME)
    if lock.take():
        with lock:
            path.unlink(missing_ok=True)
        return None
    with suppress(OSError, ValueError, KeyError, TypeError):
        url = str(json.loads(path.read_text("utf-8"))["url"])
        if urlsplit(url).scheme == "http" and urlsplit(url).hostname == "localhost":
            return url
    return None


def _write(path: Path, url: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"url": url, "pid": os.getpid()}) + "\n", "utf-8")
    draft.replace(path)


def _tell_nobody(_url: str) -> None:
    pass
