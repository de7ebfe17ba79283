"""Erasing raw recordings that are older than a clinic keeps them; their results stay.

Off unless an administrator sets it, and then nothing is erased for a month, so that patients and
clinicians read it before: it stands on the page of jobs and on that of a patient's own data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, func, select

from api.access import About, Identity, Role
from api.access.audit import note
from api.errors import NotFoundError
from api.jobs.kinds import Kind, Work, Workplace, Write
from api.jobs.queue import MOST_ITEMS, OPEN, Asked, Wanted, ask
from api.jobs.rows import JobItemRow, JobRow, RetentionRow
from api.models import RecordingRow, SessionRow

ROUTE: Final = f"JOB {Kind.RETENTION}"
NOTICE: Final = timedelta(days=30)
LEAST_DAYS: Final = 30
MOST_DAYS: Final = 36_500
SYSTEM: Final = Identity(role=Role.OWNER, name="tempo90")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """For how long recordings are kept, and from when on that holds."""

    keep_days: int
    starts_at: datetime
    set_by: str

    def oldest_kept(self, now: datetime) -> datetime:
        """Return when a session began whose recording is just kept."""
        return now - timedelta(days=self.keep_days)


def read_retention(db: Session) -> Retention | None:
    """Return what holds; None when recordings are kept for ever."""
    row = db.get(RetentionRow, 1)
    if row is None:
        return None
    return Retention(keep_days=row.keep_days, starts_at=row.starts_at, set_by=row.set_by)


def set_retention(db: Session, keep_days: int | None, *, by: Identity, now: datetime) -> None:
    """Set for how long recordings are kept; None: for ever.

    A shorter time than before begins with a notice of its own, a longer one holds at once.
    """
    row = db.get(RetentionRow, 1)
    if keep_days is None:
        if row is not None:
            db.delete(row)
    elif row is None:
        db.add(
            RetentionRow(keep_days=keep_days, set_by=by.name, set_at=now, starts_at=now + NOTICE)
        )
    else:
        starts_at = now + NOTICE if keep_days < row.keep_days else row.starts_at
        row.sqlmodel_update(
            {"keep_days": keep_days, "set_by": by.name, "set_at": now, "starts_at": starts_at}
        )
        db.add(row)
    note(db, by, "account", f"{ROUTE} {keep_days or 'off'}", now=now)


def count_too_old(db: Session, keep_days: int, now: datetime) -> int:
    """Return how many recordings are older than so many days."""
    before = now - timedelta(days=keep_days)
    query = (
        select(func.count())
        .select_from(RecordingRow)
        .join(SessionRow, col(SessionRow.id) == col(RecordingRow.session_id))
        .where(SessionRow.started_at < before)
    )
    return db.exec(query).one()


def ask_if_due(db: Session, now: datetime) -> bool:
    """Put an erasure into the queue if one is due and none is open; say whether it was."""
    held = read_retention(db)
    if held is None or now < held.starts_at:
        return False
    is_open = select(JobRow.id).where(
        JobRow.kind == Kind.RETENTION.value, col(JobRow.state).in_(OPEN)
    )
    wanted = [] if db.exec(is_open).first() else _too_old(db, held.oldest_kept(now))
    if not wanted:
        return False
    ask(db, Asked(Kind.RETENTION, SYSTEM, now), wanted)
    return True


def erase_recording(place: Workplace, _job: JobRow, item: JobItemRow) -> Write:
    """Erase one recording, unless the clinic keeps it again by now."""
    now = place.now()

    def write(db: Session, row: JobItemRow) -> None:
        held = read_retention(db)
        session = db.get(SessionRow, row.session_id)
        if held is None or now < held.starts_at or session is None:
            return
        if session.started_at >= held.oldest_kept(now):
            return
        recording = db.get(RecordingRow, session.id)
        if recording is not None:
            db.delete(recording)
            db.flush()
        # Last, as in an erasure of everything: never a file without a row that leads to it.
        place.recordings.remove(session.id)
        note(db, SYSTEM, "write", ROUTE, about=About(session.id, item.patient_id), now=now)

    if item.session_id is None:
        raise NotFoundError("The session is not there any more.")
    return write


def _too_old(db: Session, before: datetime) -> Sequence[Wanted]:
    query = (
        select(SessionRow.patient_id, SessionRow.id)
        .join(RecordingRow, col(RecordingRow.session_id) == col(SessionRow.id))
        .where(SessionRow.started_at < before)
        .order_by(col(SessionRow.started_at), col(SessionRow.id))
        .limit(MOST_ITEMS)
    )
    return [Wanted(patient_id, session_id) for patient_id, session_id in db.exec(query)]


WORK: Final[Work] = erase_recording
