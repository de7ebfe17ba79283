"""Strides: two sweeps of one leg that belong together, and what they are like."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.gait_sweeps import Sweep

LEAST_RANGE_DEG: Final = 20.0  # a shuffling step; people who stand and fidget move the shank less
LONGEST_SWEEP_S: Final = 1.5  # 40 strides a minute; a longer one holds a pause
SHORTEST_SWEEP_S: Final = 0.08  # 300 strides a minute and a swing of a third: nobody runs so
SHORTEST_STRIDE_S: Final = 0.4  # 300 steps a minute: the quickest sprinters take 290
LEAST_LIKENESS: Final = 0.45  # of its two sweeps: one comes back where the other went
MOST_UNSURE: Final = 0.05  # of a stride
STEPS_A_STRIDE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Stride:
    """Two sweeps in a row; strides overlap, each sweep but the first begins one.

    `up_high` and `up_low` (3,) are the vertical at its highest and its lowest angle; `dwell` is
    how much nearer the mean angle lies to the highest (up to 0.5) or to the lowest (to -0.5);
    `unsure_share` in how much of it the vertical is not to be trusted.
    """

    start_s: float
    end_s: float
    rise_s: float
    fall_s: float
    range_deg: float
    effort_ms2: float
    up_high: NDArray[np.float64]
    up_low: NDArray[np.float64]
    dwell: float
    unsure_share: float = 0.0

    @property
    def cadence_per_min(self) -> float:
        """Steps of both feet a minute."""
        return 60.0 * STEPS_A_STRIDE / (self.end_s - self.start_s)

    @property
    def swing(self) -> float:
        """Logarithm of fall over rise: the leg swings the way that takes less time."""
        return math.log(self.fall_s / self.rise_s)


@dataclass(slots=True)
class StrideSums:
    """What some strides add up to; enough for all means, however many there were."""

    n: int = 0
    swing: float = 0.0
    swing_squared: float = 0.0
    effort_squared: float = 0.0
    period_s: float = 0.0
    range_deg: float = 0.0
    n_sure: int = 0  # strides whose vertical can be trusted; only they count for what follows
    dwell: float = 0.0
    up_high: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))
    up_low: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))

    def add(self, stride: Stride) -> None:
        """Take in a stride."""
        self.n += 1
        self.swing += stride.swing
        self.swing_squared += stride.swing**2
        self.effort_squared += stride.effort_ms2**2
        self.period_s += stride.end_s - stride.start_s
        self.range_deg += stride.range_deg
        if stride.unsure_share > MOST_UNSURE:
            return
        self.n_sure += 1
        self.dwell += stride.dwell
        self.up_high = self.up_high + stride.up_high
        self.up_low = self.up_low + stride.up_low

    @property
    def cadence_per_min(self) -> float:
        """Steps of both feet a minute, of at least one stride."""
        return 60.0 * STEPS_A_STRIDE * self.n / self.period_s

    @property
    def effort_ms2(self) -> float:
        """Root mean square of the acceleration beside gravity, of at least one stride."""
        return math.sqrt(self.effort_squared / self.n)

    def is_swing_sure(self, least: float, n_errors: float) -> bool:
        """Say whether the mean swing is clear of nothing, in itself and for its scatter."""
        mean = self.swing / self.n
        variance = max(0.0, self.swing_squared / self.n - mean**2)
        # Strides overlap: half of them are independent.
        error = math.sqrt(2.0 * variance / self.n)
        return abs(mean) > max(least, n_errors * error)


class StrideFinder:
    """Pair sweeps into strides; what does not fit breaks the row."""

    def __init__(self) -> None:
        self._last: Sweep | None = None

    def add(self, sweep: Sweep) -> Iterator[Stride | None]:
        """Take in the next sweep: a stride, or None where the row is broken."""
        last, self._last = self._last, sweep
        stride = None if last is None else stride_of(last, sweep)
        if stride is not None or last is not None:
            yield stride

    def reset(self) -> None:
        """Forget the last sweep: the next does not follow from it."""
        self._last = None


def stride_of(first: Sweep, second: Sweep) -> Stride | None:
    """Return the stride that two sweeps make, or None if they make none."""
    sizes = sorted((abs(first.turned_deg), abs(second.turned_deg)))
    durations = (first.duration_s, second.duration_s)
    if sizes[1] < LEAST_RANGE_DEG or sizes[0] < LEAST_LIKENESS * sizes[1]:
        return None
    if max(durations) > LONGEST_SWEEP_S or min(durations) < SHORTEST_SWEEP_S:
        return None
    if sum(durations) < SHORTEST_STRIDE_S:
        return None
    rise, fall = (first, second) if first.turned_deg > 0.0 else (second, first)
    n = max(1, second.end.n - first.start.n)
    mean_deg = (second.end.sum_deg - first.start.sum_deg) / n
    low_deg = 0.5 * (rise.start.angle_deg + fall.end.angle_deg)
    high_deg = 0.5 * (rise.end.angle_deg + fall.start.angle_deg)
    range_deg = 0.5 * (sizes[0] + sizes[1])
    return Stride(
        start_s=first.start.at_s,
        end_s=second.end.at_s,
        rise_s=rise.duration_s,
        fall_s=fall.duration_s,
        range_deg=range_deg,
        effort_ms2=math.sqrt(max(0.0, second.end.effort - first.start.effort) / n),
        up_high=rise.end.up,
        up_low=rise.start.up,
        dwell=(mean_deg - 0.5 * (low_deg + high_deg)) / range_deg,
        unsure_share=(second.end.unsure - first.start.unsure) / n,
    )
