"""Movesense: CSV of the Showcase app, without header, and of the Android sample app, with one.

Sources: MovesenseShowcase-iOS, its tests of the CSV encoder; headers of the Android sample app.

Showcase, one file a sensor. A packet's first row begins with its time in ms, further samples of it
leave the time empty; acceleration in m/s², angular rate in deg/s::

    599025762,0.31,-0.31,9.93
    ,0.28,-0.31,9.94

Android: ``Timestamp (ms),X: (m/s^2),Y: (m/s^2),Z: (m/s^2)``, the gyroscope in a file of its own,
with the time in each row.

Without a header, the name of the file tells the sensors apart, else that a leg feels gravity.
"""

import re
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.headings import triads
from firmware_bridge.exports.movesense_packets import MovesensePacket, movesense_export
from firmware_bridge.exports.recording import Array, Export, ExportReader, Files
from firmware_bridge.exports.table import Table, find_table_by, first_lines
from firmware_bridge.units import STANDARD_GRAVITY_MS2

_NUMBER: Final = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_FIRST_ROW: Final = re.compile(rf"\d{{1,10}}(?:,{_NUMBER}){{3}}\s*")
_NEXT_ROW: Final = re.compile(rf"(?:\d{{1,10}})?(?:,{_NUMBER}){{3}}\s*")
_TIME: Final = "Timestamp (ms)"
_COLUMNS: Final = (_TIME, "x", "y", "z")
_SURE: Final = 90
_PERHAPS: Final = 40


def _bare_table(name: str, content: bytes) -> Table | None:
    """Return a table without header as one whose header has no length."""
    lines = first_lines(content)
    if not (_FIRST_ROW.fullmatch(lines[0]) and len(lines) > 1 and _NEXT_ROW.fullmatch(lines[1])):
        return None
    return Table(name=name, content=content, columns=_COLUMNS, delimiter=",", header_line=0, body=0)


def _headed_table(name: str, content: bytes) -> Table | None:
    table = find_table_by(name, content, lambda cells: cells[:1] == (_TIME,))
    return table if table and triads(table) else None


def _recognise(files: Files) -> int:
    if any(_headed_table(name, content) for name, content in files.items()):
        return _SURE
    return _PERHAPS * any(_bare_table(name, content) for name, content in files.items())


def _read(files: Files) -> Export:
    packets: dict[bool, list[MovesensePacket]] = {}
    for name in sorted(files):
        table = _headed_table(name, files[name]) or _bare_table(name, files[name])
        if table is None:
            continue
        found = _packets(table)
        is_force = found[0].acc_ms2 is not None
        if is_force in packets:
            raise UnreadableExportError(
                f"There is a second Movesense recording in {name}",
                "give the files of one sensor and one recording alone",
            )
        packets[is_force] = found
    return movesense_export(MOVESENSE_CSV.id, [one for part in packets.values() for one in part])


def _packets(table: Table) -> list[MovesensePacket]:
    """Return the rows of a file as packets, cut where a time stands."""
    if table.columns == _COLUMNS:
        rows = table.read_at((0, 1, 2, 3), gaps_allowed=True)
        is_force = _is_force(table.name, rows[:, 1:])
    else:
        triad = triads(table)[0]
        rows = table.read_at((triad.time, *triad.indices), gaps_allowed=True)
        is_force = triad.quantity == "acc"
    starts = np.flatnonzero(np.isfinite(rows[:, 0]))
    if not starts.size or starts[0] or not np.isfinite(rows[:, 1:]).all():
        raise UnreadableExportError(
            f"{table.name} has rows without time or numbers",
            "the file seems cut short or edited: export it again",
        )
    parts = np.split(rows[:, 1:], starts[1:])
    return [
        _packet(int(rows[at, 0]), part, is_force) for at, part in zip(starts, parts, strict=True)
    ]


def _packet(time_ms: int, values: Array, is_force: bool) -> MovesensePacket:
    if is_force:
        return MovesensePacket(time_ms=time_ms, acc_ms2=values)
    return MovesensePacket(time_ms=time_ms, gyr_dps=values)


def _is_force(name: str, values: Array) -> bool:
    lowered = name.lower()
    if "gyr" in lowered or "acc" in lowered:
        return "gyr" not in lowered
    usual = float(np.nanmedian(np.linalg.norm(values, axis=1)))
    return bool(abs(usual - STANDARD_GRAVITY_MS2) < STANDARD_GRAVITY_MS2 / 4)


MOVESENSE_CSV: Final = ExportReader(
    id="movesense-csv", title="Movesense CSV", recognise=_recognise, read=_read
)
