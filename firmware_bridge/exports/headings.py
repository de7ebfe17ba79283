"""Names of columns that carry axis and unit, as `Acceleration x (m/s^2)` or `x-axis (deg/s)`.

Words differ between apps and languages; units and the letters of the axes do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from firmware_bridge.exports.table import Table
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

Quantity = Literal["acc", "gyr"]

_UNITS: Final[dict[str, tuple[Quantity, float]]] = {
    "m/s^2": ("acc", 1.0),
    "m/s²": ("acc", 1.0),
    "m/s2": ("acc", 1.0),
    "g": ("acc", STANDARD_GRAVITY_MS2),
    "rad/s": ("gyr", 1.0),
    "deg/s": ("gyr", RAD_PER_DEG),
    "°/s": ("gyr", RAD_PER_DEG),
    "dps": ("gyr", RAD_PER_DEG),
}
_TIME_UNITS_S: Final = {"s": 1.0, "ms": 1e-3}

_NAME: Final = re.compile(r"(?P<text>.*?)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]\s*")
_AXIS: Final = re.compile(r"(?<![a-z])([xyz])(?![a-z])")
_WITHOUT_GRAVITY: Final = re.compile(r"line[aá]|linéa|without g|ohne g|zonder z|sans g|sem g|sin g")
_AXES: Final = ("x", "y", "z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Triad:
    """Three columns of a table that are one vector.

    Parameters
    ----------
    quantity : {"acc", "gyr"}
        What the unit says it is.
    indices : tuple of int
        Columns of x, y, z.
    factor : float
        From the unit of the columns to m/s² or rad/s.
    time : int
        Column of its times: the nearest to the left.
    time_factor : float
        From the unit of that column to s.
    lacks_gravity : bool
        Whether the name says so.

    """

    quantity: Quantity
    indices: tuple[int, int, int]
    factor: float
    time: int
    time_factor: float
    lacks_gravity: bool


@dataclass(frozen=True, slots=True)
class _Heading:
    text: str
    unit: str

    @property
    def axis(self) -> str | None:
        found = _AXIS.search(self.text)
        return found[1] if found else None


def lacks_gravity(name: str) -> bool:
    """Tell whether a name, in one of several languages, is of acceleration without gravity."""
    return _WITHOUT_GRAVITY.search(name.lower()) is not None


def triads(table: Table) -> list[Triad]:
    """Find the vectors in a table, by unit and by axis, or by position where no axis is named."""
    return triads_of(table.columns, table.name)


def triads_of(columns: Sequence[str], file_name: str = "") -> list[Triad]:
    """Find the vectors among the names of columns."""
    headings = [_heading(column) for column in columns]
    found: list[Triad] = []
    time: int | None = None
    at = 0
    while at < len(headings):
        heading = headings[at]
        if heading.unit in _TIME_UNITS_S:
            time = at
        triad = None if time is None else _triad(headings, at, time, file_name)
        if triad:
            found.append(triad)
        at += 3 if triad else 1
    return found


def _heading(column: str) -> _Heading:
    match = _NAME.fullmatch(column.lower())
    return _Heading(match["text"], match["unit"].strip()) if match else _Heading(column.lower(), "")


def _triad(headings: Sequence[_Heading], at: int, time: int, file_name: str) -> Triad | None:
    """Return the vector that begins at a column, if one does."""
    three = headings[at : at + 3]
    unit = three[0].unit
    if unit not in _UNITS or [heading.unit for heading in three] != [unit] * 3:
        return None
    axes = tuple(heading.axis for heading in three)
    is_named = set(axes) == set(_AXES)
    follows = headings[at - 1].unit == unit  # the fourth column of a run is the absolute value
    if not is_named and (follows or axes != (None, None, None)):
        return None
    quantity, factor = _UNITS[unit]
    order = [axes.index(axis) for axis in _AXES] if is_named else [0, 1, 2]
    return Triad(
        quantity=quantity,
        indices=(at + order[0], at + order[1], at + order[2]),
        factor=factor,
        time=time,
        time_factor=_TIME_UNITS_S[headings[time].unit],
        lacks_gravity=lacks_gravity(f"{file_name} {three[0].text}"),
    )
