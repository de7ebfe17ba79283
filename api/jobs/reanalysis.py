"""Re-analysis of the sessions in reach; each new result waits for a decision, as from its page."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, select

from analysis import ENGINE_VERSION, load_catalogue
from api import store
from api.access import About, Scope
from api.access.audit import note
from api.access.confinement import confine
from api.access.ownership import is_within_reach
from api.db import transaction
from api.errors import NotFoundError
from api.jobs.kinds import Kind, Work, Workplace, Write
from api.jobs.queue import MOST_ITEMS, Wanted, asker
from api.jobs.rows import JobItemRow, JobRow
from api.models import SessionRow
from api.review import versions
from api.review.reanalysis import analyse_again
from api.review.reviewer import UNNAMED, Signature
from api.review.waiting import count_outdated, is_analysed, list_outdated

ROUTE: Final = f"JOB {Kind.REANALYSIS}"


def wanted_sessions(db: Session) -> Sequence[Wanted]:
    """Return the sessions in reach that this engine has not analysed, oldest first."""
    catalogue = load_catalogue().version
    found = list_outdated(db, engine=ENGINE_VERSION, catalogue=catalogue, limit=MOST_ITEMS)
    ids = [one.session_id for one in found]
    query = select(SessionRow.patient_id, SessionRow.id).where(col(SessionRow.id).in_(ids))
    whose = {session_id: patient_id for patient_id, session_id in db.exec(query)}
    return [Wanted(whose[one], one) for one in ids]


def count_wanted(db: Session) -> int:
    """Return how many sessions in reach this engine has not analysed."""
    return count_outdated(db, engine=ENGINE_VERSION, catalogue=load_catalogue().version)


def analyse_item(place: Workplace, job: JobRow, item: JobItemRow) -> Write:
    """Analyse one session again; one that has a result of this engine by now is left as it is."""
    who = asker(job)
    session_id = item.session_id
    if session_id is None:
        raise NotFoundError("The session is not there any more.")
    with transaction(place.engine, writes=False) as db:
        if not is_within_reach(db, who, item.patient_id, Scope.RECORDINGS):
            raise NotFoundError("There is no consent to see the recordings any more.")
        confine(db, who)
        session = store.get_session(db, session_id)
    found = analyse_again(session, place.recordings, place.reanalyse)

    def write(db: Session, _row: JobItemRow) -> None:
        now = place.now()
        if is_analysed(db, session_id, engine=found.engine, catalogue=found.catalogue):
            return
        versions.propose(db, session_id, found, by=Signature(who.name or UNNAMED, now))
        note(db, who, "write", ROUTE, about=About(session_id, session.patient_id), now=now)

    return write


WORK: Final[Work] = analyse_item
