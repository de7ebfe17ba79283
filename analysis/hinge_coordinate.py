"""The coordinate that repetitions are found in: degrees from the rest pose, row by row."""

import numpy as np
from numpy.typing import NDArray

from analysis.axis_memory import AxisMemory
from analysis.hinge import Vector, angle_in_plane_deg, plane_basis, tilt_deg
from analysis.rest_poses import RestPoses


class HingeCoordinate:
    """About the axis once it can be trusted, else the plain tilt.

    The tilt is never negative, but right whatever the axis.
    """

    def __init__(self, memory: AxisMemory, poses: RestPoses) -> None:
        self._memory = memory
        self._poses = poses
        self._frame: tuple[Vector, Vector] | None = None  # the axis and rest pose of the basis
        self._basis = np.empty((3, 2))

    def of(self, up: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the degrees (n,) from the rest pose for verticals (n, 3)."""
        axis, rest_up = self._memory.axis, self._poses.rest_up
        if axis is None or not self._memory.is_trusted:
            return tilt_deg(up, rest_up)
        if self._frame is None or self._frame[0] is not axis or self._frame[1] is not rest_up:
            self._frame, self._basis = (axis, rest_up), plane_basis(axis, rest_up)
        return angle_in_plane_deg(up, self._basis)
