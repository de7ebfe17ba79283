"""Whose data an address is about, told from the ids in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from api.access.confinement import reach
from api.access.identity import Identity
from api.access.rules import Scope
from api.models import PatientRow, PrescriptionRow, SessionRow

# What an id in an address or a query names, and in which column its patient stands.
OWNERS: Final[Mapping[str, tuple[type[SQLModel], str]]] = {
    "patient_id": (PatientRow, "id"),
    "session_id": (SessionRow, "patient_id"),
    "prescription_id": (PrescriptionRow, "patient_id"),
}


@dataclass(frozen=True, slots=True)
class About:
    """What a request is about: an id as it was given, and whose it is as far as is known."""

    object_id: UUID | None = None
    patient_id: UUID | None = None


def find_owner(db: Session, given: Mapping[str, str]) -> list[About]:
    """Return what each id of a request is about.

    Parameters
    ----------
    db : Session
        Not confined.
    given : mapping of str to str
        The parameters of the address and of the query; those without an owner are skipped.

    Returns
    -------
    list of About
        One for each id that is a UUID. `patient_id` is None when nothing has that id yet.

    """
    found = []
    for name, (row, column) in OWNERS.items():
        object_id = _uuid(given.get(name))
        if object_id is None:
            continue
        table: Any = row
        query = select(getattr(table, column)).where(table.id == object_id)
        owner = db.execute(query).scalar_one_or_none()
        # A patient who is not there is in nobody's reach, so that nobody makes one up.
        found.append(About(object_id, object_id if row is PatientRow else owner))
    return found


def is_within_reach(db: Session, identity: Identity, patient_id: UUID, scope: Scope | None) -> bool:
    """Whether somebody may see data of a patient, by ownership or by treatment and consent."""
    is_wanted = reach(identity, scope or Scope.RESULTS)
    if is_wanted is None:
        return True
    table: Any = PatientRow
    query = select(table.id).where(table.id == patient_id, is_wanted(table.id))
    return db.execute(query).first() is not None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
