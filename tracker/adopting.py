"""Put a restored data folder in its place: the old one is kept aside, and no moment is without one.

A restored folder gathers beside the real one and is named `<folder>.restored` only when all of it
was checked. From then on it is the one that counts: whoever starts next puts it in place, so a
power cut between two renames loses nothing.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Final

from tracker.locking import FileLock
from tracker.part_file import sync_folder

RESTORED_SUFFIX: Final = ".restored"
LOCK_NAME: Final = "running.lock"
ANNOUNCEMENT_NAME: Final = "running.json"
NOT_MOVED: Final = frozenset({LOCK_NAME, ANNOUNCEMENT_NAME, "lock", "reserve"})
"""Files that speak of this moment on this computer: they go into no backup."""


def ready_place(root: Path) -> Path:
    """Return where a restored folder waits that is whole."""
    return root.with_name(root.name + RESTORED_SUFFIX)


def adopt(root: Path, now: datetime) -> Path | None:
    """Put a waiting restored folder in place.

    Parameters
    ----------
    root : Path
        The data folder; nobody may be using it.
    now : datetime
        For the name of the old folder.

    Returns
    -------
    Path or None
        Where the old data are now; None if there were none, or nothing waited.

    Raises
    ------
    OSError
        If a folder cannot be renamed, as when it is in use on Windows.

    """
    ready = ready_place(root)
    if not ready.is_dir():
        return None
    aside = None
    if root.is_dir() and not _is_bare(root):
        aside = _free_name(root.with_name(f"{root.name}-before-{now:%Y%m%d-%H%M%S}"))
        root.rename(aside)
    elif root.is_dir():
        _remove_bare(root)
    ready.rename(root)
    sync_folder(root.parent)
    return aside


def adopt_waiting(root: Path, now: datetime) -> Path | None:
    """Put a waiting restored folder in place if nobody is using the old one; see `adopt`."""
    if not ready_place(root).is_dir():
        return None
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(root / LOCK_NAME)
    if not lock.take():
        return None  # at the next start, then
    lock.release()
    return adopt(root, now)


def _is_bare(root: Path) -> bool:
    """Whether a folder holds no file but those of this moment."""
    return all(
        set(names) <= NOT_MOVED and not any(Path(place, one).is_symlink() for one in names)
        for place, _, names in os.walk(root)
    )


def _remove_bare(root: Path) -> None:
    for place, folders, names in os.walk(root, topdown=False):
        for name in names:
            Path(place, name).unlink()
        for name in folders:
            Path(place, name).rmdir()
    root.rmdir()


def _free_name(wanted: Path) -> Path:
    """Return a name that nothing has yet."""
    tried, n = wanted, 2
    while tried.exists():
        tried, n = wanted.with_name(f"{wanted.name}-{n}"), n + 1
    return tried
