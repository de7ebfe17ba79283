"""How much a standing shank sways sideways while it does its repetition."""

import numpy as np
from numpy.typing import NDArray

from analysis.hinge import Vector


def sway_deg(
    time_s: NDArray[np.float64],
    up: NDArray[np.float64],
    tilt_deg: NDArray[np.float64],
    axis: Vector,
) -> float:
    """Root mean square of the sideways tilt about its own smooth course.

    A knee that moves inward as it bends does so with the movement, and an axis that is a few
    degrees off mixes the movement in: what goes along with the tilt, or steadily with time, is
    taken out and is no sway.

    Parameters
    ----------
    time_s, tilt_deg : (n,) ndarray
        Of the repetition from its start to its end, n >= 3, and its movement coordinate.
    up : (n, 3) ndarray
        Unit "up" in the sensor frame.
    axis : (3,) ndarray
        What the tilt turns about, a unit vector.

    Returns
    -------
    float
        In degrees.

    """
    sideways_deg = np.degrees(np.arcsin(np.clip(up @ axis, -1.0, 1.0)))
    since_s = time_s - time_s.mean()
    course = np.column_stack([np.ones_like(since_s), since_s, tilt_deg, tilt_deg**2])
    course /= np.maximum(np.abs(course).max(axis=0), 1e-12)
    weights, *_ = np.linalg.lstsq(course, sideways_deg, rcond=None)
    return float(np.sqrt(np.mean((sideways_deg - course @ weights) ** 2)))
