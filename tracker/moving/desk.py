"""Backup and restore for a page: a file made for a browser, and one taken in until it is meant.

What a browser sends lands beside the data folder, where there must be room for it anyway, and is
only looked at. It takes the place of the data when a person says so, and then at the next start.
"""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from tracker.moving.backing_up import back_up, files_of
from tracker.moving.contents import BackupError, Manifest
from tracker.moving.restoring import look, stage
from tracker.running import AlreadyRunningError
from tracker.session_store import is_any_running
from tracker.settings import DataFolder

INCOMING: Final = ".incoming-"
OUTGOING: Final = ".outgoing-"
KEPT_FREE_BYTES: Final = 64 * 2**20  # a computer without any room left does nothing well
PLACES_OF_SESSIONS: Final = ("sent/", "outbox/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How much a data folder or a backup holds."""

    sessions: int
    recordings: int
    n_bytes: int

    @classmethod
    def of(cls, files: Iterable[tuple[str, int]]) -> "Held":
        """Count files, given as name from the data folder on, and length."""
        known = list(files)
        names = [name for name, _ in known]
        return cls(
            sessions=sum(n.startswith(PLACES_OF_SESSIONS) and n.endswith(".json") for n in names),
            recordings=sum(name.endswith(".mcap") for name in names),
            n_bytes=sum(n_bytes for _, n_bytes in known),
        )


class BackupDesk:
    """Make and take in backups of one data folder.

    Parameters
    ----------
    folder : DataFolder
        It may be in use.

    """

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder

    @property
    def here(self) -> Held:
        """What is here now."""
        paths = files_of(self._folder.root)
        sizes = ((path.relative_to(self._folder.root).as_posix(), path) for path in paths)
        return Held.of((name, path.stat().st_size) for name, path in sizes if path.exists())

    def make(self, now: datetime) -> Path:
        """Make a backup in a folder of its own; `done_with` removes both.

        Raises
        ------
        BackupError, OSError
            If there is nothing to back up, or no room for it.

        """
        place = Path(tempfile.mkdtemp(prefix=self._name(OUTGOING), dir=self._beside))
        try:
            path = place / f"tempo90-{now:%Y-%m-%d}.zip"
            back_up(self._folder, path)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        return path

    @staticmethod
    def done_with(path: Path) -> None:
        """Remove a backup that was handed out."""
        shutil.rmtree(path.parent, ignore_errors=True)

    def begin(self) -> tuple[UUID, Path]:
        """Return the id and the place of a file that is to come in; earlier ones go."""
        for old in self._beside.glob(f"{self._name(INCOMING)}*"):
            old.unlink(missing_ok=True)
        new_id = uuid4()
        path = self._place(new_id)
        path.touch(mode=0o600)
        return new_id, path

    @property
    def room_bytes(self) -> int:
        """How long a file may be that comes in."""
        return max(0, shutil.disk_usage(self._beside).free - KEPT_FREE_BYTES)

    def look(self, incoming_id: UUID) -> Manifest:
        """Return what a file that came in says of itself.

        Raises
        ------
        BackupError
            If it is no backup, or not there any more.

        """
        path = self._place(incoming_id)
        if not path.exists():
            raise BackupError("This backup is not here any more: give it again.")
        return look(path)

    def accept(self, incoming_id: UUID) -> None:
        """Let a backup take the place of what is here, at the next start.

        Raises
        ------
        BackupError
            If it is not a whole backup that this version understands; nothing is changed then.
        AlreadyRunningError
            If a training runs, whose session would be left behind.

        """
        if is_any_running(self._folder):
            raise AlreadyRunningError("A training is running: end it first, then try again.")
        self.look(incoming_id)
        path = self._place(incoming_id)
        stage(self._folder, path)
        path.unlink(missing_ok=True)

    @property
    def _beside(self) -> Path:
        return self._folder.root.parent

    def _name(self, kind: str) -> str:
        return f"{self._folder.root.name}{kind}"

    def _place(self, incoming_id: UUID) -> Path:
        return self._beside / f"{self._name(INCOMING)}{incoming_id}.zip"
