"""The pages of a patient's own data: what there is, all of it as a file, and its deletion."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from api.course_reading import check_patient
from api.db import transaction
from api.deps import Database, Db, Fields, Files, PagePatient, Whose
from api.errors import InTrainingError
from api.jobs.retention import read_retention
from api.local_files import local_files_of
from api.own_data import count_rows, erase_patient, export_what_is_there
from api.pages import Pages
from api.pages.language import N_

router = APIRouter(include_in_schema=False)
WORDS: Final = {
    "patient": N_("your name and language"),
    "injury_episode": N_("injuries"),
    "enrolment": N_("programmes"),
    "prescription": N_("exercises that were ordered for you"),
    "prescription_version": N_("changes of what was ordered for you"),
    "prescription_line": N_("lines that say what stood when"),
    "session": N_("training sessions"),
    "exercise_set": N_("sets"),
    "rep": N_("repetitions"),
    "trace": N_("curves of your movement"),
    "recording": N_("raw recordings"),
    "rest_day": N_("rest days"),
    "check_in": N_("answers about pain and painkillers"),
    "programme_answer": N_("answers to questions"),
    "advice_answer": N_("answers to advice"),
    "sport_level": N_("steps of your return to sport"),
    "sport_diary": N_("entries of your sport diary"),
    "self_report": N_("exercises you told without measuring"),
    "set_correction": N_("counts you corrected"),
    "clinic_note": N_("notes of clinicians"),
    "message": N_("messages of clinicians"),
    "questionnaire_total": N_("totals of questionnaires"),
    "extra_week": N_("weeks by which a block was made longer"),
    "patient_summary": N_("a summary of your last days"),
    "need_mark": N_("what clinicians did with their list of patients"),
    "job_item": N_("what was done with your data in the background"),
    "need_look": N_("when clinicians last looked"),
}
ONE_LINE: Final = "patient"  # there is one, so its number says nothing
BACKUP: Final = "/backup"  # a page of the patient's own machine
LINKING: Final = "/my-clinic"
OTHER: Final = N_("other lines about you")


@router.get("/my-data")
def show_own_data(request: Request, db: Db, whose: Whose) -> Response:
    """Say what is stored."""
    return _show(request, db, whose, "own_data.html")


@router.get("/my-data/tempo90-export.zip")
def export(db: Db, files: Files, whose: Whose) -> StreamingResponse:
    """Give all of it as one file."""
    if whose.base:
        check_patient(db, whose.id)
    named = {
        "Content-Disposition": 'attachment; filename="tempo90-export.zip"',
        "Cache-Control": "private, no-store",
    }
    pieces = export_what_is_there(db, files, whose.id)
    return StreamingResponse(pieces, media_type="application/zip", headers=named)


@router.get("/my-data/delete")
def ask_deletion(request: Request, db: Db, whose: Whose) -> Response:
    """Say exactly what would go, and ask."""
    return _show(request, db, whose, "own_data_delete.html")


@router.post("/my-data/delete")
def delete_own_data(
    request: Request, fields: Fields, engine: Database, files: Files, whose: Whose
) -> Response:
    """Delete everything and say what went; rows first, so that a failure leaves a whole."""
    pages: Pages = request.app.state.pages
    if fields.get("sure") != "yes":
        with transaction(engine, writes=False) as db:
            return _show(request, db, whose, "own_data_delete.html", is_missing_tick=True)
    local_files = local_files_of(request.app)
    try:
        local_files.check_not_training(whose.id)
        with transaction(engine, writes=True) as db:
            if whose.base:
                check_patient(db, whose.id)
            gone = erase_patient(db, files, whose.id)
    except (InTrainingError, OSError) as error:
        wrong = "is_training" if isinstance(error, InTrainingError) else "is_in_use"
        with transaction(engine, writes=False) as db:
            return _show(request, db, whose, "own_data_delete.html", **{wrong: True})
    n_waiting = local_files.forget(whose.id)
    return pages.show(
        request,
        "own_data_gone.html",
        whose=whose,
        held=_said(gone.rows, request),
        n_files=gone.recordings,
        n_waiting=n_waiting,
    )


def _show(request: Request, db: Db, whose: PagePatient, template: str, **values: bool) -> Response:
    pages: Pages = request.app.state.pages
    if whose.base:
        check_patient(db, whose.id)
    wrong = {"is_missing_tick": False, "is_in_use": False, "is_training": False} | values
    status = HTTPStatus.UNPROCESSABLE_ENTITY if any(wrong.values()) else HTTPStatus.OK
    held = _said(count_rows(db, whose.id), request)
    retention = read_retention(db)
    return pages.show(
        request,
        template,
        status=status,
        whose=whose,
        held=held,
        retention=retention,
        retention_starts=retention and pages.language(request).day(retention.starts_at),
        has_backup=pages.has(request, BACKUP),
        has_link=pages.has(request, LINKING),
        **wrong,
    )


def _said(counts: dict[str, int], request: Request) -> list[str]:
    """Say what there is; tables of another part are added up as "other"."""
    pages: Pages = request.app.state.pages
    language = pages.language(request)
    said = [
        language.say(words) + ("" if name == ONE_LINE else f": {counts[name]}")
        for name, words in WORDS.items()
        if name in counts
    ]
    n_other = sum(n for name, n in counts.items() if name not in WORDS)
    return [*said, *([f"{language.say(OTHER)}: {n_other}"] if n_other else [])]
