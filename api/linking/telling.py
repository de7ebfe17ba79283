"""The clinic's side of a link: what the computer of a patient is told when it asks."""

from uuid import UUID

from sqlmodel import Session, col, select

from api import course_reading as reading
from api.access import Identity
from api.care import writing
from api.care.rows import MessageRow
from api.care.schemas import ExtraWeekPublic
from api.linking.programme import tell_programme
from api.linking.schemas import FromClinic
from api.prescribing import store as prescriptions


def tell(db: Session, who: Identity, patient_id: UUID) -> FromClinic:
    """Return all that a patient's computer needs to train by the clinic's orders.

    Raises
    ------
    NotFoundError
        If there is no such patient.

    """
    reading.check_patient(db, patient_id)
    enrolment = reading.find_enrolment(db, patient_id)
    weeks = [] if enrolment is None else reading.list_extra_weeks(db, enrolment.injury_episode_id)
    names = set(ExtraWeekPublic.model_fields)
    withdrawn = select(MessageRow.id).where(
        MessageRow.patient_id == patient_id, col(MessageRow.withdrawn_at).is_not(None)
    )
    return FromClinic(
        patient_id=patient_id,
        versions=prescriptions.list_versions(db, patient_id)[::-1],
        programme=None if enrolment is None else enrolment.programme,
        follows=tell_programme(db, patient_id),
        extra_weeks=[
            ExtraWeekPublic.model_validate(one.model_dump(include=names)) for one in weeks
        ],
        messages=writing.list_messages(db, who, patient_id),
        withdrawn_messages=list(db.exec(withdrawn)),
    )
