"""Where a curve turns, by more than a tremor or a sway."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

THIN_S: Final = 0.05  # turns are looked for on rows this far apart: they are not that short


def turning_points(angle_deg: NDArray[np.float64], least_deg: float) -> list[int]:
    """Find the indices of a curve's alternating extremes, where it turned by `least_deg`."""
    found: list[int] = []
    low = high = 0
    direction = 0
    angles = angle_deg.tolist()
    for index, value in enumerate(angles):
        if value > angles[high]:
            high = index
        if value < angles[low]:
            low = index
        if direction >= 0 and angles[high] - value > least_deg:
            found.append(high)
            direction, low = -1, index
        elif direction <= 0 and value - angles[low] > least_deg:
            found.append(low)
            direction, high = 1, index
    return found
