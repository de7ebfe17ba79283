"""Whether a service can do its work at this moment; it only looks, and changes nothing.

Anyone may ask, so one look serves all who ask within a second, and what it says names no address.
"""

import shutil
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Final

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.db import newest_tables, transaction
from api.errors import ApiError
from api.recording_store import RecordingStore
from api.service_schemas import Readiness, ReadyCheck

FRESH_S: Final = 1.0
LEAST_FREE_BYTES: Final = 200 * 1024 * 1024  # a hundred sessions; below that recordings are at risk
GIGABYTE: Final = 1e9
DATABASE: Final = "database"
RECORDINGS: Final = "recordings"
DISK: Final = "disk"
NOT_LOOKED: Final = ReadyCheck(name="service", is_well=False, found="looks for the first time")


class Watch:
    """Looks at what a service needs.

    Parameters
    ----------
    engine : Engine
        The database.
    recordings : RecordingStore
        Where recordings are kept.
    folder : Path
        A folder of the disk that has to have room; it need not be there yet.
    clock_s : callable
        Seconds that only grow.

    """

    def __init__(
        self,
        engine: Engine,
        recordings: RecordingStore,
        folder: Path,
        *,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._recordings = recordings
        self._folder = folder
        self._clock_s = clock_s
        self._looking = Lock()
        self._last: tuple[float, Readiness] | None = None

    def look(self) -> Readiness:
        """Return how things are; a look of the last second is good enough.

        Who asks while somebody looks is told what was found before, at once: a database that is
        slow to say no must not hold up every thread of the service.
        """
        last = self._last
        if last is not None and self._clock_s() - last[0] < FRESH_S:
            return last[1]
        if not self._looking.acquire(blocking=False):
            return last[1] if last is not None else _found([NOT_LOOKED])
        try:
            found = self._look()
            self._last = self._clock_s(), found
            return found
        finally:
            self._looking.release()

    def _look(self) -> Readiness:
        checks = [
            check_tables_there(self._engine),
            check_recordings(self._recordings),
            check_room(self._folder),
        ]
        return _found(checks)


def _found(checks: list[ReadyCheck]) -> Readiness:
    return Readiness(
        is_ready=all(one.is_well for one in checks),
        version=version("tempo90"),
        checks=checks,
    )


def check_tables_there(engine: Engine) -> ReadyCheck:
    """Look whether the database answers and has the tables of this version; never makes any."""
    try:
        current = read_revision(engine)
    except (SQLAlchemyError, OSError) as error:  # its text may name hosts and accounts
        found = f"out of reach ({type(error).__name__})"
        return ReadyCheck(name=DATABASE, is_well=False, found=found)
    is_right = current == _needed_tables()
    found = f"tables {current or 'missing'}"
    if not is_right:
        found += f", this version needs {_needed_tables()}"
    return ReadyCheck(name=DATABASE, is_well=is_right, found=found)


def read_revision(engine: Engine) -> str | None:
    """Return the version of the tables; None where there are none."""
    with transaction(engine, writes=False) as db:
        return MigrationContext.configure(db.connection()).get_current_revision()


def check_recordings(recordings: RecordingStore) -> ReadyCheck:
    """Look whether recordings can be reached."""
    try:
        recordings.reach()
    except (ApiError, OSError) as error:
        found = f"out of reach ({type(error).__name__})"
        return ReadyCheck(name=RECORDINGS, is_well=False, found=found)
    return ReadyCheck(name=RECORDINGS, is_well=True, found="in reach")


def check_room(folder: Path) -> ReadyCheck:
    """Look whether the disk of a folder has room."""
    free_bytes = shutil.disk_usage(_existing(folder)).free
    return ReadyCheck(
        name=DISK,
        is_well=free_bytes >= LEAST_FREE_BYTES,
        found=f"{free_bytes / GIGABYTE:.1f} GB free",
    )


def _existing(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())


@cache
def _needed_tables() -> str:
    return newest_tables()
