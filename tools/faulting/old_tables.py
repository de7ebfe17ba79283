"""Data folders as earlier versions left them: filled, then taken back to their tables."""

import contextlib
import shutil
import sqlite3
from functools import cache
from pathlib import Path
from threading import Lock

from api import newest_tables
from tools.faulting.worlds import brought_up_to_date, filled, scratch
from tracker.settings import DataFolder

OLDEST = "0003"
"""The tables of the first version whose data folders are promised to be taken over."""

_making = Lock()


def earlier_tables() -> tuple[str, ...]:
    """Return the versions of the tables before the newest, oldest first."""
    return tuple(f"{number:04d}" for number in range(int(OLDEST), int(newest_tables())))


def filled_with_old_tables(root: Path, tables: str) -> DataFolder:
    """Return a data folder whose database has earlier tables."""
    with _making:
        template = _template(tables)
    shutil.copytree(template, root)
    return DataFolder(root)


@cache
def _template(tables: str) -> Path:
    folder = filled(scratch() / "data")
    brought_up_to_date(folder, tables)
    with contextlib.closing(sqlite3.connect(folder.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder.root
