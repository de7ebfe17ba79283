"""The bodies about a patient's programme: what is worked out and given back."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from api.schemas import Body, Side


class Words(Body):
    """A text in both languages."""

    en: str
    nl: str


class PlannedExercisePublic(Body):
    """An exercise of the day, its numbers as prescribed; the sets are those of all its sessions."""

    exercise: str
    name: Words
    posture: Words
    movement: str
    side: str
    is_measured: bool
    is_core: bool
    sets: int
    reps: int | None
    hold_s: float | None
    eccentric_s: float | None
    rest_s: float | None
    sets_due: int
    sets_done: int
    sets_left: int


class DosePublic(Body):
    """The core exercise's day; seconds are measured. `percent`: null when nothing was due."""

    reps_due: int
    reps_done: int
    eccentric_due_s: float
    eccentric_done_s: float
    percent: float | None


class SportPartPublic(Body):
    """One stretch of a sport session at the accepted level."""

    activity: str
    duration_s: float
    backward_every_s: float | None
    backward_s: float | None


class PlannedSportPublic(Body):
    """The sport session of the day. `is_held_back`: too soon after an injection.

    `series_by`: a series of sprints is one course, `rounds` times (`course`), or every course once,
    and there are `rounds` series (`round`); `rest_s` is between the series.
    """

    sport: str
    stage: str
    day: str
    exercise: str
    level: int
    text: Words
    rounds: int
    parts: list[SportPartPublic]
    courses_m: list[tuple[float, float, float]]
    series_by: Literal["course", "round"] = "course"
    rest_s: float | None
    speed_percent: float | None
    cadence_min_per_min: float | None
    pain_max: float
    is_held_back: bool
    opening: list[str]
    checklist: list[Words]


class OfferPublic(Body):
    """What accepting would do: rest days from a day on, or another level of a sport day."""

    do: Literal["rest_days", "sport_level"]
    from_on: date | None = None
    days: int | None = None
    day: str | None = None
    level: int | None = None


class AdvicePublic(Body):
    """One thing to say, and why: the facts that its rule asks for.

    `is_stated`: whether the programme's source gives the rule, else it is ours. `question`: what
    to answer under `answers`.
    """

    key: str
    code: str
    exercise: str | None
    kind: str
    text: Words
    is_stated: bool
    because: dict[str, float | None]
    question: Literal["warning_signs", "improved"] | None
    offer: OfferPublic | None


class AnsweredAdvice(Body):
    """Advice that was answered today; deleting the answer takes it back."""

    id: UUID
    key: str
    answer: str
    answered_at: AwareDatetime


class TodayPublic(Body):
    """The plan of the day in the patient's time zone: due, done, left, and what to say.

    `day` and `week` count from 1; `sport_week` as the stages of the sport do.
    """

    on: date
    time_zone: str
    programme: str
    side: Side | None
    kind: str
    day: int | None
    week: int | None
    block_weeks: tuple[int, int] | None
    sport_week: int | None
    minutes: float | None
    exercises: list[PlannedExercisePublic]
    sessions_due: int
    sessions_done: int
    sessions_partial: int
    sessions_left: int
    dose: DosePublic
    sport: PlannedSportPublic | None
    streak_days: int
    advice: list[AdvicePublic]
    answered: list[AnsweredAdvice]


class CalendarDay(Body):
    """One day: planned as `TodayPublic`, done, and what the patient said of pain (0 to 10)."""

    on: date
    kind: str
    day: int | None
    week: int | None
    sessions_due: int
    sessions_done: int
    sessions_partial: int
    is_self_reported: bool
    dose: DosePublic
    pain: int | None
    soreness: int | None
    sport_day: str | None
    sports_done: int


class CalendarPublic(Body):
    """The days of a span; those to come as they are planned now."""

    first_training_on: date
    days: list[CalendarDay]
