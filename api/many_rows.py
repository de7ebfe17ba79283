"""Inserting many rows at once, past the object layer.

PostgreSQL takes them as one JSON document and takes that apart itself: the driver then has one
value to hand over where there were a thousand. Numbers arrive exact, as their shortest text.
SQLite gets them one by one, which costs it no round trip.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import Column, Insert, RowMapping, Table, TextClause, TextualSelect, insert, text
from sqlmodel import Session

from api.engines import POSTGRES

NUL: Final = b"\\u0000"  # PostgreSQL takes no document apart that holds it


def add_many(db: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns, none of them binary."""
    if not rows:
        return
    document = _document(db, rows)
    if document is None:
        db.connection().execute(insert(table), rows)
    else:
        db.connection().execute(_from_json(table, tuple(rows[0])), {"rows": document})


def add_numbered(
    db: Session, table: Table, rows: Sequence[Mapping[str, Any]], *returning: str
) -> Sequence[RowMapping]:
    """Insert rows as `add_many`, and return some of their columns, in any order."""
    if not rows:
        return []
    columns = [table.c[name] for name in returning]
    document = _document(db, rows)
    if document is None:
        statement: Insert = insert(table).returning(*columns)
        return db.connection().execute(statement, rows).mappings().all()
    known = _from_json_returning(table, tuple(rows[0]), tuple(columns))
    return db.connection().execute(known, {"rows": document}).mappings().all()


def _document(db: Session, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Return rows as a JSON document where the database takes one."""
    if db.get_bind().dialect.name != POSTGRES:
        return None
    document = to_json(rows)
    return None if NUL in document else document.decode()


@cache
def _from_json(table: Table, names: tuple[str, ...]) -> TextClause:
    return text(_statement(table, names))


@cache
def _from_json_returning(
    table: Table, names: tuple[str, ...], columns: tuple[Column[Any], ...]
) -> TextualSelect:
    listed = ", ".join(column.name for column in columns)
    return text(f"{_statement(table, names)} RETURNING {listed}").columns(*columns)


def _statement(table: Table, names: tuple[str, ...]) -> str:
    listed = ", ".join(table.c[name].name for name in names)  # names of our own columns
    return (
        f"INSERT INTO {table.name} ({listed})"  # noqa: S608
        f" SELECT {listed} FROM json_populate_recordset(NULL::{table.name}, :rows)"
    )
