"""The vertical after a hole in the signal: how far it may be off, and how to find it again.

Across a hole the rates are interpolated. A leg that moves evenly turns as they say; one that swings
does not, and the vertical is then off by tens of degrees, for as long as the orientation filter
takes to believe the accelerometer again: seconds. But a leg soon stands or lies for a moment, and
then the accelerometer alone shows the vertical. Such moments show in the signal: seen from a frame
that does not turn with the leg, the specific force is then steady, and as large as gravity.

The doubt about the vertical and the doubt about such a moment are weighed as in a Kalman filter
with one state, and the vertical is moved by that share. What came since the hole is held back
until then, and mended: the gyroscope tells how the leg turned from there to that moment.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.lever import STANDARD_GRAVITY_MS2

LOOKED_BACK_S: Final = 3.0  # of the movement before a hole: a repetition, or some strides
RATE_CHANGE_SHARE: Final = 0.25  # of the change of rate over a hole: half of the straight line's
WORST_SHARE: Final = 0.5  # the worst of the movement before counts as two standard deviations
LEAST_DOUBT_DEG: Final = 5.0  # with less the vertical counts as known
LOOK_S: Final = 0.08
MOMENT_S: Final = 0.16  # a foot stands at least that long, also when springing
MOMENT_DOUBT_DEG: Final = 2.0  # by so much the filter leans for good, for a gyroscope's offset
WORTH_SHARE: Final = 0.5  # of the doubt: a moment must be surer than that
LONGEST_S: Final = 1.0  # held back at most; a leg that swings on has no such moment
CONJUGATE: Final = np.array([1.0, -1.0, -1.0, -1.0])  # times a quaternion: the turn back


def bridge_doubt_deg(
    before_rads: NDArray[np.float64], bridge_rads: NDArray[np.float64], rate_hz: float
) -> float:
    """Return how far the rotation across a hole may be off, in degrees (standard deviation).

    Parameters
    ----------
    before_rads : (n, 3) ndarray
        Rates of the rows before the hole, one or more, up to `LOOKED_BACK_S`: had they been
        interpolated over as long, how far would they have been off at worst?
    bridge_rads : (m, 3) ndarray
        The rates that were put in, on a straight line.
    rate_hz : float
        Of the rows.

    """
    n_steps = len(bridge_rads) + 1
    length_s = n_steps / rate_hz
    change_rads = (bridge_rads[-1] - before_rads[-1]) * (n_steps / len(bridge_rads))
    doubt = RATE_CHANGE_SHARE * length_s * math.sqrt(float(change_rads @ change_rads))
    if len(before_rads) > n_steps:
        pairs = before_rads[1:] + before_rads[:-1]
        turned = np.concatenate([np.zeros((1, 3)), np.cumsum(pairs, axis=0)]) / (2.0 * rate_hz)
        ends = 0.5 * length_s * (before_rads[n_steps:] + before_rads[:-n_steps])
        off = turned[n_steps:] - turned[:-n_steps] - ends
        worst = math.sqrt(float((off * off).sum(axis=1).max()))
        doubt = math.hypot(doubt, WORST_SHARE * worst)
    return math.degrees(doubt)


class Levelling:
    """One time of doubt: from a hole until the vertical is found again.

    All directions are in the frame that the leg had at the start and that does not turn with it,
    by the gyroscope alone.

    Parameters
    ----------
    rate_hz : float
        Of the rows.
    old_up : (3,) ndarray
        "Up" before the hole.

    """

    def __init__(self, rate_hz: float, old_up: NDArray[np.float64]) -> None:
        self._n_moment = max(2, round(MOMENT_S * rate_hz))
        self._n_longest = round(LONGEST_S * rate_hz)
        self._old_up = old_up
        self._found_up: NDArray[np.float64] | None = None
        self._doubt_deg = 0.0
        self._n_left = 0
        self._force = np.empty((0, 3))
        self._turns: list[NDArray[np.float64]] = []  # of the rows held back
        self._are_bridged: list[NDArray[np.bool_]] = []

    @property
    def is_over(self) -> bool:
        """Whether the vertical was found again, or no moment came that shows it."""
        return self._n_left <= 0 or self._doubt_deg < LEAST_DOUBT_DEG

    def add_bridge(self, turns: NDArray[np.float64], doubt_deg: float) -> None:
        """Take in the rows of a bridge, turned by quaternions (n, 4), and the doubt it adds."""
        self._doubt_deg = math.hypot(self._doubt_deg, doubt_deg)
        self._n_left = self._n_longest
        self._force = np.empty((0, 3))
        self._turns.append(turns)
        self._are_bridged.append(np.ones(len(turns), dtype=np.bool_))

    def add(self, turns: NDArray[np.float64], acc_ms2: NDArray[np.float64]) -> None:
        """Take in the next rows: how they are turned (n, 4), and their specific force (n, 3)."""
        self._turns.append(turns)
        self._are_bridged.append(np.zeros(len(turns), dtype=np.bool_))
        force = rotated(turns, acc_ms2)
        self._force = np.concatenate([self._force, force])[-self._n_moment :]
        self._n_left -= len(turns)

    def look(self, up: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return where "up" is by the last moment, (3,), if that shows it better than `up` does."""
        if len(self._force) < self._n_moment:
            return None
        mean = self._force.mean(axis=0)
        size_ms2 = math.sqrt(float(mean @ mean))
        stirs_ms2 = math.sqrt(float(self._force.var(axis=0).sum()))
        off = math.hypot(stirs_ms2, size_ms2 - STANDARD_GRAVITY_MS2) / STANDARD_GRAVITY_MS2
        moment_deg = math.hypot(math.degrees(off), MOMENT_DOUBT_DEG)
        if moment_deg > WORTH_SHARE * self._doubt_deg:
            return None
        share = self._doubt_deg**2 / (self._doubt_deg**2 + moment_deg**2)
        self._doubt_deg *= math.sqrt(1.0 - share)
        self._force = np.empty((0, 3))
        found = share * mean / size_ms2 + (1.0 - share) * up
        self._found_up = np.asarray(found / np.sqrt(found @ found))
        return self._found_up

    def mended(self) -> NDArray[np.float64] | None:
        """Return the vertical (n, 3) of all rows held back, each in its own axes.

        From the hole on it is what it was found to be; within, it goes over to that. None if it
        was not found.
        """
        if self._found_up is None:
            return None
        turns = np.concatenate(self._turns)
        bridged = np.cumsum(np.concatenate(self._are_bridged))
        share = (bridged / bridged[-1])[:, None]
        up = self._old_up + share * (self._found_up - self._old_up)
        ups = rotated(CONJUGATE * turns, up)
        return np.asarray(ups / np.sqrt((ups * ups).sum(axis=1))[:, None])


def rotated(quat: NDArray[np.float64], vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn vectors (n, 3) by quaternions (n, 4) wxyz."""
    turn, along = quat[:, :1], quat[:, 1:]
    across = 2.0 * np.cross(along, vectors)
    return np.asarray(vectors + turn * across + np.cross(along, across))


def multiplied(left: NDArray[np.float64], quat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply quaternions (n, 4) wxyz by one (4,) from the left."""
    w, x, y, z = left
    matrix = np.array([[w, -x, -y, -z], [x, w, -z, y], [y, z, w, -x], [z, -y, x, w]])
    return np.asarray(quat @ matrix.T)
