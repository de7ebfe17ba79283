"""SensorLog (iOS): one wide CSV with all sensors of the phone.

Sources: headers of exports in public repositories, two independent ones.

======================================= ========================================================
columns                                 content
======================================= ========================================================
motionTimestamp_sinceReboot(s)          clock of the three that follow
motionUserAccelerationX(G) ... Z        acceleration without gravity, in g, sign of Apple
motionGravityX(G) ... Z                 gravity, in g, sign of Apple
motionRotationRateX(rad/s) ... Z        angular rate, corrected for bias by the phone
accelerometerTimestamp_sinceReboot(s)   clock of the raw accelerometer
accelerometerAccelerationX(G) ... Z     acceleration with gravity, in g, sign of Apple
gyroTimestamp_sinceReboot(s)            clock of the raw gyroscope
gyroRotationX(rad/s) ... Z              raw angular rate
======================================= ========================================================

Specific force is minus the sum of user acceleration and gravity. Rows are written at the logging
rate, so a sensor that is slower repeats itself, with its own time: repeated times are left out.
"""

from typing import Final

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.joining import Stream, paired_export, read_stream
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.exports.table import Table, find_table_by
from firmware_bridge.units import STANDARD_GRAVITY_MS2


def _axes(stem: str, unit: str) -> tuple[str, ...]:
    return tuple(f"{stem}{axis}({unit})" for axis in "XYZ")


_MOTION: Final = ("motionTimestamp_sinceReboot(s)",)
_USER: Final = _axes("motionUserAcceleration", "G")
_GRAVITY: Final = _axes("motionGravity", "G")
_TURNING: Final = _axes("motionRotationRate", "rad/s")
_RAW_ACC: Final = (
    "accelerometerTimestamp_sinceReboot(s)",
    *_axes("accelerometerAcceleration", "G"),
)
_RAW_GYR: Final = ("gyroTimestamp_sinceReboot(s)", *_axes("gyroRotation", "rad/s"))
_OURS: Final = ("motionUserAcceleration", "accelerometerAcceleration", "gyroRotation")


def _tables(files: Files) -> list[Table]:
    def is_header(cells: tuple[str, ...]) -> bool:
        return any(cell.startswith(_OURS) for cell in cells)

    found = (find_table_by(name, files[name], is_header) for name in sorted(files))
    return [table for table in found if table]


def _recognise(files: Files) -> int:
    return 100 * bool(_tables(files))


def _read(files: Files) -> Export:
    table, *others = _tables(files)
    if others:
        raise UnreadableExportError(
            f"There are {1 + len(others)} SensorLog recordings", "give one of them alone"
        )
    notes: list[str] = []
    if table.has(*_MOTION, *_USER, *_GRAVITY, *_TURNING):
        both = _stream(table, (*_MOTION, *_USER, *_GRAVITY, *_TURNING), notes)
        felt_g = both.values[:, 0:3] + both.values[:, 3:6]
        force, turning = Stream(both.time_s, felt_g), Stream(both.time_s, both.values[:, 6:9])
    elif table.has(*_RAW_ACC, *_RAW_GYR):
        force, turning = (_stream(table, columns, notes) for columns in (_RAW_ACC, _RAW_GYR))
    else:
        raise UnreadableExportError(
            f"{table.name} lacks acceleration with gravity, angular rate, or their times",
            "switch on Device Motion in SensorLog, and record as CSV",
        )
    return paired_export(
        SENSORLOG.id, force.times(-STANDARD_GRAVITY_MS2), turning, dict.fromkeys(notes)
    )


def _stream(table: Table, columns: tuple[str, ...], notes: list[str]) -> Stream:
    time, *values = (table.columns.index(column) for column in columns)
    return read_stream(table, time, values, notes)


SENSORLOG: Final = ExportReader(
    id="sensorlog", title="SensorLog CSV", recognise=_recognise, read=_read
)
