"""How long a leg has been still, for a ring that fills while somebody waits for the start.

By the direction of the acceleration alone, as the engine judges a rest pose: a tremor that a
gyroscope reads as 30 deg/s hardly turns it. The engine decides when the pose is good; this only
shows how far it is.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis import ImuSamples

TICK_S: Final = 0.25  # over which tremor and noise even out
MAX_WANDER_DEG: Final = 2.5  # of the mean direction since stillness began; breathing stays inside
LEAST_TICKS: Final = 2  # one alone may be a moment of a slow movement
MAX_SPREAD_DEG: Final = 4.0  # rms within a tick: noise and tremor pass, a movement does not
MAX_GAP_S: Final = 0.5  # longer without a sample, and nobody knows what happened

Vector = NDArray[np.float64]


class StillWatch:
    """Follow samples; what it says depends on them alone, not on where they are cut."""

    def __init__(self) -> None:
        self._tick: int | None = None
        self._began_s = 0.0  # the tick that goes on: its first sample
        self._rows: list[Vector] = []  # (3,) each, of the same
        self._last_s: float | None = None
        self._since_s = 0.0
        self._anchor: Vector | None = None
        self._n_ticks = 0  # near the anchor

    @property
    def still_s(self) -> float:
        """Seconds up to the newest sample; 0 while the leg moves."""
        if self._last_s is None or self._n_ticks < LEAST_TICKS:
            return 0.0
        return self._last_s - self._since_s

    def update(self, samples: ImuSamples) -> None:
        """Take in the next samples."""
        for time_s, acc_ms2 in zip(samples.time_s.tolist(), samples.acc_ms2, strict=True):
            tick = math.floor(time_s / TICK_S)
            if self._last_s is not None and time_s - self._last_s > MAX_GAP_S:
                self._forget()
            elif self._tick is not None and tick != self._tick:
                self._end_tick()
            if not self._rows:
                self._began_s = time_s
            self._tick, self._last_s = tick, time_s
            self._rows.append(acc_ms2)

    def _forget(self) -> None:
        self._rows.clear()
        self._anchor, self._n_ticks = None, 0

    def _end_tick(self) -> None:
        rows = np.array(self._rows)
        self._rows.clear()
        mean = rows.mean(axis=0)
        length_ms2 = float(np.linalg.norm(mean))
        if not length_ms2 or _spread_deg(rows, mean, length_ms2) > MAX_SPREAD_DEG:
            self._anchor, self._n_ticks = None, 0
            return
        up = mean / length_ms2
        if self._anchor is None or _angle_deg(up, self._anchor) > MAX_WANDER_DEG:
            self._anchor, self._since_s, self._n_ticks = up, self._began_s, 0
        self._n_ticks += 1


def _spread_deg(rows: Vector, mean: Vector, length_ms2: float) -> float:
    """Return the rms of the rows about their mean, as the angle that it turns the mean by."""
    return math.degrees(math.sqrt(float(((rows - mean) ** 2).sum(axis=1).mean())) / length_ms2)


def _angle_deg(one: Vector, other: Vector) -> float:
    return math.degrees(math.acos(max(-1.0, min(1.0, float(one @ other)))))
