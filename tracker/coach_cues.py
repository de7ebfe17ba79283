"""What goes into the coach and what comes out of it: values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

from analysis import Exercise
from tracker.questions import Question
from tracker.sounds import Cue
from tracker.words import Text

MIN_REST_WITHOUT_A_NOTE_S: Final = 45.0
LOW_BATTERY_PERCENT: Final = 25


class CoachState(StrEnum):
    """Where a session stands; the names are those of the live page."""

    IDLE = "idle"
    QUESTIONS = "questions"
    CONNECTING = "connecting"
    CALIBRATING = "calibrating"
    READY = "ready"
    SET = "set"
    CARD = "card"
    REST = "rest"
    DONE = "done"


class Key(StrEnum):
    """What a person can say with one key."""

    NEXT = "next"  # done, skip, go on
    STOP = "stop"  # no more today; what was done is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """One exercise to be trained now: the catalogue entry with what was prescribed in its place."""

    exercise: Exercise
    sets: int
    reps: int
    rest_s: float
    session_id: UUID
    side: Literal["left", "right"] | None = None
    has_questions: bool = True
    has_band: bool = True


@dataclass(frozen=True, slots=True)
class Play:
    """Make a sound."""

    cue: Cue


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the patient."""

    text: Text
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Go:
    """The set may start now."""

    reps: int


@dataclass(frozen=True, slots=True)
class StartMeasuring:
    """Give the engine what comes in from now on: a new rest pose, a new set."""

    set_number: int


@dataclass(frozen=True, slots=True)
class StopMeasuring:
    """End the engine's set and hand its result to `Coach.set_result`."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question on the screen; None takes it away."""

    question: Question | None


@dataclass(frozen=True, slots=True)
class Publish:
    """A message for the live page and the terminal."""

    message: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class SessionOver:
    """Nothing more to do but store."""


Output = Play | Say | Go | StartMeasuring | StopMeasuring | Ask | Publish | SessionOver
