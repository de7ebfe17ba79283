"""Whether the return to sport may begin now, and if not, what comes first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.course import Course
from api.offers import standing_advice
from api.today import plan_of

# As long as one of these stands, nobody begins with sport.
STOPS: Final = frozenset({"warning_signs", "ask_warning_signs", "ask_physician", "rest_days"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SportGate:
    """What stands before the sport phase. `first_week`: of the programme; None without sports."""

    first_week: int | None
    is_late_enough: bool
    is_stopped: bool

    @property
    def is_open(self) -> bool:
        """Whether nothing does."""
        return self.is_late_enough and not self.is_stopped


def sport_gate(course: Course, now: datetime) -> SportGate:
    """Say whether sport may be started now."""
    week = plan_of(course, now).week or 0
    sports = course.programme.sports.values()
    first_week = min((sport.stages[0].weeks[0] for sport in sports), default=None)
    stops = {advice.rule.code for advice in standing_advice(course, now)} & STOPS
    return SportGate(
        first_week=first_week,
        is_late_enough=first_week is not None and week >= first_week,
        is_stopped=bool(stops),
    )
