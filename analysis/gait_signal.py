"""From rows to the one angle that walking, running and cycling turn about, on a slow grid.

The axis is the line that most of the leg's rotation lies on, learnt as it comes and weighted by
energy, so that the first stride outweighs a minute of fidgeting. Samples are used a little later
than they come: the axis then also rests on what followed them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.grid import BRIDGED, SATURATED
from analysis.hinge import (
    MIN_AXIS_TILT_DEG,
    Vector,
    angle_in_plane_deg,
    plane_basis,
    principal_axis,
)
from analysis.rows import ACC, GYR, MARK, TIME, UP, Rows
from analysis.saturation import LEAST_GYR_RADS

WORK_HZ: Final = 50.0  # a sprint's stride takes 0.4 s: 20 points of it are plenty
TICK_S: Final = 0.5
DELAY_TICKS: Final = 2
FORGET: Final = 0.9  # of the axis' evidence stays after a tick: a change of strap is learnt in 5 s
SETTLE_S: Final = 4.0  # until gravity has corrected a filter that began, or was lost, in mid-stride
BRIDGED_S: Final = 0.08  # a fast leg turns by 50 degrees meanwhile, and nobody saw it
UPRIGHT: Final = float(np.cos(np.radians(MIN_AXIS_TILT_DEG)))
GRAVITY_MS2: Final = 9.81


@dataclass(frozen=True, slots=True)
class AnglePiece:
    """A tick's worth of the slow grid.

    Parameters
    ----------
    time_s, angle_deg : (m,) array
        The angle has no zero of its own: only its changes count. Positive about `axis`.
    up : (m, 3) array
        The vertical, for what needs a zero.
    effort : (m,) array
        Square of the acceleration beside gravity, in (m/s²)², summed since the start.
    unsure : (m,) array
        Points whose vertical is not to be trusted, summed since the start: the gyroscope was out
        of its range, or the filter has just begun.
    axis : (3,) array
        What the angle turns about.
    last_row : int
        The newest row that this rests on.

    """

    time_s: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    up: NDArray[np.float64]
    effort: NDArray[np.float64]
    unsure: NDArray[np.float64]
    axis: Vector
    last_row: int


class SagittalAngle:
    """Read the rows tick by tick; any cutting of them gives the same ticks."""

    def __init__(self, rows: Rows, rate_hz: float) -> None:
        self._rows = rows
        self._rate_hz = rate_hz
        self._stride = max(1, round(rate_hz / WORK_HZ))
        self._n_points = max(2, round(TICK_S * rate_hz / self._stride))
        self._next_row = rows.end
        self._moment = np.zeros((3, 3))
        self._waiting: list[tuple[NDArray[np.float64], ...]] = []
        self._last_up: NDArray[np.float64] | None = None
        self._last_deg = 0.0
        self._effort_sum = self._unsure_sum = 0.0
        self._is_new = True
        self._settled_s = 0.0
        self.axis = np.array([1.0, 0.0, 0.0])
        self.n_saturated = 0
        self.first_up = np.array([0.0, 0.0, 1.0])

    def advance(self) -> Iterator[AnglePiece]:
        """Use all new rows that fill a tick."""
        n_rows = self._n_points * self._stride
        while self._next_row + n_rows <= self._rows.end:
            self._waiting.append(self._tick(self._next_row, self._next_row + n_rows))
            self._next_row += n_rows
            self._rows.drop_before(self._next_row)
            if len(self._waiting) > DELAY_TICKS:
                yield self._turned(self._waiting.pop(0))

    def flush(self) -> Iterator[AnglePiece]:
        """Use what still waits, and a last tick that is not full: nothing else will come."""
        n_points = (self._rows.end - self._next_row) // self._stride
        if n_points:
            end = self._next_row + n_points * self._stride
            self._waiting.append(self._tick(self._next_row, end))
            self._next_row = end
        for ticks in self._waiting:
            yield self._turned(ticks)
        self._waiting = []

    def restart(self) -> None:
        """Begin behind a hole: the axis stays, the angle's changes start anew."""
        self._next_row = self._rows.end
        self._last_up = None
        self._is_new = True

    def _tick(self, start: int, end: int) -> tuple[NDArray[np.float64], ...]:
        rows, step = self._rows, self._stride
        gyr = rows.columns(GYR, start, end)
        self._learn(gyr.T @ gyr)
        up = rows.columns(UP, start, end)
        if start == 0:
            self.first_up = up[0].copy()
        beside = rows.columns(ACC, start, end) - GRAVITY_MS2 * up
        squares = np.einsum("ij,ij->i", beside, beside).reshape(-1, step).mean(axis=1)
        marks = rows.column(MARK, start, end)
        unsure = self._clipped(gyr, marks)
        time_s = rows.column(TIME, start, end)[step - 1 :: step].copy()
        bridged = np.flatnonzero(marks == BRIDGED)
        # Jittering stamps bridge single rows all the time: only a long run of them loses the leg.
        n_long = max(1, round(BRIDGED_S * self._rate_hz))
        if (bridged[n_long:] - bridged[:-n_long] == n_long).any():
            self._settled_s = rows.time_at(start + int(bridged[-1])) + SETTLE_S
        elif self._is_new:
            self._settled_s = float(time_s[0]) + SETTLE_S
        self._is_new = False
        unsure[time_s < self._settled_s] = 1.0
        return time_s, up[step - 1 :: step].copy(), squares, unsure

    def _clipped(self, gyr: NDArray[np.float64], marks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return, for each point, the share of rows with the gyroscope at the end of its range."""
        is_clipped = marks >= SATURATED
        self.n_saturated += int(np.count_nonzero(is_clipped))
        if is_clipped.any():
            is_clipped &= np.abs(gyr).max(axis=1) > LEAST_GYR_RADS
        return np.asarray(is_clipped.reshape(-1, self._stride).mean(axis=1))

    def _learn(self, moment: NDArray[np.float64]) -> None:
        self._moment = FORGET * self._moment + moment
        axis, _ = principal_axis(self._moment)
        self.axis = axis if float(axis @ self.axis) >= 0.0 else -axis

    def _turned(self, tick: tuple[NDArray[np.float64], ...]) -> AnglePiece:
        time_s, up, squares, unsure = tick
        before = up[0] if self._last_up is None else self._last_up
        basis = plane_basis(self.axis, _off_axis(self.axis))
        raw_deg = angle_in_plane_deg(np.vstack([before, up]), basis)
        steps_deg = np.diff(raw_deg)
        steps_deg -= 360.0 * np.round(steps_deg / 360.0)
        # About an upright axis gravity shows no angle; what is left is noise.
        steps_deg[np.abs(up @ self.axis) > UPRIGHT] = 0.0
        angle_deg = self._last_deg + np.cumsum(steps_deg)
        effort = self._effort_sum + np.cumsum(squares)
        unsure = self._unsure_sum + np.cumsum(unsure)
        self._last_up, self._last_deg = up[-1], float(angle_deg[-1])
        self._effort_sum, self._unsure_sum = float(effort[-1]), float(unsure[-1])
        return AnglePiece(time_s, angle_deg, up, effort, unsure, self.axis, self._next_row - 1)


def _off_axis(axis: Vector) -> Vector:
    """Return the sensor's own axis that lies furthest from a line."""
    off = np.zeros(3)
    off[int(np.argmin(np.abs(axis)))] = 1.0
    return off
