"""Does the gyroscope turn with gravity? The unit and the sign of a browser's rotation rates.

A phone that is picked up and laid down turns, and with it the direction of gravity in its axes.
Held against the rates (`tracker/turn_agreement.py`) the slope is 1 where they are in degrees a
second as they should be, 57 where they are in radians, and -1 where they turn the other way round.
"""

from collections.abc import Sequence

import numpy as np

from firmware_bridge import ImuPacket
from tracker.turn_agreement import is_fitting, turn_slope


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
    time_s = np.array([one.device_time_s or 0.0 for one in packets])
    acc_ms2 = np.array([one.acc_ms2 for one in packets], dtype=np.float64).reshape(-1, 3)
    gyr_rads = np.array([one.gyr_rads for one in packets], dtype=np.float64).reshape(-1, 3)
    return turn_slope(time_s, acc_ms2, gyr_rads)


def contradicts(packets: Sequence[ImuPacket]) -> bool:
    """Whether the gyroscope surely has another unit or sign than it should."""
    return not is_fitting(gyro_slope(packets))
