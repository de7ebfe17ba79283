"""Suspect a strap that slips, a sensor on the wrong segment, a band that escapes.

Each is a suspicion from several signs, said in words and never turned into a number. A sensor
upside down or on the other leg is none of them: mounting is arbitrary, as long as it stays.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.exercise import Coordinate, Exercise
from analysis.hinge import Vector, hinge_axis
from analysis.lever import SwingFit

SLIP_DEG: Final = 20.0  # of the axis in the sensor's frame (protocol, section 4)
SLIPPED_REPS: Final = 2  # in a row: one odd repetition is no slip
CLEAR_SHARE: Final = 0.85  # of the turning: with less, a leg also rolls and has no one axis
SETTLING_REPS: Final = 2  # the first ones still teach the axis
MOVED_REST_DEG: Final = 15.0  # chair, foot and towel move by 5 degrees every set
SHORT_ARM_M: Final = 0.2  # an ankle is 0.3 m or more from the knee, a child's 0.25
SHORT_ARM_REPS: Final = 4
# Nothing that a leg does with the band on it gets faster than gravity and band together make it,
# and they pull towards rest. Away from rest, on the way back, only a leg that strains against a
# pull which is suddenly gone does; a helper's second lift takes three times as long to get there.
SNAP_DEGS: Final = 100.0
SNAP_WITHIN_S: Final = 0.1


class WearChecks:
    """Fed with each repetition; tells what to suspect from it on."""

    def __init__(self, exercise: Exercise) -> None:
        self._is_knee = exercise.coordinate is Coordinate.KNEE_FLEXION
        self._is_free = exercise.coordinate is Coordinate.SEGMENT_ROTATION
        self._n_reps = 0
        self._axis: Vector | None = None
        self._n_slipped = 0
        self._n_short = 0

    def of_rep(
        self, axis: Vector | None, swing: SwingFit, rest_from_zero_deg: float, *, has_snapped: bool
    ) -> list[str]:
        """Return the codes of what this repetition makes one suspect.

        Parameters
        ----------
        axis : (3,) ndarray, optional
            Of this repetition alone, in the sensor's frame; see `own_axis`.
        swing : SwingFit
            How far from the hinge the sensor swings.
        rest_from_zero_deg : float
            Where the leg rests now, from the zero pose.
        has_snapped : bool
            Whether the leg snapped away from rest on its way back; see `snapped`.

        """
        self._n_reps += 1
        self._n_short = self._n_short + 1 if self._is_short(swing) else 0
        found = {
            "strap_slipped": self._has_slipped(axis),
            "wrong_segment_suspected": self._n_short >= SHORT_ARM_REPS,
            "band_escape_suspected": has_snapped and not self._is_free,
            "rest_pose_moved": abs(rest_from_zero_deg) > MOVED_REST_DEG,
        }
        return [code for code, is_so in found.items() if is_so]

    def _is_short(self, swing: SwingFit) -> bool:
        return self._is_knee and swing.lever_m + swing.lever_u_m < SHORT_ARM_M

    def _has_slipped(self, axis: Vector | None) -> bool:
        if self._is_free or axis is None:  # another movement has another axis
            return False
        if self._axis is None or self._n_reps <= SETTLING_REPS:
            self._axis = axis
            return False
        is_off = float(axis @ self._axis) < math.cos(math.radians(SLIP_DEG))
        self._n_slipped = self._n_slipped + 1 if is_off else 0
        if self._n_slipped < SLIPPED_REPS:
            return False
        self._axis, self._n_slipped = axis, 0  # a second slip counts from here
        return True


def own_axis(gyr_rads: NDArray[np.float64], known: Vector) -> Vector | None:
    """Return the axis of one repetition, or None where it has no clear one.

    Parameters
    ----------
    gyr_rads : (n, 3) ndarray
        Its angular rate.
    known : (3,) ndarray
        The axis of the exercise, which tells the sign.

    """
    axis, share = hinge_axis(gyr_rads)
    if share < CLEAR_SHARE:
        return None
    return axis if float(axis @ known) > 0.0 else -axis


def snapped(rate_degs: NDArray[np.float64], rate_hz: float) -> bool:
    """Whether the leg snapped away from rest on its way back.

    Parameters
    ----------
    rate_degs : (n,) ndarray
        Angular rate about the hinge on the way back, positive away from rest.
    rate_hz : float
        Samples a second.

    """
    if not len(rate_degs) or float(rate_degs.max()) < SNAP_DEGS:
        return False
    fast = int((rate_degs >= SNAP_DEGS).argmax())
    before = max(0, fast - math.ceil(SNAP_WITHIN_S * rate_hz))
    return float(rate_degs[before:fast].min(initial=np.inf)) <= 0.0
