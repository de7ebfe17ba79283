"""What a live screen shows."""

from dataclasses import dataclass

from analysis.hinge import Vector
from analysis.results import PhaseKind


@dataclass(frozen=True, slots=True)
class LiveState:
    """The moment, as far as known: provisional, and replaced by the events' final numbers.

    `axis` (3,) is what `angle_deg` turns about; `held_s` how long a hold has lasted; `activity`
    the kind of bout under way, with its cadence per minute.
    """

    time_s: float
    angle_deg: float | None
    phase: PhaseKind | None
    phase_start_s: float | None
    n_reps: int
    axis: Vector | None = None
    held_s: float | None = None
    activity: str | None = None
    cadence_per_min: float | None = None

    def turned_on(self, turned_deg: float, time_s: float) -> "LiveState":
        """Return the state a moment later, when the leg has turned further and no more is known."""
        angle_deg = None if self.angle_deg is None else self.angle_deg + turned_deg
        return LiveState(  # a third of the time of dataclasses.replace, many times a second
            time_s,
            angle_deg,
            self.phase,
            self.phase_start_s,
            self.n_reps,
            self.axis,
            self.held_s,
            self.activity,
            self.cadence_per_min,
        )
