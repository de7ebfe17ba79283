"""When the leg lies still, and in which pose: judged once a tick, by the vertical alone.

Not by the gyroscope: a tremor of half a degree at 8 Hz reads 30 deg/s there, more than a slow
lowering, while the direction of the vertical hardly moves.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

TICK_S: Final = 0.25
MAX_WANDER_DEG: Final = 1.6  # tick means over the window stay this close to their mean
MAX_SPREAD_DEG: Final = 2.5  # rms within a tick: tremor and breathing pass, a movement does not
KEPT_TICKS: Final = 32


@dataclass(frozen=True, slots=True)
class Pose:
    """A pose held still: mean "up" (3,) and how steady it was."""

    up: NDArray[np.float64]
    n_ticks: int
    wander_deg: float


class StillnessWatch:
    """Remembers the last ticks' mean vertical and answers how long it has been still."""

    def __init__(self) -> None:
        self._means: list[NDArray[np.float64]] = []
        self._spreads_deg: list[float] = []

    def add(self, up: NDArray[np.float64]) -> None:
        """Take in the rows of one tick (m, 3)."""
        mean = np.add.reduce(up) / len(up)
        # For unit vectors the mean's length tells their spread: 1 - |m|² is the variance.
        variance = max(0.0, 1.0 - float(mean @ mean))
        self._means.append(mean)
        self._spreads_deg.append(float(np.degrees(np.sqrt(variance))))
        if len(self._means) > KEPT_TICKS:
            del self._means[0], self._spreads_deg[0]

    def pose(self, n_ticks: int) -> Pose | None:
        """Return the pose of the last `n_ticks` ticks if they were still, else None."""
        if len(self._means) < n_ticks or max(self._spreads_deg[-n_ticks:]) > MAX_SPREAD_DEG:
            return None
        means = np.array(self._means[-n_ticks:])
        up = means.mean(axis=0)
        up /= np.sqrt(up @ up)
        wander_deg = float(np.degrees(np.sqrt(((means - up) ** 2).sum(axis=1).max())))
        if wander_deg > MAX_WANDER_DEG:
            return None
        return Pose(up, n_ticks, wander_deg)
