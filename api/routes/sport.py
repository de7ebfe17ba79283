"""The pages of the return to sport: when it starts, its days, and the diary.

Sport never starts by itself: a clinician confirms it, or, on a machine that only the patient
uses, the patient states it, and the statement is kept as such.
"""

from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from analysis import DayKind, SportDay, local_date
from api import course_reading as reading
from api import course_store as store
from api.care.sport_gate import sport_gate
from api.course import Course
from api.course_schemas import DiaryCreate, EnrolmentCreate, ProgrammeAnswerCreate
from api.deps import Db, Fields, Now, PagePatient, Whose
from api.errors import NotFoundError
from api.pages import Pages
from api.pages.forms import Form
from api.pages.language import N_
from api.pages.sport_view import BESIDE, day_title, diary_lines, sport_day_view
from api.sport_phase import OWN_STATEMENTS as CONFIRMATIONS
from api.today import plan_of

router = APIRouter(include_in_schema=False)
OLDEST_ENTRY: Final = timedelta(days=14)
MOST_MINUTES: Final = 24 * 60
LONGEST_NOTE: Final = 500
NOON: Final = time(12)
TIMER: Final = "/intervals"
OF_PROGRAMME: Final = "day:"


@router.get("/sport")
def show_sport(request: Request, db: Db, now: Now, whose: Whose) -> Response:
    """Show the way back to sport and the diary."""
    course = _course(db, now, whose)
    if course is None:
        return _back(whose.home)
    return _show(request, db, now, course, whose=whose, form=_form(request, {}))


@router.get("/sport/{sport_id}/{day_id}")
def show_day(
    request: Request, sport_id: str, day_id: str, *, db: Db, now: Now, whose: Whose
) -> Response:
    """Show one day of a sport."""
    pages: Pages = request.app.state.pages
    course = _course(db, now, whose)
    if course is None:
        return _back(whose.home)
    sport = course.programme.sports.get(sport_id)
    if sport is None or day_id not in sport.days:
        raise NotFoundError(f"This programme has no sport day {sport_id}/{day_id}.")
    language = pages.language(request)
    return pages.show(
        request,
        "sport_day.html",
        whose=whose,
        sport_name=sport.name[language.code],
        day=sport_day_view(course, sport_id, day_id, language, now),
        is_cycling=any(one.cadence_min_per_min for one in sport.days.values()),
        first_match_week=int(course.programme.settings["first_match_week"]),
        warm_up_min=int(course.programme.settings["sport_warm_up_min"]),
        today=local_date(now, course.zone),
        has_timer=pages.has(request, TIMER) and _is_timed(sport.days[day_id]),
    )


def _is_timed(day: SportDay) -> bool:
    """Whether a clock can lead the day; a bicycle ride has no intervals."""
    return bool(day.parts or day.courses_m)


@router.post("/sport/start")
def start_sport(request: Request, fields: Fields, db: Db, now: Now, whose: Whose) -> Response:
    """Start the sport phase on the patient's own statement."""
    course = _course(db, now, whose)
    if course is None:
        return _back(whose.home)
    form = _form(request, fields)
    sport = form.choice("sport", frozenset(course.programme.sports))
    confirmed_by = form.choice("confirmed_by", frozenset(CONFIRMATIONS))
    if form.given("is_improved") != "yes":
        form.refuse("is_improved", N_("Sport starts only when your complaints are clearly less."))
    if whose.base or not sport_gate(course, now).is_open:
        form.refuse("sport", N_("Sport cannot start yet."))
    if form.errors:
        return _show(request, db, now, course, whose=whose, form=form)
    answer = {"id": form.id(), "at": now, "question": "improved", "is_yes": True}
    store.add_answer(db, whose.id, ProgrammeAnswerCreate.model_validate(answer), now=now)
    today = local_date(now, course.zone)
    _agree(db, whose, now, sport=sport, sport_from=today, sport_confirmed_by=confirmed_by)
    return _back(f"{whose.base}/sport")


@router.post("/sport/undo")
def undo_start(db: Db, now: Now, whose: Whose) -> Response:
    """Take the patient's own statement back; a clinician's is not the patient's to change."""
    row, _, _ = reading.get_enrolment(db, whose.id)
    if not whose.base and row.sport_confirmed_by in CONFIRMATIONS:
        _agree(db, whose, now, sport_from=None, sport_confirmed_by=None)
    return _back(f"{whose.base}/sport")


@router.post("/sport/diary")
def add_entry(request: Request, fields: Fields, db: Db, now: Now, whose: Whose) -> Response:
    """Store an entry of the diary."""
    course = _course(db, now, whose)
    if course is None:
        return _back(whose.home)
    form = _form(request, fields)
    entry = _entry(form, course, now)
    if entry is None or form.errors:
        return _show(request, db, now, course, whose=whose, form=form)
    store.add_diary(db, whose.id, entry, now=now)
    return _back(f"{whose.base}/sport#diary")


@router.post("/sport/diary/{entry_id}/undo")
def undo_entry(entry_id: UUID, db: Db, whose: Whose) -> Response:
    """Take an entry back."""
    store.delete_diary(db, whose.id, entry_id)
    return _back(f"{whose.base}/sport#diary")


def _show(
    request: Request, db: Db, now: Now, course: Course, *, whose: PagePatient, form: Form
) -> Response:
    pages: Pages = request.app.state.pages
    language = pages.language(request)
    row, _, _ = reading.get_enrolment(db, whose.id)
    plan = plan_of(course, now)
    today = local_date(now, course.zone)
    sports = [
        (one.id, one.name[language.code], [(d, day_title(d, language)) for d in one.days])
        for one in course.programme.sports.values()
    ]
    chosen = course.enrolment.sport_id or ""
    days = course.programme.sports[chosen].days if chosen else {}
    return pages.show(
        request,
        "sport.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        whose=whose,
        form=form,
        kind=plan.kind,
        kinds=DayKind,
        gate=sport_gate(course, now),
        started_on=row.sport_from,
        confirmed_by=row.sport_confirmed_by,
        confirmations=CONFIRMATIONS,
        sports=sports,
        todays=plan.sport.day.id if plan.sport else None,
        chosen=chosen,
        whats=[
            *((f"{OF_PROGRAMME}{day}", day_title(day, language)) for day in days),
            *((name, language.say(words)) for name, words in BESIDE.items()),
        ],
        diary=diary_lines(reading.list_diary(db, whose.id), course, language),
        new_id=form.fields.get("id") or uuid4(),
        first_on=today - OLDEST_ENTRY,
        last_on=today,
    )


def _agree(db: Db, whose: PagePatient, now: datetime, **changes: object) -> None:
    row, _, _ = reading.get_enrolment(db, whose.id)
    agreed = row.model_dump(include=set(EnrolmentCreate.model_fields)) | changes
    store.put_enrolment(db, whose.id, EnrolmentCreate.model_validate(agreed), now=now)


def _entry(form: Form, course: Course, now: datetime) -> DiaryCreate | None:
    chosen = course.enrolment.sport_id
    days = course.programme.sports[chosen].days if chosen else {}
    what = form.choice("what", {*(f"{OF_PROGRAMME}{day}" for day in days), *BESIDE})
    pain = form.score("pain", is_needed=True)
    minutes = form.whole("minutes", 0, MOST_MINUTES)
    notes = form.text("notes", longest=LONGEST_NOTE)
    today = local_date(now, course.zone)
    on = form.day("on", is_needed=True) or today
    if not timedelta(0) <= today - on <= OLDEST_ENTRY:
        form.refuse("on", N_("Choose a day of the last two weeks."))
    if form.errors or what is None:
        return None
    day = what.removeprefix(OF_PROGRAMME) if what.startswith(OF_PROGRAMME) else None
    at = now if on == today else datetime.combine(on, NOON, ZoneInfo(str(course.zone)))
    return DiaryCreate(
        id=form.id(),
        at=at,
        sport=chosen if day else what,
        day=day,
        level=course.enrolment.accepted_levels.get(day, 0) if day else 0,
        minutes=minutes,
        pain_worst=pain,
        is_complete=form.given("is_complete") != "no",
        has_returned_complaints="returned" in form.fields,
        notes=notes,
    )


def _course(db: Db, now: datetime, whose: PagePatient) -> Course | None:
    if whose.base:
        reading.check_patient(db, whose.id)
    return reading.load_course(db, whose.id, now=now)


def _form(request: Request, fields: dict[str, str]) -> Form:
    pages: Pages = request.app.state.pages
    return Form(fields, pages.language(request))


def _back(address: str) -> RedirectResponse:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)
