"""What an excursion must be to count as a repetition: tests that walking and fidgeting fail."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.exercise import Exercise
from analysis.hinge import Vector, hinge_angle_deg
from analysis.lever import fit_swing
from analysis.rep_finder import START_ABOVE_SHARE, Excursion, Levels
from analysis.rest_seeker import THIN_S, turning_points
from analysis.rows import ACC, GYR, UP, Rows

MAX_OFF_PLANE_DEG: Final = 28.0
MAX_OFF_PLANE_SHARE: Final = 0.65  # of the height: a leg raised straight may also roll outwards
MAX_REST_MS2: Final = 3.6  # beyond what a swing explains; walking has more
MAX_REST_STRIDE_MS2: Final = 1.5  # the same for what is no longer than a stride
STRIDE_S: Final = 1.4
MIN_LEVER_M: Final = (
    0.13  # the sensor is 0.3 m or more from the knee; a hand at it turns it in place
)
MAX_PEAK_SHARE: Final = 1.33
TOP_SHARE: Final = 0.8
HELD_DEGS: Final = 5.0
LONGEST_TOP_S: Final = 2.5  # a knee that stays bent is bent for something else
SHORTEST_WAY_S: Final = 0.1
SHORTEST_S: Final = 0.6
MAX_TURNS: Final = 5  # up, down, and two second lifts between
TURN_SHARE: Final = 0.3


def is_repetition(
    exercise: Exercise,
    rows: Rows,
    ended: Excursion,
    *,
    axis: Vector,
    rest_up: Vector,
    levels: Levels,
    rate_hz: float,
) -> bool:
    """Judge a closed excursion: long enough, of a shape and by a swing that a leg makes."""
    if (ended.end_row - ended.start_row) / rate_hz < SHORTEST_S:
        return False
    up = rows.columns(UP, ended.start_row, ended.end_row)
    angle = hinge_angle_deg(up, axis, rest_up)
    height_deg = float(angle.max() - min(angle[0], ended.start_deg))
    if not _has_shape(exercise, ended, angle, height_deg, levels, rate_hz=rate_hz):
        return False
    if _off_plane_deg(up, axis, rest_up) > max(MAX_OFF_PLANE_DEG, MAX_OFF_PLANE_SHARE * height_deg):
        return False
    acc = rows.columns(ACC, ended.start_row, ended.end_row)
    gyr = rows.columns(GYR, ended.start_row, ended.end_row)
    swing = fit_swing(acc, up, gyr, axis, rate_hz)
    length_s = (ended.end_row - ended.start_row) / rate_hz
    most_ms2 = MAX_REST_MS2 if length_s > STRIDE_S else MAX_REST_STRIDE_MS2
    return swing.rest_ms2 < most_ms2 and swing.lever_m + swing.lever_u_m > MIN_LEVER_M


def _has_shape(
    exercise: Exercise,
    ended: Excursion,
    angle_deg: NDArray[np.float64],
    height_deg: float,
    levels: Levels,
    *,
    rate_hz: float,
) -> bool:
    """Whether it rose enough, not too much, and did not go to and fro."""
    needed_deg = levels.smallest_deg
    if ended.start_deg > levels.leave_deg:
        needed_deg *= START_ABOVE_SHARE
    if height_deg < needed_deg:
        return False
    edge = max(1, round(SHORTEST_WAY_S * rate_hz))
    if not edge < int(angle_deg.argmax()) < len(angle_deg) - edge:
        return False
    if exercise.has_peak_target and angle_deg.max() > MAX_PEAK_SHARE * levels.amplitude_deg:
        return False
    asks_no_hold = exercise.eccentric_s is not None and exercise.hold_s is None
    thin = angle_deg[:: max(1, round(THIN_S * rate_hz))]
    is_held = (thin > TOP_SHARE * thin.max()) & (np.abs(np.gradient(thin)) < HELD_DEGS * THIN_S)
    if asks_no_hold and np.count_nonzero(is_held) * THIN_S > LONGEST_TOP_S:
        return False
    return len(turning_points(thin, TURN_SHARE * height_deg)) <= MAX_TURNS


def _off_plane_deg(up: NDArray[np.float64], axis: Vector, rest_up: Vector) -> float:
    """How far the vertical left the cone it stays on while a hinge turns."""
    across = np.degrees(np.arcsin(np.clip(up @ axis, -1.0, 1.0)))
    rest_across = float(np.degrees(np.arcsin(np.clip(rest_up @ axis, -1.0, 1.0))))
    return float(np.quantile(np.abs(across - rest_across), 0.95))
