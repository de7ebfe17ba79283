"""Lines of text to samples and back, by the description of a `TextFormat`."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Final

from firmware_bridge.errors import UnencodableValueError
from firmware_bridge.packets import DamagedFrame, Decoded, ImuPacket
from firmware_bridge.scaling import scaled
from firmware_bridge.text_format import COUNTER, MAX_RAW, TIME, VALUES, TextFormat

_MAX_LINE: Final = 512
_MAX_VALUE: Final = 1e15  # far beyond any clock in microseconds


class UartDecoder:
    """Read the text of one connection.

    Parameters
    ----------
    text_format : TextFormat
        What its lines mean.

    """

    def __init__(self, text_format: TextFormat) -> None:
        self._format = text_format
        self._max_value = MAX_RAW if text_format.is_raw else _MAX_VALUE
        self._line = bytearray()
        self._clock: float | None = None

    def feed(self, data: bytes) -> list[Decoded]:
        """Take in the next bytes and return the samples whose lines they end, oldest first."""
        out: list[Decoded] = []
        *ended, rest = data.split(b"\n")
        for piece in ended:
            self._append(piece, out)
            out += self._read(bytes(self._line))
            self._line.clear()
        self._append(rest, out)
        return out

    def _append(self, piece: bytes, out: list[Decoded]) -> None:
        """Lengthen the line; what is too long for one is reported in pieces and dropped."""
        self._line += piece
        while len(self._line) > _MAX_LINE:
            out.append(DamagedFrame.of("a line without an end", bytes(self._line[:_MAX_LINE])))
            del self._line[:_MAX_LINE]

    def _read(self, line: bytes) -> list[Decoded]:
        found = self._fields(line) if self._format.is_json else self._columns(line)
        if not isinstance(found, dict):
            return [] if found is None else [found]
        values = {name: self._number(_at(found, path)) for name, path in self._format.paths}
        numbers = {name: value for name, value in values.items() if value is not None}
        if len(numbers) < len(values):
            return [DamagedFrame.of("a line without acceleration and angular rate", line)]
        xyz = [numbers[name] for name in VALUES]
        counter = numbers.get(COUNTER)
        return [
            ImuPacket(
                acc_ms2=scaled(xyz[:3], self._format.acc_ms2),
                gyr_rads=scaled(xyz[3:], self._format.gyr_rads),
                device_time_s=self._time_s(numbers.get(TIME)),
                counter=None if counter is None else int(counter) % 2**self._format.counter_bits,
            )
        ]

    def _fields(self, line: bytes) -> dict[str, object] | DamagedFrame | None:
        begin = line.find(b"{")
        if begin < 0:
            return None
        try:
            fields = json.loads(line[begin:])
        except (ValueError, RecursionError):
            return DamagedFrame.of("a line that breaks off", line)
        return fields if isinstance(fields, dict) else None

    def _columns(self, line: bytes) -> dict[str, object] | DamagedFrame | None:
        cells = line.decode("ascii", "replace").strip().split(self._format.separator)
        values = [_float(cell) for cell in cells]
        if all(value is None for value in values):
            return None
        if len(values) != self._format.n_columns:
            return DamagedFrame.of(f"a line without its {self._format.n_columns} columns", line)
        return {str(at): value for at, value in enumerate(values)}

    def _number(self, value: object) -> float | None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # False for what is no number, NaN among it.
        return float(value) if is_number and abs(value) <= self._max_value else None  # type: ignore[arg-type]

    def _time_s(self, value: float | None) -> float | None:
        """Return the sensor's clock in s, carried on where it starts again at zero."""
        if value is None:
            return None
        span, last = self._format.clock_span, self._clock
        if last is not None and span is not None:
            value = last + (value - last + span / 2) % span - span / 2
        self._clock = value
        return value * self._format.time_s


def _at(found: object, path: Sequence[str]) -> object:
    """Follow a path through objects and lists; None where it leads nowhere."""
    for key in path:
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found


def _float(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def encode_text(
    text_format: TextFormat,
    acc_ms2: Sequence[float],
    gyr_rads: Sequence[float],
    *,
    clock_s: float = 0.0,
    number: int = 0,
) -> bytes:
    """Build the line that a sensor of this format would send; six digits of each value.

    Parameters
    ----------
    text_format : TextFormat
        What the line means.
    acc_ms2, gyr_rads : 3 floats
        Specific force in m/s² and angular rate in rad/s.
    clock_s : float
        The sensor's clock; it starts again at zero where the format says so.
    number : int
        Of the sample.

    Raises
    ------
    UnencodableValueError
        If a number is not finite.

    """
    si = [*(value / text_format.acc_ms2 for value in acc_ms2)]
    si += [value / text_format.gyr_rads for value in gyr_rads]
    if not all(map(math.isfinite, (*si, clock_s))):
        raise UnencodableValueError(f"A line cannot hold {si}; all numbers must be finite.")
    cells = {name: f"{value:.6g}" for name, value in zip(VALUES, si, strict=True)}
    ticks = clock_s / text_format.time_s
    span = text_format.clock_span
    cells[TIME] = f"{ticks:.6f}" if span is None else str(round(ticks) % round(span))
    cells[COUNTER] = str(number % 2**text_format.counter_bits)
    if text_format.is_json:
        line = json.dumps(_nested((path, cells[name]) for name, path in text_format.paths))
    else:
        row = ["0"] * text_format.n_columns
        for name, (at,) in text_format.paths:
            row[int(at)] = cells[name]
        line = (text_format.separator or " ").join(row)
    return line.encode() + b"\r\n"


def _nested(cells: Iterable[tuple[tuple[str, ...], str]]) -> dict[str, object]:
    tree: dict[str, object] = {}
    for path, cell in cells:
        branch = tree
        for key in path[:-1]:
            child = branch.setdefault(key, {})
            if isinstance(child, dict):
                branch = child
        branch[path[-1]] = float(cell)
    return tree
