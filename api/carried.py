"""What a transaction carries with it: whose rows it may show, and of whom it stored rows.

Statements on rows are narrowed, and rows that go through the object layer are seen, by listeners
(`api.access.confinement`, `api.access.written`, `api.needs.keeping`). What goes past that layer,
straight into tables, says so here.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlmodel import Session

from api.belongings import Wanted

LIMIT: Final = "limit"
TOUCHED: Final = "touched"


def limit(db: Session, wanted: Wanted) -> None:
    """Keep which patients' rows may be shown, as a condition of a patient's id."""
    db.info[LIMIT] = wanted


def within_limit(db: Session, patient_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a statement on tables has to carry."""
    wanted: Wanted | None = db.info.get(LIMIT)
    return true() if wanted is None else wanted(patient_id)


def touch(db: Session, patient_id: UUID, object_id: UUID) -> None:
    """Say that something of a patient is stored; of several the first counts."""
    db.info.setdefault(TOUCHED, {}).setdefault(patient_id, object_id)


def touched(db: Session) -> dict[UUID, UUID | None]:
    """Return of whom something was stored, and what."""
    found: dict[UUID, UUID | None] = db.info.get(TOUCHED, {})
    return found
