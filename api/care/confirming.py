"""The start of the sport phase, as a clinician confirms it or takes that back."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from api.access import Identity
from api.course_reading import get_enrolment
from api.course_schemas import EnrolmentCreate
from api.course_store import put_enrolment
from api.sport_phase import confirmed_as

NAMELESS = "clinician"  # the owner of a local install may have no name


def confirm_sport(
    db: Session, who: Identity, patient_id: UUID, sport: str, from_on: date, *, now: datetime
) -> None:
    """Let the sport phase begin on a day; this counts more than the patient's own statement.

    Raises
    ------
    NotEnrolledError
        If the patient follows no programme.

    """
    name = confirmed_as(who.name or NAMELESS)
    _agree(db, patient_id, now, {"sport": sport, "sport_from": from_on, "sport_confirmed_by": name})


def take_sport_back(db: Session, patient_id: UUID, *, now: datetime) -> None:
    """Let the sport phase begin later after all, whoever stated or confirmed it."""
    _agree(db, patient_id, now, {"sport_from": None, "sport_confirmed_by": None})


def _agree(db: Session, patient_id: UUID, now: datetime, changes: dict[str, object]) -> None:
    row, _, _ = get_enrolment(db, patient_id)
    agreed = row.model_dump(include=set(EnrolmentCreate.model_fields)) | changes
    put_enrolment(db, patient_id, EnrolmentCreate.model_validate(agreed), now=now)
