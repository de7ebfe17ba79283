"""Pedalling: turns of the crank, told from strides, with coasting left out.

Hip and pedal are fixed to the bicycle, so the shank rocks to and fro once a turn: about 45
degrees, nearly as long each way, while the ankle goes round a circle of the crank's length. A
walker's shank goes twice as far and swings faster than it is left behind. Legs that coast do not
turn, and end a bout.
"""

import math
from collections.abc import Iterator
from typing import Final

from analysis.gait_bouts import BoutPart, FoundBout
from analysis.gait_kinds import BoutKind
from analysis.gait_strides import STEPS_A_STRIDE, Stride, StrideSums
from analysis.hinge import Vector

LEAST_TURNS: Final = 4  # overlapping: two and a half turns
RESUME_S: Final = 1.6  # lost samples spoil a turn or two; longer is coasting
MOST_UNEVEN: Final = 0.9  # one way 2.5 times as long: a foot put on the pedal, or taken off
USUAL_RANGE_DEG: Final = 60.0
USUAL_SWING: Final = 0.35
MOST_UNLIKE: Final = 1.85  # pedalling comes to 0.9-1.4 of the two together, walking to 2 and more
FURTHEST_M: Final = 0.30  # the radius that the acceleration gives; a crank has 0.17


class PedalBouts:
    """Gather turns of the crank into bouts of pedalling.

    Parameters
    ----------
    target_per_min : float
        Turns a minute that the programme asks for.

    """

    def __init__(self, *, target_per_min: float) -> None:
        self._target_per_min = target_per_min
        self._part: BoutPart | None = None
        self._follows = False

    def add(self, stride: Stride, axis: Vector) -> Iterator[FoundBout]:
        """Take in the next turn."""
        if abs(stride.swing) > MOST_UNEVEN:
            return
        if self._part is not None and stride.start_s - self._part.end_s > RESUME_S:
            yield from self.finish(axis)
        if self._part is None:
            self._part = BoutPart(follows=self._follows)
        quick = turns_per_min(stride.cadence_per_min) >= self._target_per_min
        self._part.add(stride)
        self._part.at_target_s += (stride.end_s - stride.start_s) if quick else 0.0

    def break_row(self, axis: Vector, standing: Vector | None = None) -> Iterator[FoundBout]:
        """Note that the turns to come do not follow in step, or not before the legs were still."""
        if standing is not None:
            yield from self.finish(axis)
            self._follows = False

    def finish(self, axis: Vector) -> Iterator[FoundBout]:
        """End the running bout."""
        del axis
        part, self._part = self._part, None
        if part is None or not is_pedalling(part.sums):
            return
        self._follows = True
        yield FoundBout(
            kind=BoutKind.PEDAL,
            start_s=part.start_s,
            end_s=part.end_s,
            n_sweeps=part.sums.n + part.n_rows,
            moved_s=part.moved_s,
            follows=part.follows,
            at_target_s=part.moved_s * part.at_target_s / part.sums.period_s,
        )

    def told(self, bout: FoundBout, axis: Vector) -> FoundBout:
        """Return a bout as it is: a bicycle goes forward."""
        del axis
        return bout

    def activity(self, axis: Vector) -> str | None:
        """Return the kind of the running bout, as far as seen."""
        del axis
        is_riding = self._part is not None and is_pedalling(self._part.sums)
        return str(BoutKind.PEDAL) if is_riding else None


def is_pedalling(sums: StrideSums) -> bool:
    """Say whether some strides are turns of a crank."""
    if sums.n < LEAST_TURNS:
        return False
    unlike = sums.range_deg / sums.n / USUAL_RANGE_DEG + abs(sums.swing) / sums.n / USUAL_SWING
    rate_rads = 2.0 * math.pi * sums.n / sums.period_s
    return unlike < MOST_UNLIKE and sums.effort_ms2 / rate_rads**2 < FURTHEST_M


def turns_per_min(cadence_per_min: float) -> float:
    """Return turns of the crank for steps a minute: a turn is one stride."""
    return cadence_per_min / STEPS_A_STRIDE
