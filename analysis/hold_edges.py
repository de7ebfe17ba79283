"""When a hold began and ended, once the poses on either side are known.

The rule of every phase (docs/reference/measures.md): a movement ends where its smoothed speed
falls under 5 % of its peak, and begins where it rises above that. Here it is the speed of the
vertical, and never less than what breathing and tremor make in the pose itself. It is looked for
from the core of the movement towards the hold.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from analysis.rows import TIME, UP, Rows

EDGE_SPEED_SHARE: Final = 0.05
CORE_SHARE: Final = 0.3
SMOOTHING_S: Final = 0.12  # a tremor of 4 Hz is left with a hundredth of its speed
LEAST_DEGS: Final = 0.5
NOISE_SHARE: Final = 0.8  # quantile of the speed in the pose
NOISE_MARGIN: Final = 1.5


def arrival_s(rows: Rows, from_s: float, still_s: float, end: int) -> float:
    """When the leg arrived in a pose.

    Parameters
    ----------
    rows : Rows
        Holding the way into the pose, or its last seconds.
    from_s, still_s : float
        When that way began, and from when on the leg was seen to be still.
    end : int
        The row after the last one known.

    """
    first = max(rows.first, _row_at(rows, from_s, end))
    speed, still = _speed_degs(rows, first, end), _row_at(rows, still_s, end) - first
    limit = _limit_degs(speed[: still + 1], speed[(still + len(speed)) // 2 :])
    core = np.flatnonzero(speed > max(CORE_SHARE * float(speed.max()), 2.0 * limit))
    if not len(core):
        return still_s
    low = np.flatnonzero(speed[core[-1] :] < limit)
    arrived = int(core[-1]) + (int(low[0]) if len(low) else len(speed))
    return rows.time_at(first + min(arrived, len(speed) - 1))


def leaving_s(rows: Rows, still_s: float, out_s: float, end: int) -> float:
    """When the leg left a pose.

    Parameters
    ----------
    rows : Rows
        Holding the last moments in the pose and the way out.
    still_s, out_s : float
        An instant at which the leg still was in the pose, and the one at which it was seen out.
    end : int
        The row after the last one known.

    """
    first = max(rows.first, _row_at(rows, still_s, end))
    speed, out = _speed_degs(rows, first, end), _row_at(rows, out_s, end) - first
    quiet = speed[: max(1, out // 2)]
    limit = _limit_degs(speed[out // 2 :], quiet)
    high = np.flatnonzero(speed > max(CORE_SHARE * float(speed.max()), 2.0 * limit))
    if not len(high):
        return out_s
    low = np.flatnonzero(speed[: high[0]] < limit)
    return rows.time_at(first + (int(low[-1]) if len(low) else 0))


def _row_at(rows: Rows, time_s: float, end: int) -> int:
    """Return the first row at or after an instant, or the last one there is."""
    found = int(np.searchsorted(rows.column(TIME, rows.first, end), time_s))
    return min(rows.first + found, end - 1)


def _speed_degs(rows: Rows, first: int, end: int) -> NDArray[np.float64]:
    """Smoothed speed of the vertical, (n,)."""
    time_s, up = rows.column(TIME, first, end), rows.columns(UP, first, end)
    if len(time_s) < 2:  # noqa: PLR2004 (a speed needs two rows)
        return np.zeros(len(time_s))
    step_s = float(time_s[-1] - time_s[0]) / (len(time_s) - 1)
    smooth = gaussian_filter1d(up, SMOOTHING_S / step_s, axis=0, mode="nearest")
    change = np.gradient(smooth, time_s, axis=0)
    return np.asarray(np.degrees(np.sqrt(np.einsum("ij,ij->i", change, change))))


def _limit_degs(moving: NDArray[np.float64], quiet: NDArray[np.float64]) -> float:
    noise_degs = float(np.quantile(quiet, NOISE_SHARE))
    return max(EDGE_SPEED_SHARE * float(moving.max()), NOISE_MARGIN * noise_degs, LEAST_DEGS)
