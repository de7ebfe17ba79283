"""Humps of the shank's tilt: forward from upright and back, one after the other.

A hump is found by its turning points, not by levels: a landing that is hard enough shakes the
vertical itself by some degrees, and what counts as upright then drifts within a set.
"""

from dataclasses import dataclass
from typing import Final

TURN_DEG: Final = 7.0  # a shank sways by less when standing
RERISE_DEG: Final = 4.0
SETTLED_DEG: Final = 1.5
SETTLED_TICKS: Final = 3
FALLEN_SHARE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Hump:
    """From a low point over a peak to the next low point: thin rows and degrees."""

    low: int
    peak: int
    end: int
    low_deg: float
    peak_deg: float
    end_deg: float

    @property
    def rise_deg(self) -> float:
        """How far it rose."""
        return self.peak_deg - self.low_deg


class HumpFinder:
    """Feed it the tilt of each thin row; it returns a hump when one is over."""

    def __init__(self, start: int) -> None:
        self._index = start
        self._low: tuple[int, float] | None = None
        self._peak: tuple[int, float] | None = None
        self._fall: list[float] = []
        self._bottom: tuple[int, float] = (start, 0.0)

    def step(self, tilt_deg: float) -> Hump | None:
        """Take in the next thin row's tilt in degrees."""
        index, self._index = self._index, self._index + 1
        if self._low is None or (self._peak is None and tilt_deg <= self._low[1]):
            self._low = (index, tilt_deg)
        if self._peak is None:
            if tilt_deg - self._low[1] >= TURN_DEG:
                self._peak, self._bottom, self._fall = (index, tilt_deg), (index, tilt_deg), []
            return None
        if tilt_deg > self._peak[1]:
            self._peak, self._bottom, self._fall = (index, tilt_deg), (index, tilt_deg), []
            return None
        self._fall = [*self._fall[1 - SETTLED_TICKS :], tilt_deg]
        if tilt_deg < self._bottom[1]:
            self._bottom = (index, tilt_deg)
        return self._close(tilt_deg) if self._has_ended(tilt_deg) else None

    def finish(self) -> Hump | None:
        """Return a hump that came down far enough, though nothing after it was seen."""
        if self._low is None or self._peak is None:
            return None
        fell_deg = self._peak[1] - self._bottom[1]
        if fell_deg < max(TURN_DEG, FALLEN_SHARE * (self._peak[1] - self._low[1])):
            return None
        return self._close(self._bottom[1])

    def _has_ended(self, tilt_deg: float) -> bool:
        assert self._low is not None and self._peak is not None  # noqa: S101, PT018 (`step` saw to it)
        fell_deg = self._peak[1] - self._bottom[1]
        if fell_deg < max(TURN_DEG, FALLEN_SHARE * (self._peak[1] - self._low[1])):
            return False
        if tilt_deg - self._bottom[1] >= RERISE_DEG:
            return True
        is_long = len(self._fall) == SETTLED_TICKS
        return is_long and max(self._fall) - min(self._fall) < SETTLED_DEG

    def _close(self, tilt_deg: float) -> Hump:
        assert self._low is not None and self._peak is not None  # noqa: S101, PT018 (`step` saw to it)
        hump = Hump(
            low=self._low[0],
            peak=self._peak[0],
            end=self._bottom[0],
            low_deg=self._low[1],
            peak_deg=self._peak[1],
            end_deg=self._bottom[1],
        )
        self._low, self._peak = self._bottom, None
        if tilt_deg - self._bottom[1] >= TURN_DEG:
            self._peak = (self._index - 1, tilt_deg)
            self._bottom, self._fall = self._peak, []
        return hump
