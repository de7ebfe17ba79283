"""A hinge seen by one sensor: its axis, and the angle about it, from gravity and rate alone."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.errors import SampleShapeError

Vector = NDArray[np.float64]


def hinge_axis(gyr_rads: NDArray[np.float64]) -> tuple[Vector, float]:
    """Find the axis of a hinge that moved.

    The principal direction of the angular rate: for a hinge all rate lies on one line in the
    sensor's frame.

    Parameters
    ----------
    gyr_rads : (n, 3) ndarray
        Angular rate without offset, while moving; any unit.

    Returns
    -------
    axis : (3,) ndarray
        Unit vector; its sign is arbitrary.
    share : float
        Share of the rate's energy on the axis, 1/3 to 1.

    """
    return principal_axis(gyr_rads.T @ gyr_rads)


def principal_axis(moment: NDArray[np.float64]) -> tuple[Vector, float]:
    """Principal direction of a second-moment matrix (3, 3), and its share of the trace."""
    values, vectors = np.linalg.eigh(moment)
    total = float(values.sum())
    return vectors[:, 2], float(values[2]) / total if total > 0 else 0.0


def hinge_angle_deg(up: NDArray[np.float64], axis: Vector, reference_up: Vector) -> Vector:
    """Rotation of the sensor about an axis since a reference pose.

    Projects the vertical, as the sensor sees it then and now, on the plane across the axis: exact
    for a hinge however its axis is tilted, short of vertical (docs/reference/measures.md).

    Parameters
    ----------
    up : (n, 3) ndarray
        Unit "up" in the sensor frame.
    axis, reference_up : (3,) ndarray
        Unit vectors in the same frame.

    Returns
    -------
    (n,) ndarray
        Degrees in (-180, 180], positive by the right-hand rule about the axis.

    Examples
    --------
    A shank that turns by 90 degrees about the sensor's x axis sees "up" move from z to y:

    >>> hinge_angle_deg(np.array([[0.0, 1.0, 0.0]]), np.array([1.0, 0, 0]), np.array([0, 0, 1.0]))
    array([90.])

    """
    if up.ndim != 2 or up.shape[1] != 3:  # noqa: PLR2004 (vectors have three components)
        raise SampleShapeError(f"Directions must be (n, 3); these are {up.shape}.")
    return angle_in_plane_deg(up, plane_basis(axis, reference_up))


def angle_in_plane_deg(up: NDArray[np.float64], basis: NDArray[np.float64]) -> Vector:
    """Angle of directions (n, 3) in the plane of a basis (3, 2) from `plane_basis`, (n,)."""
    in_plane = up @ basis
    return np.asarray(np.degrees(np.arctan2(-in_plane[:, 1], in_plane[:, 0])))


def plane_basis(axis: Vector, reference_up: Vector) -> NDArray[np.float64]:
    """Two unit vectors (3, 2) across the axis, the first of them towards the reference."""
    ax, ay, az = axis.tolist()
    rx, ry, rz = reference_up.tolist()
    along = rx * ax + ry * ay + rz * az
    fx, fy, fz = rx - along * ax, ry - along * ay, rz - along * az
    norm = math.hypot(fx, fy, fz) or 1.0  # a vertical axis has no plane to see: zeros then
    fx, fy, fz = fx / norm, fy / norm, fz / norm
    return np.array([[fx, ay * fz - az * fy], [fy, az * fx - ax * fz], [fz, ax * fy - ay * fx]])


def tilt_deg(up: NDArray[np.float64], reference_up: Vector) -> NDArray[np.float64]:
    """Angle between the vertical now (n, 3) and then (3,): never negative, needs no axis."""
    difference = up - reference_up
    half_chord = 0.5 * np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return np.asarray(np.degrees(2.0 * np.arcsin(np.minimum(half_chord, 1.0))))


def tilt_between_deg(one: Vector, other: Vector) -> float:
    """Angle between two unit vectors (3,): `tilt_deg` of one, without the cost of arrays."""
    half_chord = 0.5 * math.dist(one.tolist(), other.tolist())
    return math.degrees(2.0 * math.asin(min(half_chord, 1.0)))


def turned_up(up: Vector, turn_deg: Vector) -> Vector:
    """Return the vertical (3,) as a sensor sees it that has turned by a rotation vector (3,).

    By Rodrigues' formula, against the turn: the vertical stays where it is.
    """
    x, y, z = np.radians(turn_deg).tolist()
    angle = math.hypot(x, y, z)
    if angle == 0.0:
        return up
    a, b, c = x / angle, y / angle, z / angle
    ux, uy, uz = up.tolist()
    sine, cosine = -math.sin(angle), math.cos(angle)
    along = (1.0 - cosine) * (a * ux + b * uy + c * uz)
    return np.array(
        [
            cosine * ux + sine * (b * uz - c * uy) + along * a,
            cosine * uy + sine * (c * ux - a * uz) + along * b,
            cosine * uz + sine * (a * uy - b * ux) + along * c,
        ]
    )


# An axis closer than this to the vertical gives no angle: turning about it moves no gravity.
MIN_AXIS_TILT_DEG: Final = 15.0


def axis_from_vertical_deg(axis: Vector, up: Vector) -> float:
    """Angle between the line of the axis and the vertical, 0 to 90 degrees."""
    return math.degrees(math.acos(min(1.0, abs(float(axis @ up)))))
