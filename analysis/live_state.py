"""What a live screen shows."""

from dataclasses import dataclass

from analysis.results import PhaseKind


@dataclass(frozen=True, slots=True)
class LiveState:
    """The moment, as far as known: provisional, and replaced by the events' final numbers."""

    time_s: float
    angle_deg: float | None
    phase: PhaseKind | None
    phase_start_s: float | None
    n_reps: int
