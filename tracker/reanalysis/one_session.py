"""One stored session through the present engine, and its result beside the current one.

Reading, analysing and writing are apart: nobody waits for the engine. What is written is one
transaction, so a session is done or it is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from analysis import ENGINE_VERSION, load_catalogue
from api import ApiError, store, transaction
from api.access import About
from api.access.audit import note
from api.access.identity import owner
from api.db import repeated
from api.needs.keeping import keep_up
from api.review import versions
from api.review.reanalysis import KeepsRecordings, Reanalysed, analyse_again
from api.review.reviewer import Signature
from api.review.schemas import ResultComparison
from api.review.waiting import is_analysed
from api.schemas import SessionPublic
from tracker.reanalysis.again import analyse_session

BY: Final = "tempo90 reanalyse"
Accepting = Literal["none", "same", "all"]


def utc_now() -> datetime:
    """Return the time; a function of a module, so that it travels to workers."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How sessions are done.

    Parameters
    ----------
    accepting : {"none", "same", "all"}
        Which new results become current at once: none, those that say the same, or all.
    is_once : bool
        Whether a session that this engine has analysed already is left as it is.
    now : callable
        The clock.

    """

    accepting: Accepting = "none"
    is_once: bool = False
    now: Callable[[], datetime] = utc_now

    def accepts(self, n_changes: int) -> bool:
        """Whether a result with so many changes becomes the current one at once."""
        return self.accepting == "all" or (self.accepting == "same" and n_changes == 0)

    def signature(self) -> Signature:
        """Return who makes results and decides about them, and when."""
        return Signature(BY, self.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one session.

    Parameters
    ----------
    session_id : UUID
        Which.
    result : ResultComparison, optional
        The new result and what it says otherwise; None where there is none.
    is_accepted : bool
        Whether it is the current one now.
    is_repeat : bool
        Whether somebody else had done it in the meantime.
    code, reason : str
        Why there is no new result: the kind, and a sentence.
    exercises : tuple of str
        Of the sets of the new result.

    """

    session_id: UUID
    result: ResultComparison | None = None
    is_accepted: bool = False
    is_repeat: bool = False
    code: str = ""
    reason: str = ""
    exercises: tuple[str, ...] = ()

    @property
    def has_failed(self) -> bool:
        """Whether there is no result, old or new."""
        return bool(self.reason)


def reanalyse_one(
    engine: Engine, recordings: KeepsRecordings, session_id: UUID, manner: Manner
) -> Done:
    """Analyse one session again and store what comes out.

    Raises
    ------
    DBAPIError
        If the database does not answer.
    RecordingsUnavailableError
        If the store of recordings does not.

    """
    with transaction(engine, writes=False) as db:
        if manner.is_once and _is_done(db, session_id):
            return Done(session_id=session_id, is_repeat=True)
        session = store.get_session(db, session_id)
    found = analyse_again(session, recordings, analyse_session)  # holds no lock meanwhile
    return repeated(lambda: _store(engine, session, found, manner))


def failed(session_id: UUID, error: Exception) -> Done:
    """Return that a session could not be done, and why."""
    sentence = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, ApiError):
        return Done(session_id=session_id, code=error.code, reason=sentence)
    kind = type(error).__name__
    return Done(
        session_id=session_id,
        code="unexpected",
        reason=f"Session {session_id} cannot be analysed again ({kind}: {sentence}); its results "
        "stay as they are.",
    )


@cache
def versions_here() -> tuple[str, str]:
    """Return the versions of engine and catalogue of this installation."""
    return ENGINE_VERSION, load_catalogue().version


def note_written(db: Session, session_id: UUID, patient_id: UUID, now: datetime) -> None:
    """Note in the audit log that a result was written."""
    note(db, owner(), "write", BY, about=About(session_id, patient_id), now=now)


def _is_done(db: Session, session_id: UUID) -> bool:
    engine, catalogue = versions_here()
    return is_analysed(db, session_id, engine=engine, catalogue=catalogue)


def _store(engine: Engine, session: SessionPublic, found: Reanalysed, manner: Manner) -> Done:
    signature = manner.signature()
    with transaction(engine, writes=True) as db, keep_up(db, signature.at):
        if manner.is_once and _is_done(db, session.id):
            return Done(session_id=session.id, is_repeat=True)
        result = versions.propose(db, session.id, found, by=signature)
        is_accepted = manner.accepts(result.n_changes)
        if is_accepted:
            versions.accept(db, session.id, result.number, by=signature)
        note_written(db, session.id, session.patient_id, signature.at)
    exercises = tuple(one.exercise for one in found.sets)
    return Done(session_id=session.id, result=result, is_accepted=is_accepted, exercises=exercises)
