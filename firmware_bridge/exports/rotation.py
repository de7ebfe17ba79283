"""Specific force and angular rate from an orientation, for exports that keep nothing else.

Quaternions are (n, 4) in the order w, x, y, z and turn vectors of the sensor into the earth.
"""

import numpy as np

from firmware_bridge.exports.recording import Array


def quaternions_from_euler(euler_deg: Array) -> Array:
    """Return the quaternions of roll, pitch, yaw in degrees, (n, 3), turned about Z, Y, X."""
    half = np.radians(euler_deg) / 2
    (cr, cp, cy), (sr, sp, sy) = np.cos(half).T, np.sin(half).T
    return np.column_stack(
        (
            cr * cp * cy + sr * sp * sy,
            sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy,
            cr * cp * sy - sr * sp * cy,
        )
    )


def into_sensor(quaternions: Array, vectors: Array) -> Array:
    """Return vectors of the earth, (n, 3), as the sensor sees them."""
    w, axis = quaternions[:, :1], -quaternions[:, 1:]
    cross = 2 * np.cross(axis, vectors)
    return np.asarray(vectors + w * cross + np.cross(axis, cross))


def angular_rate_rads(time_s: Array, quaternions: Array, *, longest_step_s: float) -> Array:
    """Return the angular rate in the sensor's axes, (n, 3), n at least 2.

    Parameters
    ----------
    time_s : (n,) ndarray
        Strictly increasing.
    quaternions : (n, 4) ndarray
        Of unit length; the sign of each does not matter.
    longest_step_s : float
        Intervals beyond this are holes, over which the rate is only a mean.

    Notes
    -----
    The rate at a sample is the mean of those over the intervals on both sides, so that it does not
    lag. A hole on one side is left out; between two holes their mean is all there is.
    """
    previous, following = quaternions[:-1], quaternions[1:]
    w = np.sum(previous * following, axis=1, keepdims=True)
    vector = (
        previous[:, :1] * following[:, 1:]
        - following[:, :1] * previous[:, 1:]
        - np.cross(previous[:, 1:], following[:, 1:])
    )
    vector = np.where(w < 0, -vector, vector)
    sine = np.linalg.norm(vector, axis=1, keepdims=True)
    angle = 2 * np.arctan2(sine, np.abs(w))
    step_s = np.diff(time_s)
    # angle / sine tends to 2 for small turns.
    rates = vector * np.where(sine > 0, angle / np.where(sine > 0, sine, 1), 2) / step_s[:, None]
    usable = (step_s <= longest_step_s).astype(np.float64)
    before = np.concatenate(([0.0], usable))
    behind = np.concatenate((usable, [0.0]))
    between_holes = before + behind == 0
    before[1:] += between_holes[1:]
    behind[:-1] += between_holes[:-1]
    sums = np.zeros((len(time_s), 3))
    sums[1:] += rates * before[1:, None]
    sums[:-1] += rates * behind[:-1, None]
    return np.asarray(sums / (before + behind)[:, None])
