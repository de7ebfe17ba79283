"""The second sensor, on the thigh: its own rate, its own gaps, the same clock.

Rows of the shank wait until the thigh's are known up to the same instant, so that what is decided
does not depend on which of the two packets came first.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.grid import MAX_BRIDGE_S
from analysis.hinge import Vector, hinge_angle_deg
from analysis.orientation import MIN_SAMPLES
from analysis.rows import GYR, TIME, UP
from analysis.samples import ImuSamples
from analysis.signal_front import SignalFront

LONGEST_WAIT_S: Final = 8.0  # for the thigh: more than the six seconds that a start may take
KEPT_S: Final = 45.0  # as long as the shank's rows are, and a little longer


class ThighStream:
    """Turns the thigh's samples into rows, and holds the shank's back until they are known."""

    def __init__(self, *, keep_trace: bool) -> None:
        self._front = SignalFront(keep_trace=False, trusts_rest=False)
        self._waiting: list[ImuSamples] = []
        # The thigh's vertical at each sample of the shank: for the angle of the whole recording.
        self._whole: list[NDArray[np.float64]] | None = [] if keep_trace else None

    def add(self, thigh: ImuSamples) -> None:
        """Take in the thigh's next samples, any number.

        Raises
        ------
        SampleValueError
            If they do not come after those before.

        """
        if len(thigh):
            self._front.add(thigh)
            if not self._front.is_started:
                self._front.start_if_due()
            self._use_pending()

    def released(self, shank: ImuSamples) -> ImuSamples:
        """Take in the shank's next samples and return those whose time has come."""
        if len(shank):
            self._waiting.append(shank)
        if not self._waiting:
            return shank
        joined = ImuSamples.joined(self._waiting) if len(self._waiting) > 1 else self._waiting[0]
        until_s = max(self.end_s, float(joined.time_s[-1]) - LONGEST_WAIT_S)
        n = int(np.searchsorted(joined.time_s, until_s, side="right"))
        self._waiting = [joined[n:]] if n < len(joined) else []
        return self._noted(joined[:n])

    def finish(self) -> ImuSamples:
        """No more will come of the thigh: return what the shank's samples still waited for."""
        if not self._front.is_started and self._front.n_pending >= MIN_SAMPLES:
            self._front.start_with_all()
        self._use_pending()
        for _ in self._front.flush():
            pass
        rest = ImuSamples.joined(self._waiting) if self._waiting else ImuSamples([], [], [])
        self._waiting = []
        return self._noted(rest)

    def whole_turn_deg(self, axis: Vector | None, zero_up: Vector | None) -> NDArray[np.float64]:
        """Return the thigh's rotation at every sample of the shank, (n,); 0 where not known."""
        up = np.concatenate(self._whole or [np.empty((0, 3))])
        if axis is None or zero_up is None:
            return np.zeros(len(up))
        turn_deg = hinge_angle_deg(up, axis, zero_up)
        return np.where(np.isnan(turn_deg), 0.0, turn_deg)

    @property
    def end_s(self) -> float:
        """Up to when the thigh's rows are known."""
        rows = self._front.rows
        return rows.time_at(rows.end - 1) if rows.end else -np.inf

    def at(self, time_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the thigh's vertical and rate at the shank's instants, (n, 3) each.

        NaN where they are not known: before the first row, in holes, behind the last row.
        """
        rows = self._front.rows
        if rows.end - rows.first < 2:  # noqa: PLR2004 (between two rows)
            nothing = np.full((len(time_s), 3), np.nan)
            return nothing, nothing.copy()
        known_s = rows.column(TIME, rows.first, rows.end)
        after = np.clip(np.searchsorted(known_s, time_s), 1, len(known_s) - 1)
        step_s = known_s[after] - known_s[after - 1]
        share = (time_s - known_s[after - 1]) / step_s
        period_s = 1.0 / self._front.rate_hz
        is_off = (share < -period_s / step_s) | (share > 1.0 + period_s / step_s)
        is_off |= step_s > MAX_BRIDGE_S
        share = np.clip(share, 0.0, 1.0)[:, None]
        both = []
        for which in (UP, GYR):
            values = rows.columns(which, rows.first, rows.end)
            at = (1.0 - share) * values[after - 1] + share * values[after]
            at[is_off] = np.nan
            both.append(at)
        up, rate = both
        return up / np.sqrt(np.einsum("ij,ij->i", up, up))[:, None], rate

    def drop_before(self, time_s: float) -> None:
        """Forget what lies further back than the shank's rows do."""
        rows = self._front.rows
        if rows.end > rows.first:
            known_s = rows.column(TIME, rows.first, rows.end)
            rows.drop_before(rows.first + int(np.searchsorted(known_s, time_s - KEPT_S)))

    def _noted(self, shank: ImuSamples) -> ImuSamples:
        if self._whole is not None and len(shank):
            up, _ = self.at(shank.time_s)
            self._whole.append(up)
        return shank

    def _use_pending(self) -> None:
        if self._front.is_started:
            for _ in self._front.use_pending():
                pass
