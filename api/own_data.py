"""Everything that is stored about one patient: counted, given out whole, and erased.

Which rows are a patient's follows from the tables themselves: those that name the patient, and
those that hang on such a row by a foreign key. A table added later is included by itself, so that
neither an export nor an erasure can forget one.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Table, delete, func, or_, select, tuple_
from sqlmodel import Session

from api import course_models  # noqa: F401 (its tables must be known)
from api.models import PatientRow, Row

PATIENT: Final = "patient"
PATIENT_ID: Final = "patient_id"


def count_rows(db: Session, patient_id: UUID) -> dict[str, int]:
    """Return how many rows of each table are about a patient; tables without any are left out."""
    counts = {}
    for table, is_theirs in _theirs(patient_id):
        n = db.execute(select(func.count()).select_from(table).where(is_theirs)).scalar_one()
        if n:
            counts[table.name] = n
    return counts


def rows_of(db: Session, patient_id: UUID) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give every row about a patient, table by table; in each, ordered by key."""
    for table, is_theirs in _theirs(patient_id):
        query = select(table).where(is_theirs).order_by(*table.primary_key.columns)
        yield table.name, [dict(row) for row in db.execute(query).mappings()]


def sessions_of(db: Session, patient_id: UUID) -> list[UUID]:
    """Return the ids of a patient's sessions: recordings are named after them."""
    sessions = Row.metadata.tables["session"]
    query = select(sessions.c.id).where(sessions.c.patient_id == patient_id)
    return list(db.execute(query.order_by(sessions.c.started_at)).scalars())


def erase(db: Session, patient_id: UUID) -> dict[str, int]:
    """Delete every row about a patient, and return how many of each table."""
    gone = count_rows(db, patient_id)
    for table, is_theirs in reversed(list(_theirs(patient_id))):
        db.execute(delete(table).where(is_theirs))
    return gone


def _theirs(patient_id: UUID) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Give each table with the condition that picks a patient's rows, parents first."""
    found: dict[str, ColumnElement[bool]] = {}
    for table in Row.metadata.sorted_tables:
        if table.name == PatientRow.__tablename__:
            found[table.name] = table.c.id == patient_id
        elif PATIENT_ID in table.c:
            found[table.name] = table.c[PATIENT_ID] == patient_id
        else:
            owners = [
                _hangs_on(key, found[key.referred_table.name])
                for key in table.foreign_key_constraints
                if key.referred_table.name in found
            ]
            if not owners:
                continue  # shared by all, such as the kinds of sensors
            found[table.name] = or_(*owners)
        yield table, found[table.name]


def _hangs_on(key: ForeignKeyConstraint, is_theirs: ColumnElement[bool]) -> ColumnElement[bool]:
    columns = [element.parent for element in key.elements]
    parents = select(*(element.column for element in key.elements)).where(is_theirs)
    if len(columns) == 1:
        return columns[0].in_(parents)
    return tuple_(*columns).in_(parents)
