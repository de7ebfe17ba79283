"""Forward or backward: told from which way the knee bends, however the sensor is mounted.

The knee bends one way only, so behind the vertical the shank goes far (a walker's by 50-70
degrees, a runner's heel comes up to the buttock) and ahead of it hardly 25. And a leg swings
faster than it is left behind: of a stride's two sweeps the shorter is the swing, whose direction is
that of travel. Going forward the shank swings away from its deep side, going backward towards it.

The sign of the axis is arbitrary; the deep side is therefore looked for about the axis as it is,
and remembered, for it changes only with the mounting. Two things show it: how far the extremes of
the strides lie from the vertical of a leg that stands, and, without that, which of them the shank
stays nearer to (in walking it is nearly upright for most of the stride).
"""

import math
from typing import Final, Literal

import numpy as np

from analysis.gait_strides import StrideSums
from analysis.hinge import MIN_AXIS_TILT_DEG, Vector, axis_from_vertical_deg, hinge_angle_deg

Direction = Literal["forward", "backward"]

SOFTENING_DEG: Final = 8.0  # what a standing pose may be off by
FURTHEST_OUTSIDE_DEG: Final = 15.0  # a pose further outside the strides is no standing one
DWELL_WEIGHT: Final = 4.0  # walking dwells by 0.05-0.15, a standing pose shows 0.7-1.2
DWELL_CADENCE_PER_MIN: Final = 140.0  # a runner's shank is never upright for long
SURE_EVIDENCE: Final = 2.0  # two strides from a known pose, or some six without
MOST_EVIDENCE: Final = 60.0  # more would keep a re-strapped sensor from being learnt
SURE_SWING: Final = 0.1  # of two sweeps one takes a tenth longer
SURE_ERRORS: Final = 2.5  # standard errors


class DeepSide:
    """Learn about which sign of the axis the knee bends."""

    def __init__(self) -> None:
        self._evidence = 0.0
        self._standing: Vector | None = None

    def stands(self, up: Vector) -> None:
        """Take in the vertical of a leg that is still."""
        self._standing = up

    def learn(self, sums: StrideSums, axis: Vector) -> None:
        """Take in the strides of a bout."""
        evidence = sums.n_sure * self._evidence_a_stride(sums, axis)
        kept = max(-MOST_EVIDENCE, min(MOST_EVIDENCE, self._evidence))
        self._evidence = kept + evidence

    def direction(self, sums: StrideSums, axis: Vector) -> Direction | None:
        """Say which way some strides went, or None where that is not sure."""
        if not sums.n:
            return None
        here = sums.n_sure * self._evidence_a_stride(sums, axis)
        evidence = self._evidence + here
        if abs(evidence) < SURE_EVIDENCE or not sums.is_swing_sure(SURE_SWING, SURE_ERRORS):
            return None
        # A positive swing goes up, positive evidence says that the deep side is up.
        return "backward" if sums.swing * evidence > 0.0 else "forward"

    def _evidence_a_stride(self, sums: StrideSums, axis: Vector) -> float:
        """Return how strongly a stride says that the deep side is that of the highest angle."""
        if not sums.n_sure:
            return 0.0
        if self._standing is not None and _shows_angle(axis, self._standing):
            extremes = np.stack([sums.up_high, sums.up_low]) / sums.n_sure
            high_deg, low_deg = hinge_angle_deg(extremes, axis, self._standing).tolist()
            if high_deg > -FURTHEST_OUTSIDE_DEG and low_deg < FURTHEST_OUTSIDE_DEG:
                high_deg, low_deg = max(high_deg, 0.0), min(low_deg, 0.0)
                return math.log((high_deg + SOFTENING_DEG) / (SOFTENING_DEG - low_deg))
        if sums.cadence_per_min > DWELL_CADENCE_PER_MIN:
            return 0.0
        return -DWELL_WEIGHT * sums.dwell / sums.n_sure


def _shows_angle(axis: Vector, up: Vector) -> bool:
    """Say whether gravity shows a rotation about an axis: not about an upright one."""
    return axis_from_vertical_deg(axis, up) > MIN_AXIS_TILT_DEG
