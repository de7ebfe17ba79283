"""What clinicians ordered."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from api import store
from api.deps import Db
from api.problems import RESPONSES
from api.schemas import PrescriptionCreate, PrescriptionList, PrescriptionPublic

router = APIRouter(prefix="/prescriptions", tags=["prescriptions"], responses=RESPONSES)


@router.get("")
def get_prescriptions(db: Db, patient_id: UUID | None = None) -> PrescriptionList:
    """List prescriptions, newest first."""
    return PrescriptionList(prescriptions=store.list_prescriptions(db, patient_id))


@router.post("", status_code=HTTPStatus.CREATED)
def post_prescription(body: PrescriptionCreate, db: Db, response: Response) -> PrescriptionPublic:
    """Store a new prescription."""
    prescription = store.add_prescription(db, body)
    response.headers["Location"] = prescription.url
    return prescription


@router.get("/{prescription_id}")
def get_prescription(prescription_id: UUID, db: Db) -> PrescriptionPublic:
    """Return one prescription."""
    return store.get_prescription(db, prescription_id)
