"""What a patient agreed to and did: the input of today's plan, and nothing computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from analysis.exercise import Exercise
from analysis.samples import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """An exercise as ordered from a date on: a catalogue entry with fields replaced."""

    from_on: date
    exercise: Exercise
    is_stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """How one patient follows a programme.

    Parameters
    ----------
    start_on : date
        The first day that was agreed; after a tear the rest comes first.
    tear_on, injection_on : date, optional
        Of a recent tear, and of an injection.
    choices : frozenset of str
        The variants chosen where a slot has several.
    sport_id, sport_from : str, date, optional
        The way back to sport, and when a clinician confirmed its start. Never computed.
    accepted_levels : mapping
        The steps of each sport day that the patient or the clinician has accepted.
    extra_weeks : mapping
        How often the last week of a block is done again, by that week: the clinician let the
        patient stay longer in the block. All after it comes so many weeks later.

    """

    start_on: date
    tear_on: date | None = None
    injection_on: date | None = None
    choices: frozenset[str] = frozenset()
    prescriptions: tuple[Prescription, ...] = ()
    sport_id: str | None = None
    sport_from: date | None = None
    accepted_levels: Mapping[str, int] = field(default_factory=dict)
    extra_weeks: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRecord:
    """One set as done. What was not measured is None.

    Parameters
    ----------
    eccentric_s : float, optional
        Sum of the measured eccentric durations that count.
    side : Side, optional
        None stands for either leg, or both at once.

    """

    exercise_id: str
    reps_done: int
    reps_accepted: int | None = None
    eccentric_s: float | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """One sitting with its answers, 0 to 10; without sets it is a visit (the intake, a question).

    Parameters
    ----------
    at : datetime
        When it began, with a time zone.
    has_warning_signs : bool, optional
        None when it was not asked.

    """

    at: datetime
    sets: tuple[SetRecord, ...] = ()
    pain_start: int | None = None
    soreness_start: int | None = None
    pain_worst: int | None = None
    has_warning_signs: bool | None = None
    took_anti_inflammatory: bool = False
    took_paracetamol: bool = False

    @property
    def pain(self) -> int | None:
        """The highest pain of the visit, or None when none was asked."""
        return max((p for p in (self.pain_start, self.pain_worst) if p is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SportRecord:
    """One line of the sport diary; `day_id` is None for sport outside the programme."""

    at: datetime
    pain_worst: int | None
    day_id: str | None = None
    level: int = 0
    is_complete: bool = True
    has_returned_complaints: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that was done and said so far, in any order.

    Parameters
    ----------
    rest_days : frozenset of date
        Days of rest that the patient chose: the calendar shifts by each.
    is_improved : bool, optional
        The last answer to "clearly less than at the start?".
    said_on : mapping
        When a piece of advice was last given, by its `key`.

    """

    sessions: tuple[SessionRecord, ...] = ()
    sport: tuple[SportRecord, ...] = ()
    rest_days: frozenset[date] = frozenset()
    is_improved: bool | None = None
    said_on: Mapping[str, date] = field(default_factory=dict)
