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
from typing import Final

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.joining import Stream, join
from firmware_bridge.exports.recording import Array, Export, ExportReader, Files
from firmware_bridge.exports.table import Table, find_table, first_lines
from firmware_bridge.units import STANDARD_GRAVITY_MS2

_MOTION_FILES: Final = frozenset(
    {
        "accelerometer",
        "gravity",
        "totalacceleration",
        "accelerometeruncalibrated",
        "gyroscope",
        "gyroscopeuncalibrated",
    }
)
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
    return 100 if _MOTION_FILES & set(tables) else 10


def _read(files: Files) -> Export:
    tables = _tables(files)
    notes: list[str] = []
    streams = {
        stem: _stream(table, notes) for stem, table in tables.items() if stem in _MOTION_FILES
    }
    platform, is_standardised = _platform(files, notes)
    is_apple = platform == "ios" and not is_standardised
    gyroscope = streams.get("gyroscope", streams.get("gyroscopeuncalibrated"))
    if gyroscope is None:
        raise _missing("Gyroscope.csv")
    if "accelerometer" in streams and "gravity" in streams:
        first, others = streams["accelerometer"], [streams["gravity"], gyroscope]
    elif "totalacceleration" in streams:
        first, others = streams["totalacceleration"], [gyroscope]
    elif "accelerometeruncalibrated" in streams:
        first, others = streams["accelerometeruncalibrated"], [gyroscope]
        if is_apple:
            first = Stream(first.time_s, first.values * STANDARD_GRAVITY_MS2)
    elif "accelerometer" in streams:
        raise _missing("Gravity.csv")
    else:
        raise _missing("Accelerometer.csv")
    time_s, (*accelerations, gyr_rads) = join(first, *others)
    acc_ms2: Array = sum(accelerations[1:], start=accelerations[0])
    if n_lost := len(first.time_s) - len(time_s):
        notes.append(
            f"{n_lost} samples at the ends or beside holes have no partner and are left out."
        )
    return Export(
        format=SENSOR_LOGGER.id,
        time_s=time_s - time_s[0],
        acc_ms2=-acc_ms2 if is_apple else acc_ms2,
        gyr_rads=gyr_rads,
        notes=tuple(notes),
    )


def _missing(name: str) -> UnreadableExportError:
    return UnreadableExportError(
        f"The Sensor Logger recording has no {name}",
        "switch on Accelerometer, Gravity and Gyroscope in the app, and give the whole export",
    )


def _stream(table: Table, notes: list[str]) -> Stream:
    clock, factor = ("seconds_elapsed", 1.0) if table.has("seconds_elapsed") else ("time", _NS)
    values = table.read(clock, "x", "y", "z")
    stream, n_repeated = Stream.sorted(values[:, 0] * factor, values[:, 1:])
    if n_repeated:
        notes.append(f"{n_repeated} rows of {table.name} repeat a time and are left out.")
    return stream


def _platform(files: Files, notes: list[str]) -> tuple[str, bool]:
    """Read which convention of signs and units the app followed."""
    for name, content in files.items():
        if name.lower() == "metadata.csv":
            rows = csv.DictReader(first_lines(content))
            about = next(iter(rows), {})
            platform = str(about.get("platform") or "").strip().lower()
            is_standardised = str(about.get("standardisation") or "").strip().lower() == "true"
            if platform in ("android", "ios"):
                return platform, is_standardised
    notes.append("Metadata.csv does not tell the phone's platform; Android was assumed.")
    return "android", False


SENSOR_LOGGER: Final = ExportReader(
    id="sensor-logger",
    title="Sensor Logger zip or CSV folder",
    recognise=_recognise,
    read=_read,
)
