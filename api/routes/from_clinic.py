"""What goes between a clinic and a patient's own computer that is linked to it."""

from uuid import UUID

from fastapi import APIRouter

from api.deps import Db, Now, Who
from api.linking import telling
from api.linking.programme import ProgrammeFromHome, ProgrammeTold, take_from_home
from api.linking.schemas import FromClinic
from api.problems import RESPONSES

router = APIRouter(prefix="/patients/{patient_id}", tags=["prescriptions"], responses=RESPONSES)


@router.get("/from-clinic")
def get_from_clinic(patient_id: UUID, db: Db, who: Who) -> FromClinic:
    """Return what the clinic ordered and wrote; a key of an app reads this and nothing else."""
    return telling.tell(db, who, patient_id)


@router.put("/from-home/programme")
def put_programme_from_home(
    patient_id: UUID, body: ProgrammeFromHome, db: Db, now: Now
) -> ProgrammeTold:
    """Keep the programme that was begun or changed at home, unless the clinic changed its own."""
    return take_from_home(db, patient_id, body, now=now)
