"""Which rows belong to a patient, told by the foreign keys of the schema.

A new table that points at a patient, or at anything of a patient, is found by itself: reading is
confined to it, an export holds it, and an erasure removes it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    FromClause,
    Table,
    exists,
    select,
    tuple_,
)

from api.models import Row

PATIENT: Final = "patient"
Keys = tuple[ForeignKeyConstraint, ...]
Wanted = Callable[[ColumnElement[Any]], ColumnElement[bool]]


@cache
def path_to_patient(table: Table) -> Keys | None:
    """Return the shortest chain of foreign keys from a table to the patient; None without one.

    A key that may be empty leads only some rows there: it counts where no other chain does.
    """
    return _path(table, may_be_empty=False) or _path(table, may_be_empty=True)


def _path(table: Table, *, may_be_empty: bool) -> Keys | None:
    waiting: list[tuple[Table, Keys]] = [(table, ())]
    seen = {table.name}
    while waiting:
        at, path = waiting.pop(0)
        if at.name == PATIENT:
            return path
        for key in sorted(at.foreign_key_constraints, key=lambda one: str(one.name)):
            is_sure = not any(element.parent.nullable for element in key.elements)
            if key.referred_table.name not in seen and (is_sure or may_be_empty):
                seen.add(key.referred_table.name)
                waiting.append((key.referred_table, (*path, key)))
    return None


def rows_of(table: Table, patient_id: UUID) -> ColumnElement[bool] | None:
    """Return the condition that rows of a table are all those of one patient.

    It leads from the patient to the rows, by the indexes of their keys; `belongs` leads from a
    row to its patient, and a database that takes it for all rows has to look at each of them.
    None when no row of the table belongs to anybody.
    """
    path = path_to_patient(table)
    return None if path is None else _of_one(table, path, patient_id)


def _of_one(table: FromClause, path: Keys, patient_id: UUID) -> ColumnElement[bool]:
    if not path:
        return table.c.id == patient_id
    key, *rest = path
    here = [table.c[element.parent.name] for element in key.elements]
    if not rest and len(here) == 1:
        return here[0] == patient_id
    referred = key.referred_table.alias()
    there = [referred.c[element.column.name] for element in key.elements]
    wanted = select(*there).where(_of_one(referred, tuple(rest), patient_id))
    return here[0].in_(wanted) if len(here) == 1 else tuple_(*here).in_(wanted)


def belongs(table: Table, is_wanted: Wanted) -> ColumnElement[bool] | None:
    """Return the condition that rows of a table are those of certain patients.

    Parameters
    ----------
    table : Table
        Any table of `api.models.Row`.
    is_wanted : callable
        Makes the condition of a column that holds ids of patients.

    Returns
    -------
    ColumnElement or None
        None when no row of the table belongs to anybody.

    """
    path = path_to_patient(table)
    if path is None:
        return None
    return _condition(table, path, is_wanted)


def _condition(table: FromClause, path: Keys, is_wanted: Wanted) -> ColumnElement[bool]:
    if not path:
        return is_wanted(table.c.id)
    key, *rest = path
    pairs = [(element.parent.name, element.column.name) for element in key.elements]
    if not rest and len(pairs) == 1:
        return is_wanted(table.c[pairs[0][0]])
    referred = key.referred_table.alias()
    joined = [table.c[here] == referred.c[there] for here, there in pairs]
    return exists().where(*joined, _condition(referred, tuple(rest), is_wanted))


def tables_of_patients() -> list[Table]:
    """Return the tables with rows of patients, each before those that it points at."""
    ordered = reversed(Row.metadata.sorted_tables)
    return [table for table in ordered if path_to_patient(table) is not None]
