"""`tempo90 work`: the jobs of a clinic's service, in a process of their own on PostgreSQL."""

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from sqlalchemy import Engine

from api import ApiSettings, check_tables
from api.engines import POSTGRES
from api.jobs.here import JobsHere
from api.jobs.kinds import Workplace
from api.jobs.site import Runner, workplace
from api.pages import Pages
from api.zones import usual_zone
from tracker.data_source import DataSource
from tracker.errors import TrackerError
from tracker.import_job import take_in
from tracker.reanalysis.again import analyse_session

if TYPE_CHECKING:
    import procrastinate

EXTRA: Final = "tempo90[server]"
GRACE_S: Final = 60.0  # what is on its way may end; what has not is done by another worker
_log = logging.getLogger(__name__)


class WorkingError(TrackerError, RuntimeError):
    """There is nothing that a process of its own could work on."""


def runner_for(app: FastAPI, database_url: str) -> Runner:
    """Return who works on the jobs of an app: on PostgreSQL other processes, else this one."""
    if app.state.engine.dialect.name != POSTGRES:
        return JobsHere(workplace(app))
    try:
        from api.jobs.on_postgres import JobsOnPostgres  # noqa: PLC0415  # an extra
    except ModuleNotFoundError:
        _log.warning("Jobs run in this process: %s is not installed.", EXTRA)
        return JobsHere(workplace(app))
    return JobsOnPostgres(database_url, workplace(app))


def open_worker(
    source: DataSource, *, time_zone: str | None = None
) -> "tuple[procrastinate.App, Engine]":
    """Return a worker for the jobs of a database, with the tables it needs made.

    Raises
    ------
    WorkingError
        If the database is not PostgreSQL, or procrastinate is not installed.
    OlderDatabaseError, NewerDatabaseError
        If the tables are of another version; the error says what to run.

    """
    if not source.database_url.startswith("postgres"):
        raise WorkingError(
            "On SQLite tempo90 serve works on jobs by itself; this command is for PostgreSQL: "
            "set TEMPO90_DATABASE to postgresql://user@host/name."
        )
    try:
        from api.jobs.on_postgres import make_tables, worker_app  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise WorkingError(
            f"Working on jobs needs an extra that is not installed: pip install '{EXTRA}'."
        ) from error
    check_tables(source.database_url)
    make_tables(source.database_url)
    engine = source.open_database()
    return worker_app(source.database_url, open_workplace(source, engine, time_zone)), engine


async def work(app: "procrastinate.App", n_at_once: int) -> None:
    """Work until SIGTERM or Ctrl-C."""
    async with app.open_async():
        await app.run_worker_async(
            concurrency=n_at_once,
            shutdown_graceful_timeout=GRACE_S,
            delete_jobs="always",  # what became of a job stands in our own tables
        )


def open_workplace(source: DataSource, engine: Engine, time_zone: str | None) -> Workplace:
    """Return what jobs work with outside of an app."""
    settings = ApiSettings(recordings_dir=source.recordings_dir, time_zone=time_zone)
    return Workplace(
        engine=engine,
        recordings=source.open_recordings(),
        speak=Pages(settings).speak,
        zone=ZoneInfo(usual_zone(settings)),
        now=lambda: datetime.now(UTC),
        reanalyse=analyse_session,
        take_in=take_in,
    )
