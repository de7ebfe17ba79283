"""What the sessions of a span add up to: by week, by exercise, and in all. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import fmean
from typing import Final, TypeVar

from api.models import SetRow
from api.reports.reading import Days, Sitting, ToldPain
from api.today_schemas import CalendarDay

WEEK: Final = timedelta(days=7)
Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a number of sets add up to; None where no set says it.

    `n_counted` is the number of sets that have repetitions at all: a stretch and a run have none.
    `dose_s` counts core exercises alone; `eccentric_mean_s` and `peak_mean_deg` are means of the
    sets, each as heavy as its repetitions.
    """

    n_sets: int
    n_counted: int
    reps: int
    in_tempo: int | None
    dose_s: float | None
    dose_prescribed_s: float | None
    eccentric_mean_s: float | None
    peak_mean_deg: float | None
    coverage: float | None

    @property
    def in_tempo_share(self) -> float | None:
        """The share of the counted repetitions that were in tempo."""
        return None if self.in_tempo is None or not self.reps else self.in_tempo / self.reps


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days, or what of them is in the span.

    `sessions_due` and `dose_due_s` are those of the programme, None without one.
    """

    first_on: date
    last_on: date
    sessions: int
    training_days: int
    sessions_due: int | None
    dose_due_s: float | None
    core: Sum
    pain_worst: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Everything that a report counts."""

    sessions: int
    training_days: int
    sessions_due: int | None
    dose_due_s: float | None
    core: Sum
    weeks: list[Week]
    exercises: dict[str, Sum] = field(default_factory=dict)
    pain_worst: int | None = None


def add_up(sets: Iterable[SetRow]) -> Sum:
    """Add up sets."""
    listed = list(sets)
    tempo = [one for one in listed if one.in_tempo is not None]
    doses = [one.dose_s for one in listed if one.dose_s is not None]
    dues = [one.dose_prescribed_s for one in listed if one.dose_prescribed_s is not None]
    covered = [one.coverage for one in listed if one.coverage is not None]
    return Sum(
        n_sets=len(listed),
        n_counted=sum(one.reps is not None for one in listed),
        reps=sum(one.reps or 0 for one in listed),
        in_tempo=sum(one.in_tempo or 0 for one in tempo) if tempo else None,
        dose_s=sum(doses) if doses else None,
        dose_prescribed_s=sum(dues) if dues else None,
        eccentric_mean_s=_mean(listed, "eccentric_mean_s"),
        peak_mean_deg=_mean(listed, "peak_mean_deg"),
        coverage=fmean(covered) if covered else None,
    )


def totals(
    sittings: Sequence[Sitting],
    days: Days,
    planned: Sequence[CalendarDay] | None,
    pains: Sequence[ToldPain] = (),
) -> Totals:
    """Add up the sessions of a span.

    Parameters
    ----------
    sittings : sequence of Sitting
        Oldest first.
    days : Days
        The span.
    planned : sequence of CalendarDay, optional
        The days of the span as the programme has them.
    pains : sequence of ToldPain
        What was told between the sessions.

    """
    plan = {day.on: day for day in planned} if planned is not None else None
    weeks = []
    first_on = days.first_on
    while first_on <= days.last_on:
        last_on = min(first_on + WEEK - timedelta(days=1), days.last_on)
        weeks.append(_week(first_on, last_on, sittings, plan, pains))
        first_on += WEEK
    exercises = Counter(one.exercise for sitting in sittings for one in sitting.sets)
    return Totals(
        sessions=len(sittings),
        training_days=len({sitting.on for sitting in sittings}),
        sessions_due=_added(week.sessions_due for week in weeks),
        dose_due_s=_added(week.dose_due_s for week in weeks),
        core=add_up(one for sitting in sittings for one in sitting.core),
        weeks=weeks,
        exercises={
            name: add_up(
                one for sitting in sittings for one in sitting.sets if one.exercise == name
            )
            for name in exercises
        },
        pain_worst=_worst(sittings, pains),
    )


def _week(
    first_on: date,
    last_on: date,
    sittings: Sequence[Sitting],
    plan: Mapping[date, CalendarDay] | None,
    pains: Sequence[ToldPain],
) -> Week:
    within = [one for one in sittings if first_on <= one.on <= last_on]
    days = [day for on, day in (plan or {}).items() if first_on <= on <= last_on]
    is_planned = plan is not None
    return Week(
        first_on=first_on,
        last_on=last_on,
        sessions=len(within),
        training_days=len({one.on for one in within}),
        sessions_due=sum(day.sessions_due for day in days) if is_planned else None,
        dose_due_s=sum(day.dose.eccentric_due_s for day in days) if is_planned else None,
        core=add_up(one for sitting in within for one in sitting.core),
        pain_worst=_worst(within, [one for one in pains if first_on <= one.on <= last_on]),
    )


def _worst(sittings: Iterable[Sitting], pains: Iterable[ToldPain]) -> int | None:
    told = [pain for one in sittings for pain in (one.row.pain_before, one.row.pain_worst)]
    told += [one.pain for one in pains]
    return max((pain for pain in told if pain is not None), default=None)


def _mean(sets: Sequence[SetRow], name: str) -> float | None:
    known = [one for one in sets if getattr(one, name) is not None and one.reps]
    weight = sum(one.reps or 0 for one in known)
    return sum(getattr(one, name) * (one.reps or 0) for one in known) / weight if weight else None


def _added(values: Iterable[Number | None]) -> Number | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
