"""When the leg lies still, and in which pose: judged once a tick, by the vertical alone.

Not by the gyroscope: a tremor of half a degree at 8 Hz reads 30 deg/s there, more than a slow
lowering, while the direction of the vertical hardly moves.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

TICK_S: Final = 0.25
MAX_WANDER_DEG: Final = 1.6  # tick means over the window stay this close to their mean
MAX_SPREAD_DEG: Final = 2.5  # rms within a tick: tremor and breathing pass, a movement does not
KEPT_TICKS: Final = 32

# Directions a small angle apart are a chord of almost that many radians apart.
_MAX_WANDER: Final = math.radians(MAX_WANDER_DEG)
_MAX_VARIANCE: Final = math.radians(MAX_SPREAD_DEG) ** 2


@dataclass(frozen=True, slots=True)
class Pose:
    """A pose held still: mean "up" (3,) and how steady it was."""

    up: NDArray[np.float64]
    n_ticks: int
    wander_deg: float


class StillnessWatch:
    """Remembers the last ticks' mean vertical and answers how long it has been still.

    A handful of vectors is quicker to go through as plain numbers than as arrays.
    """

    def __init__(self) -> None:
        self._means: list[tuple[float, float, float]] = []
        self._variances: list[float] = []

    def add(self, up: NDArray[np.float64]) -> None:
        """Take in the rows of one tick (m, 3)."""
        self._remember((np.add.reduce(up) / len(up)).tolist())

    def add_ticks(self, up: NDArray[np.float64]) -> None:
        """Take in the rows of k ticks (k, m, 3)."""
        for mean in tick_means(up[-KEPT_TICKS:]).tolist():
            self._remember(mean)

    def n_moving(self, up: NDArray[np.float64]) -> int:
        """How many of the ticks (k, m, 3) to come surely end no still pose of two or more.

        Two ticks whose means lie further apart than this cannot both be near one pose.
        """
        if not self._means:
            return 0
        means = np.concatenate([self._means[-1:], tick_means(up)])
        steps = means[1:] - means[:-1]
        is_near = np.add.reduce(steps * steps, axis=1) <= (2.0 * _MAX_WANDER) ** 2
        first = int(is_near.argmax())
        return first if is_near[first] else len(up)

    def _remember(self, mean: list[float]) -> None:
        x, y, z = mean
        # For unit vectors the mean's length tells their spread.
        self._means.append((x, y, z))
        self._variances.append(1.0 - (x * x + y * y + z * z))
        if len(self._means) > KEPT_TICKS:
            del self._means[0], self._variances[0]

    def pose(self, n_ticks: int) -> Pose | None:
        """Return the pose of the last `n_ticks` ticks if they were still, else None."""
        if len(self._means) < n_ticks or max(self._variances[-n_ticks:]) > _MAX_VARIANCE:
            return None
        means = self._means[-n_ticks:]
        # Both within the limit of one point: most movements end here.
        if math.dist(means[0], means[-1]) > 2.0 * _MAX_WANDER:
            return None
        x, y, z = (math.fsum(parts) for parts in zip(*means, strict=True))
        norm = math.hypot(x, y, z)
        middle = (x / norm, y / norm, z / norm)
        wander = max(math.dist(mean, middle) for mean in means)
        if wander > _MAX_WANDER:
            return None
        return Pose(np.array(middle), n_ticks, math.degrees(wander))


def tick_means(up: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean vertical (k, 3) of each of k ticks (k, m, 3)."""
    return np.asarray(np.add.reduce(up, axis=1) / up.shape[1])
