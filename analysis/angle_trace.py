"""The movement coordinate of every sample, put together when a recording is over."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.grid import BRIDGED
from analysis.hinge import Vector, hinge_angle_deg, tilt_deg


@dataclass(frozen=True, slots=True)
class AngleFrame:
    """What the coordinate of a recording counts from.

    Parameters
    ----------
    axes : sequence of (row, axis)
        The axis (3,) as known when each repetition closed, at that row: it holds for the rows up
        to there. Without any, the unsigned tilt is all that can be said.
    zero_up : (3,) ndarray or None
        "Up" in the zero pose; None takes the first sample's.
    zero_deg : float
        What the zero pose stands for.

    """

    axes: Sequence[tuple[int, Vector]] = ()
    zero_up: Vector | None = None
    zero_deg: float = 0.0


class AngleTrace:
    """Keeps the vertical of each sample, for the axis is known better later than sooner."""

    def __init__(self) -> None:
        self._up: list[NDArray[np.float64]] = []
        self._marks: list[NDArray[np.uint8]] = []

    def add(self, up: NDArray[np.float64], marks: NDArray[np.uint8]) -> None:
        """Take in the next rows of the grid."""
        self._up.append(up)
        self._marks.append(marks)

    def angle_deg(self, frame: AngleFrame) -> NDArray[np.float64]:
        """Return the coordinate of each sample (n,) in degrees, bridging rows left out."""
        up = np.concatenate(self._up)
        is_real = (np.concatenate(self._marks) & BRIDGED) == 0
        zero = up[0] if frame.zero_up is None else frame.zero_up
        if not frame.axes:
            return np.asarray((tilt_deg(up, zero) + frame.zero_deg)[is_real])
        angle = np.empty(len(up))
        start = 0
        for row, axis in frame.axes:
            angle[start:row] = hinge_angle_deg(up[start:row], axis, zero)
            start = row
        angle[start:] = hinge_angle_deg(up[start:], frame.axes[-1][1], zero)
        return np.asarray((angle + frame.zero_deg)[is_real])
