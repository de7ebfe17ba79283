"""Which end of a movement is the one the leg rests at: told from where the limb points.

The acceleration of a swing shows which way the hinge lies from the sensor (lever.py), and so which
way the shank or the leg points at either end.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.exercise import Coordinate, Exercise
from analysis.hinge import Vector
from analysis.lever import SwingFit, fit_swing
from analysis.rep_finder import Excursion, Levels
from analysis.rep_gates import LIMITS, highest_deg, off_plane_deg
from analysis.rows import ACC, GYR, UP, Rows, X

CLEAR_SLOPE: Final = 0.3  # of the sine of the shank's slope between the two ends
WHOLE_LEG_M: Final = 0.6  # the sensor at the ankle is farther than this from the hip
MIN_HINGE_SHARE: Final = 0.93  # a limb turns about one axis; a hand at the strap about several
CALM_MS2: Final = 1.0  # a swing explains all but this of the acceleration
UPRIGHT_SLOPE: Final = 0.7  # of the shank: the sine of 45 degrees
MAX_TURNED_OFF_DEG: Final = 12.0  # seen from the other end a hinge is still a hinge
TOP_POSE_DEG: Final = 3.0


def is_upside_down(
    exercise: Exercise,
    rows: Rows,
    ended: Excursion,
    *,
    axis: Vector,
    axis_share: float,
    rest_up: Vector,
    levels: Levels,
    rate_hz: float,
) -> bool:
    """Whether the pose taken for the rest pose was the other end of the movement.

    People who sit rest with the foot on the floor; a recording may begin in a hold.

    Parameters
    ----------
    exercise : Exercise
        What turns, and how far at most.
    rows : Rows
        Still holding the excursion.
    ended : Excursion
        Seen from the pose in doubt.
    axis, rest_up : (3,) ndarray
        The hinge, and "up" in the pose in doubt.
    axis_share : float
        Share of the excursion's turning that lies on its own principal axis.
    levels : Levels
        Of the amplitude that is expected.
    rate_hz : float
        Of the rows.

    """
    coordinate = exercise.coordinate
    if axis_share < MIN_HINGE_SHARE or ended.top_deg > highest_deg(exercise, levels):
        return False
    start, end = ended.start_row, ended.end_row
    up = rows.columns(UP, start, end)
    acc, gyr = rows.columns(ACC, start, end), rows.columns(GYR, start, end)
    swing = fit_swing(acc, up, gyr, axis, rate_hz)
    is_limb = swing.lever_m > LIMITS[coordinate].lever_m
    if not swing.is_clear or not is_limb or swing.rest_ms2 > CALM_MS2:
        return False
    if off_plane_deg(up, axis, rest_up) > MAX_TURNED_OFF_DEG:
        return False
    is_knee = coordinate is Coordinate.KNEE_FLEXION
    if is_knee and abs(swing.slope_of_arm(rest_up)) < UPRIGHT_SLOPE:
        return False
    return is_rest_of_two(coordinate, swing, rest_up, up[ended.top_row - start]) is False


def top_pose(rows: Rows, ended: Excursion) -> NDArray[np.float64]:
    """Return "up" (3,) averaged over the top of an excursion."""
    x = rows.column(X, ended.start_row, ended.end_row)
    near_top = x > ended.top_deg - TOP_POSE_DEG
    up = rows.columns(UP, ended.start_row, ended.end_row)[near_top].mean(axis=0)
    return np.asarray(up / np.sqrt(up @ up))


def is_rest_of_two(
    coordinate: Coordinate, swing: SwingFit, one_up: Vector, other_up: Vector
) -> bool | None:
    """Whether the first of two ends of a movement is its rest end; None if that cannot be told.

    The arm of the swing lies along the leg. A straight knee, in prone and seated alike, has the
    shank nearly level; bent to a right angle it stands, foot up in prone and foot down when
    seated. A leg that is raised, or swung from where it hangs, has its foot lower at rest.

    Parameters
    ----------
    coordinate : Coordinate
        What turns; where that is unknown, a long enough arm shows a leg swung from the hip.
    swing : SwingFit
        Clear enough to tell the arm.
    one_up, other_up : (3,) ndarray
        "Up" at the two ends.

    """
    one, other = swing.slope_of_arm(one_up), swing.slope_of_arm(other_up)
    if coordinate is Coordinate.KNEE_FLEXION:
        one, other = abs(one), abs(other)
        return one < other if abs(other - one) > CLEAR_SLOPE else None
    if coordinate is Coordinate.SHANK_TILT:
        return None
    if coordinate is Coordinate.SEGMENT_ROTATION and swing.lever_m < WHOLE_LEG_M:
        return None
    return one < other
