"""What the rules know of a patient: numbers of the last days, and when silence begins.

Everything here is a pure function. A week is judged up to the last sign of life and no further:
what lies after it was not done or not sent, and nobody can tell which. That is silence, and a
group of its own.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from statistics import fmean
from typing import Final, NamedTuple

from analysis import (
    DayKind,
    Enrolment,
    History,
    Programme,
    core_ids,
    day_kind,
    first_training_date,
    local_date,
    programme_day,
    week_of,
)

ONE_DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
WINDOW: Final = 2 * WEEK  # how far back the rules look from the last sign of life
LONGEST_COURSE_DAYS: Final = 800  # a year of the longest programme and its rest, twice over
RECENT: Final = 4  # sessions: two days of training
LEAST_SESSIONS: Final = 3  # of those and of the ones before, or nothing is compared
LEAST_PAIN_DAYS: Final = 2  # with an answer, in each of two weeks
SIGNAL_SESSIONS: Final = 2
DUE: Final = frozenset({DayKind.TRAINING, DayKind.SPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One sign of life: a sitting, or answers without one.

    Parameters
    ----------
    at : datetime
        When, with a time zone.
    has_sets, is_measured : bool
        Whether it was a training, and whether a sensor measured it.
    pain : int, optional
        The highest of the visit, 0 to 10.
    has_warning_signs : bool, optional
        None when it was not asked.
    dose_s, dose_due_s : float, optional
        Eccentric seconds of the core exercise, delivered and prescribed.
    tempo_s : float, optional
        Mean eccentric duration of the core exercise.
    asked : Asked, optional
        By what tempo it was judged; None where that is the programme's own.
    coverage : float, optional
        Of the set with the poorest signal, as a share of 1.

    """

    at: datetime
    has_sets: bool = False
    is_measured: bool = False
    pain: int | None = None
    has_warning_signs: bool | None = None
    dose_s: float | None = None
    dose_due_s: float | None = None
    tempo_s: float | None = None
    asked: "Asked | None" = None
    coverage: float | None = None


class Asked(NamedTuple):
    """The tempo that was asked for, and from where on it was kept, in seconds."""

    tempo_s: float
    low_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed with a patient, as far as the rules ask.

    Parameters
    ----------
    rest_days : frozenset of date
        Those that the patient took.
    sport_unconfirmed : bool
        The patient began with sport on an own statement.
    improved_at : datetime, optional
        When the patient last said that complaints are clearly less; None after a "no".

    """

    programme: Programme
    enrolment: Enrolment
    zone: tzinfo
    rest_days: frozenset[date] = frozenset()
    sport_unconfirmed: bool = False
    improved_at: datetime | None = None

    @property
    def first_on(self) -> date:
        """The first day of training."""
        return first_training_date(self.programme, self.enrolment)

    def kind(self, on: date) -> DayKind:
        """Return what kind of day a date is."""
        return day_kind(self.programme, self.enrolment, History(rest_days=self.rest_days), on)

    def week(self, on: date) -> int | None:
        """Return the week of the programme, from 1."""
        history = History(rest_days=self.rest_days)
        day = programme_day(self.programme, self.enrolment, history, on)
        return None if day is None else week_of(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What time alone will bring: when the programme runs, and when silence begins."""

    runs_from: datetime | None = None
    runs_until: datetime | None = None
    silent_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The facts of a patient, and the moments that they come from."""

    facts: dict[str, float | None]
    moments: dict[str, datetime | None]
    judged_on: date | None
    outlook: Outlook


def judge(
    agreed: Agreed | None,
    visits: Sequence[Visit],
    *,
    heard_at: datetime | None,
    limits: Mapping[str, float],
) -> Judged:
    """Work out the facts of a patient.

    Parameters
    ----------
    agreed : Agreed, optional
        None without a programme.
    visits : sequence of Visit
        At least those of `WINDOW` before `heard_at`, oldest first.
    heard_at : datetime, optional
        The last sign of life; None when there was none.
    limits : mapping
        The thresholds in force.

    Returns
    -------
    Judged
        A fact that is not known is None.

    """
    zone: tzinfo = UTC if agreed is None else agreed.zone
    heard_on = None if heard_at is None else local_date(heard_at, zone)
    measured = [visit for visit in visits if visit.is_measured]
    warning = _last(visits, lambda visit: visit.has_warning_signs is not None)
    pain = _worst(visits, heard_on, zone, limits["pain_severe_from"])
    facts: dict[str, float | None] = {
        "week": None if agreed is None or heard_on is None else agreed.week(heard_on),
        "warning_signs": None if warning is None else float(bool(warning.has_warning_signs)),
        "pain_max": None if pain is None else pain.pain,
        **_pain(visits, heard_on, zone),
        **_sessions(agreed, visits, heard_on),
        **_compared("dose", measured, _dose_percent, "_percent"),
        **_compared("tempo", measured, lambda visit: visit.tempo_s, "_s"),
        **_judged_tempo(agreed, measured),
        "coverage_percent": _coverage(measured),
        **_sport(agreed, heard_on),
    }
    moments: dict[str, datetime | None] = {
        "heard_at": heard_at,
        "measured_at": measured[-1].at if measured else None,
        "warning_at": None if warning is None else warning.at,
        "pain_at": None if pain is None else pain.at,
        "improved_at": None if agreed is None else agreed.improved_at,
        "sport_at": _sport_at(agreed),
    }
    return Judged(
        facts=facts,
        moments=moments,
        judged_on=None if heard_on is None else heard_on - ONE_DAY,
        outlook=Outlook() if agreed is None else _outlook(agreed, heard_on, limits),
    )


def _last(visits: Sequence[Visit], is_wanted: Callable[[Visit], bool]) -> Visit | None:
    return next((visit for visit in reversed(visits) if is_wanted(visit)), None)


def _worst(
    visits: Sequence[Visit], heard_on: date | None, zone: tzinfo, severe_from: float
) -> Visit | None:
    """Return the visit whose pain counts: the latest severe one of the week, else the highest."""
    if heard_on is None:
        return None
    week = [
        visit
        for visit in visits
        if visit.pain is not None and local_date(visit.at, zone) > heard_on - WEEK
    ]
    severe = [visit for visit in week if (visit.pain or 0) >= severe_from]
    return severe[-1] if severe else max(week, key=lambda v: (v.pain, v.at), default=None)


def _pain(visits: Sequence[Visit], heard_on: date | None, zone: tzinfo) -> dict[str, float | None]:
    """Return the mean of the days' highest pain in the last week and in the one before."""
    weeks: tuple[dict[date, int], dict[date, int]] = ({}, {})
    for visit in visits:
        on = local_date(visit.at, zone)
        if visit.pain is None or heard_on is None or on <= heard_on - 2 * WEEK:
            continue
        days = weeks[0] if on > heard_on - WEEK else weeks[1]
        days[on] = max(visit.pain, days.get(on, 0))
    mean, before = (
        fmean(days.values()) if len(days) >= LEAST_PAIN_DAYS else None for days in weeks
    )
    rise = None if mean is None or before is None else mean - before
    return {"pain_mean": mean, "pain_before": before, "pain_rise": rise}


def _sessions(
    agreed: Agreed | None, visits: Sequence[Visit], heard_on: date | None
) -> dict[str, float | None]:
    """Count the sessions of the week before the day of the last sign of life, which is not over.

    A session that was only begun is not missed, and none is caught up on another day.
    """
    names = ("sessions_due", "sessions_missed", "sessions_told")
    if agreed is None or heard_on is None:
        return dict.fromkeys(names)
    days = [heard_on - n * ONE_DAY for n in range(1, WEEK.days + 1)]
    trained: dict[date, int] = {}
    n_told = 0
    for visit in visits:
        on = local_date(visit.at, agreed.zone)
        if visit.has_sets and days[-1] <= on <= days[0]:
            trained[on] = trained.get(on, 0) + 1
            n_told += not visit.is_measured
    per_day = agreed.programme.sessions_per_day
    due = {on: per_day for on in days if agreed.kind(on) is DayKind.TRAINING}
    missed = sum(max(0, n - trained.get(on, 0)) for on, n in due.items())
    return dict(zip(names, (float(sum(due.values())), float(missed), float(n_told)), strict=True))


def _compared(
    name: str,
    measured: Sequence[Visit],
    value_of: Callable[[Visit], float | None],
    unit: str,
) -> dict[str, float | None]:
    """Return the mean of the latest sessions, of all before them, and how far it fell."""
    values = [value for visit in measured if (value := value_of(visit)) is not None]
    now = fmean(values[-RECENT:]) if len(values) >= LEAST_SESSIONS else None
    earlier = values[:-RECENT]
    before = fmean(earlier) if len(earlier) >= LEAST_SESSIONS else None
    fall = None if now is None or before is None else before - now
    return {f"{name}{unit}": now, f"{name}_before{unit}": before, f"{name}_fall{unit}": fall}


def _dose_percent(visit: Visit) -> float | None:
    if visit.dose_s is None or not visit.dose_due_s:
        return None
    return 100 * min(1.0, visit.dose_s / visit.dose_due_s)


def _coverage(measured: Sequence[Visit]) -> float | None:
    values = [visit.coverage for visit in measured if visit.coverage is not None]
    return 100 * fmean(values[-SIGNAL_SESSIONS:]) if values else None


def _judged_tempo(agreed: Agreed | None, measured: Sequence[Visit]) -> dict[str, float | None]:
    """Judge the mean of the latest sessions by what was asked for in each.

    `tempo_even_s` is what it would be had the programme's own tempo been asked for throughout: a
    clinic's threshold is told for that.
    """
    own = None if agreed is None else _own_tempo(agreed.programme)
    timed = [visit for visit in measured if visit.tempo_s is not None]
    if own is None or len(timed) < LEAST_SESSIONS:
        return dict.fromkeys(("tempo_even_s", "tempo_under_band"))
    recent = [(visit.tempo_s or 0.0, visit.asked or own) for visit in timed[-RECENT:]]
    under = fmean(tempo_s - asked.low_s for tempo_s, asked in recent) < 0.0
    return {
        "tempo_even_s": fmean(tempo_s * own.tempo_s / asked.tempo_s for tempo_s, asked in recent),
        "tempo_under_band": float(under),
    }


def _own_tempo(programme: Programme) -> Asked | None:
    """Return what a programme asks of its core exercise."""
    core = [programme.exercises[name] for name in core_ids(programme)]
    asked = [Asked(one.eccentric_s, one.in_tempo_s[0]) for one in core if one.eccentric_s]
    return min(asked, key=lambda one: one.low_s, default=None)


def _sport(agreed: Agreed | None, heard_on: date | None) -> dict[str, float | None]:
    if agreed is None:
        return {"sport_unconfirmed": None, "sport_awaited": None}
    week = None if heard_on is None else agreed.week(heard_on)
    ways = agreed.programme.sports.values()
    first_week = min((way.stages[0].weeks[0] for way in ways), default=None)
    is_open = week is not None and first_week is not None and week >= first_week
    is_awaited = is_open and agreed.enrolment.sport_from is None and agreed.improved_at is not None
    return {
        "sport_unconfirmed": float(agreed.sport_unconfirmed),
        "sport_awaited": float(is_awaited),
    }


def _sport_at(agreed: Agreed | None) -> datetime | None:
    if agreed is None or agreed.enrolment.sport_from is None:
        return None
    return _begin(agreed.enrolment.sport_from, agreed.zone)


def _outlook(agreed: Agreed, heard_on: date | None, limits: Mapping[str, float]) -> Outlook:
    first_on = agreed.first_on
    ahead = range(LONGEST_COURSE_DAYS)
    n_days = bisect_left(
        ahead, 1, key=lambda n: int(agreed.kind(first_on + n * ONE_DAY) is DayKind.FINISHED)
    )
    ends_on = first_on + n_days * ONE_DAY
    on = first_on if heard_on is None else max(first_on, heard_on + ONE_DAY)
    n_quiet, silent_on = 0, None
    while on < ends_on:
        n_quiet += agreed.kind(on) in DUE
        on += ONE_DAY
        if n_quiet >= limits["silent_days"]:
            silent_on = on
            break
    return Outlook(
        runs_from=_begin(first_on, agreed.zone),
        runs_until=_begin(ends_on, agreed.zone),
        silent_from=None if silent_on is None else _begin(silent_on, agreed.zone),
    )


def _begin(on: date, zone: tzinfo) -> datetime:
    return datetime.combine(on, time.min, zone).astimezone(UTC)
