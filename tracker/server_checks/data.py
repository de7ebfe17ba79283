"""The database and the recordings of a server: there, of the right version, and writable."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from api import ApiError
from api.db import knows_tables, newest_tables, transaction
from api.engines import POSTGRES
from api.operations.readiness import read_revision
from api.recording_store import RecordingStore
from tracker.data_source import DataSource
from tracker.doctor import Finding

OLDEST_POSTGRES: Final = 14  # the oldest that its makers still mend
PER_MAJOR: Final = 10_000  # PostgreSQL 16.2 calls itself 160002
CLOCK_APART_S: Final = 2.0  # codes of a second step last 30 s, and order is told by time
PROBE_BYTES: Final = 1024
Clock = Callable[[], datetime]


def check_database(source: DataSource, clock: Clock) -> list[Finding]:
    """Check that the database answers, its version, its tables, and its clock."""
    url = make_url(source.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        advice = "`tempo90 serve --clinic` makes it; or name another with TEMPO90_DATABASE."
        return [Finding(name="Database", is_well=False, found="not there yet", advice=advice)]
    try:
        engine = source.open_database()
    except ApiError as error:
        return [_away(str(error))]
    try:
        with transaction(engine, writes=False) as db:
            connection = db.connection()
            findings = [_version(engine, connection), _tables(engine)]
            if engine.dialect.name == POSTGRES:
                findings.append(_clock(connection, clock))
            return findings
    except SQLAlchemyError as error:
        return [_away(type(error).__name__)]
    finally:
        engine.dispose()


def check_recordings(source: DataSource) -> Finding:
    """Store a few bytes, read them back, and remove them, as an upload does."""
    name = "Recordings" if source.object_store is None else "Object store"
    try:
        is_same = _round_trip(source.open_recordings())
    except (ApiError, OSError) as error:
        found = f"cannot be used ({type(error).__name__})"
        if source.object_store is None:
            advice = "See that the disk has room and the folder belongs to this user."
        else:
            advice = (
                "See that TEMPO90_OBJECT_STORE names a bucket that is there, that AWS_ENDPOINT, "
                "AWS_REGION and the keys are right, and that they may write, read and delete."
            )
        return Finding(name=name, is_well=False, found=found, advice=advice)
    return Finding(
        name=name,
        is_well=is_same,
        found="written, read, removed" if is_same else "gave back other bytes",
        advice="Something between here and the store changes what is sent: take it out.",
    )


def _away(found: str) -> Finding:
    return Finding(
        name="Database",
        is_well=False,
        found=f"does not answer: {found}",
        advice="See that its server runs, and that TEMPO90_DATABASE has host, name and password.",
    )


def _version(engine: Engine, connection: Connection) -> Finding:
    if engine.dialect.name != POSTGRES:
        found = f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"
        return Finding(name="Database", is_well=True, found=found)
    number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    return Finding(
        name="Database",
        is_well=number // PER_MAJOR >= OLDEST_POSTGRES,
        found=f"PostgreSQL {number // PER_MAJOR}.{number % PER_MAJOR}",
        advice=f"Move to PostgreSQL {OLDEST_POSTGRES} or newer: older ones are no longer mended.",
        is_needed=False,
    )


def _tables(engine: Engine) -> Finding:
    current, needed = read_revision(engine), newest_tables()
    if current is None:
        advice = "`tempo90 serve --clinic` makes them in an empty database."
    elif knows_tables(current):
        advice = "Make a backup, end every process of the service, and run: tempo90 migrate"
    else:
        advice = "They are of a later tempo90: pip install --upgrade tempo90"
    return Finding(
        name="Tables",
        is_well=current == needed,
        found=f"{current or 'none'}, this version needs {needed}",
        advice=advice,
    )


def _clock(connection: Connection, clock: Clock) -> Finding:
    """Compare the clock of the database's computer with that of this one.

    It was read between two looks at ours: what lies between those two is no difference.
    """
    before = clock()
    theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart_s = max(before - theirs, theirs - clock(), timedelta()) / timedelta(seconds=1)
    return Finding(
        name="Clock",
        is_well=apart_s <= CLOCK_APART_S,
        found=f"{apart_s:.1f} s from that of the database",
        advice="Let both computers follow the same time server (chrony, systemd-timesyncd).",
    )


def _round_trip(recordings: RecordingStore) -> bool:
    """Take bytes through all that an upload does; what breaks off leaves nothing that is used."""
    probe_id, sent = uuid4(), os.urandom(PROBE_BYTES)
    try:
        with recordings.receive(probe_id) as incoming:
            incoming.append(sent)
            incoming.check(hashlib.sha256(sent).hexdigest())
            incoming.settle()
            incoming.restart()
        return b"".join(recordings.read(probe_id)) == sent
    finally:
        with suppress(ApiError, OSError):  # what went wrong before is what counts
            recordings.remove(probe_id)
