"""Sweeps: the ways that an angle goes from one turning point to the next.

A stride is two sweeps, and so is a turn of the crank. A turning point counts once the angle has
come back from it by a share of the last sweep, so that ringing and tremor make none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.gait_signal import AnglePiece

LEAST_BACK_DEG: Final = 10.0  # standing people sway and fidget by less
BACK_SHARE: Final = 0.3  # of the smaller of the last two sweeps
STUCK_S: Final = 2.0  # no sweep of a stride takes longer
STILL_SPAN_DEG: Final = 6.0  # within STILL_S: no stride has so flat a part for so long
STILL_S: Final = 0.9
KEPT_S: Final = 3.0
TIME: Final = 0
ANGLE: Final = 1
UP: Final = slice(2, 5)
EFFORT: Final = 5
UNSURE: Final = 6
SUM: Final = 7
WIDTH: Final = 8
EDGE_SHARE: Final = 0.1  # of a sweep from or to standing: nobody sees less of it
# A minimum-jerk movement has gone a tenth of its way after 0.265 of its time and half after 0.5.
EDGE_STRETCH: Final = 0.265 / (0.5 - 0.265)


@dataclass(frozen=True, slots=True)
class Turn:
    """A turning point; `effort`, `unsure`, `sum_deg` are running sums over the `n` points to it."""

    at_s: float
    angle_deg: float
    up: NDArray[np.float64]
    effort: float
    unsure: float
    sum_deg: float
    n: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """The way from one turning point to the next.

    The first after standing begins, and the last before it ends, where a smooth movement that
    passes the same tenth and the same half of the way would.
    """

    start: Turn
    end: Turn

    @property
    def duration_s(self) -> float:
        """How long it takes."""
        return self.end.at_s - self.start.at_s

    @property
    def turned_deg(self) -> float:
        """How far it goes, signed."""
        return self.end.angle_deg - self.start.angle_deg

    @property
    def effort_ms2(self) -> float:
        """Root mean square of the acceleration beside gravity."""
        n = max(1, self.end.n - self.start.n)
        return float(np.sqrt(max(0.0, self.end.effort - self.start.effort) / n))


@dataclass(frozen=True, slots=True)
class Still:
    """The angle has stopped changing; `up` (3,) is the pose."""

    at_s: float
    up: NDArray[np.float64]


class SweepFinder:
    """Find sweeps and standstills in the pieces of an angle."""

    def __init__(self) -> None:
        self._table = np.empty((0, WIDTH))
        self._n_dropped = 0
        self._sum_deg = 0.0
        self._start: Turn | None = None  # of the running sweep; none while standing
        self._sign = 0.0  # of the running sweep
        self._is_first = False  # whether the running sweep comes from standing
        self._at = 0  # index into the table: the furthest point so far, or where to look from
        self._back_deg = LEAST_BACK_DEG
        self._last_deg = LEAST_BACK_DEG

    @property
    def now_s(self) -> float:
        """Time of the newest point."""
        return float(self._table[-1, TIME]) if len(self._table) else -np.inf

    def add(self, piece: AnglePiece) -> Iterator[Sweep | Still]:
        """Take in the next piece."""
        self._append(piece)
        while (found := self._next_sweep()) is not None:
            yield found
        window = self._table[self._table[:, TIME] > self.now_s - STILL_S]
        if np.ptp(window[:, ANGLE]) < STILL_SPAN_DEG and self._reaches_back(STILL_S):
            yield from self.settle()
            yield Still(self.now_s, np.asarray(window[:, UP].mean(axis=0)))
        self._drop()

    def settle(self) -> Iterator[Sweep]:
        """End the running sweep where the angle has come to rest, and wait for a new one."""
        if self._start is not None:
            gone_deg = self._sign * (self._table[self._at, ANGLE] - self._start.angle_deg)
            if gone_deg >= LEAST_BACK_DEG:
                yield Sweep(self._start, self._settled(self._start, gone_deg))
        self._start, self._sign, self._at = None, 0.0, max(0, len(self._table) - 1)
        self._back_deg = LEAST_BACK_DEG

    def _next_sweep(self) -> Sweep | None:
        if self._start is None and not self._leaves():
            return None
        start = self._start
        if start is None:
            return None
        if self.now_s - start.at_s > STUCK_S:  # after one odd large sweep, say across lost samples
            self._back_deg = LEAST_BACK_DEG
        ahead = self._sign * self._table[self._at :, ANGLE]
        back = np.flatnonzero(np.maximum.accumulate(ahead) - ahead > self._back_deg)
        if not len(back):
            self._at += int(np.argmax(ahead))
            return None
        top = self._at + int(np.argmax(ahead[: back[0] + 1]))
        if self._is_first:
            start = self._left_at(start, top)
        sweep = Sweep(start, self._turn(top))
        size_deg = abs(sweep.turned_deg)
        self._back_deg = max(LEAST_BACK_DEG, BACK_SHARE * min(size_deg, self._last_deg))
        self._last_deg = size_deg
        self._start, self._sign, self._at, self._is_first = sweep.end, -self._sign, top, False
        return sweep

    def _leaves(self) -> bool:
        """Begin a sweep if the angle has left where it stood."""
        ahead = self._table[self._at :, ANGLE]
        risen = np.flatnonzero(ahead - np.minimum.accumulate(ahead) > self._back_deg)
        fallen = np.flatnonzero(np.maximum.accumulate(ahead) - ahead > self._back_deg)
        if not len(risen) and not len(fallen):
            return False
        rises = not len(fallen) or (len(risen) > 0 and risen[0] < fallen[0])
        self._sign = 1.0 if rises else -1.0
        reached = int(risen[0] if rises else fallen[0])
        low = self._at + int(np.argmin(self._sign * ahead[: reached + 1]))
        self._start, self._is_first, self._at = self._turn(low), True, low
        return True

    def _left_at(self, start: Turn, top: int) -> Turn:
        """Return where a first sweep left standing: its turning point lies anywhere in that."""
        ahead = self._table[: top + 1]
        share = (ahead[:, ANGLE] - start.angle_deg) / (ahead[-1, ANGLE] - start.angle_deg)
        share[ahead[:, TIME] < start.at_s] = 0.0
        if share.min() >= EDGE_SHARE:  # it left so long ago that nothing is kept of that
            return start
        tenth, half = (int(np.flatnonzero(share < part)[-1]) for part in (EDGE_SHARE, 0.5))
        begun_s = float(_extrapolated_s(ahead[tenth, TIME], ahead[half, TIME]))
        return replace(self._turn(tenth), at_s=max(begun_s, start.at_s))

    def _settled(self, start: Turn, gone_deg: float) -> Turn:
        """Return where a last sweep came to rest."""
        share = self._sign * (self._table[:, ANGLE] - start.angle_deg) / gone_deg
        share[self._table[:, TIME] < start.at_s] = 0.0
        tenth, half = (int(np.argmax(share > part)) for part in (1.0 - EDGE_SHARE, 0.5))
        ended_s = float(_extrapolated_s(self._table[tenth, TIME], self._table[half, TIME]))
        return replace(self._turn(tenth), at_s=min(ended_s, self.now_s))

    def _turn(self, at: int) -> Turn:
        row = self._table[at]
        return Turn(
            at_s=float(row[TIME]),
            angle_deg=float(row[ANGLE]),
            up=row[UP].copy(),
            effort=float(row[EFFORT]),
            unsure=float(row[UNSURE]),
            sum_deg=float(row[SUM]),
            n=self._n_dropped + at,
        )

    def _reaches_back(self, span_s: float) -> bool:
        return bool(self.now_s - self._table[0, TIME] >= span_s)

    def _append(self, piece: AnglePiece) -> None:
        new = np.empty((len(piece.time_s), WIDTH))
        new[:, TIME], new[:, ANGLE] = piece.time_s, piece.angle_deg
        new[:, UP], new[:, EFFORT], new[:, UNSURE] = piece.up, piece.effort, piece.unsure
        new[:, SUM] = self._sum_deg + np.cumsum(piece.angle_deg)
        self._sum_deg = float(new[-1, SUM])
        self._table = np.vstack([self._table, new])

    def _drop(self) -> None:
        first = int(np.searchsorted(self._table[:, TIME], self.now_s - KEPT_S))
        first = min(first, self._at)
        if first:
            self._table = self._table[first:]
            self._n_dropped += first
            self._at -= first


def _extrapolated_s(tenth_s: float, half_s: float) -> float:
    """Return when a smooth movement begins, or ends, from its tenth and its half."""
    return tenth_s - EDGE_STRETCH * (half_s - tenth_s)
