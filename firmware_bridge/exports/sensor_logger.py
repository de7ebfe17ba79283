"""Sensor Logger (Android, iOS): a zip or folder with one CSV a sensor.

Source: tszheichoi/awesome-sensor-logger, UNITS.md, COORDINATES.md, CROSSPLATFORM.md.

=============================== ===================================================================
file                            columns; read by name, as their order differs
=============================== ===================================================================
Accelerometer.csv               time (ns since 1970), seconds_elapsed, z, y, x: without gravity
Gravity.csv                     the same
TotalAcceleration.csv           the same, with gravity
AccelerometerUncalibrated.csv   the same, with gravity; in g on iOS unless standardised
Gyroscope.csv                   the same, rad/s; GyroscopeUncalibrated.csv too
Metadata.csv                    platform (android, ios), standardisation (true, false), ...
=============================== ===================================================================

`seconds_elapsed` may begin below zero. Each file has its own times. iOS gives all accelerations
with the opposite sign, unless "Standardise Units & Frames" was on; angular rates never.
"""

import csv
from collections.abc import Iterable, Mapping
from typing import Final

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.joining import Stream, add, paired_export, read_stream
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.exports.table import Table, find_table, first_lines
from firmware_bridge.units import STANDARD_GRAVITY_MS2

MOTION_SENSORS: Final = frozenset(
    {
        "accelerometer",
        "gravity",
        "totalacceleration",
        "accelerometeruncalibrated",
        "gyroscope",
        "gyroscopeuncalibrated",
    }
)
ASSUMED_ANDROID: Final = "The export does not tell the phone's platform; Android was assumed."
_NS: Final = 1e-9


def _tables(files: Files) -> dict[str, Table]:
    """Find the files of this app, by lower-case name without ending."""
    found = {}
    for name, content in files.items():
        stem = name.rsplit(".", 1)[0].lower()
        table = find_table(name, content, "time", "x", "y", "z")
        if table and table.header_line == 1:
            found[stem] = table
    return found


def _recognise(files: Files) -> int:
    tables = _tables(files)
    if not any(table.has("seconds_elapsed") for table in tables.values()):
        return 0
    return 100 if MOTION_SENSORS & set(tables) else 10


def _read(files: Files) -> Export:
    tables = _tables(files)
    notes: list[str] = []
    streams = {
        stem: _stream(table, notes) for stem, table in tables.items() if stem in MOTION_SENSORS
    }
    platform, is_standardised = _platform(files, notes)
    is_apple = platform == "ios" and not is_standardised
    return assemble(SENSOR_LOGGER.id, streams, is_apple=is_apple, notes=notes)


def assemble(
    format_id: str, streams: Mapping[str, Stream], *, is_apple: bool, notes: Iterable[str]
) -> Export:
    """Put a recording together from the streams of this app, whatever the file they came in.

    Parameters
    ----------
    format_id : str
        Name of the format.
    streams : mapping of str to Stream
        By lower-case name of the sensor, in the units of the app.
    is_apple : bool
        Whether accelerations have the opposite sign, and raw ones are in g.
    notes : iterable of str
        What there is to say already.

    Raises
    ------
    UnreadableExportError
        If a sensor is missing that it takes, or two have no time in common.

    """
    gyroscope = streams.get("gyroscope", streams.get("gyroscopeuncalibrated"))
    if gyroscope is None:
        raise _missing("Gyroscope")
    sign = -1.0 if is_apple else 1.0
    raw_unit = STANDARD_GRAVITY_MS2 if is_apple else 1.0
    if {"accelerometer", "gravity"} <= set(streams):
        recorded = streams["accelerometer"]
        force = add(recorded, streams["gravity"]).times(sign)
    elif "totalacceleration" in streams:
        recorded = streams["totalacceleration"]
        force = recorded.times(sign)
    elif "accelerometeruncalibrated" in streams:
        recorded = streams["accelerometeruncalibrated"]
        force = recorded.times(sign * raw_unit)
    else:
        raise _missing("Gravity" if "accelerometer" in streams else "Accelerometer")
    return paired_export(format_id, force, gyroscope, notes, n_recorded=len(recorded.time_s))


def _missing(name: str) -> UnreadableExportError:
    return UnreadableExportError(
        f"The Sensor Logger recording has no {name}",
        "switch on Accelerometer, Gravity and Gyroscope in the app, and give the whole export",
    )


def _stream(table: Table, notes: list[str]) -> Stream:
    clock, factor = ("seconds_elapsed", 1.0) if table.has("seconds_elapsed") else ("time", _NS)
    time, *values = (table.columns.index(name) for name in (clock, "x", "y", "z"))
    return read_stream(table, time, values, notes, time_factor=factor)


def _platform(files: Files, notes: list[str]) -> tuple[str, bool]:
    """Read which convention of signs and units the app followed."""
    for name, content in files.items():
        if name.lower() == "metadata.csv":
            # Of lines of any kind: the csv module raises for a carriage return inside one.
            rows = csv.DictReader("\n".join(first_lines(content)).splitlines())
            about = next(iter(rows), {})
            platform = str(about.get("platform") or "").strip().lower()
            is_standardised = str(about.get("standardisation") or "").strip().lower() == "true"
            if platform in ("android", "ios"):
                return platform, is_standardised
    notes.append(ASSUMED_ANDROID)
    return "android", False


SENSOR_LOGGER: Final = ExportReader(
    id="sensor-logger",
    title="Sensor Logger zip or CSV folder",
    recognise=_recognise,
    read=_read,
)
