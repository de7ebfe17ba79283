"""Say whether two results or lists of events are the same, number by number."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass

import numpy as np

NUMBERS_WITHIN = 1e-9
ANGLES_WITHIN_DEG = 1e-6


def differences(one, other, where="") -> list[str]:
    """Return what differs, as paths with both values; nothing if they are the same."""
    if type(one) is not type(other):
        return [f"{where}: {one!r} and {other!r}"]
    if isinstance(one, np.ndarray) and one.shape == other.shape:
        is_same = np.abs(one - other).max(initial=0.0) <= ANGLES_WITHIN_DEG
    elif isinstance(one, float):
        is_same = one == other or abs(one - other) <= NUMBERS_WITHIN
    elif is_dataclass(one) or isinstance(one, Mapping | list | tuple):
        ours, theirs = _parts(one), _parts(other)
        pairs = zip(ours, theirs, strict=False)
        inside = [differences(a[1], b[1], f"{where}.{a[0]}") for a, b in pairs]
        is_same = [name for name, _ in ours] == [name for name, _ in theirs]
        return sum(inside, [] if is_same else [f"{where}: {len(ours)} and {len(theirs)} entries"])
    else:
        is_same = not isinstance(one, np.ndarray) and one == other
    return [] if is_same else [f"{where}: {one!r} and {other!r}"]


def _parts(thing):
    if isinstance(thing, Mapping):
        return list(thing.items())
    if isinstance(thing, list | tuple):
        return list(enumerate(thing))
    return [(field.name, getattr(thing, field.name)) for field in fields(thing)]
