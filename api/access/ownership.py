"""Whose data an address is about, told from the ids in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from api.access.confinement import reach
from api.access.identity import Identity
from api.access.rows import CareRow
from api.access.rules import Scope
from api.course_models import CheckInRow, SportDiaryRow
from api.models import InjuryEpisodeRow, PatientRow, PrescriptionRow, SessionRow

Table = type[SQLModel]
# What an id in an address or a query names, and in which column its patient stands; where it may
# name one of several things, they are asked in turn. FHIR writes more around an id: a kind before
# a slash, a part before a point.
OWNERS: Final[Mapping[str, tuple[tuple[Table, str], ...]]] = {
    "patient_id": ((PatientRow, "id"),),
    "patient": ((PatientRow, "id"),),
    "subject": ((PatientRow, "id"),),
    "device_id": ((PatientRow, "id"),),
    "response_id": ((PatientRow, "id"),),
    "session_id": ((SessionRow, "patient_id"),),
    "observation_id": (
        (SessionRow, "patient_id"),
        (CheckInRow, "patient_id"),
        (SportDiaryRow, "patient_id"),
    ),
    "prescription_id": ((PrescriptionRow, "patient_id"),),
    "episode_id": ((InjuryEpisodeRow, "patient_id"),),
    "care_id": ((CareRow, "patient_id"),),
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
    for name, tables in OWNERS.items():
        object_id = _uuid(given.get(name))
        if object_id is None:
            continue
        owner = next((one for table in tables if (one := _owner(db, *table, object_id))), None)
        # A patient who is not there is in nobody's reach, so that nobody makes one up.
        is_patient = tables[0][0] is PatientRow
        found.append(About(object_id, object_id if is_patient else owner))
    return found


def is_within_reach(db: Session, identity: Identity, patient_id: UUID, scope: Scope | None) -> bool:
    """Whether somebody may see data of a patient, by ownership or by treatment and consent."""
    is_wanted = reach(identity, scope or Scope.RESULTS)
    if is_wanted is None:
        return True
    table: Any = PatientRow
    query = select(table.id).where(table.id == patient_id, is_wanted(table.id))
    return db.execute(query).first() is not None


def _owner(db: Session, row: Table, column: str, object_id: UUID) -> UUID | None:
    table = row.metadata.tables[str(row.__tablename__)].c
    query = select(table[column]).where(table.id == object_id)
    owner: UUID | None = db.connection().execute(query).scalar_one_or_none()
    return owner


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text.rpartition("/")[2].rpartition(".")[2]) if text else None
    except ValueError:
        return None
