"""Physics Toolbox Sensor Suite (Android, iOS): CSV of the multi record mode.

Source: headers of exports in public repositories. The unit of `time` is not documented.

============= ======================================================================================
column        content
============= ======================================================================================
time          s since the start, ms, or the time of day ``HH:MM:SS:mmm``, by setting
gFx gFy gFz   specific force in g
wx wy wz      angular rate in rad/s
ax ay az      acceleration without gravity in m/s²; no use alone
gFTotal       written by iPhones alone, whose accelerations have the opposite sign
============= ======================================================================================

Cells are separated by comma or semicolon.
"""

from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.clock_text import clock_times_s
from firmware_bridge.exports.joining import Stream, paired_export
from firmware_bridge.exports.recording import Array, Export, ExportReader, Files
from firmware_bridge.exports.table import Table, find_table_by
from firmware_bridge.units import STANDARD_GRAVITY_MS2

_TIME: Final = "time"
_FORCE: Final = ("gFx", "gFy", "gFz")
_TURNING: Final = ("wx", "wy", "wz")
_LINEAR: Final = ("ax", "ay", "az")
_SETS: Final = (_FORCE, _TURNING, _LINEAR)
_APPLE: Final = "gFTotal"
_MS: Final = 1e-3
_SLOWEST_STEP_S: Final = 0.5


def _is_header(cells: tuple[str, ...]) -> bool:
    return _TIME in cells and any(set(columns) <= set(cells) for columns in _SETS)


def _tables(files: Files) -> list[Table]:
    found = (find_table_by(name, files[name], _is_header) for name in sorted(files))
    return [table for table in found if table]


def _recognise(files: Files) -> int:
    return 80 * bool(_tables(files))


def _read(files: Files) -> Export:
    table, *others = _tables(files)
    if others:
        raise UnreadableExportError(
            f"There are {1 + len(others)} Physics Toolbox recordings", "give one of them alone"
        )
    for columns, words in ((_FORCE, "acceleration with gravity"), (_TURNING, "angular rate")):
        if not table.has(*columns):
            raise UnreadableExportError(
                f"The Physics Toolbox recording has no {words}",
                'record "G-Force Meter" and "Gyroscope" together in the multi record mode',
            )
    notes: list[str] = []
    sign = -1.0 if table.has(_APPLE) else 1.0
    if sign > 0:
        notes.append("The file does not tell the phone's platform; Android was assumed.")
    indices = [table.columns.index(column) for column in (*_FORCE, *_TURNING)]
    values = table.read_at(indices, gaps_allowed=True)
    time_s = _times_s(table, len(values), notes)
    is_whole = np.isfinite(values).all(axis=1) & np.isfinite(time_s)
    if not is_whole.any():
        raise UnreadableExportError(f"{table.name} holds no row with a time", "record again")
    if n_missing := int(np.count_nonzero(~is_whole)):
        notes.append(f"{n_missing} rows of {table.name} lack a number and are left out.")
    stream, n_repeated = Stream.sorted(time_s[is_whole], values[is_whole])
    if n_repeated:
        notes.append(f"{n_repeated} rows of {table.name} repeat a time and are left out.")
    force = Stream(stream.time_s, stream.values[:, :3])
    turning = Stream(stream.time_s, stream.values[:, 3:])
    return paired_export(
        PHYSICS_TOOLBOX.id, force.times(sign * STANDARD_GRAVITY_MS2), turning, notes
    )


def _times_s(table: Table, n_rows: int, notes: list[str]) -> Array:
    """Read times as seconds, as milliseconds if seconds make no sense, or as text."""
    index = table.columns.index(_TIME)
    texts = table.read_text(index)
    if any(":" in text for text in texts[:2]):
        time_s = clock_times_s(texts)
        if len(time_s) != n_rows:
            raise UnreadableExportError(f"{table.name} is not a table of numbers", "export again")
        return time_s
    time_s = table.read_at([index], gaps_allowed=True)[:, 0]
    steps = np.diff(time_s[np.isfinite(time_s)])
    if steps.size and np.median(steps) > _SLOWEST_STEP_S:
        notes.append("Times were taken for milliseconds.")
        return time_s * _MS
    return time_s


PHYSICS_TOOLBOX: Final = ExportReader(
    id="physics-toolbox", title="Physics Toolbox CSV", recognise=_recognise, read=_read
)
