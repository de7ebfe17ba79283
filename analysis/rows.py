"""The recent rows of the grid with what was computed of them, under their number since the start.

Bounded: what nobody needs any more is dropped, so that a live session of hours takes no more
memory than one of minutes.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

TIME: Final = 0
UP: Final = slice(1, 4)
GYR: Final = slice(4, 7)
ACC: Final = slice(7, 10)
MARK: Final = 10
X: Final = 11
COLUMNS: Final = 12


class Rows:
    """A sliding window over the rows; numbers are absolute and never reused."""

    def __init__(self, capacity: int = 4096) -> None:
        self._table = np.zeros((capacity, COLUMNS))
        self._offset = 0  # number of the row at index 0
        self.first = 0
        self.end = 0

    def append(
        self,
        time_s: NDArray[np.float64],
        up: NDArray[np.float64],
        gyr_rads: NDArray[np.float64],
        acc_ms2: NDArray[np.float64],
        marks: NDArray[np.uint8],
    ) -> None:
        """Add rows at the end, their coordinate 0."""
        n = len(time_s)
        self._make_room(n)
        start = self.end - self._offset
        rows = self._table[start : start + n]
        rows[:, TIME] = time_s
        rows[:, UP] = up
        rows[:, GYR] = gyr_rads
        rows[:, ACC] = acc_ms2
        # A row of the table is written once: what stays 0 was 0 when the table was made.
        if marks.any():
            rows[:, MARK] = marks
        self.end += n

    def drop_before(self, row: int) -> None:
        """Forget the rows under this number."""
        self.first = min(max(self.first, row), self.end)

    def column(self, which: int, start: int, end: int) -> NDArray[np.float64]:
        """One column of the rows [start, end): a view."""
        return self._table[start - self._offset : end - self._offset, which]

    def columns(self, which: slice, start: int, end: int) -> NDArray[np.float64]:
        """Several columns of the rows [start, end): a view (n, k)."""
        return self._table[start - self._offset : end - self._offset, which]

    def time_at(self, row: int) -> float:
        """Time of one row."""
        return float(self._table[row - self._offset, TIME])

    def _make_room(self, n: int) -> None:
        if self.end - self._offset + n <= len(self._table):
            return
        kept = self._table[self.first - self._offset : self.end - self._offset]
        capacity = len(self._table)
        while capacity < 2 * len(kept) + n:
            capacity *= 2
        table = np.zeros((capacity, COLUMNS))
        table[: len(kept)] = kept
        self._table, self._offset = table, self.first
