"""From samples as they come to a steady grid, in any pieces.

The grid is the input itself: every sample keeps its own time. Only where samples are missing are
rows put in, by linear interpolation at the nominal period, so that filters run on. A gap that is
too long to bridge starts a new segment.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.errors import SampleRateError
from analysis.results import Gap
from analysis.samples import ImuSamples
from analysis.saturation import LEAST_ACC_MS2, LEAST_GYR_RADS, RangeWatch

MIN_RATE_HZ: Final = 18.0  # 20 Hz nominal, less what cheap clocks are off by
MAX_RATE_HZ: Final = 1100.0
GAP_PERIODS: Final = 1.5  # a step longer than this has lost samples, where stamps are even
MAX_GAP_PERIODS: Final = 3.5  # however much they jitter
JITTER_SIGMAS: Final = 4.0
RATE_STEPS: Final = 8  # long against the jitter
RATE_ROUNDS: Final = 2
MAX_BRIDGE_S: Final = 0.5  # docs/reference/measures.md, "Gaps"

REAL: Final = 0
BRIDGED: Final = 1  # put in by interpolation
SATURATED: Final = 2  # the sensor ran out of its range: saturation.py


@dataclass(slots=True, eq=False)
class GridPiece:
    """Consecutive rows of the grid, all of one segment.

    `starts_segment` tells that everything known from before is void. `step_ratio` (n,) is each
    row's true time step over the nominal period: the factor that makes a filter with a fixed
    period integrate the true angle.
    """

    time_s: NDArray[np.float64]
    acc_ms2: NDArray[np.float64]
    gyr_rads: NDArray[np.float64]
    step_ratio: NDArray[np.float64]
    marks: NDArray[np.uint8]
    starts_segment: bool

    def __len__(self) -> int:
        return len(self.time_s)

    @classmethod
    def joined(cls, pieces: "list[GridPiece]") -> "GridPiece":
        """Put consecutive pieces of one segment together."""
        if len(pieces) == 1:
            return pieces[0]
        return cls(
            np.concatenate([piece.time_s for piece in pieces]),
            np.concatenate([piece.acc_ms2 for piece in pieces]),
            np.concatenate([piece.gyr_rads for piece in pieces]),
            np.concatenate([piece.step_ratio for piece in pieces]),
            np.concatenate([piece.marks for piece in pieces]),
            pieces[0].starts_segment,
        )

    def rows(self, start: int, end: int) -> "GridPiece":
        """Return some of the rows, or the piece itself if these are all; no new segment begins."""
        if start == 0 and end >= len(self):
            return self
        return _span(self, start, end, starts_segment=False)


def sampling_rate_hz(time_s: NDArray[np.float64]) -> float:
    """Infer the rate from sample times (n,), n > 1, gaps and jitter allowed.

    A stretch of a few samples is some whole number of periods, more than it has steps where some
    are lost; all stretches together over all those numbers is the period. Single steps would not
    do: stamps in whole milliseconds make their median wrong by several percent, and where stamps
    jitter, a long step and the short one after it would count for three.

    Raises
    ------
    SampleRateError
        If the rate is under 20 Hz or over 1000 Hz.

    """
    steps_s = np.sort(time_s[1:] - time_s[:-1])
    quarter = len(steps_s) // 4
    period_s = float(steps_s[quarter : len(steps_s) - quarter].mean())  # a first guess
    n = min(RATE_STEPS, max(1, len(time_s) // 4))
    lengths_s = time_s[n:] - time_s[:-n]
    for _ in range(RATE_ROUNDS):
        n_periods = np.rint(lengths_s / period_s).sum()
        period_s = float(lengths_s.sum()) / max(n_periods, 1.0)
    rate_hz = 1.0 / period_s
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise SampleRateError(
            f"The samples come at {rate_hz:.1f} Hz; 20 to 1000 Hz can be analysed. "
            "Set the sensor to 50 or 100 Hz and record again."
        )
    return rate_hz


def gap_periods(time_s: NDArray[np.float64], rate_hz: float) -> float:
    """Return the step, in periods, from which on samples are missing between stamps (n,).

    Phones and Bluetooth stamp with jitter: a step may be twice as long and the next one short
    without anything being lost.
    """
    ratio = (time_s[1:] - time_s[:-1]) * rate_hz
    spread = float(np.median(np.abs(ratio - 1.0))) / 0.6745  # of a normal distribution
    return min(max(GAP_PERIODS, 1.0 + JITTER_SIGMAS * spread), MAX_GAP_PERIODS)


class SteadyGrid:
    """Put bridging rows into gaps, and cut the stream where a gap is too long.

    Parameters
    ----------
    rate_hz : float
        Of the samples.
    longest_step : float
        In periods: a longer one has lost samples; see `gap_periods`.

    """

    def __init__(self, rate_hz: float, longest_step: float = GAP_PERIODS) -> None:
        self.rate_hz = rate_hz
        self._longest_step = longest_step
        self.n_due = 0
        self.n_real = 0
        self._period_s = 1.0 / rate_hz
        self._gyr_range = RangeWatch(LEAST_GYR_RADS)
        self._acc_range = RangeWatch(LEAST_ACC_MS2)
        self._last: tuple[float, NDArray[np.float64], NDArray[np.float64]] | None = None

    def update(self, samples: ImuSamples) -> tuple[list[GridPiece], list[Gap]]:
        """Take in the next samples and return their rows of the grid and the gaps found."""
        if not len(samples):
            return [], []
        time_s, acc, gyr = samples.time_s, samples.acc_ms2, samples.gyr_rads
        first = self._last is None
        last_time, last_acc, last_gyr = self._last or (time_s[0] - self._period_s, acc[0], gyr[0])
        self._last = (float(time_s[-1]), acc[-1], gyr[-1])
        steps = np.empty(len(time_s))
        steps[0] = time_s[0] - last_time
        np.subtract(time_s[1:], time_s[:-1], out=steps[1:])
        is_saturated = self._gyr_range.find(gyr) | self._acc_range.find(acc)
        marks = np.where(is_saturated, np.uint8(SATURATED), np.uint8(REAL))
        ratio = steps * self.rate_hz
        self.n_real += len(time_s)
        self.n_due += len(time_s)
        if _largest(ratio) <= self._longest_step:
            return [GridPiece(time_s, acc, gyr, ratio, marks, first)], []
        holes = np.flatnonzero(ratio > self._longest_step)
        before = (last_time, last_acc, last_gyr)
        return self._cut_at(holes, GridPiece(time_s, acc, gyr, ratio, marks, first), before)

    def _cut_at(
        self,
        holes: NDArray[np.intp],
        whole: GridPiece,
        before: tuple[float, NDArray[np.float64], NDArray[np.float64]],
    ) -> tuple[list[GridPiece], list[Gap]]:
        pieces: list[GridPiece] = []
        gaps: list[Gap] = []
        start, starts_segment = 0, whole.starts_segment
        for hole in holes:
            if hole > start:
                pieces.append(_span(whole, start, int(hole), starts_segment=starts_segment))
                starts_segment = False
            if hole > 0:
                before = (
                    float(whole.time_s[hole - 1]),
                    whole.acc_ms2[hole - 1],
                    whole.gyr_rads[hole - 1],
                )
            after = (float(whole.time_s[hole]), whole.acc_ms2[hole], whole.gyr_rads[hole])
            gap = Gap(start_s=before[0], end_s=after[0])
            gaps.append(gap)
            n_missing = round((gap.end_s - gap.start_s) * self.rate_hz) - 1
            self.n_due += max(n_missing, 0)
            whole.step_ratio[hole] = 1.0
            if gap.end_s - gap.start_s > MAX_BRIDGE_S:
                starts_segment = True
            else:
                ratio = (gap.end_s - gap.start_s) * self.rate_hz / (n_missing + 1)
                bridge = _bridge(before, after, n_missing, ratio, starts_segment=starts_segment)
                whole.step_ratio[hole] = ratio
                pieces.append(bridge)
                starts_segment = False
            start = int(hole)
        pieces.append(_span(whole, start, len(whole), starts_segment=starts_segment))
        return pieces, gaps


def _span(piece: GridPiece, start: int, end: int, *, starts_segment: bool) -> GridPiece:
    rows = slice(start, end)
    return GridPiece(
        piece.time_s[rows],
        piece.acc_ms2[rows],
        piece.gyr_rads[rows],
        piece.step_ratio[rows],
        piece.marks[rows],
        starts_segment,
    )


def _bridge(
    before: tuple[float, NDArray[np.float64], NDArray[np.float64]],
    after: tuple[float, NDArray[np.float64], NDArray[np.float64]],
    n_missing: int,
    step_ratio: float,
    *,
    starts_segment: bool,
) -> GridPiece:
    share = np.arange(1, n_missing + 1) / (n_missing + 1)
    length_s = after[0] - before[0]
    column = share[:, None]
    return GridPiece(
        before[0] + share * length_s,
        before[1] + column * (after[1] - before[1]),
        before[2] + column * (after[2] - before[2]),
        np.full(n_missing, step_ratio),
        np.full(n_missing, BRIDGED, dtype=np.uint8),
        starts_segment,
    )


def _largest(values: NDArray[np.float64]) -> float:
    """Return the largest value; on a packet's few, looking it up beats `ndarray.max`."""
    return float(values.item(values.argmax()))
