"""The signal of a stepping leg, thinned: what a step is told from lasts longer than 40 ms."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.grid import BRIDGED, SATURATED
from analysis.lever import STANDARD_GRAVITY_MS2
from analysis.rows import ACC, GYR, MARK, TIME, UP, Rows

THIN_S: Final = 0.04  # the swing of a springing step lasts four of these
KEPT_S: Final = 40.0


class StepSignal:
    """Block means of the rows, a fixed number of rows each, so that cuts do not matter.

    `thin` is itself a table of rows; its `ACC` is the acceleration beyond gravity, in m/s².
    `MARK` is 1 where the vertical is turned by what was missing or out of range.
    """

    def __init__(self, rows: Rows, rate_hz: float) -> None:
        self.thin = Rows(capacity=2048)
        self.n_rows = max(1, round(THIN_S * rate_hz))  # rows of a block
        self.step_s = self.n_rows / rate_hz
        self._rows = rows
        self._first_row = rows.end  # of the block that is still open
        self._thin_offset = rows.end  # the row that thin row 0 would begin with

    def restart(self) -> None:
        """Leave out the block that a hole in the signal cut."""
        self._rows.drop_before(self._rows.end)
        self._first_row = self._rows.end
        self._thin_offset = self._first_row - self.thin.end * self.n_rows

    def advance(self) -> None:
        """Append the blocks that became whole."""
        n = (self._rows.end - self._first_row) // self.n_rows
        if not n:
            return
        end = self._first_row + n * self.n_rows
        up = self._means(UP, end, n)
        up /= np.sqrt(np.einsum("ij,ij->i", up, up))[:, None]
        self.thin.append(
            self._rows.column(TIME, self._first_row, end)[self.n_rows - 1 :: self.n_rows],
            up,
            self._means(GYR, end, n),
            self._means(ACC, end, n) - STANDARD_GRAVITY_MS2 * up,
            self._is_spoilt(end, n).astype(np.uint8),
        )
        self._first_row = end

    def drop_before(self, index: int) -> None:
        """Forget what is long before a thin row."""
        kept = round(KEPT_S / self.step_s)
        self._rows.drop_before(self.row_of(index - kept))
        self.thin.drop_before(index - kept)

    def is_holed(self, start: int, end: int) -> bool:
        """Whether something is missing, or was out of range, in the thin rows [start, end)."""
        return bool(self.thin.column(MARK, max(start, self.thin.first), end).any())

    def row_of(self, index: int) -> int:
        """Return the number of the first row that a thin row covers."""
        return self._thin_offset + index * self.n_rows

    def _is_spoilt(self, end: int, n: int) -> NDArray[np.bool_]:
        """Whether blocks were bridged from end to end, or hold rows out of range."""
        marks = self._rows.column(MARK, self._first_row, end).reshape(n, self.n_rows)
        return np.asarray((marks.min(axis=1) >= BRIDGED) | (marks.max(axis=1) >= SATURATED))

    def _means(self, which: slice, end: int, n: int) -> NDArray[np.float64]:
        blocks = self._rows.columns(which, self._first_row, end)
        return np.asarray(blocks.reshape(n, self.n_rows, 3).mean(axis=1))
