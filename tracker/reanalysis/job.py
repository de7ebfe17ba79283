"""Many sessions, one after the other: each becomes a result that waits for a decision.

What is done is told by the database, so a job that was cut off goes on where it was, and a second
one at the same time does no session twice but the one that both began.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Engine

from analysis import ENGINE_VERSION, load_catalogue
from api import ApiError, store, transaction
from api.access import About
from api.access.audit import note
from api.access.identity import owner
from api.review import versions
from api.review.reanalysis import KeepsRecordings, analyse_again
from api.review.reviewer import Signature
from api.review.schemas import ResultComparison
from api.review.waiting import list_outdated, list_waiting
from tracker.reanalysis.again import analyse_session

BY: Final = "tempo90 reanalyse"
Accepting = Literal["none", "same", "all"]


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
    reason : str
        Why there is no new result.

    """

    session_id: UUID
    result: ResultComparison | None = None
    is_accepted: bool = False
    reason: str = ""


class Reanalysis:
    """Analyse the sessions of one database again.

    Parameters
    ----------
    engine : Engine
        The database, migrated.
    recordings : KeepsRecordings
        Where the service keeps recordings.
    accepting : {"none", "same", "all"}
        Which new results become current at once: none, those that say the same, or all.
    now : callable
        The clock.

    """

    def __init__(
        self,
        engine: Engine,
        recordings: KeepsRecordings,
        *,
        accepting: Accepting = "none",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._recordings = recordings
        self._accepting = accepting
        self._now = now

    def outdated(self) -> Sequence[UUID]:
        """Return the sessions that this engine has not analysed, oldest first."""
        with transaction(self._engine, writes=False) as db:
            return list_outdated(db, engine=ENGINE_VERSION, catalogue=load_catalogue().version)

    def run(self, session_ids: Sequence[UUID]) -> Iterator[Done]:
        """Analyse sessions one after the other; one that cannot be does not stop the others."""
        for session_id in session_ids:
            try:
                yield self._one(session_id)
            except ApiError as error:
                yield Done(session_id=session_id, reason=" ".join(str(error).split()))

    def accept_waiting(self) -> int:
        """Accept what waited from before, as far as it is to be accepted; return how many."""
        with transaction(self._engine, writes=True) as db:
            found = [one for one in list_waiting(db) if self._is_to_accept(one.n_changes)]
            for one in found:
                versions.accept(db, one.session_id, one.number, by=self._signature())
                self._note(db, one.session_id, one.patient_id)
        return len(found)

    def _one(self, session_id: UUID) -> Done:
        with transaction(self._engine, writes=False) as db:
            session = store.get_session(db, session_id)
        found = analyse_again(session, self._recordings, analyse_session)  # holds no lock meanwhile
        with transaction(self._engine, writes=True) as db:
            result = versions.propose(db, session_id, found, by=self._signature())
            is_accepted = self._is_to_accept(result.n_changes)
            if is_accepted:
                versions.accept(db, session_id, result.number, by=self._signature())
            self._note(db, session_id, session.patient_id)
        return Done(session_id=session_id, result=result, is_accepted=is_accepted)

    def _is_to_accept(self, n_changes: int) -> bool:
        return self._accepting == "all" or (self._accepting == "same" and n_changes == 0)

    def _signature(self) -> Signature:
        return Signature(BY, self._now())

    def _note(self, db: Any, session_id: UUID, patient_id: UUID) -> None:
        note(db, owner(), "write", BY, about=About(session_id, patient_id), now=self._now())


def job_document(done: Sequence[Done]) -> dict[str, Any]:
    """Return what became of sessions as JSON values."""
    return {
        "engine": ENGINE_VERSION,
        "catalogue": load_catalogue().version,
        "sessions": [
            {"session": str(one.session_id), "error": one.reason}
            if one.result is None
            else {
                "session": str(one.session_id),
                "result": one.result.number,
                "is_accepted": one.is_accepted,
                "n_changes": one.result.n_changes,
                "differences": [change.model_dump() for change in one.result.differences],
            }
            for one in done
        ],
    }
