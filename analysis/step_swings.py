"""What the foot did during a hump of the shank's tilt: stood, or swung through the air.

A foot that stands lets the shank turn about the ankle, a few centimetres below the sensor: the
acceleration beyond gravity stays small, though the tilt may be large. A foot that swings is carried
by hip and knee and set down again: the acceleration is several times that, at every pace. How
large it is grows with the pace, so a swing is told from the standing part of the same set.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.hinge import Vector
from analysis.rows import ACC, UP, X
from analysis.step_humps import Hump
from analysis.step_signal import StepSignal

LEAST_SWING_MS2: Final = 2.0  # beyond gravity, over two blocks
SWING_SHARE: Final = 0.25  # of the set's usual swing
LEAST_AIR_MS2: Final = 1.2
AIR_SHARE: Final = 0.15
LOADED_SHARE: Final = 0.4  # of the rise: a body is let down, or pushed up, on this foot
RISEN_SHARE: Final = 0.15  # of the rise: where the standing before it is over
LANDED_DEG: Final = 3.0
AFTER_S: Final = 0.08  # the foot comes to rest a little after the tilt does
FOLLOW: Final = 0.3  # how quickly the usual swing follows the pace of a set
DOUBT_S: Final = 2.0  # levelling.py takes no longer to find the vertical again, and a swing
CLEAR_UP_M: Final = 0.06  # half a low step


@dataclass(frozen=True, slots=True)
class Swing:
    """A hump that holds a swing of the foot.

    Parameters
    ----------
    is_loaded : bool
        The foot stood for a good part of the rise.
    up_m : float
        By how much higher the foot was set down, by its acceleration between two standings.
    take_off, landing : int
        The thin rows at which it left the ground and was back on it.
    is_doubtful : bool
        The vertical may be off by tens of degrees: a hole in the signal turned it, and the
        filter takes seconds to recover.

    """

    hump: Hump
    is_loaded: bool
    up_m: float
    take_off: int
    landing: int
    is_doubtful: bool


class SwingJudge:
    """Tells swings among the humps; remembers how hard this set's swings are."""

    def __init__(self, signal: StepSignal) -> None:
        self._signal = signal
        self._usual_ms2 = 0.0

    def forget(self) -> None:
        """Begin anew with the pace."""
        self._usual_ms2 = 0.0

    def judge(self, hump: Hump) -> Swing | None:
        """Return the swing of a hump; None where the foot stood."""
        thin = self._signal.thin
        beyond = thin.columns(ACC, hump.low, hump.end + 1)
        size_ms2 = np.sqrt(np.einsum("ij,ij->i", beyond, beyond))
        peak = hump.peak - hump.low
        hardest_ms2 = _hardest_pair(size_ms2[peak:])
        if hardest_ms2 < max(LEAST_SWING_MS2, SWING_SHARE * self._usual_ms2):
            return None
        share = 1.0 if self._usual_ms2 == 0.0 else FOLLOW
        self._usual_ms2 += share * (hardest_ms2 - self._usual_ms2)
        first = self.rise_start(hump) - hump.low
        in_air = size_ms2[first : peak + 1] > max(LEAST_AIR_MS2, AIR_SHARE * self._usual_ms2)
        standing = np.flatnonzero(~in_air)
        take_off = hump.low + first + (int(standing[-1]) + 1 if len(standing) else 0)
        return Swing(
            hump=hump,
            is_loaded=float(1.0 - in_air.mean()) >= LOADED_SHARE,
            up_m=self._up_m(hump.low + first, hump.end),
            take_off=take_off,
            landing=self._landing(hump),
            is_doubtful=self._is_doubtful(hump.end),
        )

    def rise_start(self, hump: Hump) -> int:
        """Return the thin row at which the standing before a hump was over."""
        tilt = self._signal.thin.column(X, hump.low, hump.peak + 1)
        risen = np.flatnonzero(tilt <= hump.low_deg + RISEN_SHARE * hump.rise_deg)
        return hump.low + (int(risen[-1]) if len(risen) else 0)

    def _is_doubtful(self, index: int) -> bool:
        start = index - round(DOUBT_S / self._signal.step_s)
        return self._signal.is_holed(start, index + 1)

    def _landing(self, hump: Hump) -> int:
        tilt = self._signal.thin.column(X, hump.peak, hump.end + 1)
        return hump.peak + int((tilt <= hump.end_deg + LANDED_DEG).argmax())

    def _up_m(self, start: int, end: int) -> float:
        """Height gained from one standing to the next: the vertical acceleration, twice summed."""
        thin, step_s = self._signal.thin, self._signal.step_s
        end = min(thin.end, end + 1 + round(AFTER_S / step_s))
        beyond, up = thin.columns(ACC, start, end), thin.columns(UP, start, end)
        rising_ms2 = np.einsum("ij,ij->i", beyond, up)
        return height_m(rising_ms2, step_s)


def height_m(rising_ms2: NDArray[np.float64], step_s: float) -> float:
    """Sum a vertical acceleration (n,) to a height, from standstill to standstill.

    What is left of the speed at the end is an error of the sensor, spread over the time.
    """
    speed_mps = np.cumsum(rising_ms2) * step_s
    speed_mps = speed_mps - np.linspace(0.0, speed_mps[-1], len(speed_mps))
    return float(speed_mps.sum() * step_s)


def _hardest_pair(size_ms2: Vector) -> float:
    """Largest mean of two neighbours: one block alone may be a knock."""
    if len(size_ms2) < 2:  # noqa: PLR2004 (no neighbours)
        return float(size_ms2.max(initial=0.0))
    return float((0.5 * (size_ms2[1:] + size_ms2[:-1])).max())
