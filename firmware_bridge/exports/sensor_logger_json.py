"""Sensor Logger (Android, iOS): its JSON export, one array with an object a sample.

Source: tszheichoi/awesome-sensor-logger, README.md; files of the app.

All values are text, names of sensors are those of the CSV files without their ending::

    [{"sensor":"Metadata","platform":"ios","standardisation":"false", ...},
     {"sensor":"Gravity","time":"1698501144401773000","seconds_elapsed":"0.21",
      "z":"-9.8","y":"0.1","x":"0.2"}, ...]

Objects are read one by one, so memory is that of the numbers, not of the text.
"""

import json
import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.joining import Stream
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.exports.sensor_logger import ASSUMED_ANDROID, MOTION_SENSORS, assemble

_MARKS: Final = (b'"sensor"', b'"seconds_elapsed"')
_HEAD_BYTES: Final = 64 * 1024
MAX_OBJECTS: Final = 5_000_000  # 4 hours of three sensors at 100 Hz
_MAX_OBJECT: Final = 64 * 1024
_MAX_BRACES: Final = 16  # in one object
_AXES: Final = ("x", "y", "z")
_LARGEST: Final = 1e20

_AGAIN: Final = "the file seems cut short or edited: export it again"


def _is_ours(content: bytes) -> bool:
    head = content[:_HEAD_BYTES]
    return head.lstrip().startswith(b"[") and all(mark in head for mark in _MARKS)


def _recognise(files: Files) -> int:
    return 100 * any(_is_ours(content) for content in files.values())


def _read(files: Files) -> Export:
    names = [name for name in sorted(files) if _is_ours(files[name])]
    if len(names) > 1:
        raise UnreadableExportError(
            f"There are {len(names)} recordings ({', '.join(names)})", "give one of them alone"
        )
    numbers: dict[str, list[tuple[float, ...]]] = {}
    about: dict[str, str] = {}
    for record in _records(names[0], files[names[0]]):
        sensor = str(record.get("sensor")).lower()
        if sensor in MOTION_SENSORS:
            numbers.setdefault(sensor, []).append(_row(names[0], record))
        elif "platform" in record:
            about = {key: str(value).strip().lower() for key, value in record.items()}
    notes: list[str] = []
    streams: dict[str, Stream] = {}
    for sensor, listed in numbers.items():
        rows = np.array(listed)
        streams[sensor], n_repeated = Stream.sorted(rows[:, 0], rows[:, 1:])
        if n_repeated:
            notes.append(f"{n_repeated} samples of {sensor} repeat a time and are left out.")
    if about.get("platform") not in ("android", "ios"):
        notes.append(ASSUMED_ANDROID)
    is_apple = about.get("platform") == "ios" and about.get("standardisation") != "true"
    return assemble(SENSOR_LOGGER_JSON.id, streams, is_apple=is_apple, notes=notes)


def _records(name: str, content: bytes) -> Iterator[dict[str, object]]:
    """Yield the objects of the array.

    They hold no others, so one ends at the first brace behind it that makes it whole: text may
    hold braces, too.
    """
    if content.count(b"{") > MAX_OBJECTS:
        raise UnreadableExportError(
            f"{name} holds more than {MAX_OBJECTS:,} samples", "cut it into shorter recordings"
        )
    at = content.find(b"{")
    while at >= 0:
        end = at
        for _ in range(_MAX_BRACES):
            end = content.find(b"}", end + 1, at + _MAX_OBJECT)
            record = _object(content[at : end + 1]) if end >= 0 else None
            if record or end < 0:
                break
        if not record:
            raise UnreadableExportError(f"{name} is not whole JSON", _AGAIN)
        yield record
        at = content.find(b"{", end + 1)


def _object(text: bytes) -> dict[str, object] | None:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _row(name: str, record: dict[str, object]) -> tuple[float, ...]:
    try:
        row = tuple(float(str(record[key])) for key in ("seconds_elapsed", *_AXES))
    except (KeyError, ValueError):
        row = (math.nan,)
    if not all(abs(value) < _LARGEST for value in row):
        raise UnreadableExportError(f"{name} has a sample without its numbers", _AGAIN)
    return row


SENSOR_LOGGER_JSON: Final = ExportReader(
    id="sensor-logger-json",
    title="Sensor Logger JSON",
    recognise=_recognise,
    read=_read,
)
