"""What the engine says of a recording: repetitions, sets, their quality.

Definitions of every number: docs/reference/measures.md. A number that could not be measured is
None, and `absent` says why, under the same name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analysis.samples import Side


class PhaseKind(StrEnum):
    """What the leg does in a part of a repetition."""

    LIFT = "lift"  # by a helper or the hands: timed, never scored
    CONCENTRIC = "concentric"
    HOLD = "hold"
    ECCENTRIC = "eccentric"


class Flag(StrEnum):
    """A remark on a repetition or a set; the rules are in docs/reference/measures.md."""

    SHALLOW = "shallow"
    INCOMPLETE_RETURN = "incomplete_return"
    TOO_FAST = "too_fast"
    FAST_DROP = "fast_drop"
    STEPWISE = "stepwise"
    TOO_SLOW = "too_slow"
    GAP = "gap"
    SATURATED = "saturated"
    TOO_CLOSE_TO_CALL = "too_close_to_call"
    BEYOND_LIMIT = "beyond_limit"
    SHORT_HOLD = "short_hold"
    KNEE_MAY_BEND = "knee_may_bend"


class FeedbackKind(StrEnum):
    """Its place on the set card."""

    PRAISE = "praise"
    CORRECTION = "correction"
    NEXT_STEP = "next_step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of a repetition, in seconds on the recording's clock."""

    kind: PhaseKind
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    """One repetition. `<name>_u`: half-width of the 95 % interval of the number beside it."""

    start_s: float
    peak_s: float
    end_s: float
    peak_deg: float
    peak_deg_u: float
    rom_deg: float
    rom_deg_u: float
    phases: tuple[Phase, ...] = ()
    eccentric_s: float | None = None
    eccentric_s_u: float | None = None
    eccentric_moving_s: float | None = None
    eccentric_moving_s_u: float | None = None
    pause_s: float | None = None
    pause_s_u: float | None = None
    concentric_s: float | None = None
    concentric_s_u: float | None = None
    hold_s: float | None = None
    hold_s_u: float | None = None
    hold_scored_s: float | None = None
    hold_scored_s_u: float | None = None
    sparc: float | None = None
    sway_deg: float | None = None
    impact_g: float | None = None
    flags: tuple[Flag, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One stretch held still: from arriving in the pose to leaving it.

    `still_s` is that without its interruptions, `pose_deg` how far the pose is from the rest pose.
    """

    start_s: float
    end_s: float
    interruptions: int
    still_s: float
    still_s_u: float | None = None
    pose_deg: float | None = None
    absent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bout:
    """One stretch of walking, running or cycling.

    Cadence: steps of both feet, or turns of the crank, a minute. `direction`: forward or backward.
    """

    kind: str
    start_s: float
    end_s: float
    cadence_per_min: float | None
    direction: str | None = None
    absent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuality:
    """How a set was done, against what was prescribed."""

    reps: int
    reps_prescribed: int | None = None
    in_tempo: int | None = None
    accepted: int | None = None
    eccentric_mean_s: float | None = None
    eccentric_sd_s: float | None = None
    eccentric_drift_s: float | None = None  # fitted change from the first to the last rep
    dose_s: float | None = None
    dose_prescribed_s: float | None = None
    dose_percent: float | None = None
    concentric_mean_s: float | None = None
    hold_mean_s: float | None = None
    holds_long_enough: int | None = None
    peak_mean_deg: float | None = None
    peak_sd_deg: float | None = None
    rom_mean_deg: float | None = None
    sparc_mean: float | None = None
    sway_mean_deg: float | None = None
    cadence_per_min: float | None = None
    impact_mean_g: float | None = None
    impact_max_g: float | None = None
    reps_other_leg: int | None = None
    active_s: float | None = None  # in bouts of sport; coasting and standing left out
    backward_s: float | None = None
    cadence_mean_per_min: float | None = None
    at_target_percent: float | None = None  # of the pedalling time at the cadence asked for
    coverage: float = 1.0
    calibration_quality: float = 0.0
    flags: Mapping[Flag, int] = field(default_factory=dict)  # how many reps carry each
    absent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One sentence of the set card, as a code and the values that go into its text."""

    code: str
    kind: FeedbackKind
    values: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResult:
    """One set: repetitions, or holds, or bouts, by the kind of exercise."""

    start_s: float
    end_s: float
    quality: SetQuality
    reps: tuple[Rep, ...] = ()
    holds: tuple[Hold, ...] = ()
    bouts: tuple[Bout, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch without samples, longer than 1.5 sampling periods."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingInfo:
    """What is known of the signal itself. `coverage`: share of the due samples that came."""

    duration_s: float
    rate_hz: float
    coverage: float
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Where zero is. `method`: still-pose, lower-envelope or none; `quality` from 0 to 1.

    `thigh`: what a second sensor there gave (followed, still, unclear, missing); None without one.
    """

    method: str
    quality: float
    zero_deg: float = 0.0
    at_s: float | None = None
    thigh: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordingResult:
    """All that the engine says of a recording."""

    engine: str
    catalogue: str
    exercise: str
    recording: RecordingInfo
    calibration: Calibration
    sets: tuple[SetResult, ...] = ()
    warnings: tuple[str, ...] = ()
    angle_deg: NDArray[np.float64] | None = None

    @property
    def n_reps(self) -> int:
        """Repetitions of all sets together."""
        return sum(len(one.reps) for one in self.sets)
