"""The lines of a sensor that somebody built: what they mean, described in a small TOML file.

============== ====================================================================================
key            meaning
============== ====================================================================================
rate_hz        samples a second; needed
columns        what stands in the columns of a line, in order: acc_x acc_y acc_z gyr_x gyr_y gyr_z,
               time, counter, "-" for anything else; needed, or fields
fields         the same for lines of JSON: which field is where, as acc_x = "acc.x" or "acc.0"
separator      between columns: "," (without the key), ";", "tab", "space"
acc_unit       "g" (without the key), "mg", "m/s2"
gyr_unit       "deg/s" (without the key), "mdeg/s", "rad/s"
acc_gain       what a number of acceleration is multiplied by to be in that unit; 1 without
gyr_gain       the same for angular rates: mends a library that reads too low, or makes raw numbers
               degrees a second
time_unit      "ms" (without the key), "us", "s"
time_bits      width of the sensor's clock where it starts again at zero; 32 without the key
counter_bits   width of the counter: 8, 15, 16 or 32 (without the key)
name           how the advertised name begins; without it any device with the service
start, stop    lines to send to begin and end the stream
service, notify, write   UUIDs in place of those of the Nordic UART service
============== ====================================================================================
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from firmware_bridge.decoder import SampleIndex
from firmware_bridge.errors import UnreadableFormatError
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

NUS_SERVICE_UUID: Final = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
NUS_WRITE_UUID: Final = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
NUS_NOTIFY_UUID: Final = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"

VALUES: Final = ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")
TIME, COUNTER, UNUSED = "time", "counter", "-"
_NAMES: Final = (*VALUES, TIME, COUNTER)

_ACC_MS2: Final = {"g": STANDARD_GRAVITY_MS2, "mg": STANDARD_GRAVITY_MS2 / 1000, "m/s2": 1.0}
_GYR_RADS: Final = {"deg/s": RAD_PER_DEG, "mdeg/s": RAD_PER_DEG / 1000, "rad/s": 1.0}
_TIME_S: Final = {"ms": 1e-3, "us": 1e-6, "s": 1.0}
_SEPARATORS: Final = {",": ",", ";": ";", "tab": "\t", "space": None}
_COUNTERS: Final[Mapping[int, SampleIndex]] = {
    8: "counter8", 15: "counter15", 16: "counter16", 32: "counter32",
}  # fmt: skip
_KEYS: Final = (
    "rate_hz", "columns", "fields", "separator", "acc_unit", "gyr_unit", "acc_gain", "gyr_gain",
    "time_unit", "time_bits", "counter_bits", "name", "start", "stop", "service", "notify", "write",
)  # fmt: skip

_RATES_HZ: Final = (20.0, 1000.0)
"""Below, a fast repetition has too few samples; above, no text gets through."""

MAX_RAW: Final = 32768
"""The largest number of a 16-bit chip."""

_GAINS: Final = (1e-9, 1e9)
_CLOCK_BITS: Final = (16, 64)
_MAX_COLUMNS: Final = 64

Table = Mapping[str, object]
Chosen = TypeVar("Chosen")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFormat:
    """What the lines of a sensor mean.

    Parameters
    ----------
    rate_hz : float
        Samples a second.
    paths : tuple of (str, tuple of str)
        Names (`acc_x`, ..., `time`, `counter`) and where each stands: the number of a column, or
        the keys that lead to a field of JSON.
    is_json : bool
        Whether lines are JSON objects.
    n_columns : int
        Columns of a line that is not JSON.
    separator : str, optional
        Between columns; None is any white space.
    acc_ms2, gyr_rads, time_s : float
        What 1 in the line is, in SI units.
    clock_span : float, optional
        Where the sensor's clock starts again at zero, in its own unit.
    counter_bits : int
        Width of the counter.
    name : str
        How the advertised name begins; empty for any.
    start, stop : tuple of str
        Lines to send.
    service_uuid, notify_uuid, write_uuid : str
        Where, lower case.
    is_raw : bool
        Whether the numbers are those of a 16-bit chip, so that larger ones are damage.
    table : mapping
        The description that this was made of.

    """

    rate_hz: float
    paths: tuple[tuple[str, tuple[str, ...]], ...]
    is_json: bool = False
    n_columns: int = 0
    separator: str | None = ","
    acc_ms2: float = STANDARD_GRAVITY_MS2
    gyr_rads: float = RAD_PER_DEG
    time_s: float = 1e-3
    clock_span: float | None = None
    counter_bits: int = 32
    name: str = ""
    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    service_uuid: str = NUS_SERVICE_UUID
    notify_uuid: str = NUS_NOTIFY_UUID
    write_uuid: str = NUS_WRITE_UUID
    is_raw: bool = False
    table: Table = field(default_factory=dict, repr=False, compare=False)

    @property
    def index(self) -> SampleIndex:
        """What tells that samples are missing."""
        named = {name for name, _ in self.paths}
        if TIME in named:
            return "device_time"
        return _COUNTERS[self.counter_bits] if COUNTER in named else "none"


def read_text_format(text: str) -> TextFormat:
    """Read a description in TOML.

    Raises
    ------
    UnreadableFormatError
        If it is no TOML, or an entry is missing, unknown or out of its range.

    Examples
    --------
    >>> read_text_format('''
    ... rate_hz = 100
    ... columns = ["time", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
    ... gyr_gain = 1.14688
    ... ''').index
    'device_time'

    """
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableFormatError("TOML", f"cannot be read: {error}") from error
    return text_format_of(table)


def text_format_of(table: Table) -> TextFormat:
    """Make a format of a description that has been read; raises as `read_text_format`."""
    for key in table:
        if key not in _KEYS:
            raise UnreadableFormatError(key, f"is not known; known are: {', '.join(_KEYS)}")
    is_json = "fields" in table
    paths = _fields(table) if is_json else _columns(table)
    time_unit = _choice(table, "time_unit", {unit: unit for unit in _TIME_S}, "ms")
    time_bits = _number(table, "time_bits", 32, _CLOCK_BITS)
    counter_bits = int(_number(table, "counter_bits", 32, (8, 32)))
    if counter_bits not in _COUNTERS:
        raise UnreadableFormatError("counter_bits", "is none of 8, 15, 16, 32")
    if "rate_hz" not in table:
        raise UnreadableFormatError("rate_hz", "is missing: it says how many samples a second come")
    columns = table.get("columns")
    return TextFormat(
        rate_hz=_number(table, "rate_hz", 100.0, _RATES_HZ),
        paths=paths,
        is_json=is_json,
        n_columns=len(columns) if isinstance(columns, list) else 0,
        separator=_choice(table, "separator", _SEPARATORS, ","),
        acc_ms2=_choice(table, "acc_unit", _ACC_MS2, "g") * _gain(table, "acc_gain"),
        gyr_rads=_choice(table, "gyr_unit", _GYR_RADS, "deg/s") * _gain(table, "gyr_gain"),
        time_s=_TIME_S[time_unit],
        clock_span=None if time_unit == "s" else 2.0 ** int(time_bits),
        counter_bits=counter_bits,
        name=_text(table, "name", ""),
        start=_lines(table, "start"),
        stop=_lines(table, "stop"),
        service_uuid=_uuid(table, "service", NUS_SERVICE_UUID),
        notify_uuid=_uuid(table, "notify", NUS_NOTIFY_UUID),
        write_uuid=_uuid(table, "write", NUS_WRITE_UUID),
        table=dict(table),
    )


Paths = tuple[tuple[str, tuple[str, ...]], ...]


def _columns(table: Table) -> Paths:
    columns = table.get("columns")
    if columns is None:
        raise UnreadableFormatError("columns", "is missing: it names what stands in a line")
    if not isinstance(columns, list) or not 1 <= len(columns) <= _MAX_COLUMNS:
        raise UnreadableFormatError("columns", 'is no list as ["acc_x", "acc_y", ...]')
    for name in columns:
        if name not in (*_NAMES, UNUSED):
            known = ", ".join(_NAMES)
            raise UnreadableFormatError("columns", f'holds {name!r}; known are: {known}, and "-"')
    named = [(str(name), (str(at),)) for at, name in enumerate(columns) if name != UNUSED]
    return _complete("columns", named)


def _fields(table: Table) -> Paths:
    fields = table["fields"]
    if "columns" in table:
        raise UnreadableFormatError("fields", "is for lines of JSON, columns for all others")
    if not isinstance(fields, dict):
        raise UnreadableFormatError("fields", 'is no table as {acc_x = "acc.x", ...}')
    named: list[tuple[str, tuple[str, ...]]] = []
    for name, path in fields.items():
        if name not in _NAMES:
            raise UnreadableFormatError("fields", f"holds {name!r}; known are: {', '.join(_NAMES)}")
        if not isinstance(path, str) or not all(path.split(".")):
            raise UnreadableFormatError(f"fields.{name}", 'is no path as "acc.x"')
        named.append((str(name), tuple(path.split("."))))
    return _complete("fields", named)


def _complete(key: str, named: Sequence[tuple[str, tuple[str, ...]]]) -> Paths:
    names = [name for name, _ in named]
    doubled = {name for name in names if names.count(name) > 1}
    if doubled:
        raise UnreadableFormatError(key, f"names {', '.join(sorted(doubled))} more than once")
    missing = [name for name in VALUES if name not in names]
    if missing == list(VALUES[3:]):
        raise UnreadableFormatError(
            key, "names no angular rate: without a gyroscope the knee's angle cannot be followed"
        )
    if missing:
        raise UnreadableFormatError(key, f"lacks {', '.join(missing)}")
    return tuple(named)


def _number(table: Table, key: str, otherwise: float, limits: tuple[float, float]) -> float:
    value = table.get(key, otherwise)
    low, high = limits
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UnreadableFormatError(key, f"is no number from {low:g} to {high:g}")
    return float(value)


def _gain(table: Table, key: str) -> float:
    value = table.get(key, 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableFormatError(key, "is no number")
    low, high = _GAINS
    if not low <= abs(value) <= high:
        raise UnreadableFormatError(key, "is 0 or beyond measure; 1 leaves the numbers as they are")
    return float(value)


def _choice(table: Table, key: str, choices: Mapping[str, Chosen], otherwise: str) -> Chosen:
    value = table.get(key, otherwise)
    if not isinstance(value, str) or value not in choices:
        raise UnreadableFormatError(key, f"is none of: {', '.join(choices)}")
    return choices[value]


def _text(table: Table, key: str, otherwise: str) -> str:
    value = table.get(key, otherwise)
    if not isinstance(value, str):
        raise UnreadableFormatError(key, "is no text")
    return value


def _lines(table: Table, key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise UnreadableFormatError(key, 'is no list of texts as ["start"]')
    return tuple(value)


def _uuid(table: Table, key: str, otherwise: str) -> str:
    value = _text(table, key, otherwise)
    try:
        return str(UUID(value))
    except ValueError:
        raise UnreadableFormatError(key, f"is no UUID of 128 bits as {otherwise}") from None
