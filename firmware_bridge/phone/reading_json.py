"""JSON from a network: any bytes give an object or None, within bounds."""

import json
from collections.abc import Mapping
from typing import Final

from firmware_bridge.packets import Vector

# Some minutes of samples; a message holds a second.
MAX_BODY: Final = 16 * 2**20
_LARGEST: Final = 1e6  # beyond any sensor


def json_object(body: bytes) -> Mapping[str, object] | None:
    """Return the object that a body holds, None if it holds none or is too large."""
    if len(body) > MAX_BODY:
        return None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def number(value: object) -> float | None:
    """Return a JSON number that a sensor may have sent, None for anything else.

    Examples
    --------
    >>> number(3), number("3"), number(True), number(float("nan"))
    (3.0, None, None, None)

    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= _LARGEST else None


def vector(fields: object) -> Vector | None:
    """Return x, y, z of a JSON object, None if one of them is no number."""
    if not isinstance(fields, dict):
        return None
    x, y, z = (number(fields.get(axis)) for axis in "xyz")
    return None if x is None or y is None or z is None else (x, y, z)
