"""Data of every earlier revision, from 0003 on, brought up to date: no row is lost or changed."""

import pytest
from sqlalchemy import text

from api import migrate, newest_tables
from tests.api.upgrade.old_database import (
    ROWS_BY_REVISION,
    columns_of,
    connected,
    contents,
)


def empty_columns(url):
    """Columns without a single value: of them an upgrade would prove nothing."""
    found = []
    for table, names in columns_of(url).items():
        counts = ", ".join(f"count({name})" for name in names)
        with connected(url) as connection:
            counted = connection.execute(text(f"SELECT {counts} FROM {table}")).one()  # noqa: S608
        found += [f"{table}.{name}" for name, n in zip(names, counted, strict=True) if n == 0]
    return found


@pytest.mark.parametrize("revision", ROWS_BY_REVISION)
def test_every_row_of_an_earlier_revision_stands_unchanged_after_the_upgrade(old, revision):
    with old.copy(revision) as url:
        columns = columns_of(url)
        before = contents(url, columns)

        migrate(url)

        after = contents(url, columns)
    assert after == before
    assert all(before.values())


def test_the_newest_revision_has_rows_too_and_a_value_in_every_column(old):
    newest = max(ROWS_BY_REVISION)

    with old.copy(newest) as url:
        found = empty_columns(url)

    assert newest == newest_tables(), "a revision adds its rows to rows_since.py"
    assert found == []


def test_orders_of_before_there_were_versions_have_one_each(old):
    with old.copy("0006") as url:
        migrate(url)

        with connected(url) as connection:
            told = "SELECT number, reason FROM prescription_version ORDER BY number"
            versions = connection.execute(text(told)).all()

    assert versions == [(1, ""), (2, "")]
