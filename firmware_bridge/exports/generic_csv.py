"""Our own plain format: seven columns in SI units, one row a sample.

======================== =====================================================
column                   content
======================== =====================================================
t_s                      seconds, strictly increasing; gaps are allowed
acc_x_ms2 ... acc_z_ms2  specific force in m/s², at rest +9.81 upwards
gyr_x_rads ... gyr_z_rads angular rate in rad/s, right-hand rule
======================== =====================================================

The header is exactly ``t_s,acc_x_ms2,acc_y_ms2,acc_z_ms2,gyr_x_rads,gyr_y_rads,gyr_z_rads``.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.recording import Export, ExportReader, Files
from firmware_bridge.exports.table import find_table, first_lines

_COLUMNS: Final = (
    "t_s",
    "acc_x_ms2", "acc_y_ms2", "acc_z_ms2",
    "gyr_x_rads", "gyr_y_rads", "gyr_z_rads",
)  # fmt: skip
_HEADER: Final = ",".join(_COLUMNS)
_EXACT: Final = 100
_NEARLY: Final = 10


def _recognise(files: Files) -> int:
    firsts = [first_lines(content)[0] for content in files.values()]
    if any(first.rstrip() == _HEADER for first in firsts):
        return _EXACT
    return _NEARLY * any("t_s" in first or "acc_x" in first for first in firsts)


def _read(files: Files) -> Export:
    fitting = [
        name for name, content in files.items() if first_lines(content)[0].rstrip() == _HEADER
    ]
    if not fitting:
        raise UnreadableExportError(
            "The columns are not quite those of a plain recording",
            f"make the first line exactly {_HEADER}",
        )
    if len(fitting) > 1:
        raise UnreadableExportError(
            f"There are {len(fitting)} recordings ({', '.join(sorted(fitting))})",
            "give one of them alone",
        )
    (name,) = fitting
    table = find_table(name, files[name], *_COLUMNS)
    assert table is not None  # noqa: S101 - the first line was just found to be the header
    values = table.read(*_COLUMNS)
    body_commas = table.content.count(b",", table.body)
    if body_commas != (len(_COLUMNS) - 1) * len(values):
        raise UnreadableExportError(
            f"{name} has rows of more than {len(_COLUMNS)} columns",
            "write numbers with a decimal point, and no further columns",
        )
    time_s = values[:, 0]
    late = np.flatnonzero(np.diff(time_s) <= 0)
    if late.size:
        raise UnreadableExportError(
            f"Times in {name} do not increase after {time_s[late[0]]:.6g} s",
            "sort the rows by t_s and drop repeated ones",
        )
    return Export(
        format=GENERIC_CSV.id,
        time_s=time_s - time_s[0],
        acc_ms2=values[:, 1:4].copy(),
        gyr_rads=values[:, 4:7].copy(),
    )


def write_generic_csv(time_s: ArrayLike, acc_ms2: ArrayLike, gyr_rads: ArrayLike) -> str:
    """Write samples in our plain format, six decimals each.

    Parameters
    ----------
    time_s : (n,) array_like
        Seconds, strictly increasing.
    acc_ms2, gyr_rads : (n, 3) array_like
        Specific force in m/s² and angular rate in rad/s.

    Examples
    --------
    >>> print(write_generic_csv([0.0], [[0, 0, 9.81]], [[0, 0, 0]]).splitlines()[1])
    0.000000,0.000000,0.000000,9.810000,0.000000,0.000000,0.000000

    """
    rows = np.column_stack((np.asarray(time_s), np.asarray(acc_ms2), np.asarray(gyr_rads)))
    pattern = ",".join(["%.6f"] * len(_COLUMNS))
    return "\n".join([_HEADER, *(pattern % tuple(row) for row in rows.tolist()), ""])


GENERIC_CSV: Final = ExportReader(
    id="generic-csv", title="plain CSV in SI units", recognise=_recognise, read=_read
)
