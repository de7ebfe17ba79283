"""What an excursion must be to count as a repetition: tests that walking and fidgeting fail.

The limits are those of a limb, told apart by what turns: a knee that helper and hands may bend,
a straight leg that its owner raises, a shank over a standing foot, or anything at all.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.exercise import Coordinate, Exercise
from analysis.foot_gate import foot_stood
from analysis.hinge import Vector, axis_from_vertical_deg, hinge_angle_deg
from analysis.lever import SwingFit, fit_swing
from analysis.order_statistics import quantile
from analysis.rep_finder import START_ABOVE_SHARE, Excursion, Levels
from analysis.rows import ACC, GYR, UP, Rows
from analysis.turning_points import THIN_S, turning_points

STRIDE_S: Final = 1.4
MAX_REST_STRIDE_MS2: Final = 1.5  # beyond what a swing explains, in what is as short as a stride
MAX_PEAK_SHARE: Final = 1.33  # of a prescribed height
TOP_SHARE: Final = 0.8
HELD_DEGS: Final = 5.0
SHORTEST_WAY_S: Final = 0.1
SHORTEST_S: Final = 0.6
SHORTEST_LEG_S: Final = 1.0  # a straight leg is long and heavy: quick raises of real ones take 1.5
TURN_SHARE: Final = 0.3
USUAL_TURNS: Final = 2  # up and down
# The larger the movement, the less a tremor or a sway can hide that it turned about one axis; but
# a leg that is raised straight rolls as well, on real people with a third of the turning.
MIN_SHARES: Final = ((60.0, 0.68), (35.0, 0.6))  # (from a height of so many degrees, share)
# Where no height is prescribed: many times what is usual, until the person's own is known.
MAX_UNKNOWN_SHARE: Final = 2.5
MAX_UNKNOWN_DEG: Final = 45.0
MAX_OWN_SHARE: Final = 2.2
STAYED_SHARE: Final = 0.85


@dataclass(frozen=True, slots=True)
class GateLimits:
    """What the excursions of one kind of movement stay within.

    Parameters
    ----------
    off_plane_deg, off_plane_share : float
        How far the vertical may leave the cone it stays on while a hinge turns: in degrees, and
        as a share of the height. A leg raised straight may also roll outwards.
    rest_ms2 : float
        Acceleration beyond what a swing explains; walking has more.
    lever_m, lever_doubts : float
        The sensor is at least so far from the hinge, give or take so many times the doubt: a hand
        at the sensor turns it in place.
    n_turns : int
        Up, down, and what a helper's second lifts add.
    longest_top_s : float
        Time that may be spent near the top beyond a prescribed hold.
    shortest_s : float
        Up and down again takes at least so long.
    min_share : float or None
        Share of the turning that lies on one axis; None: by the height, `MIN_SHARES`.

    """

    off_plane_deg: float
    off_plane_share: float
    rest_ms2: float
    lever_m: float
    lever_doubts: float
    n_turns: int
    longest_top_s: float
    shortest_s: float = SHORTEST_S
    min_share: float | None = None


_KNEE: Final = GateLimits(28.0, 0.65, 3.6, 0.13, 1.0, 5, 2.5, min_share=0.93)
_LEG: Final = GateLimits(28.0, 0.55, 2.6, 0.25, 2.0, USUAL_TURNS, 5.0, SHORTEST_LEG_S)
LIMITS: Final[Mapping[Coordinate, GateLimits]] = {
    Coordinate.KNEE_FLEXION: _KNEE,
    Coordinate.LEG_ELEVATION: _LEG,
    Coordinate.LEG_SWING: _LEG,
    Coordinate.SHANK_TILT: replace(_LEG, lever_m=0.0),
    Coordinate.SEGMENT_ROTATION: GateLimits(28.0, 0.65, 3.6, 0.13, 1.0, 5, 8.0),
}
MIN_FREE_AXIS_TILT_DEG: Final = 26.0  # "within 60 degrees of horizontal" counts, give or take


def swing_of(rows: Rows, ended: Excursion, axis: Vector, rate_hz: float) -> SwingFit:
    """Fit a swing about the hinge (3,) to a closed excursion that the rows still hold."""
    acc, up, gyr = (rows.columns(one, ended.start_row, ended.end_row) for one in (ACC, UP, GYR))
    return fit_swing(acc, up, gyr, axis, rate_hz)


def is_repetition(
    exercise: Exercise,
    rows: Rows,
    ended: Excursion,
    *,
    axis: Vector,
    axis_share: float,
    swing: SwingFit,
    rest_up: Vector,
    levels: Levels,
    rate_hz: float,
) -> bool:
    """Judge a closed excursion: long enough, of a shape and by a swing that a leg makes.

    Parameters
    ----------
    exercise : Exercise
        Its coordinate chooses the limits.
    rows : Rows
        Still holding the excursion.
    ended : Excursion
        What the finder closed.
    axis : (3,) ndarray
        The hinge.
    axis_share : float
        Share of the excursion's turning that lies on its own principal axis.
    swing : SwingFit
        How its acceleration fits a swing about the hinge.
    rest_up : (3,) ndarray
        "Up" in the rest pose.
    levels : Levels
        Of the amplitude that is expected by now.
    rate_hz : float
        Of the rows.

    """
    limits = LIMITS[exercise.coordinate]
    length_s = (ended.end_row - ended.start_row) / rate_hz
    if length_s < limits.shortest_s:
        return False
    up = rows.columns(UP, ended.start_row, ended.end_row)
    angle = hinge_angle_deg(up, axis, rest_up)
    height_deg = float(angle.max() - min(angle[0], ended.start_deg))
    if axis_share < _least_share(limits, height_deg):
        return False
    if not _has_shape(exercise, ended, angle, height_deg, levels, rate_hz=rate_hz):
        return False
    most_off_deg = max(limits.off_plane_deg, limits.off_plane_share * height_deg)
    if off_plane_deg(up, axis, rest_up) > most_off_deg:
        return False
    is_free = exercise.coordinate is Coordinate.SEGMENT_ROTATION
    if is_free and axis_from_vertical_deg(axis, rest_up) < MIN_FREE_AXIS_TILT_DEG:
        return False
    return _is_limb(exercise.coordinate, swing, length_s)


def _is_limb(coordinate: Coordinate, swing: SwingFit, length_s: float) -> bool:
    """Whether a limb swings like this: no step, no hand at the sensor; or a foot that stands."""
    if coordinate is Coordinate.SHANK_TILT:
        return foot_stood(swing, length_s)
    limits = LIMITS[coordinate]
    most_ms2 = limits.rest_ms2 if length_s > STRIDE_S else MAX_REST_STRIDE_MS2
    farthest_m = swing.lever_m + limits.lever_doubts * swing.lever_u_m
    return swing.rest_ms2 < most_ms2 and farthest_m > limits.lever_m


def _least_share(limits: GateLimits, height_deg: float) -> float:
    if limits.min_share is not None:
        return limits.min_share
    return next((share for from_deg, share in MIN_SHARES if height_deg >= from_deg), 0.0)


def _has_shape(
    exercise: Exercise,
    ended: Excursion,
    angle_deg: NDArray[np.float64],
    height_deg: float,
    levels: Levels,
    *,
    rate_hz: float,
) -> bool:
    """Whether it rose enough, not too much, did not stay, and did not go to and fro."""
    limits = LIMITS[exercise.coordinate]
    needed_deg = levels.smallest_deg
    if ended.start_deg > levels.leave_deg:
        needed_deg *= START_ABOVE_SHARE
    if height_deg < needed_deg:
        return False
    edge = max(1, round(SHORTEST_WAY_S * rate_hz))
    if not edge < int(angle_deg.argmax()) < len(angle_deg) - edge:
        return False
    if angle_deg.max() > highest_deg(exercise, levels):
        return False
    thin = angle_deg[:: max(1, round(THIN_S * rate_hz))]
    if _top_s(exercise, thin) > limits.longest_top_s + (exercise.hold_s or 0.0):
        return False
    n_turns = limits.n_turns + (1 if ended.is_cut_short else 0)
    return len(turning_points(thin, TURN_SHARE * height_deg)) <= n_turns


def _top_s(exercise: Exercise, thin_deg: NDArray[np.float64]) -> float:
    """Time near the top; in a knee exercise time held there: it is lowered slowly from there."""
    if exercise.has_peak_target:
        slow = np.abs(np.gradient(thin_deg)) < HELD_DEGS * THIN_S
        return float(np.count_nonzero((thin_deg > TOP_SHARE * thin_deg.max()) & slow)) * THIN_S
    return float(np.count_nonzero(thin_deg > STAYED_SHARE * thin_deg.max())) * THIN_S


def highest_deg(exercise: Exercise, levels: Levels) -> float:
    """Return the height above which an excursion is something else, as sitting up is."""
    if exercise.has_peak_target:
        return MAX_PEAK_SHARE * levels.amplitude_deg
    if exercise.coordinate is Coordinate.SEGMENT_ROTATION:
        return np.inf
    if levels.amplitude_deg != exercise.start_amplitude_deg:
        return MAX_OWN_SHARE * levels.amplitude_deg
    return max(MAX_UNKNOWN_DEG, MAX_UNKNOWN_SHARE * levels.amplitude_deg)


def off_plane_deg(up: NDArray[np.float64], axis: Vector, rest_up: Vector) -> float:
    """How far the vertical left the cone it stays on while a hinge turns."""
    across = np.arcsin(np.minimum(np.maximum(up @ axis, -1.0), 1.0))
    rest_across = math.asin(min(max(float(rest_up @ axis), -1.0), 1.0))
    return math.degrees(quantile(np.abs(across - rest_across), 0.95))
