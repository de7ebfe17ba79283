"""WitMotion: text files of the maker's programs for PC and phone, in four spellings.

Sources: AdrianEddy/telemetry-parser (column names); zhuyetuo/witmotion_imu (the shifted column).

========================== ============================== ===================== ====================
acceleration in g          angular rate in deg/s          time                  cells
========================== ============================== ===================== ====================
ax(g) ay(g) az(g)          wx(deg/s) ...                  Time(s), ChipTime     tab
ax ay az                   wx wy wz                       Date, Time            tab or spaces
AccX(g) AccY(g) AccZ(g)    AsX(°/s) ...                   time                  tab
Acceleration X(g) ...      Angular velocity X(°/s) ...    Chip Time()           tab; GBK, not UTF-8
========================== ============================== ===================== ====================

The last also with Chinese names. Times are ``2024-05-03 09:07:01.050``, in the last two
``2024-5-3 9:7:1:050``, with a colon before the milliseconds. A decimal comma is possible. Times of
the program are those of arrival, so rows share one in bursts; the chip's are preferred.

The maker's player for recordings on card writes AccX one row early: its first row has nothing but
an AccX. That is put right.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.clock_text import clock_times_s, spread_equal_times
from firmware_bridge.exports.joining import Stream, paired_export
from firmware_bridge.exports.recording import Array, Export, ExportReader, Files
from firmware_bridge.exports.table import Table, find_table_by
from firmware_bridge.units import RAD_PER_DEG, STANDARD_GRAVITY_MS2

_FORCE: Final = re.compile(r"(?:a|acc|acceleration |加速度)([xyz])(?P<unit>\(g\))?", re.IGNORECASE)
_TURNING: Final = re.compile(
    r"(?:w|as|angular velocity |角速度)([xyz])(?P<unit>\([^()]*/s\))?", re.IGNORECASE
)
_POSE: Final = ("angle", "角度")
_CHIP_TIMES: Final = ("ChipTime", "Chip Time()", "片上时间()")
_HOST_TIMES: Final = ("Time(s)", "time", "Time", "时间")
_DATE: Final = "Date"
_DEVICES: Final = ("DeviceName", "Device name", "设备名称")
_AXES: Final = "xyz"
_ENOUGH: Final = 0.9  # of the rows must have a time of the chip for it to be used


def _vector(columns: Sequence[str], pattern: re.Pattern[str]) -> list[int]:
    """Return the columns of x, y, z, fewer if some are missing."""
    found: dict[str, int] = {}
    for index, column in enumerate(columns):
        if match := pattern.fullmatch(column):
            found.setdefault(match[1].lower(), index)
    return [found[axis] for axis in _AXES if axis in found]


def _is_header(cells: tuple[str, ...]) -> bool:
    n_vectors = len(_vector(cells, _FORCE)) + len(_vector(cells, _TURNING))
    has_time = bool({*_CHIP_TIMES, *_HOST_TIMES} & set(cells))
    has_unit = any((match := _FORCE.fullmatch(cell)) and match["unit"] for cell in cells)
    has_pose = any(cell.lower().startswith(_POSE) for cell in cells)
    return n_vectors == 2 * len(_AXES) and has_time and (has_unit or has_pose)


def _tables(files: Files) -> list[Table]:
    found = (find_table_by(name, _as_utf8(files[name]), _is_header) for name in sorted(files))
    return [table for table in found if table]


def _as_utf8(content: bytes) -> bytes:
    """Return text that may be in the encoding of Chinese Windows as UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace").encode()
    return content


def _recognise(files: Files) -> int:
    return 85 * bool(_tables(files))


def _read(files: Files) -> Export:
    table, *others = _tables(files)
    devices = {text for name in _DEVICES if table.has(name) for text in _texts(table, name)} - {""}
    if others or len(devices) > 1:
        raise UnreadableExportError(
            "There are recordings of several WitMotion sensors", "give one of them alone"
        )
    notes: list[str] = []
    indices = [*_vector(table.columns, _FORCE), *_vector(table.columns, _TURNING)]
    values = table.read_at(indices, gaps_allowed=True)
    time_s = _times_s(table, len(values))
    if np.isfinite(values[0, 0]) and np.isnan(values[0, 1:]).all():
        values[1:, 0] = values[:-1, 0]
        values[0] = np.nan
        notes.append("AccX stood one row early and was put back.")
    is_whole = np.isfinite(values).all(axis=1) & np.isfinite(time_s)
    advances = time_s >= np.fmax.accumulate(np.where(is_whole, time_s, np.nan))
    keep = is_whole & advances
    if len(np.unique(time_s[keep])) < 2:  # noqa: PLR2004 - a rate takes two
        raise UnreadableExportError(
            f"{table.name} holds no times that advance", "record with the time of each sample"
        )
    if n_dropped := int(np.count_nonzero(~keep)):
        notes.append(f"{n_dropped} rows lack a number or a time that advances, and are left out.")
    times_s, values = spread_equal_times(time_s[keep]), values[keep]
    force, turning = Stream(times_s, values[:, :3]), Stream(times_s, values[:, 3:])
    return paired_export(
        WITMOTION_TEXT.id,
        force.times(STANDARD_GRAVITY_MS2),
        turning.times(RAD_PER_DEG),
        notes,
    )


def _texts(table: Table, name: str) -> list[str]:
    return table.read_text(table.columns.index(name))


def _times_s(table: Table, n_rows: int) -> Array:
    """Return the times of the chip if it has a clock, else those of arrival."""
    for name in _CHIP_TIMES:
        if table.has(name):
            time_s = clock_times_s(_texts(table, name))
            if len(time_s) == n_rows and np.isfinite(time_s).mean() >= _ENOUGH:
                return time_s
    host = next((name for name in _HOST_TIMES if table.has(name)), None)
    texts = _texts(table, host) if host else []
    if table.has(_DATE):
        texts = [f"{day} {time}" for day, time in zip(_texts(table, _DATE), texts, strict=True)]
    if len(texts) != n_rows:
        raise UnreadableExportError(
            f"{table.name} holds no times that advance", "record with the time of each sample"
        )
    return clock_times_s(texts)


WITMOTION_TEXT: Final = ExportReader(
    id="witmotion-text", title="WitMotion text", recognise=_recognise, read=_read
)
