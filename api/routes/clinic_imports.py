"""Recordings of a patient that a clinician hands in: the files are taken in, a job reads them."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile

from analysis import load_catalogue, local_date
from api import store
from api.access import Identity, confine
from api.db import repeated, transaction
from api.deps import Database, Db, Now, Who
from api.errors import TooLargeError
from api.jobs import queue
from api.jobs.kinds import Kind
from api.jobs.queue import Asked, Wanted
from api.pages import Pages
from api.pages.forms import Form
from api.pages.language import N_
from api.settings import ApiSettings
from api.zones import usual_zone

router = APIRouter(include_in_schema=False, prefix="/clinic/patients/{patient_id}/import")
JOBS: Final = "/jobs"
USUAL: Final = "ecc_prone_helper"  # the heart of the programme
SIDES: Final = ("left", "right")
MOST_FILES: Final = 20
MOST_FIELDS: Final = 10
MOST_BYTES: Final = 64 * 2**20  # of all files together: an hour at 100 Hz is 20 MB as CSV


@router.get("")
def show_import(request: Request, patient_id: UUID, db: Db, now: Now) -> Response:
    """Show the form."""
    pages: Pages = request.app.state.pages
    patient = store.get_patient(db, patient_id)
    return _show(request, patient.name, patient_id, now, Form({}, pages.language(request)))


# Ends as the routes of recordings do: the limit on bodies is its own.
@router.post("/recording")
async def take_files(
    request: Request, patient_id: UUID, *, engine: Database, who: Who, now: Now
) -> Response:
    """Take the files in and ask for the job that reads them."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise TooLargeError(MOST_BYTES)
    pages: Pages = request.app.state.pages
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as sent:
        fields = {name: value for name, value in sent.items() if isinstance(value, str)}
        chosen = [one for one in sent.getlist("files") if isinstance(one, UploadFile)]
        files = [(one.filename or "", await one.read()) for one in chosen]
    form = Form(fields, pages.language(request))
    given = _Given(patient_id, form, [one for one in files if one[1]])
    return await run_in_threadpool(_ask, request, engine, who, now, given)


@dataclass(frozen=True, slots=True)
class _Given:
    """What was handed in."""

    patient_id: UUID
    form: Form
    files: list[tuple[str, bytes]]


def _ask(request: Request, engine: Database, who: Identity, now: Now, given: _Given) -> Response:
    form, patient_id = given.form, given.patient_id
    with transaction(engine, writes=False) as db:
        confine(db, who)
        name = store.get_patient(db, patient_id).name
    exercise = form.choice("exercise", [one for one, _ in _exercises(_code(request))])
    side = form.choice("side", SIDES, is_needed=False)
    on = form.day("on", is_needed=True)
    if not given.files:
        form.refuse("files", N_("Choose one file or more."))
    if on is not None and on > _today(request, now):
        form.refuse("on", N_("This day is still to come."))
    if form.errors:
        return _show(request, name, patient_id, now, form)
    wishes = _wishes(patient_id, str(exercise), side, on, _code(request))

    def ask() -> None:
        with transaction(engine, writes=True) as db:
            confine(db, who)
            wanted = [
                Wanted(patient_id, file_name=file_name, content=content)
                for file_name, content in given.files
            ]
            queue.ask(db, Asked(Kind.IMPORT, who, now, wishes), wanted)

    repeated(ask)
    after = BackgroundTask(request.app.state.jobs.wake)
    return RedirectResponse(JOBS, HTTPStatus.SEE_OTHER, background=after)


def _wishes(
    patient_id: UUID, exercise: str, side: str | None, on: date | None, language: str
) -> dict[str, str]:
    wishes = {"patient_id": str(patient_id), "exercise": exercise, "on": str(on)}
    return wishes | {"language": language} | ({"side": side} if side else {})


def _show(request: Request, name: str, patient_id: UUID, now: Now, form: Form) -> Response:
    pages: Pages = request.app.state.pages
    return pages.show(
        request,
        "clinic_import.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        patient_id=patient_id,
        patient_name=name,
        form=form,
        today=_today(request, now),
        usual=USUAL,
        exercises=_exercises(_code(request)),
        most_files=MOST_FILES,
        most_mb=MOST_BYTES // 2**20,
    )


def _code(request: Request) -> str:
    pages: Pages = request.app.state.pages
    return pages.language(request).code


def _today(request: Request, now: Now) -> date:
    settings: ApiSettings = request.app.state.settings
    return local_date(now, ZoneInfo(usual_zone(settings)))


def _exercises(code: str) -> list[tuple[str, str]]:
    """Return what can be measured, by name."""
    return [
        (one.id, one.name_nl if code == "nl" else one.name_en)
        for one in load_catalogue().exercises.values()
        if one.is_measurable
    ]
