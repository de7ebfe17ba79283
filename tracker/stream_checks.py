"""Two looks at what arrives: whether it was delivered twice, and how much comes in a second."""

from typing import Final

DOUBLED_WITHIN_S: Final = 0.001
"""Doubled deliveries come from one event of the operating system, microseconds apart."""


class DoubleFilter:
    """Tell the second delivery of a notification, as seen on BlueZ and Windows after reconnecting.

    A notification is a double if it repeats the last one within a millisecond. Noise makes two
    true frames differ in some bit. A sensor that really sends a constant is left alone: where
    the last two that were kept are alike, likeness proves nothing.
    """

    def __init__(self) -> None:
        self._last: tuple[str, bytes] | None = None
        self._last_arrival_s = 0.0
        self._may_repeat = False

    def is_double(self, characteristic: str, data: bytes, arrival_s: float) -> bool:
        """Take in a notification; return whether it was delivered before."""
        this = characteristic, data
        is_alike = this == self._last
        if is_alike and self._may_repeat and arrival_s - self._last_arrival_s < DOUBLED_WITHIN_S:
            self._may_repeat = False  # at most one double of each
            return True
        self._may_repeat = not is_alike
        self._last, self._last_arrival_s = this, arrival_s
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
