"""Notice a sensor at the end of its range: the same value again and again, far from zero.

Noise alone hardly repeats there. Twice in a row it does, at the top of a quick swing, where a
value changes by less than a step of the converter; three times in a row is the end of the range.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

LEAST_GYR_RADS: Final = 3.4  # under the smallest usual range, 250 deg/s
LEAST_ACC_MS2: Final = 17.0  # under the smallest usual range, 2 g
REPEATS: Final = 2  # of the value before


class RangeWatch:
    """Remembers the last samples, so that it does not matter how they come.

    Parameters
    ----------
    least : float
        Values nearer to zero than this may repeat: coarse converters do that.

    """

    def __init__(self, least: float) -> None:
        self._least = least
        self._last = np.full((REPEATS, 3), np.nan)

    def find(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which of the next samples (n, 3) end a run of three equal ones, (n,)."""
        before, n = self._last, len(values)
        self._last = values[-REPEATS:] if n >= REPEATS else np.vstack([before, values])[-REPEATS:]
        # The cheap look first: nearly every packet is far from the end of any range.
        largest = max(values.item(values.argmax()), -values.item(values.argmin()))
        if largest <= self._least:
            return np.zeros(n, dtype=np.bool_)
        run = np.vstack([before, values])
        equal = (run[2:] == run[1:-1]) & (run[1:-1] == run[:-2]) & (np.abs(values) > self._least)
        return np.asarray(equal.any(axis=1))
