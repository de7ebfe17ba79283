"""Databases of earlier revisions, each filled with what its tables held, and copies of them.

A table is filled at the revision that made it: what stands in the newest tables has gone through
every step that came after, as at somebody who never missed an update.
"""

import shutil
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import inspect, text

from api import migrate, open_engine
from tests import postgres
from tests.api.builders import POSTGRES
from tests.api.upgrade.names import RECORDING, SESSION
from tests.api.upgrade.rows_of_0003 import ROWS
from tests.api.upgrade.rows_since import ROWS_SINCE

FIRST = "0003"
ROWS_BY_REVISION = {FIRST: ROWS} | ROWS_SINCE
OF_ALEMBIC = "alembic_version"


class OldDatabases:
    """One filled database of each revision, of one kind; tests work on copies."""

    def __init__(self, database, folder, stack):
        self._database, self._folder, self._stack = database, folder, stack
        self._numbers = count(1)
        self._kept = {}
        growing = self._new()
        for revision, rows in ROWS_BY_REVISION.items():
            migrate(growing, revision)
            insert(growing, rows)
            self._kept[revision] = self._new(copy_of=growing)

    @contextmanager
    def copy(self, revision):
        """The address of a filled database of a revision, to be changed."""
        with ExitStack() as stack:
            yield self._new(copy_of=self._kept[revision], stack=stack)

    def _new(self, *, copy_of=None, stack=None):
        if self._database == POSTGRES:
            opened = postgres.new_database(is_migrated=False, copy_of=copy_of)
            return (stack or self._stack).enter_context(opened)
        path = self._folder / f"{next(self._numbers)}.db"
        if copy_of is not None:
            shutil.copy(copy_of.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"


@contextmanager
def old_databases(database):
    with TemporaryDirectory() as folder, ExitStack() as stack:
        yield OldDatabases(database, Path(folder), stack)


@contextmanager
def connected(url):
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == POSTGRES:
                connection.execute(text("SET TIME ZONE 'UTC'"))
            yield connection
    finally:
        engine.dispose()


def insert(url, rows_by_table):
    """Write rows with plain SQL: the models of today know nothing of these tables."""
    with connected(url) as connection:
        for table, rows in rows_by_table.items():
            for row in rows:
                places = ", ".join(f":{name}" for name in row)
                statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608
                connection.execute(text(statement), row)


def columns_of(url):
    """The columns of every table of ours, as the database itself says."""
    with connected(url) as connection:
        looked = inspect(connection)
        return {
            table: [column["name"] for column in looked.get_columns(table)]
            for table in looked.get_table_names()
            if table != OF_ALEMBIC
        }


def contents(url, columns):
    """Every row of these columns, by table."""
    with connected(url) as connection:
        return {
            table: sorted(
                repr(tuple(row))
                for row in connection.execute(text(f"SELECT {', '.join(names)} FROM {table}"))  # noqa: S608
            )
            for table, names in columns.items()
        }


def put_recording(folder):
    """The recording of the session, where every version has kept it."""
    path = folder / SESSION[:2] / f"{UUID(SESSION)}.mcap"
    path.parent.mkdir(parents=True)
    path.write_bytes(RECORDING)
