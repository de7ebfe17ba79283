"""Movella (Xsens) DOT: CSV of the phone app or of the on-device recorder.

Sources: Movella DOT user manual; files made by the app, versions 2021.0.

A preamble of a varying number of lines (``sep=,``, DeviceTag, FirmwareVersion, OutputRate, ...,
perhaps a blank one), then the names of the columns. They depend on the measurement mode and are
read by name:

==================== ==============================================================================
columns              content
==================== ==============================================================================
PacketCounter        running number; lost packets leave holes in it
SampleTimeFine       u32 microseconds of the sensor's clock, starts again at 0 after 71.6 min
Acc_X ... Acc_Z      specific force in m/s², with gravity
Gyr_X ... Gyr_Z      angular rate in deg/s
Quat_W ... Quat_Z    orientation, sensor to earth
Euler_X ... Euler_Z  the same as roll, pitch, yaw in degrees
FreeAcc_X ... _Z     acceleration without gravity in m/s², in the axes of the earth
==================== ==============================================================================

Where a mode keeps no `Acc`, the specific force is `FreeAcc` with gravity put back, turned into the
sensor; where it keeps no `Gyr`, the angular rate is that of the changing orientation.
"""

from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.recording import Array, Export, ExportReader, Files
from firmware_bridge.exports.rotation import (
    angular_rate_rads,
    into_sensor,
    quaternions_from_euler,
)
from firmware_bridge.exports.table import Table, find_table

_ACC: Final = ("Acc_X", "Acc_Y", "Acc_Z")
_GYR: Final = ("Gyr_X", "Gyr_Y", "Gyr_Z")
_FREE_ACC: Final = ("FreeAcc_X", "FreeAcc_Y", "FreeAcc_Z")
_QUATERNION: Final = ("Quat_W", "Quat_X", "Quat_Y", "Quat_Z")
_EULER: Final = ("Euler_X", "Euler_Y", "Euler_Z")
_COUNTER: Final = "PacketCounter"
_TIME: Final = "SampleTimeFine"

_CLOCK_RANGE: Final = 2**32
_US: Final = 1e-6
_GRAVITY_MS2: Final = (0.0, 0.0, 9.81)  # what the sensor takes off to get FreeAcc
_HOLE_PERIODS: Final = 1.5


def _tables(files: Files) -> list[Table]:
    found = (find_table(name, files[name], _COUNTER, _TIME) for name in sorted(files))
    return [table for table in found if table]


def _recognise(files: Files) -> int:
    return 100 * bool(_tables(files))


def _read(files: Files) -> Export:
    tables = _tables(files)
    if len(tables) > 1:
        names = ", ".join(table.name for table in tables)
        raise UnreadableExportError(
            f"There are {len(tables)} sensors' recordings ({names})", "give one of them alone"
        )
    (table,) = tables
    force = _ACC if table.has(*_ACC) else _FREE_ACC
    rate = _GYR if table.has(*_GYR) else ()
    pose = next((columns for columns in (_QUATERNION, _EULER) if table.has(*columns)), ())
    if not table.has(*force) or not (pose or (force is _ACC and rate)):
        raise UnreadableExportError(
            f"{table.name} lacks accelerations or angular rates, and what they follow from",
            'record in the mode "Rate quantities", "Extended" or "Complete"',
        )
    notes: list[str] = []
    columns = table.read(_COUNTER, _TIME, *force, *rate, *pose)
    time_s, columns = _on_clock(table, columns, notes)
    if force is _ACC and rate and not columns[0, 2:8].any():
        # The recorder begins with a row that it has not filled yet.
        time_s, columns = time_s[1:], columns[1:]
        notes.append("The first row is all zero and is left out.")
    if len(time_s) < 2:  # noqa: PLR2004 - a rate takes two
        raise UnreadableExportError(f"{table.name} holds fewer than two samples", "record again")
    period_s = _period_s(time_s, columns[:, 0], notes)
    force_ms2 = columns[:, 2:5].copy()
    quaternions = _quaternions(columns[:, -len(pose) :]) if pose else None
    if quaternions is not None and force is _FREE_ACC:
        force_ms2 = into_sensor(quaternions, force_ms2 + _GRAVITY_MS2)
        notes.append("Specific force was put together from FreeAcc, gravity and orientation.")
    if quaternions is not None and not rate:
        longest_step_s = _HOLE_PERIODS * period_s
        gyr_rads = angular_rate_rads(time_s, quaternions, longest_step_s=longest_step_s)
        notes.append("Angular rate was taken from the change of orientation.")
    else:
        gyr_rads = np.radians(columns[:, 5:8])
    return Export(
        format=XSENS_DOT.id,
        time_s=time_s - time_s[0],
        acc_ms2=force_ms2,
        gyr_rads=gyr_rads,
        notes=tuple(notes),
    )


def _quaternions(pose: Array) -> Array:
    quaternions = pose if pose.shape[1] == len(_QUATERNION) else quaternions_from_euler(pose)
    norm = np.linalg.norm(quaternions, axis=1, keepdims=True)
    if (norm == 0).any():
        raise UnreadableExportError("An orientation in the recording is all zero", "record again")
    return np.asarray(quaternions / norm)


def _on_clock(table: Table, columns: Array, notes: list[str]) -> tuple[Array, Array]:
    """Unwrap the sensor's clock to s from the first sample, and drop repeated rows."""
    step = np.diff(columns[:, 1]) % _CLOCK_RANGE
    backwards = step >= _CLOCK_RANGE / 2
    if backwards.any():
        row = int(np.argmax(backwards)) + 2
        raise UnreadableExportError(
            f"The sensor's clock steps back at row {row} of {table.name}",
            "give the file as it was exported, unsorted and uncut",
        )
    time_s = np.concatenate(([0.0], np.cumsum(step))) * _US
    fresh = np.concatenate(([True], step > 0))
    if n_repeated := int(np.count_nonzero(~fresh)):
        notes.append(f"{n_repeated} rows repeat a time and are left out.")
    return time_s[fresh], columns[fresh]


def _period_s(time_s: Array, counter: Array, notes: list[str]) -> float:
    """Return the time between packets, with the help of the counter where many are lost."""
    step_s = np.diff(time_s)
    period_s = float(np.median(step_s / np.maximum(np.diff(counter), 1)))
    n_due = int(np.sum(np.rint(step_s / period_s))) + 1
    if n_missing := max(n_due - len(time_s), 0):
        notes.append(f"{n_missing} of {n_due} packets are missing.")
    return period_s


XSENS_DOT: Final = ExportReader(
    id="xsens-dot", title="Movella (Xsens) DOT CSV", recognise=_recognise, read=_read
)
