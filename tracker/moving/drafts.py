"""Folders for what is being made: locked the while, so that those of the dead can be removed.

What a program that was killed left half made holds health data. It goes when the next one makes
something in the same place.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from tracker.locking import FileLock

LOCK_NAME: Final = "lock"


@contextmanager
def draft_folder(beside: Path, prefix: str) -> Iterator[Path]:
    """Give a new folder for this user alone; what is left in it goes at the end.

    Parameters
    ----------
    beside : Path
        Where it is made; those that died there go first.
    prefix : str
        What its name begins with, as that of all drafts of its kind.

    """
    remove_dead_drafts(beside, prefix)
    draft, lock = _taken(beside, prefix)
    with lock:
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def remove_dead_drafts(beside: Path, prefix: str) -> int:
    """Remove the drafts whose makers have died; return how many."""
    n_removed = 0
    for draft in beside.glob(f"{prefix}*"):
        with suppress(OSError):  # somebody else removes it too, or it is not ours
            n_removed += _remove_if_dead(draft)
    return n_removed


def _remove_if_dead(draft: Path) -> bool:
    path = draft / LOCK_NAME
    if draft.is_symlink() or not draft.is_dir():
        return False
    if not path.exists():
        draft.rmdir()  # its maker died at once, or is about to lock it and then makes another
        return True
    lock = FileLock(path)
    if not lock.take():
        return False
    with lock:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def _taken(beside: Path, prefix: str) -> tuple[Path, FileLock]:
    while True:
        draft = Path(tempfile.mkdtemp(prefix=prefix, dir=beside))
        lock = FileLock(draft / LOCK_NAME)
        with suppress(FileNotFoundError):  # taken for dead before it was locked
            if lock.take():
                return draft, lock
