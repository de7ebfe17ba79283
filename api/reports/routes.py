"""Reports over HTTP: a PDF, tables, the count of days with data, and the page that offers them."""

import io
import zipfile
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from api.access import Identity, Role
from api.convert import API
from api.course_reading import check_patient, load_course
from api.deps import Db, Now, Who, Whose
from api.own_data import read_measured
from api.own_tables import measured_tables
from api.pages import Pages
from api.problems import MEDIA_TYPE as PROBLEM_TYPE
from api.problems import RESPONSES
from api.reports.content import Reader, report_content
from api.reports.data_days import ENOUGH_DAYS, windows
from api.reports.making import report_facts
from api.reports.pdf import can_print, print_report
from api.reports.reading import choose_days, read_training_days
from api.reports.schemas import DataDays, DataWindow
from api.schemas import LAST_DAY, Day
from api.store import get_patient
from api.zones import usual_zone

router = APIRouter(prefix="/patients/{patient_id}", tags=["reports"], responses=RESPONSES)
page_router = APIRouter(include_in_schema=False)
From = Annotated[Day | None, Query(alias="from", description="First day; else the programme's.")]
To = Annotated[Day | None, Query(alias="to", description="Last day; else today.")]
PDF: Final = "application/pdf"
ZIP: Final = "application/zip"


def _file(kind: str, words: str) -> dict[int | str, dict[str, Any]]:
    schema = {"type": "string", "format": "binary"}
    return {200: {"description": words, "content": {kind: {"schema": schema}}}}


NOT_HERE: Final[dict[int | str, dict[str, Any]]] = {
    501: {
        "description": "This installation cannot make a PDF.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


@router.get(
    "/report.pdf",
    response_class=Response,
    responses=_file(PDF, "The report, accessible (PDF/UA-1).") | NOT_HERE,
)
def get_report(
    request: Request,
    patient_id: UUID,
    db: Db,
    now: Now,
    who: Who,
    *,
    reader: Annotated[Reader | None, Query(description="For whom; else who asks.")] = None,
    language: Annotated[
        Literal["nl", "en"] | None, Query(description="Else that of the page or the patient.")
    ] = None,
    first_on: From = None,
    last_on: To = None,
) -> Response:
    """Return a report of what was done, measured and told, as a PDF."""
    pages: Pages = request.app.state.pages
    facts = report_facts(
        db, patient_id, first_on=first_on, last_on=last_on, zone=_zone(request), now=now
    )
    spoken = pages.speak(language or pages.language(request).code)
    content = report_content(facts, reader or _reader(who), spoken)
    name = f"tempo90-{facts.days.first_on}-{facts.days.last_on}.pdf"
    return _download(print_report(content), PDF, name)


@router.get(
    "/results.zip",
    response_class=Response,
    responses=_file(ZIP, "sets.csv, reps.csv and data-dictionary.csv."),
)
def get_result_tables(patient_id: UUID, db: Db) -> Response:
    """Return sets and repetitions as CSV, with a dictionary of the columns."""
    get_patient(db, patient_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in measured_tables(read_measured(db, patient_id)).items():
            archive.writestr(name, text)
    return _download(packed.getvalue(), ZIP, "tempo90-results.zip")


@router.get("/data-days")
def get_data_days(
    request: Request,
    patient_id: UUID,
    db: Db,
    now: Now,
    *,
    first_on: From = None,
    last_on: To = None,
) -> DataDays:
    """Count the days with a session in windows of 30 days."""
    get_patient(db, patient_id)
    course = load_course(db, patient_id, now=now)
    days = choose_days(first_on, last_on, course=course, now=now, zone=_zone(request))
    trained = read_training_days(db, patient_id, days)
    return DataDays(
        enough_days=ENOUGH_DAYS,
        windows=[
            DataWindow(
                first_on=one.first_on,
                last_on=one.last_on,
                days_with_data=one.days_with_data,
                is_complete=one.is_complete,
                has_enough=one.has_enough,
            )
            for one in windows(trained, days.first_on, days.last_on)
        ],
    )


@page_router.get("/report")
def show_reports(request: Request, db: Db, now: Now, who: Who, whose: Whose) -> Response:
    """Offer the report and the files."""
    pages: Pages = request.app.state.pages
    check_patient(db, whose.id)
    course = load_course(db, whose.id, now=now)
    days = choose_days(None, None, course=course, now=now, zone=_zone(request))
    return pages.show(
        request,
        "report.html",
        whose=whose,
        patient=get_patient(db, whose.id),
        api=f"{API}/patients/{whose.id}",
        fhir=f"{API}/fhir/Patient/{whose.id}/$everything",
        days=days,
        latest_on=min(LAST_DAY, days.last_on),
        reader=_reader(who),
        can_print=can_print(),
    )


def _reader(who: Identity) -> Reader:
    return "clinician" if who.role is Role.CLINICIAN else "patient"


def _download(data: bytes, kind: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(data, HTTPStatus.OK, headers, kind)


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(usual_zone(request.app.state.settings))
