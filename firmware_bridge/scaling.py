"""Between the whole numbers of a frame and SI units."""

import math
from collections.abc import Iterable, Sequence

from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.packets import Vector


def scaled(raw: Sequence[float], factor: float) -> Vector:
    """Return three numbers of a frame in SI units."""
    return raw[0] * factor, raw[1] * factor, raw[2] * factor


def steps(values: Iterable[float], size: float) -> list[int]:
    """Return values as the 16-bit numbers a sensor would send, `size` each, clipped at the ends.

    Raises
    ------
    UnencodableValueError
        If a value is not finite.

    Examples
    --------
    >>> steps([0.26, -99.0, 4e9], 0.5)
    [1, -198, 32767]

    """
    listed = list(values)
    if not all(map(math.isfinite, listed)):
        raise UnencodableValueError(f"A frame cannot hold {listed}: all numbers must be finite.")
    return [max(-32768, min(32767, round(value / size))) for value in listed]
