"""From angular rates at the samples to the turns between them.

The orientation filter takes a sample's rate for that of the whole period before it: at 57 Hz and
500 deg/s that runs half a period, 4 degrees, ahead. Nearer to the truth is the mean of the two
rates. Where the axis changes as well, what each step leaves out adds up, to second order in three
parts, all along the cross product of the two rates w: T^2/12 of it because turns do not commute
(Bortz 1971, IEEE Transactions on Aerospace and Electronic Systems 7, 61-66), T^2/12 because a mean
of two cuts the corners of a curve, and -D^2/2 because a turn of D w to a time D ahead is not the
whole way there. T is the period, D the delay of the sensor that is taken back.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

# A part's own low-pass filter delays what it reports: 3 ms at 94 Hz of bandwidth, 5 ms at 44 Hz,
# the usual settings, by the data sheets of the common makes. The middle of that is taken back.
SENSOR_DELAY_S: Final = 0.004
_CROSSED: Final = np.array([1, 2, 0, 2, 0, 1])


class Turning:
    """Remembers the last sample's rate, so that it does not matter how they come.

    Parameters
    ----------
    rate_hz : float
        Of the samples.

    """

    def __init__(self, rate_hz: float) -> None:
        self._ahead_periods = SENSOR_DELAY_S * rate_hz
        self._twist_s = 1.0 / (6.0 * rate_hz) - 0.5 * SENSOR_DELAY_S**2 * rate_hz
        self._last: NDArray[np.float64] | None = None

    def between(
        self, gyr_rads: NDArray[np.float64], step_ratio: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the steady rates (n, 3) that turn as far over one nominal period each.

        `step_ratio` (n,) is each sample's true step over the nominal period: the filter's period
        is fixed, and so it integrates the true angle also when the clock wanders or stamps jitter.
        Before the first sample the rate is taken to have been the same.
        """
        first = gyr_rads[:1] if self._last is None else self._last
        self._last = gyr_rads[-1:]
        rows = np.concatenate([first, gyr_rads])
        before = rows[:-1]
        half = 0.5 * step_ratio[:, None]
        rates = (half + self._ahead_periods) * gyr_rads
        rates += (half - self._ahead_periods) * before
        # The cross product of each row with the one before it, in a quarter of numpy's time.
        rows = rows.take(_CROSSED, axis=1)
        twist = rows[:-1, :3] * rows[1:, 3:]
        twist -= rows[:-1, 3:] * rows[1:, :3]
        twist *= self._twist_s
        rates += twist
        return rates
