"""What simpler methods make of the same signals."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

Array = NDArray[np.float64]

_STILL_S: Final = 1.0
_UP_SHARE: Final = 0.5
_DOWN_SHARE: Final = 0.2
_EDGE: Final = 0.1  # of the range: the usual 10-90 % rule
_GYR_SHARE: Final = 0.98  # of the plain complementary filter
_MIN_VECTOR: Final = 1e-9
_SMOOTH_HZ: Final = 5.0  # a leg that is trained moves at 1 Hz


def accelerometer_angle_deg(time_s: Array, acc_ms2: Array) -> Array:
    """Return the angle between the acceleration now and in the first second.

    Smoothed at 5 Hz, forwards and backwards: better than any live method could.
    """
    rate_hz = 1.0 / float(np.median(np.diff(time_s)))
    sos = butter(2, _SMOOTH_HZ, fs=rate_hz, output="sos")
    smooth_ms2 = np.asarray(sosfiltfilt(sos, acc_ms2, axis=0), dtype=np.float64)
    rest = acc_ms2[time_s < time_s[0] + _STILL_S].mean(axis=0)
    return _angle_deg(smooth_ms2, rest)


def complementary_angle_deg(time_s: Array, acc_ms2: Array, gyr_rads: Array) -> Array:
    """Return the tilt of a plain complementary filter, 98 % gyroscope at 100 Hz."""
    rest = acc_ms2[time_s < time_s[0] + _STILL_S].mean(axis=0)
    tau_s = 0.01 * _GYR_SHARE / (1.0 - _GYR_SHARE)
    sizes = np.maximum(np.linalg.norm(acc_ms2, axis=1, keepdims=True), _MIN_VECTOR)
    periods_s = np.diff(time_s, prepend=time_s[0])
    shares = (periods_s / (tau_s + periods_s))[:, None]
    felt, turned = shares * acc_ms2 / sizes, gyr_rads * periods_s[:, None]
    x, y, z = (rest / np.linalg.norm(rest)).tolist()
    ups = []
    # Plain numbers: an array of three for each sample would cost seven times as much.
    for kept, (ax, ay, az), (gx, gy, gz) in zip(
        (1.0 - shares[:, 0]).tolist(), felt.tolist(), turned.tolist(), strict=True
    ):
        x, y, z = (
            kept * (x - gy * z + gz * y) + ax,
            kept * (y - gz * x + gx * z) + ay,
            kept * (z - gx * y + gy * x) + az,
        )
        size = math.sqrt(x * x + y * y + z * z)
        x, y, z = x / size, y / size, z / size
        ups.append((x, y, z))
    return _angle_deg(np.array(ups), rest)


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
