"""Today's plan: what is due, what is done, what is left.

It follows from the dates, the prescriptions and the history alone. Pain changes nothing here:
what may follow from it is advice (programme_advice.py), which a person accepts or not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum

from analysis.exercise import Exercise
from analysis.programme import Programme, SportDay, SportPart
from analysis.programme_calendar import (
    DAYS_PER_WEEK,
    local_date,
    programme_day,
    sport_day_index,
    sport_of,
    sport_week,
    stage_day,
    week_of,
)
from analysis.programme_history import Enrolment, History, SessionRecord, SetRecord
from analysis.samples import Side


class DayKind(StrEnum):
    """What kind of day it is."""

    NOT_STARTED = "not_started"
    REST_AFTER_TEAR = "rest_after_tear"
    REST = "rest"
    TRAINING = "training"
    SPORT = "sport"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedExercise:
    """An exercise of today, for all of its sessions; with two legs, sets of each leg."""

    exercise: Exercise
    sets_due: int
    sets_done: int

    @property
    def sets_left(self) -> int:
        """Sets still to do today; extra ones are not held against another exercise."""
        return max(0, self.sets_due - self.sets_done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """The core exercise's repetitions and eccentric seconds of a day."""

    reps_due: int
    reps_done: int
    eccentric_due_s: float
    eccentric_done_s: float

    @property
    def percent(self) -> float | None:
        """The lower of the two shares, at most 100; None when nothing was due."""
        if not self.reps_due or not self.eccentric_due_s:
            return None
        shares = (self.reps_done / self.reps_due, self.eccentric_done_s / self.eccentric_due_s)
        return 100 * min(1.0, *shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSport:
    """A sport session at the level that was accepted.

    Parameters
    ----------
    is_held_back : bool
        It is explosive and too soon after an injection.

    """

    day: SportDay
    stage_id: str
    level: int
    parts: tuple[SportPart, ...]
    speed_percent: float | None
    is_held_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The plan of one date. `day` and `week` count from 1; `sport_week` as the stages do."""

    on: date
    kind: DayKind
    day: int | None
    week: int | None
    sport_week: int | None
    minutes: float | None
    exercises: tuple[PlannedExercise, ...]
    sessions_due: int
    sessions_done: int
    sessions_partial: int
    dose: Dose
    sport: PlannedSport | None

    @property
    def sessions_left(self) -> int:
        """Sessions still to do today; what another day lacked is not caught up."""
        return max(0, self.sessions_due - self.sessions_done)


def plan_today(
    programme: Programme,
    enrolment: Enrolment,
    history: History,
    now: datetime,
    zone: tzinfo,
) -> Today:
    """Work out the plan of the date that it now is in the patient's time zone.

    Parameters
    ----------
    programme : Programme
        See `load_programme`.
    enrolment, history
        What was agreed and done; what lies after `now` is not seen.
    now : datetime
        With a time zone.
    zone : tzinfo
        The patient's time zone, which decides what "today" is.

    Raises
    ------
    ValueError
        If an instant has no time zone.

    """
    on = local_date(now, zone)
    day = programme_day(programme, enrolment, history, on)
    index = sport_day_index(programme, enrolment, history, on)
    kind, sport = _kind_and_sport(programme, enrolment, history, on)
    week = None if day is None else week_of(day)
    is_training = kind is DayKind.TRAINING and week is not None
    block = programme.block_of(week) if is_training and week is not None else None
    ordered = [] if block is None else _ordered(programme, block.slots, enrolment, on)
    sessions = [s for s in history.sessions if s.at <= now and local_date(s.at, zone) == on]
    done = [record for session in sessions for record in session.sets]
    n_due = programme.sessions_per_day if ordered else 0
    counted = sum(counts_as_session(programme, session) for session in sessions)
    way = sport_of(programme, enrolment)
    return Today(
        on=on,
        kind=kind,
        day=day,
        week=week,
        sport_week=None if way is None or index is None else sport_week(way, index),
        minutes=None if block is None else block.minutes,
        exercises=tuple(
            PlannedExercise(
                exercise=exercise,
                sets_due=exercise.sets * n_due,
                sets_done=_sets_done(exercise, slot, done),
            )
            for exercise, slot in ordered
        ),
        sessions_due=n_due,
        sessions_done=counted,
        sessions_partial=sum(bool(session.sets) for session in sessions) - counted,
        dose=_dose(programme, [exercise for exercise, _ in ordered], done, n_due),
        sport=sport,
    )


def day_kind(programme: Programme, enrolment: Enrolment, history: History, on: date) -> DayKind:
    """Return what kind of day a date is; the plan itself costs many times as much."""
    return _kind_and_sport(programme, enrolment, history, on)[0]


def core_ids(programme: Programme) -> frozenset[str]:
    """Return the exercises whose eccentric time is the programme's headline dose."""
    return frozenset(name for name, exercise in programme.exercises.items() if exercise.is_core)


def counts_as_session(programme: Programme, session: SessionRecord) -> bool:
    """Say whether enough core sets were done for a sitting to count as a session."""
    n_core = sum(
        record.reps_done > 0 and record.exercise_id in core_ids(programme)
        for record in session.sets
    )
    return n_core >= programme.settings["core_sets_for_session"]


def _kind_and_sport(
    programme: Programme, enrolment: Enrolment, history: History, on: date
) -> tuple[DayKind, PlannedSport | None]:
    day = programme_day(programme, enrolment, history, on)
    if day is None:
        is_torn = enrolment.tear_on is not None and enrolment.tear_on <= on
        is_due = on >= enrolment.start_on
        return (DayKind.REST_AFTER_TEAR if is_torn and is_due else DayKind.NOT_STARTED), None
    if on in history.rest_days:
        return DayKind.REST, None
    index = sport_day_index(programme, enrolment, history, on)
    way = sport_of(programme, enrolment)
    if way is not None and index is not None:
        staged = stage_day(way, index)
        if staged is None:
            return DayKind.FINISHED, None
        stage, day_id = staged
        if day_id not in way.days:
            return DayKind.TRAINING, None
        planned = _planned_sport(programme, enrolment, way.days[day_id], stage.id, on)
        return DayKind.SPORT, planned
    is_over = week_of(day) > programme.max_weeks
    return (DayKind.FINISHED if is_over else DayKind.TRAINING), None


def _planned_sport(
    programme: Programme, enrolment: Enrolment, day: SportDay, stage_id: str, on: date
) -> PlannedSport:
    level = enrolment.accepted_levels.get(day.id, 0)
    speed = day.speed_percent
    quiet_days = programme.settings.get("injection_weeks_quiet", 0) * DAYS_PER_WEEK
    injected_on = enrolment.injection_on
    is_quiet = injected_on is not None and 0 <= (on - injected_on).days < quiet_days
    return PlannedSport(
        day=day,
        stage_id=stage_id,
        level=level,
        parts=tuple(replace(p, duration_s=p.duration_s + level * p.step_s) for p in day.parts),
        speed_percent=None
        if speed is None
        else min(day.speed_max_percent, speed + level * day.step_percent),
        is_held_back=day.is_explosive and is_quiet,
    )


def _ordered(
    programme: Programme, slots: Iterable[Sequence[str]], enrolment: Enrolment, on: date
) -> list[tuple[Exercise, Sequence[str]]]:
    """Return the exercises of the block as prescribed on that date, with their slots."""
    ordered = []
    for slot in slots:
        chosen = next((name for name in slot if name in enrolment.choices), slot[0])
        orders = [p for p in enrolment.prescriptions if p.exercise.id == chosen and p.from_on <= on]
        latest = max(orders, key=lambda p: p.from_on, default=None)
        if latest is None:
            ordered.append((programme.exercises[chosen], slot))
        elif not latest.is_stopped:
            ordered.append((latest.exercise, slot))
    return ordered


def _sets_done(exercise: Exercise, slot: Sequence[str], done: Iterable[SetRecord]) -> int:
    """Count the sets of any variant; where each leg trains, those of the leg that did fewer."""
    sides = [record.side for record in done if record.exercise_id in slot]
    if exercise.side != "both":
        return len(sides)
    return min(sum(side in (None, leg) for side in sides) for leg in Side)


def _dose(
    programme: Programme, ordered: Iterable[Exercise], done: Sequence[SetRecord], n_due: int
) -> Dose:
    core = [exercise for exercise in ordered if exercise.is_core]
    reps = [n_due * exercise.sets * (exercise.reps or 0) for exercise in core]
    records = [record for record in done if record.exercise_id in core_ids(programme)]
    return Dose(
        reps_due=sum(reps),
        reps_done=sum(record.reps_done for record in records),
        eccentric_due_s=sum(
            n * (exercise.eccentric_s or 0.0) for n, exercise in zip(reps, core, strict=True)
        ),
        eccentric_done_s=sum(record.eccentric_s or 0.0 for record in records),
    )
