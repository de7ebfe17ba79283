"""Jobs in processes of their own (`tempo90 work`), told by procrastinate on PostgreSQL.

procrastinate brings a job to a free worker at once, starts it again when a worker dies, and looks
every minute for what nobody was told of. Its tables stand in a schema of their own. What a job is
and how far it has come stand in ours: whoever is told twice finds the job taken or done.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from psycopg import connect, sql
from sqlalchemy import make_url

from api.db import repeated, transaction
from api.jobs.kinds import Workplace
from api.jobs.queue import list_due
from api.jobs.retention import ask_if_due
from api.jobs.rows import JobRow
from api.jobs.running import run_job

SCHEMA: Final = "procrastinate"
QUEUE: Final = "tempo90"
ONE_JOB: Final = "tempo90.job"
LOOK: Final = "tempo90.look"
EVERY_MINUTE: Final = "* * * * *"
LOCK: Final = 9_0002  # any number, the same for all workers: one of them makes the tables
IN_SCHEMA: Final = f"-c search_path={SCHEMA}"
_log = logging.getLogger(__name__)


class JobsOnPostgres:
    """Tell workers of jobs, from a process that serves pages.

    Parameters
    ----------
    url : str
        SQLAlchemy address of the database.
    place : Workplace
        To see what is due.

    """

    def __init__(self, url: str, place: Workplace) -> None:
        self._app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(**_options(url)))
        self._place = place

    def wake(self) -> None:
        """Tell of what is due; what cannot be told now is found by a worker within a minute."""
        try:
            with self._app.open():
                tell_due(self._app, self._place)
        except ProcrastinateException as error:
            _log.warning("No worker could be told of a job: %s", error)

    def close(self) -> None:
        """Do nothing: no connection is kept."""


def worker_app(url: str, place: Workplace) -> procrastinate.App:
    """Return what a worker runs: `run_worker_async` of it."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(**_options(url)))

    @app.task(name=ONE_JOB, queue=QUEUE)
    def work_on(job_id: str) -> None:
        run_job(place, UUID(job_id))
        if (moment := _next_try(place, UUID(job_id))) is not None:
            tell(app, UUID(job_id), at=moment)

    @app.periodic(cron=EVERY_MINUTE)
    @app.task(name=LOOK, queue=QUEUE, queueing_lock=LOOK, pass_context=False)
    def look(timestamp: int) -> None:  # noqa: ARG001  # given by procrastinate
        repeated(lambda: _ask_for_retention(place))
        tell_due(app, place)

    return app


def tell_due(app: procrastinate.App, place: Workplace) -> None:
    """Put every job that is due before the workers; one that is there already stays there once."""
    with transaction(place.engine, writes=False) as db:
        due = list_due(db, place.now())
    for job_id in due:
        tell(app, job_id)


def tell(app: procrastinate.App, job_id: UUID, *, at: datetime | None = None) -> None:
    """Put a job before the workers, now or at a time."""
    lock = f"{job_id}" if at is None else f"{job_id} {at.isoformat()}"
    task = app.configure_task(ONE_JOB, queue=QUEUE, queueing_lock=lock, schedule_at=at)
    try:
        task.defer(job_id=str(job_id))
    except AlreadyEnqueued:
        return


def make_tables(url: str) -> None:
    """Make the tables of procrastinate, in a schema of their own, unless they are there."""
    with _alone(url) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        is_there = connection.execute(
            "SELECT to_regclass(%s)", (f"{SCHEMA}.procrastinate_jobs",)
        ).fetchone()
        if is_there is not None and is_there[0] is not None:
            return
        app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(**_options(url)))
        with app.open():
            app.schema_manager.apply_schema()


@contextmanager
def _alone(url: str) -> Iterator[Any]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        yield connection


def _options(url: str) -> dict[str, Any]:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return {"conninfo": address, "kwargs": {"options": IN_SCHEMA}}


def _next_try(place: Workplace, job_id: UUID) -> datetime | None:
    with transaction(place.engine, writes=False) as db:
        job = db.get(JobRow, job_id)
        return job.not_before if job is not None and job.state == "waiting" else None


def _ask_for_retention(place: Workplace) -> None:
    with transaction(place.engine, writes=True) as db:
        ask_if_due(db, place.now())
