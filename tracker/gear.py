"""What resists in an exercise, or is stepped on: as the patient tells it, for record and advice.

A band is told by its kind, its colour or brand, whether it is doubled, and how far it is stretched
before the movement begins, compared with the time before; where somebody helps, also whether the
hand presses along on the way back. No force follows from these: brands order
their colours differently, and only a measurement says newtons. A step is told by how it is done
(slowly, faster, springing) and its height.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from analysis import Exercise, Movement
from tracker.errors import TrackerError
from tracker.training_plan import BANDED

LONGEST_COLOUR: Final = 40
LOWEST_CM: Final = 1
HIGHEST_CM: Final = 100  # a bench; nobody steps higher

Gear = dict[str, Any]


class GearKind(StrEnum):
    """Which of them belongs to an exercise."""

    BAND = "band"
    HELPED_BAND = "helped_band"
    STEP = "step"


CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("training_band", "inner_tube", "inner_tube_halved"),
    "pre_stretch": ("less", "same", "more"),
    "stage": ("slow", "faster", "springing"),
}
HELPED: Final = frozenset({"ecc_prone_helper"})
_OF_BAND: Final = ("kind", "colour", "is_double", "pre_stretch")
FIELDS: Final[Mapping[GearKind, tuple[str, ...]]] = {
    GearKind.BAND: _OF_BAND,
    GearKind.HELPED_BAND: (*_OF_BAND, "helper_presses"),
    GearKind.STEP: ("stage", "height_cm"),
}


class GearError(TrackerError, ValueError):
    """What was told of a band or a step is not what it should be."""


def gear_kind(exercise: Exercise) -> GearKind | None:
    """Return what belongs to an exercise; None where neither does."""
    if exercise.id in BANDED:
        return GearKind.HELPED_BAND if exercise.id in HELPED else GearKind.BAND
    return GearKind.STEP if exercise.movement is Movement.STEPS else None


def read_gear(told: Mapping[str, Any], kind: GearKind) -> Gear:
    """Read what was told of a band or a step; what is open is left out.

    Raises
    ------
    GearError
        If there is another field, or a value that cannot be.

    Examples
    --------
    >>> read_gear({"colour": " yellow ", "is_double": False, "pre_stretch": None}, GearKind.BAND)
    {'colour': 'yellow', 'is_double': False}

    """
    if unknown := sorted(set(told) - set(FIELDS[kind])):
        raise GearError(f"A {kind} has no {unknown}.")
    read = {name: _READERS[name](name, told.get(name)) for name in FIELDS[kind]}
    return {name: value for name, value in read.items() if value is not None}


def next_time(gear: Gear | str | None, kind: GearKind) -> Gear | str | None:
    """Return the same gear for another training: pre-stretched as now, unless told otherwise.

    What the exercise has none of is left out: alone there is no helper's hand.
    """
    if not isinstance(gear, dict):
        return gear
    known = {name: value for name, value in gear.items() if name in FIELDS[kind]}
    return known | ({"pre_stretch": "same"} if "pre_stretch" in known else {})


def _choice(name: str, value: Any) -> str | None:
    if value is None or value == "":
        return None
    if value not in CHOICES[name]:
        raise GearError(f"{name} is one of {', '.join(CHOICES[name])}, not {value!r}.")
    return str(value)


def _words(name: str, value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value) > LONGEST_COLOUR):
        raise GearError(f"{name} is at most {LONGEST_COLOUR} characters.")
    return (value or "").strip() or None


def _flag(name: str, value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise GearError(f"{name} is true or false.")
    return value


def _height(name: str, value: Any) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if value is not None and not (is_whole and LOWEST_CM <= value <= HIGHEST_CM):
        raise GearError(f"{name} is a whole number from {LOWEST_CM} to {HIGHEST_CM}.")
    return value if is_whole else None


_READERS: Final = {
    "kind": _choice,
    "colour": _words,
    "is_double": _flag,
    "pre_stretch": _choice,
    "helper_presses": _flag,
    "stage": _choice,
    "height_cm": _height,
}
