"""What the pages of a prescription show: what stands, how it came about, what a day asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from analysis import PlannedExercise, Programme, Today
from api.course import Course
from api.models import PrescriptionRow
from api.pages import prescription_words as said
from api.pages import words
from api.pages.language import N_, Language
from api.prescribing.changes import changes
from api.prescribing.checks import exercises_of
from api.prescribing.standing import Version, prescriptions_of
from api.today import plan_on

NEWS_FOR: Final = timedelta(days=14)  # so long a change is told on the page of the day
KINDS: Final = {
    "not_started": N_("The programme has not begun on this day."),
    "rest_after_tear": N_("Rest after the tear."),
    "rest": N_("A rest day."),
    "sport": N_("A day of the return to sport."),
    "finished": N_("The programme is over on this day."),
}


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What was ordered of one exercise."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """One change: who, when, why, and what."""

    number: int
    at: str
    iso: str
    ordered_at: str | None
    by: str
    reason: str
    undoes: int | None
    lines: list[str]


@dataclass(frozen=True, slots=True)
class DayLine:
    """An exercise of a day, and how it was before, where that is another."""

    name: str
    words: str
    before: str | None


@dataclass(frozen=True, slots=True)
class DayView:
    """What a day asks; `note` where there is nothing to train, or something else."""

    title: str
    note: str | None
    lines: list[DayLine]


def standing_lines(
    programme: Programme, orders: Sequence[PrescriptionRow], today: date, language: Language
) -> list[OrderLine]:
    """Return what stands and has not ended, one line each, in the programme's order."""
    return [
        OrderLine(
            words.exercise_name(exercise.id, language),
            said.order_words(order, exercise, language),
        )
        for exercise in exercises_of(programme)
        for order in orders
        if order.exercise == exercise.id and (order.ends_on is None or order.ends_on >= today)
    ]


def version_views(versions: Sequence[Version], language: Language) -> list[VersionView]:
    """Return the history, newest first."""
    views = []
    before: Sequence[PrescriptionRow] = ()
    for version in versions:
        views.append(version_view(version, before, language))
        before = version.orders
    return views[::-1]


def version_view(
    version: Version, before: Sequence[PrescriptionRow], language: Language
) -> VersionView:
    """Return one change, against what stood before it."""
    return VersionView(
        number=version.number,
        at=language.moment(version.made_at),
        iso=version.made_at.isoformat(),
        ordered_at=None if version.ordered_at is None else language.moment(version.ordered_at),
        by=version.made_by,
        reason=version.reason,
        undoes=version.undoes,
        lines=said.changes_words(changes(before, version.orders), language),
    )


def news(course: Course, now: datetime, language: Language) -> list[VersionView]:
    """Return the changes of the last days for the patient, newest first."""
    views = version_views(course.versions, language)
    fresh = {one.number for one in course.versions if now - one.made_at <= NEWS_FOR}
    return [view for view in views if view.number in fresh and view.lines]


def with_draft(course: Course, orders: Sequence[PrescriptionRow], now: datetime) -> Course:
    """Return a course as it would be if orders stood from now on."""
    draft = Version(
        number=len(course.versions) + 1, made_at=now, made_by="", reason="", orders=tuple(orders)
    )
    versions = (*course.versions, draft)
    held = prescriptions_of(versions, course.programme.exercises, course.zone)
    return replace(course, enrolment=replace(course.enrolment, prescriptions=held))


def day_view(
    course: Course,
    on: date,
    now: datetime,
    language: Language,
    *,
    before: Course | None = None,
) -> DayView:
    """Return what a day asks of the patient, against what it asked before a change."""
    plan = plan_on(course, on, now)
    earlier = {} if before is None else _told(plan_on(before, on, now), language)
    told = _told(plan, language)
    lines = []
    for exercise_id, line in told.items():
        was = earlier.get(exercise_id)
        is_other = before is not None and was != line
        old = (was or language.say(N_("not asked"))) if is_other else None
        lines.append(DayLine(words.exercise_name(exercise_id, language), line, old))
    lines += [
        DayLine(words.exercise_name(one, language), language.say(N_("not asked")), line)
        for one, line in earlier.items()
        if one not in told
    ]
    kind = KINDS.get(plan.kind.value)
    return DayView(
        title=language.day_title(on), note=None if kind is None else language.say(kind), lines=lines
    )


def _told(plan: Today, language: Language) -> dict[str, str]:
    return {one.exercise.id: _planned(one, language) for one in plan.exercises}


def _planned(planned: PlannedExercise, language: Language) -> str:
    line = said.exercise_words(planned.exercise, language)
    order = planned.prescription
    if order is None:
        return line
    parts = [line]
    if order.leg is not None:
        parts.append(language.say(said.LEGS[order.leg.value]))
    if order.band is not None or order.is_band_double is not None:
        parts.append(said.band_label(order.band, is_double=order.is_band_double, language=language))
    return " · ".join(parts)
