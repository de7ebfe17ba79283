"""What programs that were killed left half made, and nobody needs any more.

A session whose folder holds no JSON had not begun, or was given up: its recording goes if there is
no sample in it. Where a full disk kept a recording from its session, there are, and it stays.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from tracker.errors import RecordingError
from tracker.locking import FileLock
from tracker.moving.drafts import remove_dead_drafts
from tracker.moving.restoring import DRAFT_PREFIX
from tracker.part_file import PART_SUFFIX, is_in_use
from tracker.recording_file import read_mcap
from tracker.session_store import LOCK, RESERVE, remove_if_empty
from tracker.settings import DataFolder
from tracker.uploader import remove_drafts

RECORDING: Final = ".mcap"
TORN_BYTES: Final = 4096
"""What cannot be read and is smaller was cut off in its first message, before any sample."""


def remove_leftovers(folder: DataFolder) -> int:
    """Remove what is left over in and beside a data folder; return how many things.

    A recording in the outbox goes if its session arrived, which it does last; one that was never
    finished there is of an import, which makes it anew.
    """
    n_removed = sum(_remove_if_never_begun(place) for place in folder.unfinished.glob("*/"))
    n_removed += remove_dead_drafts(folder.root.parent, f"{folder.root.name}{DRAFT_PREFIX}")
    with suppress(OSError):  # the next start tries again
        for part in folder.outbox.glob(f"*{RECORDING}{PART_SUFFIX}"):
            if not is_in_use(part):
                part.unlink()
                n_removed += 1
        for recording in folder.outbox.glob(f"*{RECORDING}"):
            name = recording.with_suffix(".json").name
            if (folder.sent / name).exists() and not (folder.outbox / name).exists():
                recording.unlink()
                n_removed += 1
    return n_removed


def _remove_if_never_begun(place: Path) -> bool:
    """Remove the folder of a session of which nothing was kept and nothing measured."""
    lock = FileLock(place / LOCK)
    with suppress(OSError):  # it ended in this very moment, or the next start tries again
        if any(place.glob("*.json")) or not lock.take():
            return False
        with lock:
            remove_drafts(place)
            (place / RESERVE).unlink(missing_ok=True)
            for recording in place.glob(f"*{RECORDING}*"):
                if not is_in_use(recording) and not _may_hold_samples(recording):
                    recording.unlink()
        remove_if_empty(place)
    return not place.exists()


def _may_hold_samples(recording: Path) -> bool:
    try:
        return read_mcap(recording).samples.n_samples > 0
    except RecordingError:
        return recording.stat().st_size >= TORN_BYTES
