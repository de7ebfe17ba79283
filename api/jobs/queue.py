"""The queue: asking for jobs, holding one while it is worked on, and what became of it.

Whoever works proves with each write that the job is still its own. One that was killed, or was
stopped for so long that another one took over, writes nothing any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, true, update
from sqlmodel import Session, col, func, or_, select

from api.access.identity import Identity, Role
from api.errors import NotFoundError
from api.jobs.errors import NothingToDoError, QueueFullError
from api.jobs.rows import FILE_NAME, REASON, WITHOUT_FILE, JobItemRow, JobRow

CLAIM: Final = timedelta(seconds=60)  # an item takes some seconds at most
PAUSES: Final = tuple(timedelta(seconds=one) for one in (10, 60, 300, 1800))  # before a new try
MOST_OPEN: Final = 20  # jobs of one person that are not done: nobody fills the queue
MOST_ITEMS: Final = 10_000
KEPT: Final = timedelta(days=7)  # what a job made can be fetched for so long
OPEN: Final = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item of a job to be: about whom, and which session or file if any."""

    patient_id: UUID
    session_id: UUID | None = None
    file_name: str = ""
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish for a job: what kind, on whose behalf, when, and what is special about it."""

    kind: str
    by: Identity
    at: datetime
    wishes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job, until it runs out or somebody cancels."""

    job_id: UUID
    token: UUID


def ask(db: Session, asked: Asked, wanted: Sequence[Wanted]) -> UUID:
    """Put a job into the queue and return its id.

    Raises
    ------
    NothingToDoError
        If it has no items.
    QueueFullError
        If this person has too many jobs that are not done.

    """
    if not wanted:
        raise NothingToDoError
    by, now = asked.by, asked.at
    db.execute(delete(JobRow).where(col(JobRow.ended_at) < now - KEPT))
    open_jobs = select(func.count()).select_from(JobRow).where(col(JobRow.state).in_(OPEN))
    if db.exec(open_jobs.where(JobRow.asked_by == by.account_id)).one() >= MOST_OPEN:
        raise QueueFullError(MOST_OPEN)
    job = JobRow(
        id=uuid4(),
        kind=asked.kind,
        wishes=dict(asked.wishes),
        state="waiting",
        asked_by=by.account_id,
        asked_name=by.name,
        asked_role=by.role.value,
        asked_at=now,
        not_before=now,
        n_all=min(len(wanted), MOST_ITEMS),
    )
    db.add(job)
    db.flush()
    db.add_all(
        JobItemRow(
            job_id=job.id,
            number=number,
            patient_id=one.patient_id,
            session_id=one.session_id,
            file_name=one.file_name[:FILE_NAME],
            content=one.content,
        )
        for number, one in enumerate(wanted[:MOST_ITEMS], 1)
    )
    return job.id


def list_due(db: Session, now: datetime) -> Sequence[UUID]:
    """Return the jobs that can be worked on now: they wait, or who had them is gone."""
    query = select(JobRow.id).where(_is_due(now)).order_by(col(JobRow.asked_at))
    return db.exec(query).all()


def next_moment(db: Session) -> datetime | None:
    """Return when the next open job can be worked on; None if no job is open."""
    waiting = select(func.min(JobRow.not_before)).where(JobRow.state == "waiting")
    running = select(func.min(JobRow.claimed_until)).where(JobRow.state == "running")
    moments = [one for one in (db.exec(waiting).one(), db.exec(running).one()) if one is not None]
    return min(moments, default=None)


def claim(db: Session, job_id: UUID, now: datetime) -> Claim | None:
    """Take a job; None if it is not there to be taken."""
    token = uuid4()
    taken = db.execute(
        update(JobRow)
        .where(col(JobRow.id) == job_id, _is_due(now))
        .values(
            state="running",
            claimed_by=token,
            claimed_until=now + CLAIM,
            started_at=func.coalesce(JobRow.started_at, now),
        )
        .execution_options(synchronize_session=False)
    )
    return Claim(job_id, token) if getattr(taken, "rowcount", 0) else None


def hold(db: Session, held: Claim, now: datetime) -> JobRow | None:
    """Return the job if it is still held, for a while longer; None if it was cancelled or lost.

    The row is locked, so what the same transaction writes comes once.
    """
    query = select(JobRow).where(
        JobRow.id == held.job_id, JobRow.claimed_by == held.token, JobRow.state == "running"
    )
    job = db.exec(query.with_for_update()).first()
    if job is not None:
        job.claimed_until = now + CLAIM
        db.add(job)
    return job


def next_item(db: Session, job_id: UUID) -> JobItemRow | None:
    """Return the first item of a job that is not done."""
    query = (
        select(JobItemRow)
        .where(JobItemRow.job_id == job_id, JobItemRow.state == "waiting")
        .order_by(col(JobItemRow.number))
        .limit(1)
    )
    return db.exec(query).first()


def mark(db: Session, job: JobRow, item: JobItemRow, *, reason: str = "") -> None:
    """Mark an item of a held job as done, or as failed for a reason."""
    item.state, item.reason = ("failed" if reason else "done"), reason[:REASON]
    job.n_failed += bool(reason)
    job.n_done += not reason
    db.add(item)
    db.add(job)


def end(db: Session, job: JobRow, now: datetime) -> None:
    """End a held job whose items are all done or failed."""
    job.state = "failed" if job.n_failed and not job.n_done else "done"
    job.problem = _first_reason(db, job.id) if job.n_failed else ""
    job.ended_at, job.claimed_by, job.claimed_until = now, None, None
    db.add(job)


def put_off(db: Session, job: JobRow, reason: str, now: datetime) -> None:
    """Let a held job wait for its next try, or fail when it had its last."""
    job.problem, job.claimed_by, job.claimed_until = reason[:REASON], None, None
    if job.n_tries < len(PAUSES):
        job.state, job.not_before = "waiting", now + PAUSES[job.n_tries]
        job.n_tries += 1
    else:
        job.state, job.ended_at = "failed", now
    db.add(job)


def list_jobs(db: Session, who: Identity) -> list[JobRow]:
    """Return the jobs that somebody may see, newest first."""
    query = select(JobRow).where(_is_own(who)).order_by(col(JobRow.asked_at).desc())
    return list(db.exec(query))


def find_job(db: Session, job_id: UUID, who: Identity) -> JobRow:
    """Return a job.

    Raises
    ------
    NotFoundError
        If there is none that this person may see.

    """
    job = db.exec(select(JobRow).where(JobRow.id == job_id, _is_own(who))).first()
    if job is None:
        raise NotFoundError(f"There is no job {job_id}, or it is not yours.")
    return job


def list_items(db: Session, job_id: UUID, *, state: str) -> Sequence[JobItemRow]:
    """Return the items of a job in one state, without their files."""
    query = (
        select(JobItemRow)
        .options(WITHOUT_FILE)
        .where(JobItemRow.job_id == job_id, JobItemRow.state == state)
        .order_by(col(JobItemRow.number))
    )
    return db.exec(query).all()


def cancel(db: Session, job: JobRow, now: datetime) -> None:
    """Stop a job that is not done; what it has done stays."""
    if job.state in OPEN:
        job.state, job.ended_at, job.claimed_by, job.claimed_until = "cancelled", now, None, None
        db.add(job)


def try_again(db: Session, job: JobRow, now: datetime) -> None:
    """Let a job that ended do what it has not done, from now on."""
    if job.state in OPEN:
        return
    db.execute(
        update(JobItemRow)
        .where(col(JobItemRow.job_id) == job.id, col(JobItemRow.state) == "failed")
        .values(state="waiting", reason="")
        .execution_options(synchronize_session=False)
    )
    job.state, job.problem, job.n_failed, job.n_tries = "waiting", "", 0, 0
    job.not_before, job.ended_at = now, None
    db.add(job)


def remove(db: Session, job: JobRow) -> None:
    """Forget a job that ended, and what it made."""
    if job.state not in OPEN:
        db.delete(job)


def asker(job: JobRow) -> Identity:
    """Return on whose behalf a job works: it may see what that person may see."""
    return Identity(role=Role(job.asked_role), name=job.asked_name, account_id=job.asked_by)


def _is_due(now: datetime) -> ColumnElement[bool]:
    is_free = (col(JobRow.state) == "waiting") & (col(JobRow.not_before) <= now)
    is_left = (col(JobRow.state) == "running") & (col(JobRow.claimed_until) < now)
    return or_(is_free, is_left)


def _is_own(who: Identity) -> ColumnElement[bool]:
    if who.role is Role.OWNER:
        return true()
    is_own = (col(JobRow.asked_by) == who.account_id) & col(JobRow.asked_by).is_not(None)
    # What the service does by itself is for whoever administers it.
    return or_(is_own, col(JobRow.asked_by).is_(None)) if who.role is Role.ADMINISTRATOR else is_own


def _first_reason(db: Session, job_id: UUID) -> str:
    failed = list_items(db, job_id, state="failed")
    return failed[0].reason if failed else ""
