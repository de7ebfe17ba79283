"""Find the rest pose at the start of a recording, also of one that starts in movement."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.exercise import Coordinate, Exercise
from analysis.hinge import hinge_angle_deg, hinge_axis, tilt_deg
from analysis.lever import fit_swing, mean_jolt_ms2
from analysis.rest_end import is_rest_of_two
from analysis.rows import ACC, GYR, UP, Rows
from analysis.stillness import TICK_S, StillnessWatch
from analysis.turning_points import THIN_S, turning_points

Vector = NDArray[np.float64]

STILL_TICKS: Final = 4
LATE_STILL_TICKS: Final = 6  # once it moved, a short stillness may be the top of a repetition
HELD_MARGIN_S: Final = 1.5  # a prescribed hold may be kept this much too long
UNKNOWN_HOLD_S: Final = 4.5  # what a movement of one's own may be held for
CLEAR_PACE: Final = 0.4  # log of the ratio of the two ways' times: half as long again
SHORT_STILL_TICKS: Final = 2
LEAST_RANGE_DEG: Final = 12.0
LEAST_RANGE_SHARE: Final = 0.35  # of the amplitude to expect, where that is small
LEFT_SHARE: Final = 0.5
TURN_SHARE: Final = 0.4
MIN_AXIS_SHARE: Final = 0.75
MAX_JOLT_MS2: Final = 2.5  # mean departure of |acc| from 1 g: walking has more
UNSETTLED_S: Final = 0.25
END_SHARE: Final = 0.15  # of the range: rows this close to an end are at it
REST_DEG: Final = 2.0  # what is averaged to the rest pose: the envelope, not the way there
REST_SHARE: Final = 0.03
LEAST_TURNS: Final = 3
DOUBTFUL_QUALITY: Final = 0.6  # of a short still pose, or one between movements
LOOK_EVERY_TICKS: Final = 2
FIRST_LOOK_TICKS: Final = 6  # the orientation filter needs a moment to find the vertical


@dataclass(frozen=True, slots=True)
class FoundRest:
    """A rest pose, how it was found, and from which row repetitions can be counted with it."""

    up: Vector
    method: str
    quality: float
    row: int
    replay_from: int


class RestSeeker:
    """Looks at each tick until it is sure enough."""

    def __init__(self, exercise: Exercise, rate_hz: float, first_row: int) -> None:
        self._exercise = exercise
        self._rate_hz = rate_hz
        self._first_row = first_row
        self._n_ticks = 0
        self._start_up: Vector | None = None  # the pose of the first half second, if it was still
        self._has_moved = False
        self._least_range_deg = min(
            LEAST_RANGE_DEG, LEAST_RANGE_SHARE * exercise.start_amplitude_deg
        )
        self._late_still_ticks = LATE_STILL_TICKS
        may_hold_s = exercise.hold_s
        if exercise.coordinate is Coordinate.SEGMENT_ROTATION:
            may_hold_s = UNKNOWN_HOLD_S
        if may_hold_s is not None:
            self._late_still_ticks = round((may_hold_s + HELD_MARGIN_S) / TICK_S)

    def look(self, rows: Rows, end: int, watch: StillnessWatch) -> FoundRest | None:
        """Return the rest pose if the rows up to `end` tell it."""
        self._n_ticks += 1
        if self._n_ticks == SHORT_STILL_TICKS:
            pose = watch.pose(SHORT_STILL_TICKS)
            self._start_up = None if pose is None else pose.up
        first = max(rows.first, self._first_row)  # older rows were dropped
        up = rows.columns(UP, first, end)
        if not self._has_moved:
            origin = up[0] if self._start_up is None else self._start_up
            self._has_moved = bool(tilt_deg(up[-1:], origin)[0] > self._least_range_deg)
        pose = watch.pose(self._late_still_ticks if self._has_moved else STILL_TICKS)
        if pose is not None:
            quality = float(np.clip(1.0 - pose.wander_deg / 4.0, 0.0, 1.0))
            if self._has_moved:  # it may be a return that was not complete
                quality = min(quality, DOUBTFUL_QUALITY)
            # What moved before counts too, if it was a repetition from this pose.
            replay_from = first if self._has_moved else end
            return FoundRest(pose.up, "still-pose", quality, end - 1, replay_from)
        if self._start_up is not None and self._has_left(rows, first, end, self._start_up):
            # Still for half a second, then off: good enough, and all reps can be counted.
            return FoundRest(self._start_up, "still-pose", DOUBTFUL_QUALITY, first, first)
        if self._has_moved and self._is_due():
            return self._from_movement(rows, end)
        return None

    def look_at_movement(self, rows: Rows, end: int) -> FoundRest | None:
        """Return the rest end of what moved since, if a whole cycle did: no still pose counts."""
        self._n_ticks += 1
        return self._from_movement(rows, end) if self._is_due() else None

    def _is_due(self) -> bool:
        return self._n_ticks >= FIRST_LOOK_TICKS and self._n_ticks % LOOK_EVERY_TICKS == 0

    def _has_left(self, rows: Rows, first: int, end: int, start_up: Vector) -> bool:
        """Whether the leg went on from its first pose so far that it had rested there.

        A recording may begin in a short pause on the way back, which ends a little lower.
        """
        up = rows.columns(UP, first, end)
        if tilt_deg(up[-1:], start_up)[0] < LEFT_SHARE * self._exercise.start_amplitude_deg:
            return False
        gyr = rows.columns(GYR, first, end)
        axis, _ = hinge_axis(gyr)
        swing = fit_swing(rows.columns(ACC, first, end), up, gyr, axis, self._rate_hz)
        if not swing.is_clear:
            return True
        return is_rest_of_two(self._exercise.coordinate, swing, start_up, up[-1]) is not False

    def _from_movement(self, rows: Rows, end: int) -> FoundRest | None:
        """Tell the rest end of the range from the other, once a whole cycle was seen."""
        first = max(rows.first, self._first_row + round(UNSETTLED_S * self._rate_hz))
        if mean_jolt_ms2(rows.columns(ACC, first, end), self._rate_hz) > MAX_JOLT_MS2:
            return None
        axis, share = hinge_axis(rows.columns(GYR, first, end))
        up = rows.columns(UP, first, end)
        angle = hinge_angle_deg(up, axis, up[0])
        span_deg = float(angle.max() - angle.min())
        if share < MIN_AXIS_SHARE or span_deg < self._least_range_deg:
            return None
        thin = angle[:: max(1, round(THIN_S * self._rate_hz))]
        turns = turning_points(thin, max(0.5 * self._least_range_deg, TURN_SHARE * span_deg))
        if len(turns) < LEAST_TURNS:
            return None
        at_low = thin < angle.min() + END_SHARE * span_deg
        at_high = thin > angle.max() - END_SHARE * span_deg
        is_low = self._is_low_by_arm(rows, first, end, axis, angle)
        if is_low is None:
            is_low = self._is_low_by_pace(thin, turns, at_low, at_high, span_deg)
        extreme_deg = float(angle.min() if is_low else angle.max())
        at_rest = np.abs(angle - extreme_deg) < max(REST_DEG, REST_SHARE * span_deg)
        rest_up = up[at_rest].mean(axis=0)
        rest_up /= np.sqrt(rest_up @ rest_up)
        return FoundRest(rest_up, "lower-envelope", 0.4, end - 1, first)

    def _is_low_by_arm(
        self, rows: Rows, first: int, end: int, axis: Vector, angle_deg: NDArray[np.float64]
    ) -> bool | None:
        """Tell the rest end from the other by where the leg points, if that can be seen."""
        up = rows.columns(UP, first, end)
        swing = fit_swing(
            rows.columns(ACC, first, end), up, rows.columns(GYR, first, end), axis, self._rate_hz
        )
        if not swing.is_clear:
            return None
        lowest, highest = up[int(angle_deg.argmin())], up[int(angle_deg.argmax())]
        return is_rest_of_two(self._exercise.coordinate, swing, lowest, highest)

    def _is_low_by_pace(
        self,
        angle: NDArray[np.float64],
        turns: list[int],
        at_low: NDArray[np.bool_],
        at_high: NDArray[np.bool_],
        span_deg: float,
    ) -> bool:
        """Weigh two signs: the slow way leads to rest, and more time is spent there.

        Where nothing is prescribed and neither way is clearly slower, the first pose is taken for
        the rest pose if it lies near one end.
        """
        down_s, up_s = _travel_times(angle, turns, span_deg)
        sign = np.log((down_s + 1.0) / (up_s + 1.0))
        if self._exercise.eccentric_s is None and abs(sign) < CLEAR_PACE:
            from_low = (float(angle[0]) - float(angle.min())) / span_deg
            if from_low < 0.25 or from_low > 0.75:  # noqa: PLR2004 (quarters of the range)
                return from_low < 0.5  # noqa: PLR2004
        sign += 0.3 * np.log((np.count_nonzero(at_low) + 1.0) / (np.count_nonzero(at_high) + 1.0))
        return bool(sign >= 0.0)


def _travel_times(
    angle_deg: NDArray[np.float64], turns: list[int], span_deg: float
) -> tuple[float, float]:
    """Median rows spent between the ends of the range on the ways down and up."""
    down: list[int] = []
    up: list[int] = []
    for start, end in pairwise(turns):
        way = angle_deg[start : end + 1]
        low, high = way.min() + END_SHARE * span_deg, way.max() - END_SHARE * span_deg
        n = int(np.count_nonzero((way > low) & (way < high)))
        (down if way[-1] < way[0] else up).append(n)
    return float(np.median(down or [0])), float(np.median(up or [0]))
