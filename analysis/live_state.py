"""What a live screen shows."""

from dataclasses import dataclass

from analysis.hinge import Vector, tilt_between_deg, turned_up
from analysis.results import PhaseKind


@dataclass(frozen=True, slots=True)
class LiveState:
    """The moment, as far as known: provisional, and replaced by the events' final numbers.

    `axis` (3,) is what `angle_deg` turns about; while none is known, it is the tilt from the second
    to the first of `tilt`, two verticals (3,) in the sensor frame. `held_s` is how long a hold has
    lasted; `activity` the kind of bout under way, with its cadence per minute.
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
    tilt: tuple[Vector, Vector] | None = None

    @property
    def can_turn_on(self) -> bool:
        """Whether the gyroscope alone tells the angle a moment later."""
        return self.angle_deg is not None and (self.axis is not None or self.tilt is not None)

    def turned_on(self, turn_deg: Vector, time_s: float) -> "LiveState":
        """Return the state a moment later, when the leg has turned further and no more is known.

        `turn_deg` (3,) is how far it has turned about each axis of the sensor.
        """
        angle_deg = self.angle_deg
        if angle_deg is not None and self.axis is not None:
            angle_deg += float(turn_deg @ self.axis)
        elif angle_deg is not None and self.tilt is not None:
            angle_deg += tilted_further_deg(*self.tilt, turn_deg)
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
            self.tilt,
        )


def tilted_further_deg(up: Vector, reference_up: Vector, turn_deg: Vector) -> float:
    """How much further from a reference a vertical (3,) tilts when the sensor turns by (3,)."""
    after_deg = tilt_between_deg(turned_up(up, turn_deg), reference_up)
    return after_deg - tilt_between_deg(up, reference_up)
