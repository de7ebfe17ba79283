"""Opening the database, bringing it up to date, and one transaction at a time.

SQLite by default. Its Python driver starts transactions late and on its own; here each one
starts where SQLAlchemy says, and one that will write asks for the write lock at once, so that
two writers wait for each other instead of failing half-way.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from api.errors import ApiError

BUSY_TIMEOUT_MS: Final = 5_000
HEAD: Final = "head"


class BrokenReferenceError(ApiError, RuntimeError):
    """After a migration, rows point at rows that are not there."""


class NewerDatabaseError(ApiError, RuntimeError):
    """A later version of tempo90 has changed the tables; this one would read them wrongly."""


def open_engine(url: str) -> Engine:
    """Open the database at an SQLAlchemy URL, such as "sqlite:////home/me/tempo90.db".

    Nothing is created: `migrate` makes the tables.
    """
    return _open(url, foreign_keys=True)


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
    engine = _open(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
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
def transaction(engine: Engine, *, writes: bool) -> Iterator[Session]:
    """Run one transaction: commit at the end, roll back on any exception."""
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    with Session(engine.execution_options(sqlite_begin=begin)) as db, db.begin():
        yield db


def _open(url: str, *, foreign_keys: bool) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # transactions start in on_begin, not by themselves
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",  # an acknowledged session survives a power cut
            "secure_delete = ON",  # what is erased is overwritten
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        begin = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
        connection.exec_driver_sql(begin)

    return engine


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
