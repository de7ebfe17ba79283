"""Two looks at what arrives: whether it was delivered twice, and how much comes in a second."""

from collections import deque
from typing import Final

DOUBLED_WITHIN_S: Final = 0.001
"""Doubled deliveries come from one event of the operating system, microseconds apart."""

DOUBLED_N: Final = 3
"""So many notifications before were repeated too, or all of a link that has just begun. Of a
sensor at rest that sends every hundredth sample twice, this takes one in a hundred million."""


class DoubleFilter:
    """Tell the second delivery of a notification, as seen on BlueZ and Windows after reconnecting.

    Where everything is delivered twice, every notification is repeated within a millisecond. A
    filtered sensor at rest may also send the same bytes twice in one connection event, and means
    it. So a repetition is a double only if the last few notifications were repeated too; and
    where a sensor sends a constant, likeness proves nothing.
    """

    def __init__(self) -> None:
        self._last: tuple[str, bytes] | None = None
        self._last_arrival_s = 0.0
        self._is_repeated = False
        self._were_repeated: deque[bool] = deque(maxlen=DOUBLED_N)

    def is_double(self, characteristic: str, data: bytes, arrival_s: float) -> bool:
        """Take in a notification; return whether it was delivered before."""
        this = characteristic, data
        is_alike = this == self._last
        is_soon = arrival_s - self._last_arrival_s < DOUBLED_WITHIN_S
        if is_alike and is_soon and not self._is_repeated:
            self._is_repeated = True  # at most one double of each
            return all(self._were_repeated)
        if self._last is not None:
            self._were_repeated.append(self._is_repeated and not is_alike)
        self._last, self._last_arrival_s = this, arrival_s
        self._is_repeated = False
        return False


class RateMeter:
    """Measure once how many samples a second come in, over a stretch without a stall.

    Parameters
    ----------
    over_s : float
        Length of the stretch.
    max_silence_s : float
        A longer silence starts the stretch anew.

    """

    def __init__(self, over_s: float, max_silence_s: float = 0.5) -> None:
        self._over_s = over_s
        self._max_silence_s = max_silence_s
        self._start_s: float | None = None
        self._last_s = 0.0
        self._n = 0
        self._is_done = False

    def add(self, n_samples: int, arrival_s: float) -> float | None:
        """Count samples; return the rate in Hz when it is known, which happens once."""
        if self._is_done or n_samples == 0:
            return None
        if self._start_s is None or arrival_s - self._last_s > self._max_silence_s:
            self._start_s, self._n = arrival_s, 0  # the first ones only start the clock
        else:
            self._n += n_samples
        self._last_s = arrival_s
        if arrival_s - self._start_s < self._over_s:
            return None
        self._is_done = True
        return self._n / (arrival_s - self._start_s)
