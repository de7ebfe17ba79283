"""The two databases, SQLite and PostgreSQL, made to behave alike.

Whoever writes may think of itself as the only one. SQLite sees to it with one write lock, which a
transaction that will write asks for at once: its Python driver starts transactions late and on its
own, so here each starts where SQLAlchemy says. PostgreSQL runs writers side by side as if they
came one after the other ("serializable"), and breaks off one of two that do not fit; those are
run again (`is_collision`). Readers see one moment, on both.
"""

import sqlite3
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from api.errors import ApiError, DatabaseBusyError, NoRoomError

BUSY_TIMEOUT_MS: Final = 5_000
POSTGRES: Final = "postgresql"
DRIVER: Final = "postgresql+psycopg"
CONNECT_TIMEOUT_S: Final = 10
LOCK_TIMEOUT_MS: Final = 5_000  # as long as SQLite waits for its one lock
POOL_SIZE: Final = 10
MORE_CONNECTIONS: Final = 35  # with the pool enough for the 40 threads of one process
COLLISIONS: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock
NO_ROOM: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
)
"""A page, a piece of the log, or the log's index found no room."""

POSTGRES_NO_ROOM: Final = "53100"
SQLITE_TAKEN: Final = frozenset(
    {sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE}
)
POSTGRES_TAKEN: Final = "23505"
UNSEEN: Final = frozenset({POSTGRES_TAKEN, "23503"})  # a row that came or went after we looked


class BadDatabaseUrlError(ApiError, ValueError):
    """The address of the database cannot be used here."""


def open_engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """Open the database at a URL, such as "sqlite:////home/me/tempo90.db".

    Nothing is created: `api.migrate` makes the tables.

    Parameters
    ----------
    url : str
        An SQLAlchemy URL of SQLite, or of PostgreSQL ("postgresql://user@host/name").
    foreign_keys : bool
        Whether SQLite keeps references whole; a migration checks them at its end instead.

    Raises
    ------
    BadDatabaseUrlError
        If it is neither, or the driver of PostgreSQL is not installed.

    """
    wanted = _checked(url)
    if wanted.get_backend_name() == POSTGRES:
        return _open_postgres(wanted.set(drivername=DRIVER))
    engine = create_engine(wanted, json_serializer=_write_json, hide_parameters=True)
    event.listen(engine, "connect", partial(_prepare_sqlite, foreign_keys=foreign_keys))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_postgres(url: str) -> bool:
    """Whether a URL is that of a PostgreSQL database.

    Raises
    ------
    BadDatabaseUrlError
        If it is none of a database that can be used here.

    """
    return _checked(url).get_backend_name() == POSTGRES


def transaction_options(
    engine: Engine, *, writes: bool, is_serial: bool = True
) -> Mapping[str, Any]:
    """Return with which options a connection starts a transaction of one kind.

    Parameters
    ----------
    engine : Engine
        From `open_engine`.
    writes : bool
        Whether it will write; PostgreSQL refuses a write in any other.
    is_serial : bool
        Whether what it writes depends on what it read. Lines that are only added need no order.

    """
    if engine.dialect.name != POSTGRES:
        return {"sqlite_begin": "BEGIN IMMEDIATE" if writes else "BEGIN"}
    if writes:
        return {"isolation_level": "SERIALIZABLE" if is_serial else "READ COMMITTED"}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def is_collision(error: BaseException) -> bool:
    """Whether a transaction failed for another one beside it, and works when it is run again."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(error, IntegrityError):
        return state in UNSEEN
    return isinstance(error, OperationalError) and state in COLLISIONS


def is_taken(error: DBAPIError) -> bool:
    """Whether an id is another row's, one that who asked may not see."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code in SQLITE_TAKEN or getattr(error.orig, "sqlstate", None) == POSTGRES_TAKEN


def as_told(error: DBAPIError) -> ApiError:
    """Return what a database that does not do what is asked means to who asked."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code in NO_ROOM or getattr(error.orig, "sqlstate", None) == POSTGRES_NO_ROOM:
        return NoRoomError()
    return DatabaseBusyError("The database is busy or out of reach; try again in a moment.")


def reason_of(error: DBAPIError) -> str:
    """Say for a log why the database refused: nothing that quotes a value of a row."""
    kind = type(error.orig).__name__
    if not isinstance(error, OperationalError) or is_collision(error):
        return kind
    return f"{kind}: {str(error.orig).partition(chr(10))[0]}"


def _checked(url: str) -> URL:
    """Read a URL; the message never repeats it, for it may hold a password."""
    try:
        wanted = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError as error:
        raise BadDatabaseUrlError(
            "The address of the database cannot be read: it looks like "
            "postgresql://user:password@host/name or sqlite:////path/to/file."
        ) from error
    name = wanted.get_backend_name()
    if name not in {"sqlite", POSTGRES}:
        raise BadDatabaseUrlError(f"{name} is not supported: SQLite and PostgreSQL are.")
    return wanted


def _open_postgres(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            json_serializer=_write_json,
            hide_parameters=True,  # errors are logged; values of rows are not
            pool_size=POOL_SIZE,
            max_overflow=MORE_CONNECTIONS,
            pool_pre_ping=True,  # a restarted server is noticed before a request is lost to it
            connect_args={
                "connect_timeout": CONNECT_TIMEOUT_S,
                "options": f"-c timezone=UTC -c lock_timeout={LOCK_TIMEOUT_MS}",
                "application_name": "tempo90",
            },
        )
    except ModuleNotFoundError as error:
        raise BadDatabaseUrlError(
            "PostgreSQL needs a driver that is not installed: pip install 'tempo90[server]'."
        ) from error


def _write_json(value: object) -> str:
    """Write a JSON column; a session has hundreds of them, mostly short."""
    return to_json(value).decode()


def _prepare_sqlite(
    connection: sqlite3.Connection, _: ConnectionPoolEntry, *, foreign_keys: bool
) -> None:
    connection.isolation_level = None  # transactions start in _begin_sqlite, not by themselves
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged session survives a power cut
        "secure_delete = ON",  # what is erased is overwritten
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN IMMEDIATE")
    connection.exec_driver_sql(begin)
