"""What programs that were killed left half made, and nobody needs any more."""

from contextlib import suppress
from typing import Final

from tracker.moving.drafts import remove_dead_drafts
from tracker.moving.restoring import DRAFT_PREFIX
from tracker.part_file import PART_SUFFIX, is_in_use
from tracker.settings import DataFolder

RECORDING: Final = ".mcap"


def remove_leftovers(folder: DataFolder) -> int:
    """Remove what is left over in and beside a data folder; return how many things.

    A recording in the outbox goes if its session arrived, which it does last; one that was never
    finished there is of an import, which makes it anew.
    """
    n_removed = remove_dead_drafts(folder.root.parent, f"{folder.root.name}{DRAFT_PREFIX}")
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
