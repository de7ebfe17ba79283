"""One's own data: who one is to the service, all data in one file, and erasing them."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from api.access import Door, audit
from api.access.cookies import clear_login
from api.access_schemas import ErasureReport, Me
from api.db import transaction
from api.deps import Access, Database, Db, Files, Who
from api.errors import ApiError
from api.local_files import local_files_of
from api.own_data import erase_patient, export_patient
from api.problems import RESPONSES
from api.routes.ways_in import Field, pages_of, show_again

router = APIRouter(tags=["access"], responses=RESPONSES)
page_router = APIRouter(include_in_schema=False)


@router.get("/me")
def get_me(who: Who) -> Me:
    """Return who this log-in or token stands for."""
    return Me(role=who.role, name=who.name, patient_id=who.patient_id)


@router.get(
    "/patients/{patient_id}/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "A zip file."}},
)
def get_export(patient_id: UUID, db: Db, files: Files) -> StreamingResponse:
    """Return everything that is stored about a patient, recordings included."""
    named = {"Content-Disposition": f'attachment; filename="tempo90-{patient_id}.zip"'}
    pieces = export_patient(db, files, patient_id)
    return StreamingResponse(pieces, media_type="application/zip", headers=named)


@router.delete("/patients/{patient_id}")
def delete_patient(
    request: Request, patient_id: UUID, engine: Database, files: Files
) -> ErasureReport:
    """Remove everything that is stored about a patient, recordings and log-in included."""
    local_files = local_files_of(request.app)
    local_files.check_not_training(patient_id)
    with transaction(engine, writes=True) as db:
        report = erase_patient(db, files, patient_id)
    local_files.forget(patient_id)
    return report


@page_router.post("/account/erase")
def erase_account(
    request: Request,
    engine: Database,
    files: Files,
    access: Access,
    who: Who,
    *,
    password: Field = "",
) -> Response:
    """Remove one's own data and log-in, once the password has been given again."""
    try:
        Door(engine, access).check_password(who, password)
    except ApiError as error:
        return show_again(request, "erase.html", error)
    if who.patient_id is not None:
        with transaction(engine, writes=True) as db:
            erase_patient(db, files, who.patient_id)
            audit.note(db, who, "account", "erased", now=access.now())
    response = RedirectResponse("/log-in", HTTPStatus.SEE_OTHER)
    clear_login(response)
    return response


@page_router.get("/account/erase")
def show_erase(request: Request) -> Response:
    """Ask whether it is meant."""
    return pages_of(request).show(request, "erase.html")
