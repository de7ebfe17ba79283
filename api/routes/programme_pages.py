"""The pages of a patient's programme: the day, the calendar, one day of it.

Each stands at two addresses: without a patient in it on a local install, whose one patient is
meant, and under /patients/{patient_id} for those of a clinic.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response

from analysis import DayKind, local_date
from api import course_reading as reading
from api import store
from api.access import identity_of
from api.care import writing
from api.course import Course
from api.course_schemas import CheckInCreate, SelfReportCreate
from api.deps import Db, Now, PagePatient, Whose
from api.pages import Pages, lists
from api.pages.calendar_view import calendar_view, day_words
from api.pages.language import Language
from api.pages.prescription_view import news
from api.pages.tempo_week import DAYS, TempoDay
from api.pages.today_view import check_in_words, today_view, told_words
from api.schemas import Day
from api.today import calendar, plan_on, today_public, whole_programme

router = APIRouter(include_in_schema=False)
ON_TODAY: Final = 4
PRACTICE: Final = "/practice"  # these two are pages of the patient's side
TIMER: Final = "/intervals"
Told = TypeVar("Told", SelfReportCreate, CheckInCreate)
ONE_DAY: Final = timedelta(days=1)


@router.get("/today")
def show_today(request: Request, db: Db, now: Now, whose: Whose) -> Response:
    """Show the plan of the day."""
    return today_page(request, db, now, whose)


def today_page(request: Request, db: Db, now: Now, whose: PagePatient) -> Response:
    """Show the plan of the day, or how to begin when there is none yet."""
    pages: Pages = request.app.state.pages
    language = pages.language(request)
    course = reading.load_course(db, whose.id, now=now)
    if course is None:
        return _welcome(request, db, whose)
    today = today_public(course, now)
    view = today_view(
        today,
        course,
        language,
        tempo=_tempo(db, whose.id, course, now),
        told=_on(reading.list_self_reports(db, whose.id), course, today.on),
        check_ins=_on(reading.list_check_ins(db, whose.id), course, today.on),
    )
    return pages.show(
        request,
        "today.html",
        whose=whose,
        view=view,
        news=news(course, now, language),
        earlier=_latest(db, whose, language),
        messages=writing.list_messages(db, identity_of(request), whose.id, only_unseen=True),
        new_id=uuid4,
        notices=pages.notices_for(request),
        has_practice=pages.has(request, PRACTICE),
        has_timer=pages.has(request, TIMER),
    )


@router.get("/calendar")
def show_calendar(request: Request, db: Db, now: Now, whose: Whose) -> Response:
    """Show the programme's weeks."""
    pages: Pages = request.app.state.pages
    course = reading.load_course(db, whose.id, now=now)
    if course is None:
        return _welcome(request, db, whose)
    whole = whole_programme(course)
    days = calendar(course, whole.start_on, whole.last_on, now).days
    view = calendar_view(days, local_date(now, course.zone), pages.language(request))
    return pages.show(request, "calendar.html", whose=whose, view=view)


@router.get("/calendar/{on}")
def show_day(request: Request, on: Day, db: Db, now: Now, whose: Whose) -> Response:
    """Show what was planned, done and said on one day."""
    pages: Pages = request.app.state.pages
    language = pages.language(request)
    course = reading.load_course(db, whose.id, now=now)
    if course is None:
        return _welcome(request, db, whose)
    plan = plan_on(course, on, now)
    begins, ends = _bounds(on, course)
    sessions = store.list_sessions_between(db, whose.id, begins, ends)
    return pages.show(
        request,
        "day.html",
        whose=whose,
        day=language.day_title(on),
        on=on,
        words=day_words(calendar(course, on, on, now).days[0], language),
        sessions=[lists.line(one, language) for one in sessions],
        told=[
            (one.id, told_words(one, language))
            for one in _on(reading.list_self_reports(db, whose.id), course, on)
        ],
        check_ins=[
            (one.id, check_in_words(one, language))
            for one in _on(reading.list_check_ins(db, whose.id), course, on)
        ],
        is_rest=plan.kind is DayKind.REST,
        may_rest=plan.kind is DayKind.TRAINING,
        is_past=on < local_date(now, course.zone),
        before=on - ONE_DAY,
        after=on + ONE_DAY,
        new_id=uuid4,
    )


def _welcome(request: Request, db: Db, whose: PagePatient) -> Response:
    """Show how to begin; nobody is enrolled yet, and perhaps not even known."""
    if whose.base:
        reading.check_patient(db, whose.id)
    pages: Pages = request.app.state.pages
    earlier = _latest(db, whose, pages.language(request))
    notices = pages.notices_for(request)
    return pages.show(request, "welcome.html", whose=whose, earlier=earlier, notices=notices)


def _latest(db: Db, whose: PagePatient, language: Language) -> list[lists.Line]:
    if not reading.has_patient(db, whose.id):
        return []
    sessions, _ = store.list_sessions(db, patient_id=whose.id, limit=ON_TODAY)
    return [lists.line(one, language) for one in sessions]


def _tempo(db: Db, patient_id: UUID, course: Course, now: datetime) -> list[TempoDay]:
    """Return the tempo of the core exercise on the last days."""
    core = [one.id for one in course.programme.exercises.values() if one.is_core]
    counts: dict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    since = now - timedelta(days=DAYS)
    for at, timed, in_tempo in reading.list_tempo(db, patient_id, core, since, now):
        on = local_date(at, course.zone)
        counts[on] = (counts[on][0] + timed, counts[on][1] + in_tempo)
    return [TempoDay(on, timed, in_tempo) for on, (timed, in_tempo) in sorted(counts.items())]


def _on(told: list[Told], course: Course, on: date) -> list[Told]:
    """Return what was told on one day."""
    return [one for one in told if local_date(one.at, course.zone) == on]


def _bounds(on: date, course: Course) -> tuple[datetime, datetime]:
    begins, ends = (
        datetime.combine(day, time.min, course.zone).astimezone(UTC) for day in (on, on + ONE_DAY)
    )
    return begins, ends
