"""What the pages of the return to sport show: the days, their drawings, the diary."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from analysis import DayKind, PlannedSport, local_date
from api.course import Course
from api.course_schemas import DiaryCreate
from api.pages.language import N_, Language
from api.pages.today_view import series_words, sport_lines
from api.pages.words import exercise_name
from api.today import plan_on, sport_public, whole_programme
from api.today_schemas import PlannedSportPublic

BESIDE: Final = {
    "cycling": N_("Cycling"),
    "quadriceps": N_("Strength training of the front of the thigh"),
    "other": N_("Something else"),
}
DAY_NAMES: Final = {
    "walk_jog": N_("Walk and jog"),
    "jog": N_("Jog"),
    "sprint": N_("Sprint courses"),
    "training": N_("Normal training"),
    "ride": N_("Ride"),
}
TRACK_WIDTH: Final = 680.0  # of the drawing, in its own units
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One part of a course, from `x` on: how it is run and how far, drawn and in words."""

    kind: str
    x: float
    width: float
    metres: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SportDayView:
    """One day of a sport, at the patient's level."""

    id: str
    title: str
    words: str
    lines: list[str]
    opening: list[str]
    checklist: list[str]
    courses: list[list[Stretch]]
    series: str
    eights: int
    eight_m: str | None
    level: int
    pain_max: int
    is_held_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiaryLine:
    """One entry of the sport diary in words."""

    id: str
    what: str
    when: str
    notes: str | None


def sport_day_view(
    course: Course, sport_id: str, day_id: str, language: Language, now: datetime
) -> SportDayView:
    """Return one day of a sport, as it comes next; before sport began, as it begins.

    Raises
    ------
    KeyError
        If the programme has no such sport or day.

    """
    chosen = replace(course, enrolment=replace(course.enrolment, sport_id=sport_id))
    planned = _next(chosen, day_id, now) or _beginning(chosen, sport_id, day_id)
    told = sport_public(chosen, planned)
    is_dutch = language.code == "nl"
    day = planned.day
    return SportDayView(
        id=day_id,
        title=day_title(day_id, language),
        words=told.text.nl if is_dutch else told.text.en,
        lines=sport_lines(_undrawn(told), language),
        opening=[exercise_name(name, language) for name in told.opening],
        checklist=[line.nl if is_dutch else line.en for line in told.checklist],
        courses=_courses(told, language),
        series=series_words(told, language),
        eights=day.eights,
        eight_m=None if day.eight_m is None else language.number(day.eight_m, 0),
        level=planned.level,
        pain_max=round(told.pain_max),
        is_held_back=told.is_held_back,
    )


def day_title(day_id: str, language: Language) -> str:
    """Name a day of sport; one of a programme written later has its own id as name."""
    return language.say(DAY_NAMES.get(day_id, day_id.replace("_", " ").capitalize()))


def diary_lines(
    entries: Iterable[DiaryCreate], course: Course, language: Language
) -> list[DiaryLine]:
    """Write the diary out, in the order given."""
    return [
        DiaryLine(
            id=str(entry.id),
            what=_what(entry, language),
            when=language.calendar_day(local_date(entry.at, course.zone)),
            notes=entry.notes,
        )
        for entry in entries
    ]


def _what(entry: DiaryCreate, language: Language) -> str:
    if entry.day is not None:
        name = day_title(entry.day, language)
    else:
        name = language.say(BESIDE.get(entry.sport or "other", entry.sport or ""))
    said = [name]
    if entry.minutes is not None:
        said.append(language.say(N_("%(n)s min"), n=entry.minutes))
    if entry.pain_worst is not None:
        said.append(language.say(N_("pain %(n)s of 10"), n=entry.pain_worst))
    if not entry.is_complete:
        said.append(language.say(N_("not finished")))
    if entry.has_returned_complaints:
        said.append(language.say(N_("complaints came back")))
    return ", ".join(said)


def _next(course: Course, day_id: str, now: datetime) -> PlannedSport | None:
    """Return the next time that the programme holds this day, from today on."""
    if course.enrolment.sport_from is None:
        return None
    on: date = local_date(now, course.zone)
    last_on = whole_programme(course).last_on
    while on <= last_on:
        plan = plan_on(course, on, now)
        if plan.kind is DayKind.SPORT and plan.sport is not None and plan.sport.day.id == day_id:
            return plan.sport
        on += ONE_DAY
    return None


def _beginning(course: Course, sport_id: str, day_id: str) -> PlannedSport:
    sport = course.programme.sports[sport_id]
    day = sport.days[day_id]
    stage = next((one for one in sport.stages if day_id in one.cycle), sport.stages[0])
    return PlannedSport(
        day=day,
        stage_id=stage.id,
        level=0,
        parts=day.parts,
        speed_percent=day.speed_percent,
        is_held_back=False,
    )


def _undrawn(sport: PlannedSportPublic) -> PlannedSportPublic:
    """Leave out what the drawing of the courses says better."""
    return sport.model_copy(update={"courses_m": [], "rounds": 1}) if sport.courses_m else sport


def _courses(sport: PlannedSportPublic, language: Language) -> list[list[Stretch]]:
    """Lay the courses out to one scale, the longest over the whole width."""
    longest_m = max((sum(course) for course in sport.courses_m), default=0.0)
    drawn = []
    for course in sport.courses_m:
        x, stretches = 0.0, []
        for kind, metres in zip(("run-up", "sprint", "run-out"), course, strict=True):
            width = TRACK_WIDTH * metres / longest_m
            stretches.append(
                Stretch(
                    kind=kind,
                    x=round(x, 1),
                    width=round(width, 1),
                    metres=language.number(metres, 0 if float(metres).is_integer() else 1),
                )
            )
            x += width
        drawn.append(stretches)
    return drawn
