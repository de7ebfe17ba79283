"""Clocks of sensors that start again at zero when their counter is full."""

from typing import Final

U32: Final = 1 << 32


class Unwrap:
    """Turn a 32-bit counter into one that only wraps when the sensor is long dead.

    A step of less than half the range counts as forward, any other as backward.

    Examples
    --------
    >>> unwrap = Unwrap()
    >>> [unwrap(raw) for raw in (4_294_967_290, 4_294_967_295, 4)]
    [4294967290, 4294967295, 4294967300]

    """

    def __init__(self) -> None:
        self._ticks: int | None = None

    def __call__(self, raw: int) -> int:
        """Return the unwrapped reading."""
        last = raw if self._ticks is None else self._ticks
        self._ticks = last + (raw - last + U32 // 2) % U32 - U32 // 2
        return self._ticks
