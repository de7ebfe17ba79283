"""What simpler methods make of the same signals."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STILL_S: Final = 1.0
_UP_SHARE: Final = 0.5
_DOWN_SHARE: Final = 0.2
_EDGE: Final = 0.1  # of the range: the usual 10-90 % rule
_GYR_SHARE: Final = 0.98  # of the plain complementary filter
_MIN_VECTOR: Final = 1e-9


def accelerometer_angle_deg(time_s: Array, acc_ms2: Array) -> Array:
    """Return the angle between the acceleration now and in the first second."""
    rest = acc_ms2[time_s < time_s[0] + _STILL_S].mean(axis=0)
    return _angle_deg(acc_ms2, rest)


def complementary_angle_deg(time_s: Array, acc_ms2: Array, gyr_rads: Array) -> Array:
    """Return the tilt of a plain complementary filter, 98 % gyroscope at 100 Hz."""
    rest = acc_ms2[time_s < time_s[0] + _STILL_S].mean(axis=0)
    up = rest / np.linalg.norm(rest)
    ups = np.empty_like(acc_ms2)
    periods_s = np.diff(time_s, prepend=time_s[0])
    tau_s = 0.01 * _GYR_SHARE / (1.0 - _GYR_SHARE)
    for i, period_s in enumerate(periods_s):
        up = up - np.cross(gyr_rads[i], up) * period_s
        size = max(float(np.linalg.norm(acc_ms2[i])), _MIN_VECTOR)
        share = period_s / (tau_s + period_s)
        up = (1.0 - share) * up + share * acc_ms2[i] / size
        up = up / np.linalg.norm(up)
        ups[i] = up
    return _angle_deg(ups, rest)


def two_threshold_count(angle_deg: Array, range_deg: float) -> list[int]:
    """Return the indices at which a hysteresis counter counts: above 50 %, then below 20 %."""
    counted, is_up = [], False
    for i in np.flatnonzero(
        (angle_deg > _UP_SHARE * range_deg) | (angle_deg < _DOWN_SHARE * range_deg)
    ):
        if angle_deg[i] > _UP_SHARE * range_deg:
            is_up = True
        elif is_up:
            counted.append(int(i))
            is_up = False
    return counted


def ten_to_ninety_s(time_s: Array, angle_deg: Array) -> float:
    """Return the duration of a fall from its maximum, between 90 % and 10 % of its range."""
    top = int(np.argmax(angle_deg))
    fall_s, fall = time_s[top:], angle_deg[top:]
    low, high = float(fall.min()), float(fall.max())
    below_90 = fall_s[np.argmax(fall < high - _EDGE * (high - low))]
    below_10 = fall_s[np.argmax(fall < low + _EDGE * (high - low))]
    return float(below_10 - below_90)


def _angle_deg(vectors: Array, rest: Array) -> Array:
    sizes = np.linalg.norm(vectors, axis=1) * np.linalg.norm(rest)
    cosine = vectors @ rest / np.maximum(sizes, _MIN_VECTOR)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
