"""The hinge's axis, learnt from accepted repetitions alone.

Walking, rolling over or a hand at the strap turn the sensor too; none of it may spoil the axis.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.hinge import Vector, hinge_angle_deg, principal_axis
from analysis.lever import block_means
from analysis.rep_finder import Excursion
from analysis.rows import GYR, UP, Rows

MEMORY_S: Final = 20.0  # of movement: follows a strap that turns round the leg
BLOCK_S: Final = 0.1  # the rate is averaged over this long: a tremor has no say in the axis
CLEAR_SHARE: Final = 0.85
SAME_AXIS_COS: Final = 0.8  # 37 degrees: a strap slips, a foot turns; more is another movement
TRUSTED_REPS: Final = 2  # this many alike are the exercise, and anything else is not
MANY_REPS: Final = 5  # two swings of a fidgeting leg may agree, so many do not
RELEARN_AFTER: Final = 3  # unless there is nothing but that something else any more


class AxisMemory:
    """What is known of the axis, and how far it can be trusted."""

    def __init__(self, rate_hz: float) -> None:
        self.axis: Vector | None = None
        self.history: list[tuple[int, Vector]] = []  # the axis as it was when each rep closed
        self._rate_hz = rate_hz
        self._moment = np.zeros((3, 3))
        self._n_alike = 0
        self._n_unlike = 0
        self._answered: tuple[Rows, int, int] | None = None
        self._turning = (self._moment, np.zeros(3), 0.0)

    @property
    def is_trusted(self) -> bool:
        """Whether repetitions in a row agreed on it."""
        return self.axis is not None and self._n_alike >= TRUSTED_REPS

    @property
    def is_known_well(self) -> bool:
        """Whether there were so many repetitions that it was the exercise."""
        return len(self.history) >= MANY_REPS

    def axis_of(self, rows: Rows, ended: Excursion, rest_up: Vector) -> tuple[Vector, bool]:
        """Return the axis to judge an excursion by, and whether it is the one known so far.

        It points so that the excursion's way out is positive. Where the excursion agrees with
        what is known, both together tell the axis; else its own movement does.
        """
        moment, own_axis, share = self._turning_of(rows, ended)
        own = _oriented(own_axis, share, rows, ended, rest_up)
        if self.axis is None or float(own @ self.axis) < SAME_AXIS_COS:
            return own, False
        both = principal_axis(self._moment + moment)
        return _oriented(*both, rows, ended, rest_up), True

    def share_of(self, rows: Rows, ended: Excursion) -> float:
        """Share of an excursion's turning that lies on one axis, 1/3 to 1."""
        return self._turning_of(rows, ended)[2]

    def learn(self, rows: Rows, ended: Excursion, axis: Vector, *, is_known: bool) -> None:
        """Take in an accepted repetition."""
        moment, _, _ = self._turning_of(rows, ended)
        if is_known:
            moving_s = (ended.low_row - ended.start_row) / self._rate_hz
            self._moment = self._moment * np.exp(-moving_s / MEMORY_S) + moment
            self._n_alike += 1
        else:  # the first one, or what was learnt before was not the exercise
            self._moment, self._n_alike = moment, 1
        self._n_unlike = 0
        self.axis = axis
        self.history.append((ended.end_row, axis))

    def distrust(self) -> None:
        """Learn again: from another rest pose even the way out may be another."""
        self._n_alike = 0

    def trust_again(self) -> None:
        """Take up the axis again: the rest pose is the old one, and so is the way out."""
        if self.is_known_well:
            self._n_alike = max(self._n_alike, TRUSTED_REPS)

    def note_unlike(self) -> None:
        """Another movement; again and again and nothing else, and that is the exercise."""
        self._n_unlike += 1
        if self._n_unlike >= RELEARN_AFTER:
            self._n_alike = self._n_unlike = 0

    def _turning_of(
        self, rows: Rows, ended: Excursion
    ) -> tuple[NDArray[np.float64], Vector, float]:
        """Second moment (3, 3) of the angular rate over an excursion, its axis and share.

        Asked for several times while one excursion is judged: the last answer is kept.
        """
        asked = (rows, ended.start_row, ended.end_row)
        if self._answered != asked:
            moment = self._moment_of(*asked)
            self._answered, self._turning = asked, (moment, *principal_axis(moment))
        return self._turning

    def _moment_of(self, rows: Rows, start: int, end: int) -> NDArray[np.float64]:
        gyr = rows.columns(GYR, start, end)
        m = max(1, round(BLOCK_S * self._rate_hz))
        blocks = block_means(gyr, m) if len(gyr) >= 2 * m else gyr
        return np.asarray(blocks.T @ blocks * m)


def _oriented(axis: Vector, share: float, rows: Rows, ended: Excursion, rest_up: Vector) -> Vector:
    """Return the principal axis with the sign that makes the way out positive.

    Where the leg also rolls about its length, the rate has no one axis; then the axis of the
    shortest turn from the rest pose to the top stands in for it.
    """
    top = rows.columns(UP, ended.top_row, ended.top_row + 1)
    if share < CLEAR_SHARE:
        across = np.cross(top[0], rest_up)
        axis = across / np.sqrt(across @ across)
    return axis if hinge_angle_deg(top, axis, rest_up)[0] > 0 else -axis
