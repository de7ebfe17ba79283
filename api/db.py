"""Bringing the database up to date, and one transaction at a time; `api.engines` opens it."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Final, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from api.engines import POSTGRES, is_collision, open_engine, transaction_options
from api.errors import ApiError

HEAD: Final = "head"
MIGRATION_LOCK: Final = 9_0001  # any number, the same for all processes of the service
TRIES: Final = 8
FIRST_WAIT_S: Final = 0.01  # doubles, and is drawn at random below that
Found = TypeVar("Found")


class BrokenReferenceError(ApiError, RuntimeError):
    """After a migration, rows point at rows that are not there."""


class NewerDatabaseError(ApiError, RuntimeError):
    """A later version of tempo90 has changed the tables; this one would read them wrongly."""


class OlderDatabaseError(ApiError, RuntimeError):
    """The tables are of an earlier version of tempo90, and nobody has said to change them."""


def migrate(url: str, revision: str = HEAD) -> None:
    """Bring the tables of a database up to date, from nothing if need be.

    Parameters
    ----------
    url : str
        SQLAlchemy URL of a database on disk or on a server.
    revision : str
        Where to go; an older revision, or "base", goes back.

    Raises
    ------
    NewerDatabaseError
        If the tables are of a later version of tempo90.
    BrokenReferenceError
        If rows would be left pointing at nothing; nothing is changed then.

    """
    # SQLite changes a table by copying and dropping it; with foreign keys on, the drop would
    # take the rows that point at it along. They are checked afterwards instead.
    engine = open_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == POSTGRES:  # several processes may start at once
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            config = alembic_config(connection)
            _refuse_newer(connection, config)
            step = command.downgrade if _is_back(connection, config, revision) else command.upgrade
            step(config, revision)
            _check_references(connection)
    finally:
        engine.dispose()


def alembic_config(connection: Connection) -> Config:
    """Return the settings of Alembic for one open connection."""
    config = _scripts_config()
    config.attributes["connection"] = connection
    return config


@contextmanager
def transaction(engine: Engine, *, writes: bool, is_serial: bool = True) -> Iterator[Session]:
    """Run one transaction: commit at the end, roll back on any exception.

    Parameters
    ----------
    engine : Engine
        From `api.open_engine`.
    writes : bool
        Whether it will write.
    is_serial : bool
        Whether what it writes depends on what it read; see `api.engines.transaction_options`.

    """
    options = transaction_options(engine, writes=writes, is_serial=is_serial)
    with Session(engine) as db, db.begin():
        db.connection(execution_options=options)
        yield db


def repeated(work: Callable[[], Found]) -> Found:
    """Do work that is one transaction, again if another one beside it came between."""
    for attempt in range(1, TRIES):
        try:
            return work()
        except DBAPIError as error:
            if not is_collision(error):
                raise
        time.sleep(wait_after(attempt))
    return work()


def wait_after(attempt: int) -> float:
    """Return how many seconds to wait after a failed attempt, counted from 1; drawn at random."""
    return random.uniform(0, FIRST_WAIT_S * 2**attempt)  # noqa: S311  # no secret


def check_tables(url: str) -> None:
    """Refuse a database whose tables are not those of this version; an empty one gets them.

    Parameters
    ----------
    url : str
        SQLAlchemy URL.

    Raises
    ------
    OlderDatabaseError, NewerDatabaseError
        If they are of another version; nothing is changed, and the error says what to run.

    """
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            config = _scripts_config()
            if current is not None and not _knows(config, current):
                raise NewerDatabaseError(
                    f"The tables ({current}) are of a later version of tempo90 than this one "
                    f"({newest_tables()}). Run: pip install --upgrade tempo90"
                )
    finally:
        engine.dispose()
    if current is None:
        migrate(url)
    elif current != newest_tables():
        raise OlderDatabaseError(
            f"The tables ({current}) are of an earlier version of tempo90; this one needs "
            f"{newest_tables()}. Make a backup, end every other process of the service, and run: "
            "tempo90 migrate"
        )


def newest_tables() -> str:
    """Return the version of the tables that `migrate` leads to."""
    newest = ScriptDirectory.from_config(_scripts_config()).get_current_head()
    return str(newest)


def knows_tables(revision: str) -> bool:
    """Whether this version of tempo90 can read tables of a version, after `migrate`."""
    return _knows(_scripts_config(), revision)


def _scripts_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("api") / "migrations"))
    return config


def _knows(config: Config, revision: str) -> bool:
    scripts = ScriptDirectory.from_config(config)
    return revision in {one.revision for one in scripts.walk_revisions()}


def _refuse_newer(connection: Connection, config: Config) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not _knows(config, current):
        raise NewerDatabaseError(
            f"The data were last used by a newer tempo90 (tables {current}): update this one; "
            "nothing was changed."
        )


def _is_back(connection: Connection, config: Config, revision: str) -> bool:
    """Say whether a revision lies before that of the tables."""
    current = MigrationContext.configure(connection).get_current_revision()
    if revision == "base" or current is None:
        return revision == "base"
    scripts = ScriptDirectory.from_config(config)
    wanted = scripts.get_revision(revision).revision
    before = {script.revision for script in scripts.iterate_revisions(current, "base")}
    return wanted != current and wanted in before


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise BrokenReferenceError(f"{len(broken)} rows point at nothing, in: {tables}.")
