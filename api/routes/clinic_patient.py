"""The clinician's page of one patient."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from analysis import local_date
from api import course_reading as reading
from api import store
from api.access import Identity
from api.care import extra_weeks, questionnaires, trends, writing
from api.care.sport_gate import sport_gate
from api.course import Course
from api.db import transaction
from api.deps import Database, Db, Now, Who
from api.needs import listing, marks
from api.needs.marks import MarkKind
from api.pages import Pages, lists, patient_view
from api.pages.calendar_view import calendar_view
from api.pages.language import Language
from api.pages.needs_view import need_line
from api.settings import ApiSettings
from api.sport_phase import OWN_STATEMENTS
from api.today import calendar, plan_of, whole_programme
from api.today_schemas import CalendarDay
from api.zones import usual_zone

router = APIRouter(include_in_schema=False, prefix="/clinic/patients/{patient_id}")
LATEST: Final = 6
SNOOZE_DAYS: Final = (1, 3, 7, 14)
COUNTED: Final = timedelta(days=patient_view.COUNTED_DAYS + 1)


@router.get("")
def show_patient(
    request: Request,
    patient_id: UUID,
    *,
    db: Db,
    engine: Database,
    now: Now,
    who: Who,
    done: UUID | None = None,
) -> Response:
    """Show all that decides about a patient on one page; having looked counts as seen."""
    pages: Pages = request.app.state.pages
    language = pages.language(request)
    patient = store.get_patient(db, patient_id)
    listed = listing.find_listed(db, who, patient_id, now=now)
    course = reading.load_course(db, patient_id, now=now)
    totals = questionnaires.list_totals(db, patient_id)
    zone = ZoneInfo(_zone(request)) if course is None else course.zone
    today = local_date(now, zone)
    measured = trends.list_measured(db, patient_id, since=now - COUNTED, until=now)
    sessions, _ = store.list_sessions(db, patient_id=patient_id, limit=LATEST)
    mark = None if done is None else marks.find_mark(db, who, done)
    can_import = hasattr(request.app.state, "take_in")  # another package reads files
    shown = pages.show(
        request,
        "clinic_patient.html",
        patient=patient,
        can_import=can_import,
        line=None if listed is None else need_line(listed, language, now=now),
        here=f"/clinic/patients/{patient_id}",
        snooze_days=SNOOZE_DAYS,
        mark=mark,
        marked=patient,
        marks=marks.list_marks(db, who, patient_id),
        notes=writing.list_notes(db, who, patient_id),
        messages=writing.list_messages(db, who, patient_id),
        injuries=store.list_injury_episodes(db, patient_id),
        counter=patient_view.counter(measured, now, zone, language),
        totals=patient_view.totals_views(totals, today, language),
        instruments=list(questionnaires.load_questionnaires().values()),
        latest=[lists.line(one, language) for one in sessions],
        course=None if course is None else _course(db, patient_id, course, language, now),
        today=today,
        new_id=uuid4,
    )
    if listed is not None and listed.is_new:
        _keep_seen(engine, who, patient_id, now)
    return shown


def _course(
    db: Db, patient_id: UUID, course: Course, language: Language, now: datetime
) -> dict[str, Any]:
    """Gather what only a patient on a programme has."""
    plan, whole = plan_of(course, now), whole_programme(course)
    today = local_date(now, course.zone)
    days = calendar(course, whole.start_on, whole.last_on, now).days
    names = list(course.programme.exercises)
    found = trends.list_trends(db, patient_id, names, since=_begins(course, days), until=now)
    enrolment, injury, _ = reading.get_enrolment(db, patient_id)
    so_far = [day for day in days if day.on <= today and day.day is not None] or days[:1]
    added = reading.list_extra_weeks(db, injury.id)
    return {
        "plan": plan,
        "injury": injury,
        "enrolment": enrolment,
        "is_own_statement": enrolment.sport_confirmed_by in OWN_STATEMENTS,
        "gate": sport_gate(course, now),
        "sports": [(one.id, one.name[language.code]) for one in course.programme.sports.values()],
        "name": course.programme.name[language.code],
        "block": extra_weeks.block_now(course, now),
        "added": [(one, language.short_day(one.added_at)) for one in added],
        "calendar": calendar_view(days, today, language),
        "trends": patient_view.trends(course, so_far, found, language),
        "legs": patient_view.legs(found, course, language),
    }


def _begins(course: Course, days: list[CalendarDay]) -> datetime:
    return datetime.combine(days[0].on, datetime.min.time(), course.zone)


def _keep_seen(engine: Database, who: Identity, patient_id: UUID, now: datetime) -> None:
    """Keep that the reader has looked, in a transaction of its own: the page only reads."""
    with transaction(engine, writes=True) as db:
        marks.add_mark(db, who, patient_id, MarkKind.SEEN, now=now)


def _zone(request: Request) -> str:
    settings: ApiSettings = request.app.state.settings
    return usual_zone(settings)
