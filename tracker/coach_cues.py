"""What goes into the coach and what comes out of it: values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from tracker.questions import Question
from tracker.sounds import Cue
from tracker.words import Text

MIN_REST_WITHOUT_A_NOTE_S: Final = 45.0
LOW_BATTERY_PERCENT: Final = 25


class CoachState(StrEnum):
    """Where a session stands; the names are those of the live page."""

    IDLE = "idle"
    QUESTIONS = "questions"
    INTRO = "intro"
    MOVE_SENSOR = "move_sensor"
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
class Prepare:
    """Another exercise begins: a simulated patient takes its posture."""

    exercise_id: str


class Kept(StrEnum):
    """Which part of the session's document it belongs to."""

    TIMED = "timed"
    SELF_REPORTED = "self_reported"
    CORRECTION = "correction"
    GEAR = "gear"


@dataclass(frozen=True, slots=True)
class Keep:
    """Store something that no sensor measured: timed, self-reported, put right, or what resists."""

    what: Kept
    item: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True)
class SessionOver:
    """Nothing more to do but store."""


Output = (
    Play | Say | Go | StartMeasuring | StopMeasuring | Ask | Publish | Prepare | Keep | SessionOver
)


@dataclass(frozen=True, slots=True)
class Enter:
    """From the coach of a set to that of the sitting: another state, with what is said in it."""

    state: CoachState
    text: Text | None


@dataclass(frozen=True, slots=True)
class Tell:
    """Say something without a change of state; the page shows it too."""

    text: Text


@dataclass(frozen=True, slots=True)
class EndSet:
    """The set is over; `gives_up`: nobody is training any more."""

    gives_up: bool = False


Turn = Output | Enter | Tell | EndSet
