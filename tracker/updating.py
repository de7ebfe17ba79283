"""Bring the data of an earlier version up to date, keeping a copy of the database from before."""

from datetime import UTC, datetime
from pathlib import Path

from api import check_tables, migrate, newest_tables, open_engine
from api.needs.keeping import rebuild_all
from tracker.data_source import DataSource
from tracker.moving.backing_up import copy_database, tables_of
from tracker.part_file import make_folder_durably, sync_folder
from tracker.settings import DataFolder


def bring_up_to_date(folder: DataFolder) -> Path | None:
    """Migrate the database of a data folder, from nothing if need be.

    What the list by need says of each patient is made anew where another version made it, or none.

    Returns
    -------
    Path or None
        The copy that was made; None where the tables were new, or right already.

    Raises
    ------
    NewerDatabaseError
        If the tables are of a later version of tempo90; nothing is changed then.
    OSError
        If there is no room for the copy; nothing is changed then.

    """
    copy = _keep_copy(folder)
    migrate(folder.database_url)
    _derive(folder)
    return copy


def make_ready(source: DataSource, folder: DataFolder) -> None:
    """See to it that the tables are of this version, before a command works with them.

    Those of this computer are brought up to date. Those of a clinic's server are not changed by
    the way: other processes work with them.

    Raises
    ------
    OlderDatabaseError, NewerDatabaseError
        If the tables of a server are of another version; the error says what to run.

    """
    if source.database_url == folder.database_url:
        bring_up_to_date(folder)
    else:
        check_tables(source.database_url)


def _derive(folder: DataFolder) -> None:
    """Bring up to date what is only derived from other rows."""
    engine = open_engine(folder.database_url)
    try:
        rebuild_all(engine, now=datetime.now(UTC), only_outdated=True)
    finally:
        engine.dispose()


def _keep_copy(folder: DataFolder) -> Path | None:
    """Copy the database if its tables will change, under a name that says their version."""
    if not folder.database.exists():
        return None
    tables = tables_of(folder.database)
    if tables is None or tables == newest_tables():
        return None
    place = folder.before_update
    make_folder_durably(place)
    copy = place / f"tables-{Path(tables).name}.sqlite"
    draft = copy.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    copy_database(folder.database, draft)
    draft.replace(copy)
    sync_folder(place)  # before anything changes
    return copy
