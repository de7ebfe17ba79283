"""Streams of one recording, each on its own times, onto the times of one of them."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from firmware_bridge.errors import UnreadableExportError
from firmware_bridge.exports.recording import Array

# Longer holes are not bridged: they stay holes, for the engine to see.
MAX_BRIDGE_S: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """Values (n, k) at strictly increasing times (n,) in s."""

    time_s: Array
    values: Array

    @classmethod
    def sorted(cls, time_s: Array, values: Array) -> tuple[Self, int]:
        """Sort rows by time and keep the first of equal times; return how many rows went."""
        order = np.argsort(time_s, kind="stable")
        time_s = time_s[order]
        keep = np.concatenate(([True], np.diff(time_s) > 0))
        return cls(time_s[keep], values[order][keep]), int(np.count_nonzero(~keep))

    def covers(self, time_s: Array) -> NDArray[np.bool_]:
        """Tell at which times the stream can be interpolated without bridging a hole."""
        last = len(self.time_s) - 1
        behind = np.clip(np.searchsorted(self.time_s, time_s), min(1, last), last)
        before = np.maximum(behind - 1, 0)
        is_bridged = self.time_s[behind] - self.time_s[before] <= MAX_BRIDGE_S
        is_inside = (time_s >= self.time_s[0]) & (time_s <= self.time_s[-1])
        is_on_sample = np.isin(time_s, self.time_s)
        covered: NDArray[np.bool_] = is_inside & (is_bridged | is_on_sample)
        return covered

    def at(self, time_s: Array) -> Array:
        """Interpolate linearly, (len(time_s), k)."""
        columns = [np.interp(time_s, self.time_s, column) for column in self.values.T]
        return np.column_stack(columns)


def join(first: Stream, *others: Stream) -> tuple[Array, list[Array]]:
    """Bring streams onto the times of the first.

    Times at which one of the others has a hole of more than 0.1 s, or has not begun, or is over,
    are left out.

    Returns
    -------
    (m,) ndarray, list of (m, k) ndarray
        The common times and the values of all streams at them, the first included.

    Raises
    ------
    UnreadableExportError
        If the streams have no time in common.

    """
    keep = np.ones(len(first.time_s), dtype=np.bool_)
    for other in others:
        keep &= other.covers(first.time_s)
    if not keep.any():
        raise UnreadableExportError(
            "Acceleration and angular rate were not recorded at the same time",
            "export the files of one and the same recording together",
        )
    time_s = first.time_s[keep]
    return time_s, [first.values[keep], *(other.at(time_s) for other in others)]
