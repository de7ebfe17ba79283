"""What a patient sends from the pages of the programme; each answer leads back to a page.

A form carries the id that it was shown with. What is stored is named after that id and after what
was answered, so that two clicks store it once, and other answers from the same form are kept too.
"""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from analysis import Today, local_date
from api import course_reading as reading
from api import course_store as store
from api import offers
from api.course import Course
from api.course_models import ADVICE_KEY
from api.course_schemas import (
    AdviceAnswerCreate,
    CheckInCreate,
    CorrectionPut,
    ProgrammeAnswerCreate,
    RestDaysCreate,
    SelfReportCreate,
)
from api.deps import Db, Fields, Now, PagePatient, Whose
from api.errors import ContentConflictError, NotEnrolledError, NotOfferedError
from api.pages import Pages
from api.pages.forms import Form
from api.pages.language import N_
from api.schemas import MAX_SETS, Day
from api.today import plan_on

router = APIRouter(include_in_schema=False)
session_router = APIRouter(include_in_schema=False)
MOST_REPS: Final = 1_000
MOST_SETS: Final = 20
OLDEST_REPORT: Final = timedelta(days=14)
REST_CHOICES: Final = 7
ANSWERS: Final = frozenset({"seen", "accepted", "declined"})
NOON: Final = time(12)
SENT_BEFORE: Final = suppress(ContentConflictError)  # the same answers, at a later moment
SetNumber = Annotated[int, Path(ge=1, le=MAX_SETS)]


@router.post("/advice")
def answer_advice(request: Request, fields: Fields, db: Db, now: Now, whose: Whose) -> Response:
    """Note what the patient did with a piece of advice."""
    form = _form(request, fields)
    answer, key = form.choice("answer", ANSWERS), form.text("key", longest=ADVICE_KEY)
    if answer is not None and key is not None:
        body = AdviceAnswerCreate.model_validate({"id": form.id(), "key": key, "answer": answer})
        with suppress(
            NotOfferedError, NotEnrolledError
        ):  # another page was faster, as the day shows
            offers.answer_advice(db, whose.id, body, now=now)
    return _back(whose.home)


@router.post("/advice/{answer_id}/undo")
def undo_advice(answer_id: UUID, db: Db, whose: Whose) -> Response:
    """Take an answer back, with what followed from it."""
    store.delete_advice_answer(db, whose.id, answer_id)
    return _back(whose.home)


@router.post("/answers")
def answer_question(request: Request, fields: Fields, db: Db, now: Now, whose: Whose) -> Response:
    """Store the answer to a question of the programme."""
    form = _form(request, fields)
    question = form.choice("question", frozenset(offers.QUESTIONS.values()))
    is_yes = form.yes_no("is_yes")
    if question is not None and is_yes is not None:
        answer_id = uuid5(form.id(), f"{question} {is_yes}")
        body = {"id": answer_id, "at": now, "question": question, "is_yes": is_yes}
        with SENT_BEFORE:
            store.add_answer(db, whose.id, ProgrammeAnswerCreate.model_validate(body), now=now)
    return _back(whose.home)


@router.post("/check-in")
def check_in(request: Request, fields: Fields, db: Db, now: Now, whose: Whose) -> Response:
    """Store how it is: pain, soreness, painkillers."""
    form = _form(request, fields)
    pain, soreness = form.score("pain"), form.score("soreness")
    if pain is not None or soreness is not None:
        drugs = ("anti_inflammatory" in fields, "paracetamol" in fields)
        body = CheckInCreate(
            id=uuid5(form.id(), f"{pain} {soreness} {drugs}"),
            at=now,
            pain=pain,
            soreness=soreness,
            took_anti_inflammatory=drugs[0],
            took_paracetamol=drugs[1],
        )
        with SENT_BEFORE:
            store.add_check_in(db, whose.id, body, now=now)
    return _back(whose.home)


@router.post("/check-in/{check_in_id}/undo")
def undo_check_in(
    request: Request, check_in_id: UUID, fields: Fields, db: Db, whose: Whose
) -> Response:
    """Take back how it was."""
    store.delete_check_in(db, whose.id, check_in_id)
    return _back(_place(_form(request, fields), whose))


@router.post("/rest-days")
def take_rest_days(request: Request, fields: Fields, db: Db, now: Now, whose: Whose) -> Response:
    """Take one day of rest or more."""
    form = _form(request, fields)
    from_on = form.day("from_on", is_needed=True)
    days = form.whole("days", 1, REST_CHOICES, is_needed=True)
    if from_on is not None and days is not None:
        store.take_rest_days(db, whose.id, RestDaysCreate(from_on=from_on, days=days), now=now)
    return _back(_place(form, whose))


@router.post("/rest-days/{rest_on}/undo")
def undo_rest_day(request: Request, rest_on: Day, fields: Fields, db: Db, whose: Whose) -> Response:
    """Take a day of rest back."""
    store.delete_rest_day(db, whose.id, rest_on)
    return _back(_place(_form(request, fields), whose))


@router.get("/self-report")
def show_self_report(
    request: Request, db: Db, now: Now, whose: Whose, on: Day | None = None
) -> Response:
    """Ask what was done without measuring."""
    course = reading.load_course(db, whose.id, now=now)
    if course is None:
        return _to_begin(db, whose)
    asked_on = on or local_date(now, course.zone)
    return _ask_report(request, _form(request, {}), course, whose, on=asked_on, now=now)


@router.post("/self-report")
def self_report(request: Request, fields: Fields, db: Db, now: Now, whose: Whose) -> Response:
    """Store what was done without measuring, as one sitting."""
    form = _form(request, fields)
    course = reading.load_course(db, whose.id, now=now)
    if course is None:
        return _to_begin(db, whose)
    today = local_date(now, course.zone)
    on = form.day("on", is_needed=True) or today
    if not timedelta(0) <= today - on <= OLDEST_REPORT:
        form.refuse("on", N_("Choose a day of the last two weeks."))
    reports = _reports(form, plan_on(course, on, now), _moment(on, course, now))
    if not reports and not form.errors:
        form.refuse("exercises", N_("Tick what you did."))
    if form.errors:
        return _ask_report(request, form, course, whose, on=on, now=now)
    for report in reports:
        with SENT_BEFORE:
            store.add_self_report(db, whose.id, report, now=now)
    return _back(whose.home if on == today else f"{whose.base}/calendar/{on}")


@router.post("/self-report/{report_id}/undo")
def undo_self_report(
    request: Request, report_id: UUID, fields: Fields, db: Db, whose: Whose
) -> Response:
    """Take back what was told."""
    store.delete_self_report(db, whose.id, report_id)
    return _back(_place(_form(request, fields), whose))


@session_router.post("/sessions/{session_id}/sets/{number}/correction")
def correct_count(
    request: Request, session_id: UUID, number: SetNumber, fields: Fields, *, db: Db, now: Now
) -> Response:
    """Store the patient's own count of a set; an empty one takes it back."""
    form = _form(request, fields)
    reps = form.whole("reps", 0, MOST_REPS)
    if reps is not None:
        store.put_correction(db, session_id, number, CorrectionPut(reps=reps), now=now)
    elif not form.errors:
        store.delete_correction(db, session_id, number)
    return _back(f"/sessions/{session_id}#set-{number}")


def _reports(form: Form, plan: Today, at: datetime) -> list[SelfReportCreate]:
    """Read the exercises that were ticked; they are reports of one sitting."""
    sitting_id = form.id()
    reports = []
    for planned in plan.exercises:
        name = planned.exercise.id
        if f"{name}.done" not in form.fields:
            continue
        sets = form.whole(f"{name}.sets", 1, MOST_SETS, is_needed=True)
        reps = form.whole(f"{name}.reps", 0, MOST_REPS)
        if f"{name}.reps" not in form.fields:  # one hold, which is not asked for
            reps = planned.exercise.reps
        if sets is not None:
            reports.append(
                SelfReportCreate(
                    id=uuid5(sitting_id, f"{name} {sets} {reps}"),
                    session_id=sitting_id,
                    at=at,
                    exercise=name,
                    sets=sets,
                    reps=reps,
                    reason=form.text("reason"),
                )
            )
    return reports


def _ask_report(
    request: Request, form: Form, course: Course, whose: PagePatient, *, on: date, now: datetime
) -> Response:
    pages: Pages = request.app.state.pages
    today = local_date(now, course.zone)
    return pages.show(
        request,
        "self_report.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        whose=whose,
        form=form,
        sitting_id=form.fields.get("id") or uuid4(),
        on=on,
        first_on=today - OLDEST_REPORT,
        last_on=today,
        planned=plan_on(course, on, now).exercises,
    )


def _moment(on: date, course: Course, now: datetime) -> datetime:
    """Return when it was done: now, or noon of an earlier day."""
    is_today = on == local_date(now, course.zone)
    return now if is_today else datetime.combine(on, NOON, ZoneInfo(str(course.zone)))


def _to_begin(db: Db, whose: PagePatient) -> Response:
    """Lead who follows no programme yet to the page that says how to begin."""
    if whose.base:
        reading.check_patient(db, whose.id)
    return _back(whose.home)


def _form(request: Request, fields: dict[str, str]) -> Form:
    pages: Pages = request.app.state.pages
    return Form(fields, pages.language(request))


def _place(form: Form, whose: PagePatient) -> str:
    """Return the page that a form came from, if it is one of this patient's days."""
    on = form.day("back_to")
    return whose.home if on is None else f"{whose.base}/calendar/{on}"


def _back(address: str) -> RedirectResponse:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
