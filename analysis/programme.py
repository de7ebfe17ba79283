"""What a programme is: weeks of exercises, rules with their words, and the way back to sport.

The programmes stand in catalogue/programme*.toml (reviewed data, read by programme_reading.py).
Nothing here names an exercise or a rule of one programme, so another one needs a file and no code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle
from typing import Final

from analysis.exercise import Exercise
from analysis.feedback import Condition, Text

BACKWARD: Final = "jog_backward"  # what the stretches between are
Course = tuple[float, float, float]
"""Run-up, sprint and run-out in metres."""


class SeriesBy(StrEnum):
    """What makes a series of sprints: one course again and again, or every course once."""

    COURSE = "course"
    ROUND = "round"


class AdviceKind(StrEnum):
    """What a piece of advice asks of the patient. None of them changes the plan."""

    STOP = "stop"
    QUESTION = "question"
    OFFER = "offer"
    INFORMATION = "information"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The exercises of some weeks; in a slot with several, the patient's variant counts.

    Parameters
    ----------
    weeks : (first, last)
        Counted from 1, both included. The last block goes on until sport starts.
    minutes : float
        Expected length of one session, with set-up.
    slots : tuple of tuple of str
        Exercise ids in session order; the first of a slot is its default.

    """

    weeks: tuple[int, int]
    minutes: float
    slots: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SportPart:
    """One stretch of a sport session; each accepted level adds `step_s` to its length."""

    activity: str
    duration_s: float
    step_s: float = 0.0
    backward_every_s: float | None = None
    backward_s: float | None = None

    def stretches(self, level: int = 0) -> list[tuple[str, float]]:
        """Return (activity, seconds) in turn: after so long forward, so long backward."""
        left_s = self.duration_s + level * self.step_s
        if not self.backward_every_s or not self.backward_s:
            return [(self.activity, left_s)]
        in_turn = cycle(((self.activity, self.backward_every_s), (BACKWARD, self.backward_s)))
        stretches: list[tuple[str, float]] = []
        while left_s > 0:
            activity, longest_s = next(in_turn)
            stretches.append((activity, min(longest_s, left_s)))
            left_s -= longest_s
        return stretches


@dataclass(frozen=True, slots=True, kw_only=True)
class SportDay:
    """What one working day of a sport holds.

    Parameters
    ----------
    pain_max : float
        Pain above this means that the session was not tolerated.
    is_explosive : bool
        Whether it is left out for some weeks after an injection.
    courses_m : tuple of (run-up, sprint, run-out)
        What is sprinted; `series_m` says in which order.
    series_by : SeriesBy
        `course`: a series is one course, run `rounds` times. `round`: every course once, and there
        are `rounds` such series. Either way each course is run `rounds` times.
    rest_s : float, optional
        Between the series.
    speed_percent, step_percent, speed_max_percent : float, optional
        Share of the maximal sprint speed at level 0, what a level adds, and its ceiling.
    eights, eight_m : int, float, optional
        Figures of eight to run, and the diameter of their circles.

    """

    id: str
    exercise: str
    rounds: int
    pain_max: float
    texts: Text
    parts: tuple[SportPart, ...] = ()
    is_explosive: bool = False
    courses_m: tuple[Course, ...] = ()
    series_by: SeriesBy = SeriesBy.COURSE
    rest_s: float | None = None
    speed_percent: float | None = None
    step_percent: float = 0.0
    speed_max_percent: float = 100.0
    cadence_min_per_min: float | None = None
    eights: int = 0
    eight_m: float | None = None
    stated: tuple[str, ...] = ()

    @property
    def series_m(self) -> tuple[tuple[Course, ...], ...]:
        """The courses of the sprints, series by series, each in the order in which it is run."""
        if self.series_by is SeriesBy.ROUND:
            return (self.courses_m,) * self.rounds
        return tuple((course_m,) * self.rounds for course_m in self.courses_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class SportStage:
    """Some weeks of a sport: its days in turn, `rest` being rest from sport."""

    id: str
    weeks: tuple[int, int]
    cycle: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sport:
    """One way back to sport."""

    id: str
    name: Text
    opening: tuple[str, ...]
    checklist: tuple[Text, ...]
    stages: tuple[SportStage, ...]
    days: Mapping[str, SportDay]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRule:
    """One thing the programme may say, when, and in which words.

    Parameters
    ----------
    exercises : tuple of str
        Judged for each of these that today's plan holds; empty: once for the day.
    once_every_days : int, optional
        Not said again within this many days.
    is_stated : bool
        Whether the programme's source gives it; else it is ours.

    """

    code: str
    kind: AdviceKind
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    exercises: tuple[str, ...]
    once_every_days: int | None
    is_stated: bool
    texts: Text

    def fits(self, facts: Mapping[str, float | None]) -> bool:
        """Say whether all of `when` hold and none of `unless` does."""
        is_excluded = any(condition.holds(facts) for condition in self.unless)
        return not is_excluded and all(condition.holds(facts) for condition in self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A whole programme. `settings` are its numbers by name, the headline ones included."""

    id: str
    version: str
    name: Text
    min_weeks: int
    max_weeks: int
    sessions_per_day: int
    rest_days_after_tear: int
    settings: Mapping[str, float]
    stated: frozenset[str]
    exercises: Mapping[str, Exercise]
    blocks: tuple[Block, ...]
    rules: tuple[AdviceRule, ...]
    sports: Mapping[str, Sport]

    def block_of(self, week: int) -> Block:
        """Return the block of a week; the last one goes on after its weeks."""
        return next((b for b in self.blocks if week <= b.weeks[1]), self.blocks[-1])
