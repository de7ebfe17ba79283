"""What a clinic ordered and wrote, for the patient's own computer that is linked to it."""

from uuid import UUID

from fastapi import APIRouter

from api.deps import Db, Who
from api.linking import telling
from api.linking.schemas import FromClinic
from api.problems import RESPONSES

router = APIRouter(prefix="/patients/{patient_id}", tags=["prescriptions"], responses=RESPONSES)


@router.get("/from-clinic")
def get_from_clinic(patient_id: UUID, db: Db, who: Who) -> FromClinic:
    """Return what the clinic ordered and wrote; a key of an app reads this and nothing else."""
    return telling.tell(db, who, patient_id)
