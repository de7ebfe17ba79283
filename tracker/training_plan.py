"""What a sitting is to be: its exercises in order, each with what was ordered of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Literal, Self
from uuid import UUID

from analysis import Exercise, Movement

Leg = Literal["left", "right"]
OTHER_LEG: Final[Mapping[Leg, Leg]] = {"left": "right", "right": "left"}

SENSOR_IS_OPTIONAL: Final = frozenset({Movement.STILLNESS, Movement.GAIT, Movement.CYCLING})
"""What a clock can lead as well: without a sensor it is timed, and never called measured."""

SPORTS: Final = frozenset({Movement.GAIT, Movement.CYCLING})
BANDED: Final = frozenset({"ecc_prone_helper", "ecc_seated_solo", "iso_stand_ext", "conc_seated"})
"""Exercises of the programme in which a band pulls."""

SET_UP_S: Final = 40.0
"""Of an exercise: taking the posture, the band, lying still."""

USUAL_REP_S: Final = 2.0
"""The untimed part of a repetition: up, and a breath."""

SHOWN_MINUTES: Final = 0.5
"""Expected minutes are told in halves: nobody can promise more."""


class StepState(StrEnum):
    """What became of an exercise of the sitting; the names are those of the live page."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    SKIPPED = "skipped"
    SELF_REPORTED = "self_reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """One stretch of a sport session that the clock leads.

    Parameters
    ----------
    kind : str
        `walk`, `jog`, `walk_backward`, `jog_backward`, `sprint`, `rest` or `ride`.
    duration_s : float, optional
        None: until somebody says that it is over.
    round_number, rounds : int
        Which of how many rounds it belongs to.
    course_m : (run-up, sprint, run-out), optional
        Of a sprint.

    """

    kind: str
    duration_s: float | None
    round_number: int = 1
    rounds: int = 1
    course_m: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One exercise of a sitting: the catalogue entry with what was prescribed in its place.

    Parameters
    ----------
    sets : int
        Those of this sitting, each leg's own where both hold in turn.
    reps : int, optional
        A set; None where the exercise is held or led by the clock.
    rest_s : float
        Between the sets.
    side : {"left", "right"}, optional
        The leg that carries the sensor.
    sides : tuple
        The leg of each set where the legs take turns, first all of one; else empty.
    has_band : bool
        Whether the question belongs to it whether the band was tight.
    band : str or dict, optional
        Which band or which step is used: in the patient's words, or in the fields of
        `tracker.gear`.
    is_unseen : bool
        Whether no sensor may see it, though one is there: a phone in a pocket.
    sets_done : int
        Before this sitting: it goes on after them.
    series : tuple of tuple of Interval
        What the clock leads, set by set.

    """

    exercise: Exercise
    sets: int
    reps: int | None
    rest_s: float
    side: Leg | None = None
    sides: tuple[Leg | None, ...] = ()
    has_band: bool = True
    band: str | dict[str, Any] | None = None
    is_unseen: bool = False
    sets_done: int = 0
    series: tuple[tuple[Interval, ...], ...] = ()

    @property
    def movement(self) -> Movement:
        """Of which kind it is."""
        return self.exercise.movement

    @property
    def needs_sensor(self) -> bool:
        """Whether nothing can be said of it without a sensor."""
        return self.movement not in SENSOR_IS_OPTIONAL

    def side_of(self, set_number: int) -> Leg | None:
        """Return the leg of a set."""
        return self.sides[set_number - 1] if set_number <= len(self.sides) else self.side

    def is_seen(self, set_number: int, worn_on: Leg | None) -> bool:
        """Whether the leg of a set carries the sensor; on an unknown leg, the first one does."""
        if self.is_unseen:
            return False
        side = self.side_of(set_number)
        if side is not None and worn_on is not None:
            return side == worn_on
        return not self.is_after_switch(set_number)

    def is_after_switch(self, set_number: int) -> bool:
        """Whether a set is of the second leg, where the legs take turns."""
        return bool(self.sides) and set_number > len(self.sides) // 2

    @property
    def minutes(self) -> float:
        """What it takes, roughly: set-up, movement and rest; in half minutes."""
        left = max(0, self.sets - self.sets_done)
        if self.series:
            work_s = sum(i.duration_s or 0.0 for one in self.series[self.sets_done :] for i in one)
        elif self.movement is Movement.STILLNESS:
            work_s = left * (self.exercise.hold_s or 0.0)
        else:
            timed = (self.exercise.eccentric_s, self.exercise.concentric_s, self.exercise.hold_s)
            work_s = left * (self.reps or 0) * (USUAL_REP_S + sum(one or 0.0 for one in timed))
        whole_s = SET_UP_S + work_s + max(0, left - 1) * self.rest_s
        return max(1, round(whole_s / 60 / SHOWN_MINUTES)) * SHOWN_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """A sitting: exercises in order, under one session id.

    Parameters
    ----------
    steps : tuple of Step
        At least one.
    session_id : UUID
        Under which all of it is stored.
    has_questions : bool
        Whether pain and soreness are asked.
    is_programme : bool
        Whether it is a day of the programme, with a card before each exercise and the questions
        of a whole sitting; else one exercise that somebody chose.
    is_resumed : bool
        Whether earlier sets of today are counted in, if the patient wishes so.

    """

    steps: tuple[Step, ...]
    session_id: UUID
    has_questions: bool = True
    is_programme: bool = False
    is_resumed: bool = False

    @property
    def first(self) -> Step:
        """The first exercise."""
        return self.steps[0]

    def step(self, number: int) -> Step:
        """Return an exercise by its number, from 1."""
        return self.steps[number - 1]

    def with_band(self, band: str | None) -> Self:
        """Return the sitting with a band where one belongs to the exercise."""
        steps = tuple(
            replace(one, band=band if one.exercise.id in BANDED else None) for one in self.steps
        )
        return replace(self, steps=steps)

    def with_gear(self, exercise_id: str, gear: dict[str, Any]) -> Self:
        """Return the sitting with another band or step for one exercise, on either leg."""
        steps = tuple(
            replace(one, band=gear or None) if one.exercise.id == exercise_id else one
            for one in self.steps
        )
        return replace(self, steps=steps)

    def from_the_start(self) -> Self:
        """Return the same sitting with nothing counted in."""
        fresh = tuple(replace(one, sets_done=0) for one in self.steps)
        return replace(self, steps=fresh, is_resumed=False)


def step_document(step: Step) -> dict[str, Any]:
    """Return what was to be done of an exercise, as a session stores it."""
    known: dict[str, Any] = {
        "exercise": step.exercise.id,
        "sets": step.sets,
        "reps": step.reps,
        "rest_s": step.rest_s,
        "side": step.side,
    }
    if step.sides:
        known["sides"] = list(step.sides)
    if step.band is not None:
        known["band"] = step.band
    if step.sets_done:
        known["sets_done"] = step.sets_done
    return known


def plan_documents(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return what was to be done, in order."""
    return [step_document(step) for step in steps]
