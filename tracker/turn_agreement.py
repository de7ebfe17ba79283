"""Do angular rates turn as gravity does? Their unit and sign, from the signal itself.

What is turned sees gravity turn the other way: dg/dt = g x w. So the change of the measured
direction over a fifth of a second, held against what the rates make of it, has the slope 1 where
they are right, another where they have another unit, and -1 where they turn the other way round.
Whether accelerations have the opposite sign does not matter: both sides change it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

STEP_S: Final = 0.2
GRAVITY_MS2: Final = 9.81
QUIET_MS2: Final = 1.5  # what moves faster makes the direction of gravity uncertain
ENOUGH_RAD: Final = 0.4  # root of the sum of squared turns; laying a phone down makes about one
SURE: Final = 0.7  # correlation; shaking without turning has none
FITTING_SLOPE: Final = (0.3, 3.0)
_LONGEST_STEP_S: Final = 2 * STEP_S  # beyond a hole nobody knows how it turned

Array = NDArray[np.float64]


def turn_slope(time_s: Array, acc_ms2: Array, gyr_rads: Array) -> float | None:
    """Return how much more the direction of gravity turns than the angular rates say.

    Parameters
    ----------
    time_s : (n,) ndarray
        Increasing times in s.
    acc_ms2, gyr_rads : (n, 3) ndarray
        Accelerations with gravity in m/s², of any sign, and angular rates.

    Returns
    -------
    float or None
        About 1 if they agree; None if there was too little turning to tell.

    """
    seen, told = _turns(time_s, acc_ms2, gyr_rads)
    seen_2, told_2 = float((seen**2).sum()), float((told**2).sum())
    if seen_2 < ENOUGH_RAD**2 or not told_2:
        return None
    both = float((seen * told).sum())
    return both / told_2 if abs(both) >= SURE * (seen_2 * told_2) ** 0.5 else None


def is_fitting(slope: float | None) -> bool:
    """Tell whether a slope leaves unit and sign of the angular rates undoubted."""
    return slope is None or FITTING_SLOPE[0] < slope < FITTING_SLOPE[1]


def _turns(time_s: Array, acc_ms2: Array, gyr_rads: Array) -> tuple[Array, Array]:
    """Return turns of gravity, seen and told by the angular rates: (m, 3) each, in rad."""
    if not len(time_s):
        return np.zeros((0, 3)), np.zeros((0, 3))
    numbers = np.floor(time_s / STEP_S)
    starts = np.flatnonzero(np.concatenate(([True], np.diff(numbers) != 0)))
    counts = np.diff(np.concatenate((starts, [len(time_s)])))[:, None]
    sizes = np.linalg.norm(acc_ms2, axis=1)
    up = acc_ms2 / np.maximum(sizes, 1e-9)[:, None]
    sums_up, sums_rads = np.add.reduceat(up, starts), np.add.reduceat(gyr_rads, starts)
    pairs = counts[:-1] + counts[1:]
    middle_s = np.add.reduceat(time_s, starts) / counts[:, 0]
    span_s = np.diff(middle_s)
    seen = np.diff(sums_up / counts, axis=0)
    mean_up, mean_rads = ((sums[:-1] + sums[1:]) / pairs for sums in (sums_up, sums_rads))
    told = np.cross(mean_up, mean_rads) * span_s[:, None]
    is_quiet = np.maximum.reduceat(np.abs(sizes - GRAVITY_MS2), starts) <= QUIET_MS2
    keep = is_quiet[:-1] & is_quiet[1:] & (span_s <= _LONGEST_STEP_S)
    return seen[keep], told[keep]
