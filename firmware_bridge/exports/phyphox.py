"""phyphox (Android, iOS): a zip or folder with one CSV a set of data.

Sources: phyphox for Android, DataExport.java; phyphox for iOS, SimpleExperimentSerializer.swift.

The user chooses comma, semicolon or tab between cells, and decimal point or comma. Numbers look
like ``-9.798623657E-1``, missing ones are ``NaN``. There are two families of headers:

====================== =========================================================================
file                   header
====================== =========================================================================
Accelerometer.csv      "Time (s)","X (m/s^2)","Y (m/s^2)","Z (m/s^2)"
Linear Accelerometer   the same, without gravity: only the name of the file tells
Gyroscope.csv          "Time (s)","X (rad/s)","Y (rad/s)","Z (rad/s)"
Raw Data.csv           "Time (s)","Acceleration x (m/s^2)", ..., perhaps "Absolute ... (m/s^2)";
                       "Linear Acceleration x (m/s^2)", ... or "Gyroscope x (rad/s)", ...
====================== =========================================================================

Words are translated, so columns are known by unit and axis, and by position where no axis is
named. Time is s since the start. Signs are those of Android on all phones. The folder ``meta``
with device and wall clock is not needed.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.headings import Triad, triads, triads_of
from firmware_bridge.exports.joining import Stream, paired_export, read_stream
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.exports.table import Table, find_table_by
from firmware_bridge.units import STANDARD_GRAVITY_MS2

_UNITS: Final = ("m/s^2", "m/s²", "rad/s")
_ADVICE: Final = (
    'add a simple experiment in phyphox with "Accelerometer" (not "Linear accelerometer") and '
    '"Gyroscope" together, record, and export all its data as CSV'
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A vector, the table it stands in, and its samples."""

    table: Table
    triad: Triad
    stream: Stream


def _is_header(cells: tuple[str, ...]) -> bool:
    is_timed = any(cell.endswith("(s)") for cell in cells)
    is_ours = any(cell.endswith(f"({unit})") for cell in cells for unit in _UNITS)
    return is_timed and is_ours and bool(triads_of(cells))


def _tables(files: Files) -> list[Table]:
    found = (find_table_by(name, files[name], _is_header) for name in sorted(files))
    return [table for table in found if table and table.header_line == 1]


def _recognise(files: Files) -> int:
    return 90 * bool(_tables(files))


def _read(files: Files) -> Export:
    notes: list[str] = []
    found = [
        _Found(table, triad, _stream(table, triad, notes))
        for table in _tables(files)
        for triad in triads(table)
    ]
    turning = [one for one in found if one.triad.quantity == "gyr"]
    forces = [one for one in found if one.triad.quantity == "acc"]
    felt = [one for one in forces if not _is_weightless(one)]
    if not forces:
        raise UnreadableExportError("The phyphox recording holds no acceleration", _ADVICE)
    if not felt:
        raise UnreadableExportError(
            "The phyphox recording holds acceleration without gravity alone", _ADVICE
        )
    if not turning:
        raise UnreadableExportError("The phyphox recording holds no angular rate", _ADVICE)
    if len(felt) > 1 or len(turning) > 1:
        names = ", ".join(sorted({one.table.name for one in (*felt, *turning)}))
        raise UnreadableExportError(
            f"There are several recordings ({names})", "give the export of one of them alone"
        )
    return paired_export(PHYPHOX.id, felt[0].stream, turning[0].stream, notes)


def _stream(table: Table, triad: Triad, notes: list[str]) -> Stream:
    return read_stream(
        table,
        triad.time,
        triad.indices,
        notes,
        time_factor=triad.time_factor,
        factor=triad.factor,
    )


def _is_weightless(one: _Found) -> bool:
    """Tell whether gravity was taken off: by name, else a leg weighs more most of the time."""
    usual_ms2 = float(np.median(np.linalg.norm(one.stream.values, axis=1)))
    return one.triad.lacks_gravity or usual_ms2 < STANDARD_GRAVITY_MS2 / 2


PHYPHOX: Final = ExportReader(
    id="phyphox", title="phyphox CSV zip or folder", recognise=_recognise, read=_read
)
