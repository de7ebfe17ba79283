"""MbientLab MetaBase (Android, iOS): one CSV for each sensor of a MetaMotion.

Sources: files of the MetaBase app; MbientLab's MetaHub tool, which spells the columns otherwise.

========================================= ======================================================
column                                    content
========================================= ======================================================
epoc (ms), or epoch (ms)                  ms since 1970
timestamp (+0200), or time (...)          the same as text; not used
elapsed (s)                               seconds since the first row of this file
x-axis (g) ... z-axis (g)                 specific force
x-axis (deg/s) ... z-axis (deg/s)         angular rate, in a file of its own
========================================= ======================================================

The files begin at different times: `epoc` tells when, `elapsed` counts on from there.
"""

from typing import Final

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.headings import Quantity, triads
from firmware_bridge.exports.joining import Stream, paired_export, read_stream
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.exports.table import Table, find_table

_EPOCHS: Final = ("epoc (ms)", "epoch (ms)")
_ELAPSED: Final = "elapsed (s)"
_MS: Final = 1e-3


def _tables(files: Files) -> list[Table]:
    found = (
        find_table(name, files[name], epoch, _ELAPSED)
        for name in sorted(files)
        for epoch in _EPOCHS
    )
    return [table for table in found if table]


def _recognise(files: Files) -> int:
    return 100 * bool(_tables(files))


def _read(files: Files) -> Export:
    notes: list[str] = []
    streams: dict[Quantity, Stream] = {}
    for table in _tables(files):
        for triad in triads(table):
            if triad.quantity in streams:
                raise UnreadableExportError(
                    f"There is a second recording in {table.name}",
                    "give the two files of one sensor and one recording alone",
                )
            elapsed = table.columns.index(_ELAPSED)
            stream = read_stream(table, elapsed, triad.indices, notes, factor=triad.factor)
            streams[triad.quantity] = Stream(stream.time_s + _start_s(table), stream.values)
    for quantity, words in (("acc", "acceleration"), ("gyr", "angular rate")):
        if quantity not in streams:
            raise UnreadableExportError(
                f"The MetaBase recording has no {words}",
                "record accelerometer and gyroscope together, and give both files or their folder",
            )
    return paired_export(METABASE.id, streams["acc"], streams["gyr"], notes)


def _start_s(table: Table) -> float:
    """Return when the clock of a file stood at 0, in s since 1970."""
    epoch = next(name for name in _EPOCHS if table.has(name))
    first = table.read(epoch, _ELAPSED)[0]
    return float(first[0] * _MS - first[1])


METABASE: Final = ExportReader(
    id="metabase", title="MetaBase CSV pair", recognise=_recognise, read=_read
)
