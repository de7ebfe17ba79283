"""A running session on disk: at no moment is there anything to lose but the last second.

While it runs, its JSON (written anew after each set) and its recording are in a folder of their
own in `unfinished`, under a lock. When it ends both move to the outbox, the recording first: a
JSON in the outbox is whole. A folder in `unfinished` without a lock was cut off; the next start
brings it to the outbox too.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tracker.disk_reserve import DiskReserve, with_reserve
from tracker.errors import RecordingError, TrackerError
from tracker.locking import FileLock
from tracker.part_file import make_folder_durably
from tracker.settings import DataFolder
from tracker.uploader import move_durably, remove_drafts, write_durably

LOCK: Final = "lock"
RESERVE: Final = "reserve"
WORTH_KEEPING_S: Final = 30.0  # measured for longer, even without a repetition: stored
Document = dict[str, Any]
Mend = Callable[[Path, Document], tuple[Document, float]]


class SessionBusyError(TrackerError, RuntimeError):
    """A session of this id runs already."""


class SessionStore:
    """The files of one session.

    Parameters
    ----------
    folder : DataFolder
        Where they go.
    session_id : UUID
        Their name.

    Raises
    ------
    SessionBusyError
        If another program runs this session.
    RecordingError
        If there is no room for a session, or nothing can be written there.

    """

    def __init__(self, folder: DataFolder, session_id: UUID) -> None:
        self._folder = folder
        self._session_id = session_id
        self._place = folder.unfinished / str(session_id)
        self._lock = FileLock(self._place / LOCK)
        with _told_simply(self._place):
            make_folder_durably(self._place)
            if not self._lock.take():
                raise SessionBusyError(f"Session {session_id} is running in another window.")
            try:
                self.reserve = DiskReserve(self._place / RESERVE)
            except OSError:
                self._lock.release()
                remove_if_empty(self._place)
                raise

    @property
    def recording(self) -> Path:
        """Where the recording is written."""
        return self._place / f"{self._session_id}.mcap"

    @property
    def _json(self) -> Path:
        return self._place / f"{self._session_id}.json"

    def keep(self, document: Document) -> None:
        """Write what is known so far."""
        with_reserve(lambda: write_durably(self._json, document), self.reserve)

    def finish(self, document: Document) -> Path:
        """Move the finished session to the outbox; the recording must be closed by now."""
        self.keep(document)
        path = _to_outbox(self._folder, self._json)
        self.discard()
        return path

    def discard(self) -> None:
        """Remove the session; a recording that a full disk left unfinished stays."""
        self._json.unlink(missing_ok=True)
        self.recording.unlink(missing_ok=True)
        self.reserve.release()
        self._lock.release()
        remove_if_empty(self._place)

    def leave(self) -> None:
        """Give up the lock and leave the files for the next start."""
        self.reserve.release()
        self._lock.release()


@contextmanager
def _told_simply(place: Path) -> Iterator[None]:
    """Say before a session why it cannot be kept, and what helps."""
    try:
        yield
    except OSError as error:
        raise RecordingError(
            f"A session cannot be kept in {place.parent} ({error.strerror or error}): free some "
            "space, give yourself the right to write there, or name another folder with --data."
        ) from error


def _to_outbox(folder: DataFolder, path: Path) -> Path:
    """Move a session to the outbox: first its recording, then its JSON."""
    recording = path.with_suffix(".mcap")
    if recording.exists():
        move_durably(recording, folder.outbox)
    return move_durably(path, folder.outbox)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredSession:
    """A session that was cut off and is in the outbox now."""

    session_id: UUID
    exercise: str
    started_at: str
    n_sets: int
    recovered_s: float


def is_running(place: Path) -> bool:
    """Whether the session of a folder in `unfinished` runs now, in this program or another."""
    lock = FileLock(place / LOCK)
    try:
        is_free = lock.take()
    except FileNotFoundError:  # it ended in this very moment
        return False
    lock.release()
    return not is_free


def is_any_running(folder: DataFolder) -> bool:
    """Whether any session runs now."""
    return any(is_running(place) for place in folder.unfinished.glob("*/"))


def recover_sessions(folder: DataFolder, mend: Mend) -> list[RecoveredSession]:
    """Bring every session that was cut off to the outbox.

    Parameters
    ----------
    folder : DataFolder
        Where to look.
    mend : callable
        Takes the folder of a session and its document, closes the recording, and returns the
        document as it should be stored and the seconds of recording that are there.

    """
    recovered: list[RecoveredSession] = []
    for place in sorted(path for path in folder.unfinished.iterdir() if path.is_dir()):
        lock = FileLock(place / LOCK)
        if not lock.take():
            continue  # it is running
        (place / RESERVE).unlink(missing_ok=True)  # the mending may need the space
        with lock, suppress(FileNotFoundError):  # it may end in this very moment
            recovered += _recover(folder, place, mend)
            remove_drafts(place)
        remove_if_empty(place)
    return recovered


def _recover(folder: DataFolder, place: Path, mend: Mend) -> list[RecoveredSession]:
    found: list[RecoveredSession] = []
    for path in place.glob("*.json"):
        document, recovered_s = mend(place, json.loads(path.read_text("utf-8")))
        if not is_worth_keeping(document, recovered_s):
            path.with_suffix(".mcap").unlink(missing_ok=True)
            path.unlink()
            continue
        write_durably(path, document)
        _to_outbox(folder, path)
        found.append(
            RecoveredSession(
                session_id=UUID(path.stem),
                exercise=first_exercise(document),
                started_at=str(document["started_at"]),
                n_sets=len(document["exercise_sets"]),
                recovered_s=recovered_s,
            )
        )
    return found


def is_worth_keeping(document: Document, measured_s: float) -> bool:
    """Whether a session holds anything that was done, or much signal that one may want to see."""
    kinds = ("reps", "holds", "bouts")
    has_measured = any(one.get(kind) for one in document["exercise_sets"] for kind in kinds)
    has_told = bool(document.get("timed") or document.get("self_reported"))
    return has_measured or has_told or measured_s >= WORTH_KEEPING_S


def first_exercise(document: Document) -> str:
    """Return what a session began with; earlier versions planned a single exercise."""
    plan = document["plan"]
    return str((plan[0] if isinstance(plan, list) else plan)["exercise"])


def remove_if_empty(place: Path) -> None:
    """Remove a folder in which nothing is left."""
    with suppress(OSError):
        place.rmdir()
