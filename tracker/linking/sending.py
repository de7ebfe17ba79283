"""One round of sending: everything that waits, in order, each until it arrived or was refused.

What fails for a moment (a broken line, 500, 503, a slow answer) is tried again after a wait; what
still fails stays for the next round and holds up nothing else, unless the clinic is away. Only one
program of a data folder sends at a time; a second one would do no harm, only double the work.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import Engine

from api import transaction
from api.linking import (
    Item,
    Kind,
    Link,
    Taken,
    Trouble,
    document_of,
    note_refused,
    note_sent,
    note_try,
    waiting,
)
from api.linking.queue import TOLD
from api.recordings import RecordingFiles
from tracker.linking.clinic import Clinic, Recording
from tracker.linking.errors import (
    KeyRefusedError,
    LinkError,
    NotReachedError,
    NotTempo90Error,
    RefusedError,
)
from tracker.locking import FileLock
from tracker.settings import DataFolder

WAITS_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0)  # between the tries of one thing
LOCK_NAME: Final = "sending.lock"
GIVE_UP_AFTER: Final = 3  # things in a row that did not get through: the clinic is away
AFTER_SESSION: Final = frozenset({Kind.RECORDING, Kind.CORRECTION})  # need their session there


class StoppedError(NotReachedError):
    """The program ends; what is left waits for the next time."""


class SendingAlreadyError(LinkError):
    """Another program is sending from this data folder at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to. `trouble`: why it ended before all was sent and read."""

    n_sent: int = 0
    n_refused: int = 0
    taken: Taken | None = None  # None: the clinic was not asked
    is_stopped: bool = False  # the program ends
    trouble: Trouble | None = None
    reason: str | None = None


@dataclass(slots=True)
class _Count:
    """What a round has come to so far."""

    n_sent: int = 0
    n_refused: int = 0
    n_in_a_row: int = 0
    is_over: bool = False
    trouble: Trouble | None = None
    reason: str = ""
    unsent: set[UUID] = field(default_factory=set)

    def failed(self, item: Item, trouble: Trouble, error: LinkError) -> None:
        """Note that something stays for the next round; after some in a row the rest does too."""
        self.trouble, self.reason = trouble, str(error)
        self.n_in_a_row += 1
        self.is_over = self.n_in_a_row >= GIVE_UP_AFTER
        if item.kind is Kind.SESSION:
            self.unsent.add(item.session_id)

    def round(self) -> Round:
        """Return it as it is told."""
        return Round(
            n_sent=self.n_sent,
            n_refused=self.n_refused,
            trouble=self.trouble,
            reason=self.reason or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What a round needs.

    Parameters
    ----------
    engine : Engine
        The database of this computer.
    files : RecordingFiles
        The recordings of this computer.
    link, clinic
        Where to, and how.
    now, sleep : callable
        The clock; tests have their own.
    on_progress : callable
        Told how many of how many have been dealt with.

    """

    engine: Engine
    files: RecordingFiles
    link: Link
    clinic: Clinic
    now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    on_progress: Callable[[int, int], None] = lambda *_: None

    def send_all(self) -> Round:
        """Send everything that waits; whatever happens, what has arrived is noted."""
        with transaction(self.engine, writes=False) as db:
            items = waiting(db, self.link)
        came_to = _Count()
        for n_done, item in enumerate(items):
            self.on_progress(n_done, len(items))
            if item.kind in AFTER_SESSION and item.session_id in came_to.unsent:
                continue
            try:
                self._send_one(item, came_to)
            except StoppedError:
                return replace(came_to.round(), is_stopped=True)
            if came_to.is_over:
                break
        else:
            self.on_progress(len(items), len(items))
        if items:
            trouble, reason = came_to.trouble, came_to.reason
            self._note(partial(note_try, link=self.link, trouble=trouble, reason=reason))
        return came_to.round()

    def _send_one(self, item: Item, came_to: "_Count") -> None:
        try:
            came_to.n_sent += self._patiently(partial(self._send, item))
        except RefusedError as error:
            self._note(partial(note_refused, link=self.link, item=item, reason=str(error)))
            came_to.n_refused += 1
        except StoppedError:
            raise
        except NotReachedError as error:
            came_to.failed(item, Trouble.UNREACHABLE, error)
            return
        except KeyRefusedError as error:
            came_to.failed(item, Trouble.KEY_REFUSED, error)
            came_to.is_over = True
        except NotTempo90Error as error:
            came_to.failed(item, Trouble.NOT_TEMPO90, error)
            came_to.is_over = True
        came_to.n_in_a_row = 0

    def _send(self, item: Item) -> bool:
        """Send one thing and note it; False when it is gone from here."""
        if item.kind is Kind.RECORDING:
            self.clinic.send(self._recording(item))
        else:
            with transaction(self.engine, writes=False) as db:
                document = document_of(db, self.link, item)
            if document is None:
                return False
            self._hand_over(item, document)
        self._note(partial(note_sent, link=self.link, item=item))
        return True

    def _hand_over(self, item: Item, document: dict[str, object]) -> None:
        match item.kind:
            case Kind.PROGRAMME:
                path = f"/patients/{self.link.clinic_patient_id}/from-home/programme"
                self.clinic.put(path, document)
            case Kind.SESSION:
                self.clinic.put(f"/sessions/{item.key}", document)
            case Kind.CORRECTION:
                number = item.key.partition("/")[2]
                path = f"/sessions/{item.session_id}/sets/{number}/correction"
                self.clinic.put(path, document)
            case Kind.SEEN:
                self.clinic.see(self.link.clinic_patient_id, UUID(item.key))
            case _:
                path = f"/patients/{self.link.clinic_patient_id}/{TOLD[item.kind].path}"
                self.clinic.post(path, document)

    def _recording(self, item: Item) -> Recording:
        session_id = item.session_id
        return Recording(
            session_id=session_id,
            size_bytes=self.files.path(session_id).stat().st_size,
            sha256=item.sha256,
            read=partial(self.files.read, session_id),
        )

    def _patiently(self, work: Callable[[], bool]) -> bool:
        """Do work again after a failure that may pass."""
        for wait_s in WAITS_S:
            try:
                return work()
            except NotReachedError as error:
                drawn_s = wait_s * random.uniform(0.5, 1.5)  # noqa: S311  # not all at once
                self.sleep(max(drawn_s, error.after_s))
        return work()

    def _note(self, note: Callable[..., None]) -> None:
        with transaction(self.engine, writes=True) as db:
            note(db, now=self.now())


@contextmanager
def only_sender(folder: DataFolder) -> Iterator[None]:
    """Be the only program that sends from a data folder.

    Raises
    ------
    SendingAlreadyError
        If another one is.

    """
    lock = FileLock(folder.root / LOCK_NAME)
    if not lock.take():
        raise SendingAlreadyError("tempo90 is sending at this moment: see /my-clinic.")
    with lock:
        yield
