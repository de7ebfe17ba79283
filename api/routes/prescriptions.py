"""What clinicians ordered: single orders, and a patient's whole prescription in versions."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from api.access import Identity
from api.deps import Db, Now, Who
from api.errors import NotFoundError
from api.prescribing import checks, store
from api.prescribing.schemas import UndoCreate, VersionCreate, VersionList, VersionPublic
from api.problems import RESPONSES
from api.schemas import PrescriptionCreate, PrescriptionList, PrescriptionPublic

router = APIRouter(prefix="/prescriptions", tags=["prescriptions"], responses=RESPONSES)
of_patient = APIRouter(
    prefix="/patients/{patient_id}/prescription", tags=["prescriptions"], responses=RESPONSES
)
UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The same stands already; there is no new version."}
}


@router.get("")
def get_prescriptions(db: Db, patient_id: UUID | None = None) -> PrescriptionList:
    """List prescriptions, newest first."""
    return PrescriptionList(prescriptions=store.list_orders(db, patient_id))


@router.post("", status_code=HTTPStatus.CREATED)
def post_prescription(
    body: PrescriptionCreate, db: Db, now: Now, who: Who, response: Response
) -> PrescriptionPublic:
    """Add an order to what stands; that is a new version of the patient's prescription."""
    prescription = store.add_order(db, body, author_of(who), now=now)
    response.headers["Location"] = prescription.url
    return prescription


@router.get("/{prescription_id}")
def get_prescription(prescription_id: UUID, db: Db) -> PrescriptionPublic:
    """Return one prescription."""
    return store.get_order(db, prescription_id)


@of_patient.get("")
def get_whole_prescription(patient_id: UUID, db: Db) -> VersionPublic:
    """Return the version that stands."""
    versions = store.list_versions(db, patient_id)
    if not versions:
        raise NotFoundError(f"Nothing was prescribed to patient {patient_id} but the programme.")
    return versions[0]


@of_patient.get("/versions")
def get_versions(patient_id: UUID, db: Db) -> VersionList:
    """List all versions, newest first."""
    return VersionList(versions=store.list_versions(db, patient_id))


@of_patient.post("/versions", status_code=HTTPStatus.CREATED, responses=UNCHANGED)
def post_version(
    patient_id: UUID, body: VersionCreate, *, db: Db, now: Now, who: Who, response: Response
) -> VersionPublic:
    """Let these orders stand from now on; sessions that run go on as they began."""
    checks.refuse_impossible(body.orders)
    _, is_new = store.put_orders(
        db,
        patient_id,
        body.orders,
        author_of(who),
        based_on=body.based_on,
        reason=body.reason,
        now=now,
    )
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return store.list_versions(db, patient_id)[0]


@of_patient.post("/undo", status_code=HTTPStatus.CREATED)
def post_undo(patient_id: UUID, body: UndoCreate, db: Db, now: Now, who: Who) -> VersionPublic:
    """Take the last change back, as a new version."""
    store.undo_last(
        db, patient_id, author_of(who), based_on=body.based_on, reason=body.reason, now=now
    )
    return store.list_versions(db, patient_id)[0]


def author_of(who: Identity) -> store.Author:
    """Return who changes a prescription, as it will be told."""
    return store.Author(who.name, who.account_id)
