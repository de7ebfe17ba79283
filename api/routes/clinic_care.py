"""The forms of the clinician's page of a patient: each leads back to it, and can be taken back."""

from datetime import date
from http import HTTPStatus
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from analysis import local_date
from api.care import confirming, extra_weeks, questionnaires, writing
from api.care.questionnaires import (
    QuestionnaireTotalPublic,
    QuestionnaireTotalPut,
    load_questionnaires,
)
from api.care.rows import TEXT
from api.care.writing import WritingCreate
from api.course_reading import load_course
from api.deps import Db, Fields, Now, Who
from api.errors import NotEnrolledError
from api.pages import Pages
from api.pages.forms import Form
from api.pages.language import N_

router = APIRouter(include_in_schema=False, prefix="/clinic/patients/{patient_id}")


@router.post("/notes")
def add_note(
    request: Request, patient_id: UUID, *, fields: Fields, db: Db, now: Now, who: Who
) -> Response:
    """Store a note for the clinicians of a patient."""
    body = _writing(_form(request, fields))
    if body is not None:
        writing.add_note(db, who, patient_id, body, now=now)
    return _back(patient_id, "notes")


@router.post("/notes/{note_id}/remove")
def remove_note(patient_id: UUID, note_id: UUID, db: Db, now: Now, who: Who) -> Response:
    """Take a note back."""
    writing.remove_note(db, who, patient_id, note_id, now=now)
    return _back(patient_id, "notes")


@router.post("/messages")
def add_message(
    request: Request, patient_id: UUID, *, fields: Fields, db: Db, now: Now, who: Who
) -> Response:
    """Send the patient a message, which stands on their page of the day."""
    body = _writing(_form(request, fields))
    if body is not None:
        writing.add_message(db, who, patient_id, body, now=now)
    return _back(patient_id, "messages")


@router.post("/messages/{message_id}/withdraw")
def withdraw_message(patient_id: UUID, message_id: UUID, db: Db, now: Now, who: Who) -> Response:
    """Take a message back."""
    writing.withdraw_message(db, who, patient_id, message_id, now=now)
    return _back(patient_id, "messages")


@router.post("/extra-weeks")
def stay_a_week(patient_id: UUID, db: Db, now: Now, who: Who) -> Response:
    """Let the patient stay a week longer in the block of today."""
    extra_weeks.stay_a_week(db, who, patient_id, now=now)
    return _back(patient_id, "plan")


@router.post("/extra-weeks/{week_id}/undo")
def take_week_back(patient_id: UUID, week_id: UUID, db: Db, now: Now) -> Response:
    """Take such a week back."""
    extra_weeks.take_week_back(db, patient_id, week_id, now=now)
    return _back(patient_id, "plan")


@router.post("/sport")
def confirm_sport(
    request: Request, patient_id: UUID, *, fields: Fields, db: Db, now: Now, who: Who
) -> Response:
    """Confirm the start of the sport phase."""
    course = load_course(db, patient_id, now=now)
    if course is None:
        raise NotEnrolledError(patient_id)
    form = _form(request, fields)
    sport = form.choice("sport", frozenset(course.programme.sports))
    from_on = form.day("from_on") or local_date(now, course.zone)
    if sport is not None and not form.errors:
        confirming.confirm_sport(db, who, patient_id, sport, from_on, now=now)
    return _back(patient_id, "sport")


@router.post("/sport/undo")
def take_sport_back(patient_id: UUID, db: Db, now: Now) -> Response:
    """Take the start of the sport phase back."""
    confirming.take_sport_back(db, patient_id, now=now)
    return _back(patient_id, "sport")


@router.post("/totals")
def add_total(
    request: Request, patient_id: UUID, *, fields: Fields, db: Db, now: Now, who: Who
) -> Response:
    """Store the total of a questionnaire; one of the same day is replaced once that was told."""
    pages: Pages = request.app.state.pages
    form = _form(request, fields)
    known = load_questionnaires()
    name = form.choice("instrument", known.keys())
    most = known[name].most if name else max(one.most for one in known.values())
    total = form.whole("total", 0, most, is_needed=True)
    on = form.day("measured_on", is_needed=True)
    if on is not None and on > now.astimezone(_zone(request)).date():
        form.refuse("measured_on", N_("This day is still to come."))
    other = None
    if not form.errors and on is not None:
        other = _other(db, patient_id, form, on, own_name=who.name)
    if other is not None or form.errors or name is None or on is None:
        return pages.show(
            request,
            "clinic_total.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if other is None else HTTPStatus.CONFLICT,
            other=other,
            here=f"/clinic/patients/{patient_id}",
            form=form,
            instruments=list(known.values()),
            new_id=uuid4,
        )
    given = {"instrument": name, "total": total, "measured_on": on}
    body = QuestionnaireTotalPut.model_validate(given)
    total_id = questionnaires.same_day_total(db, patient_id, name, on) or form.id()
    questionnaires.put_total(db, who, patient_id, total_id, body, now=now)
    return _back(patient_id, "totals")


@router.post("/totals/{total_id}/remove")
def remove_total(patient_id: UUID, total_id: UUID, db: Db) -> Response:
    """Take a total back."""
    questionnaires.remove_total(db, patient_id, total_id)
    return _back(patient_id, "totals")


def _other(
    db: Db, patient_id: UUID, form: Form, on: date, *, own_name: str
) -> QuestionnaireTotalPublic | None:
    """Return what somebody else entered for the day and the writer has not been told of."""
    same_day = [
        one
        for one in questionnaires.list_totals(db, patient_id)
        if (one.instrument, one.measured_on) == (form.given("instrument"), on)
    ]
    known = {form.given("total"), form.given("replaces")}
    others = (one for one in same_day if one.entered_by != own_name)
    return next((one for one in others if str(one.total) not in known), None)


def _writing(form: Form) -> WritingCreate | None:
    text = form.text("text", longest=TEXT)
    return None if text is None else WritingCreate(id=form.id(), text=text)


def _form(request: Request, fields: dict[str, str]) -> Form:
    pages: Pages = request.app.state.pages
    return Form(fields, pages.language(request))


def _zone(request: Request) -> ZoneInfo | None:
    name = request.app.state.settings.time_zone
    return ZoneInfo(name) if name else None


def _back(patient_id: UUID, part: str) -> RedirectResponse:
    return RedirectResponse(f"/clinic/patients/{patient_id}#{part}", HTTPStatus.SEE_OTHER)
