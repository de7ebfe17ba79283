"""Working on one job: item after item, each done once. Both runners call this and nothing else."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from api.db import repeated, transaction
from api.errors import ApiError, DatabaseBusyError, RecordingsUnavailableError
from api.jobs import imports, reanalysis, reports, retention
from api.jobs.kinds import Kind, Kinds, Workplace, Write
from api.jobs.queue import Claim, claim, end, hold, mark, next_item, next_moment, put_off
from api.jobs.rows import JobItemRow, JobRow

KINDS: Final[Kinds] = MappingProxyType(
    {
        Kind.REPORTS.value: reports.WORK,
        Kind.REANALYSIS.value: reanalysis.WORK,
        Kind.IMPORT.value: imports.WORK,
        Kind.RETENTION.value: retention.WORK,
    }
)
PASSING: Final = (DBAPIError, RecordingsUnavailableError, DatabaseBusyError, OSError)
"""What another try may get over: a server that is away, a full disk."""

UNEXPECTED: Final = "This could not be done, for a fault of the program; its log says more."
RETENTION_EVERY: Final = timedelta(hours=1)  # days are counted: an hour more or less is nothing
Stopped = Callable[[], bool]
_log = logging.getLogger(__name__)


def run_job(
    place: Workplace,
    job_id: UUID,
    *,
    kinds: Kinds = KINDS,
    is_stopped: Stopped = lambda: False,
) -> None:
    """Work on a job until it is done, cancelled, put off or taken over.

    Parameters
    ----------
    place : Workplace
        What it works with.
    job_id : UUID
        Which; nothing happens if somebody else works on it.
    kinds : mapping
        How an item of each kind is done.
    is_stopped : callable
        Asked between items; the job then waits for whoever goes on.

    """
    held = repeated(lambda: _claim(place, job_id))
    if held is None:
        return
    try:
        while not is_stopped():
            if not _do_next(place, held, kinds):
                return
    except PASSING as error:
        _log.warning("A job waits for its next try: %s", type(error).__name__)
        reason = _passing(error)
        repeated(lambda: _put_off(place, held, reason))
        return
    repeated(lambda: _give_back(place, held))


def next_due(place: Workplace) -> datetime | None:
    """Return when there is work again; None if all jobs are done and none comes by itself."""
    with transaction(place.engine, writes=False) as db:
        by_itself = place.now() + RETENTION_EVERY if retention.read_retention(db) else None
        moments = [one for one in (next_moment(db), by_itself) if one is not None]
        return min(moments, default=None)


def _do_next(place: Workplace, held: Claim, kinds: Kinds) -> bool:
    """Do one item; False when there is none left, or the job is not ours any more."""
    job, item = repeated(lambda: _look(place, held))
    if job is None:
        return False
    if item is None:
        said = repeated(lambda: _end(place, held))
        _log.info("%s", said, extra={"job_id": str(held.job_id)})
        return False
    write, reason = _work(place, job, item, kinds)
    return repeated(lambda: _store(place, held, item, reason, write))


def _work(
    place: Workplace, job: JobRow, item: JobItemRow, kinds: Kinds
) -> tuple[Write | None, str]:
    """Do an item; return what is to be written, or why nothing is."""
    try:
        return kinds[job.kind](place, job, item), ""
    except PASSING:
        raise
    except ApiError as error:
        return None, _sentence(error)
    except Exception:  # noqa: BLE001  # a fault in one item stops no other
        _log.exception("An item of a job failed: %s.", job.kind, extra=_ids(item))
        return None, UNEXPECTED


def _ids(item: JobItemRow) -> dict[str, str]:
    """Return what a line of the log may say of an item: never whose it is."""
    ids = {"job_id": str(item.job_id)}
    return ids if item.session_id is None else ids | {"session_id": str(item.session_id)}


def _claim(place: Workplace, job_id: UUID) -> Claim | None:
    with transaction(place.engine, writes=True) as db:
        return claim(db, job_id, place.now())


def _look(place: Workplace, held: Claim) -> tuple[JobRow | None, JobItemRow | None]:
    with transaction(place.engine, writes=True) as db:
        job = hold(db, held, place.now())
        item = None if job is None else next_item(db, held.job_id)
        db.flush()
        for row in (job, item):
            if row is not None:
                db.refresh(row)
        db.expunge_all()
        return job, item


def _store(
    place: Workplace, held: Claim, item: JobItemRow, reason: str, write: Write | None
) -> bool:
    """Write what came of an item and mark it, in one transaction; False if it is not ours."""
    with transaction(place.engine, writes=True) as db:
        job = hold(db, held, place.now())
        row = _still_waiting(db, item)
        if job is None:
            return False
        if row is not None:  # an erasure takes items along
            if write is not None:
                write(db, row)
            mark(db, job, row, reason=reason)
    return True


def _still_waiting(db: Session, item: JobItemRow) -> JobItemRow | None:
    row = db.get(JobItemRow, (item.job_id, item.number))
    return row if row is not None and row.state == "waiting" else None


def _end(place: Workplace, held: Claim) -> str:
    """End a job; return what the log says of it."""
    with transaction(place.engine, writes=True) as db:
        job = hold(db, held, place.now())
        if job is None:
            return "a job was taken over"
        end(db, job, place.now())
        return f"a job of {job.kind} has ended: {job.n_done} done, {job.n_failed} failed"


def _put_off(place: Workplace, held: Claim, reason: str) -> None:
    with transaction(place.engine, writes=True) as db:
        job = hold(db, held, place.now())
        if job is not None:
            put_off(db, job, reason, place.now())


def _give_back(place: Workplace, held: Claim) -> None:
    """Let somebody else go on at once."""
    with transaction(place.engine, writes=True) as db:
        job = hold(db, held, place.now())
        if job is not None:
            job.claimed_until = place.now()
            job.state, job.not_before = "waiting", place.now()
            db.add(job)


def _passing(error: Exception) -> str:
    if isinstance(error, ApiError):
        return _sentence(error)
    kind = "database" if isinstance(error, DBAPIError) else "disk"
    return f"There was no answer from the {kind}."


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())
