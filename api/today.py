"""The plan of a day and the calendar, worked out from a course; everything here is a pure function.

A day that is over is judged as it stood at its end, one to come as it is planned now.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from analysis import (
    Advice,
    DayKind,
    Exercise,
    PlannedExercise,
    PlannedSport,
    Programme,
    SessionRecord,
    Today,
    advice_text,
    first_training_date,
    local_date,
    plan_today,
)
from api.course import Course
from api.offers import QUESTIONS, RestOffer, answered_today, offer_of, standing_advice
from api.today_schemas import (
    AdvicePublic,
    AnsweredAdvice,
    CalendarDay,
    CalendarPublic,
    DosePublic,
    OfferPublic,
    OrderedPublic,
    PlannedExercisePublic,
    PlannedSportPublic,
    SportPartPublic,
    TodayPublic,
    Words,
)

ONE_DAY: Final = timedelta(days=1)
LONGEST_STREAK: Final = timedelta(days=400)  # what lies further back is not looked at
TICK: Final = timedelta(microseconds=1)


def today_public(course: Course, now: datetime) -> TodayPublic:
    """Return the plan of the day that it now is for the patient."""
    today = plan_of(course, now)
    block = None if today.week is None else course.programme.block_of(today.week)
    return TodayPublic(
        on=today.on,
        time_zone=str(course.zone),
        programme=course.programme.id,
        side=None if course.side is None else course.side.value,
        kind=today.kind.value,
        day=today.day,
        week=today.week,
        block_weeks=None if block is None else block.weeks,
        sport_week=today.sport_week,
        minutes=today.minutes,
        exercises=[_exercise(planned) for planned in today.exercises],
        sessions_due=today.sessions_due,
        sessions_done=today.sessions_done,
        sessions_partial=today.sessions_partial,
        sessions_left=today.sessions_left,
        dose=_dose(today),
        sport=None if today.sport is None else sport_public(course, today.sport),
        streak_days=streak_days(course, now),
        advice=[_advice(one, course, now) for one in standing_advice(course, now)],
        answered=[
            AnsweredAdvice(id=one.id, key=one.key, answer=one.answer, answered_at=one.at)
            for one in answered_today(course, now)
        ],
    )


def calendar(course: Course, first_on: date, last_on: date, now: datetime) -> CalendarPublic:
    """Return the days from `first_on` to `last_on`, both included."""
    visits = _visits_by_date(course)
    dates = [first_on + n * ONE_DAY for n in range(max(0, (last_on - first_on).days + 1))]
    return CalendarPublic(
        first_training_on=first_training_date(course.programme, course.enrolment),
        days=[_day(course, on, now, visits.get(on, ())) for on in dates],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days of a programme: the agreed start, the first day of training, and the last one."""

    start_on: date
    first_training_on: date
    last_on: date


def whole_programme(course: Course) -> Span:
    """Return the days of the programme, which extra weeks and rest days make longer."""
    programme, enrolment = course.programme, course.enrolment
    first_on = first_training_date(programme, enrolment)
    n_weeks = programme.max_weeks + sum(enrolment.extra_weeks.values())
    last_on = first_on + timedelta(weeks=n_weeks) - ONE_DAY
    for rest_on in sorted(course.history.rest_days):
        last_on += ONE_DAY if first_on <= rest_on <= last_on else timedelta(0)
    start_on = min(first_on, enrolment.start_on)
    return Span(start_on=start_on, first_training_on=first_on, last_on=last_on)


def plan_of(course: Course, now: datetime) -> Today:
    """Return the plan of the day that it now is for the patient."""
    return plan_today(course.programme, course.enrolment, course.history, now, course.zone)


def plan_on(course: Course, on: date, now: datetime) -> Today:
    """Return the plan of any day: with all of its visits up to now."""
    return _plan(course, on, now, course.history.sessions)


def streak_days(course: Course, now: datetime) -> int:
    """Return for how many days the patient has trained without leaving one out.

    Days on which nothing was due (rest, also a chosen one, and sport) neither count nor end it.
    Today does not end it either: it is not over.
    """
    visits = _visits_by_date(course)
    on, n_days = local_date(now, course.zone), 0
    begun_on = first_training_date(course.programme, course.enrolment)
    first_on = max(begun_on, on - LONGEST_STREAK)
    is_today = True
    while on >= first_on:
        today = _plan(course, on, now, visits.get(on, ()))
        is_done = today.sessions_done + today.sessions_partial > 0
        if today.sessions_due and not is_done and not is_today:
            break
        n_days += is_done
        on, is_today = on - ONE_DAY, False
    return n_days


def _plan(course: Course, on: date, now: datetime, visits: Sequence[SessionRecord]) -> Today:
    """Return the plan of a day, given at least its own visits."""
    is_today = on == local_date(now, course.zone)
    history = replace(course.history, sessions=tuple(v for v in visits if v.at <= now))
    moment = now if is_today else _end_of(on, course.zone)
    return plan_today(course.programme, course.enrolment, history, moment, course.zone)


def _visits_by_date(course: Course) -> dict[date, list[SessionRecord]]:
    """Return the visits of each day, so that many days cost no more than one look at them."""
    visits: dict[date, list[SessionRecord]] = defaultdict(list)
    for visit in course.history.sessions:
        visits[local_date(visit.at, course.zone)].append(visit)
    return visits


def exercise_words(exercise: Exercise) -> Words:
    """Return the name of an exercise."""
    return Words(en=exercise.name_en, nl=exercise.name_nl)


def words_of(text: Mapping[str, str]) -> Words:
    """Return a text of the programme."""
    return Words(en=text["en"], nl=text["nl"])


def _day(course: Course, on: date, now: datetime, visits: Sequence[SessionRecord]) -> CalendarDay:
    today = _plan(course, on, now, visits)
    diary = course.history.sport
    sports = [one for one in diary if one.at <= now and local_date(one.at, course.zone) == on]
    visits = [visit for visit in visits if visit.at <= now]
    pains = [visit.pain for visit in visits] + [record.pain_worst for record in sports]
    sore = [visit.soreness_start for visit in visits]
    sport = today.sport.day if today.kind is DayKind.SPORT and today.sport else None
    # A sport that was led here and told in the diary as well is one.
    led = [
        one for one in visits if sport and any(s.exercise_id == sport.exercise for s in one.sets)
    ]
    return CalendarDay(
        on=on,
        kind=today.kind.value,
        day=today.day,
        week=today.week,
        sessions_due=today.sessions_due,
        sessions_done=today.sessions_done,
        sessions_partial=today.sessions_partial,
        is_self_reported=on in course.self_reported_on,
        dose=_dose(today),
        pain=max((pain for pain in pains if pain is not None), default=None),
        soreness=max((one for one in sore if one is not None), default=None),
        sport_day=None if sport is None else sport.id,
        sports_done=max(len(sports), len(led)),
    )


def _end_of(on: date, zone: tzinfo) -> datetime:
    """Return the last instant of a date; days of 23 and 25 hours end where they do."""
    return datetime.combine(on + ONE_DAY, time.min, zone).astimezone(UTC) - TICK


def _exercise(planned: PlannedExercise) -> PlannedExercisePublic:
    exercise, ordered = planned.exercise, planned.prescription
    is_ordered = ordered is not None and ordered.version is not None
    return PlannedExercisePublic(
        exercise=exercise.id,
        name=exercise_words(exercise),
        posture=Words(en=exercise.posture_en, nl=exercise.posture_nl),
        movement=exercise.movement.value,
        side=exercise.side,
        is_measured=exercise.is_measurable,
        is_core=exercise.is_core,
        sets=exercise.sets,
        reps=exercise.reps,
        hold_s=exercise.hold_s,
        eccentric_s=exercise.eccentric_s,
        rest_s=exercise.rest_s,
        sets_due=planned.sets_due,
        sets_done=planned.sets_done,
        sets_left=planned.sets_left,
        tempo_s=None if exercise.eccentric_s is None else exercise.in_tempo_s,
        peak_deg=exercise.peak_deg,
        prescription=OrderedPublic(
            id=ordered.order_id,
            version=ordered.version,
            from_on=ordered.from_on,
            leg=None if ordered.leg is None else ordered.leg.value,
            band=ordered.band,
            is_band_double=ordered.is_band_double,
        )
        if ordered is not None and is_ordered
        else None,
    )


def _dose(today: Today) -> DosePublic:
    dose = today.dose
    return DosePublic(
        reps_due=dose.reps_due,
        reps_done=dose.reps_done,
        eccentric_due_s=dose.eccentric_due_s,
        eccentric_done_s=round(dose.eccentric_done_s, 3),
        percent=dose.percent,
    )


def sport_public(course: Course, planned: PlannedSport) -> PlannedSportPublic:
    """Return a sport session of the sport that the patient chose."""
    day = planned.day
    sport_id = course.enrolment.sport_id or ""
    sport = course.programme.sports[sport_id]
    return PlannedSportPublic(
        sport=sport_id,
        stage=planned.stage_id,
        day=day.id,
        exercise=day.exercise,
        level=planned.level,
        text=words_of(day.texts),
        rounds=day.rounds,
        parts=[
            SportPartPublic(
                activity=part.activity,
                duration_s=part.duration_s,
                backward_every_s=part.backward_every_s,
                backward_s=part.backward_s,
            )
            for part in planned.parts
        ],
        courses_m=list(day.courses_m),
        series_by=day.series_by.value,
        rest_s=day.rest_s,
        speed_percent=planned.speed_percent,
        cadence_min_per_min=day.cadence_min_per_min,
        pain_max=day.pain_max,
        is_held_back=planned.is_held_back,
        opening=list(sport.opening),
        checklist=[words_of(line) for line in sport.checklist],
    )


def _advice(advice: Advice, course: Course, now: datetime) -> AdvicePublic:
    rule = advice.rule
    offer = offer_of(advice, course, now)
    return AdvicePublic(
        key=advice.key,
        code=rule.code,
        exercise=advice.exercise_id,
        kind=rule.kind.value,
        text=_said(course.programme, advice),
        is_stated=rule.is_stated,
        because=dict(advice.because),
        question=QUESTIONS.get(rule.code),
        offer=None
        if offer is None
        else OfferPublic(do="rest_days", from_on=offer.from_on, days=offer.days)
        if isinstance(offer, RestOffer)
        else OfferPublic(do="sport_level", day=offer.day, level=offer.level),
    )


def _said(programme: Programme, advice: Advice) -> Words:
    return Words(en=advice_text(programme, advice, "en"), nl=advice_text(programme, advice, "nl"))
