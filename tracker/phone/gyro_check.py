"""Does the gyroscope turn with gravity? The unit and the sign of a browser's rotation rates.

A phone that is picked up and laid down turns, and with it the direction of gravity in its axes:
dg/dt = g x w. So the change of the measured direction over a fifth of a second, held against what
the rates make of it, has the slope 1 where they are in degrees a second as they should be, 57 where
they are in radians, and -1 where they turn the other way round. Whether accelerations have the sign
of iPhones does not matter: both sides change it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from firmware_bridge import ImuPacket

STEP_S: Final = 0.2
GRAVITY_MS2: Final = 9.81
QUIET_MS2: Final = 1.5  # a hand that moves faster makes the direction of gravity uncertain
ENOUGH_RAD: Final = 0.4  # root of the sum of squared turns; laying a phone down makes about one
SURE: Final = 0.7  # correlation; shaking without turning has none
FITTING_SLOPE: Final = (0.3, 3.0)


def gyro_slope(packets: Sequence[ImuPacket]) -> float | None:
    """Return how much more the direction of gravity turns than the gyroscope says.

    Parameters
    ----------
    packets : sequence of ImuPacket
        With device times, oldest first; any signs of the accelerations.

    Returns
    -------
    float or None
        About 1 if they agree; None if the phone has turned too little to tell.

    """
    seen, told = _turns(packets)
    seen_2, told_2 = float((seen**2).sum()), float((told**2).sum())
    if seen_2 < ENOUGH_RAD**2 or not told_2:
        return None
    both = float((seen * told).sum())
    return both / told_2 if abs(both) >= SURE * (seen_2 * told_2) ** 0.5 else None


def contradicts(packets: Sequence[ImuPacket]) -> bool:
    """Whether the gyroscope surely has another unit or sign than it should."""
    slope = gyro_slope(packets)
    return slope is not None and not FITTING_SLOPE[0] < slope < FITTING_SLOPE[1]


def _turns(packets: Sequence[ImuPacket]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return turns of gravity, seen and told by the gyroscope: (n, 3) each, in rad."""
    seen, told = [np.zeros(3)], [np.zeros(3)]
    for before, after in pairwise(_pieces(packets)):
        acc_ms2 = np.array([one.acc_ms2 for one in (*before, *after)])
        sizes = np.linalg.norm(acc_ms2, axis=1)
        if np.abs(sizes - GRAVITY_MS2).max() > QUIET_MS2:
            continue
        up = acc_ms2 / sizes[:, None]
        gyr_rads = np.array([one.gyr_rads for one in (*before, *after)])
        span_s = _middle_s(after) - _middle_s(before)
        seen.append(up[len(before) :].mean(axis=0) - up[: len(before)].mean(axis=0))
        told.append(np.cross(up.mean(axis=0), gyr_rads.mean(axis=0)) * span_s)
    return np.array(seen), np.array(told)


def _pieces(packets: Sequence[ImuPacket]) -> list[list[ImuPacket]]:
    """Cut packets into pieces of a fifth of a second."""
    pieces: list[list[ImuPacket]] = []
    number: int | None = None
    for one in packets:
        its_number = int((one.device_time_s or 0.0) / STEP_S)
        if its_number != number:
            number = its_number
            pieces.append([])
        pieces[-1].append(one)
    return pieces


def _middle_s(piece: Sequence[ImuPacket]) -> float:
    return sum(one.device_time_s or 0.0 for one in piece) / len(piece)
