"""From samples as they come to rows: rate, gyro offset, grid, vertical. Every movement's.

Samples wait until the rate and the gyroscope's offset are known, and then until there are enough
for a block: less work for each of them. Nothing is decided here but when to begin.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.angle_trace import AngleTrace
from analysis.errors import EmptyRecordingError, SampleRateError, SampleValueError
from analysis.grid import BRIDGED, GridPiece, SteadyGrid, gap_periods, sampling_rate_hz
from analysis.gyro_offset import MAX_DOUBT_RADS, GyroOffset, moving_offset, still_offset
from analysis.orientation import MIN_SAMPLES, UpFilter, UpRows
from analysis.results import Gap, RecordingInfo
from analysis.rows import Rows
from analysis.samples import ImuSamples

START_S: Final = 1.0  # collected before the first row: tells the rate and the gyro's offset
LOOK_EVERY_S: Final = 0.5
LATEST_START_S: Final = 6.0  # without a still moment by then, movement itself tells the offset
# A whole recording is worked off in blocks of this many rows: they and all that is computed of
# them fit into a processor's near memory.
LARGEST_BLOCK: Final = 2048
DEGREES: Final = math.degrees(1.0)


@dataclass(frozen=True, slots=True)
class SignalStart:
    """What the first seconds told."""

    first: ImuSamples
    rate_hz: float
    offset: GyroOffset


@dataclass(frozen=True, slots=True)
class NewSegment:
    """The rows to come lie behind a hole too long to bridge."""


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows were added; `known_at_s` is later than they are if they had to be held back."""

    known_at_s: float = -np.inf


FrontNews = Gap | NewSegment | NewRows


class _Turn:
    """The gyroscope's rates of some pieces, (3,), added up."""

    def __init__(self) -> None:
        self.n_pieces = self.n_samples = 0
        self.rates_rads = np.zeros(3)

    def add(self, pieces: list[ImuSamples]) -> None:
        """Take in the rates of the next pieces, at least one."""
        rates_rads = np.concatenate([piece.gyr_rads for piece in pieces])
        self.n_pieces += len(pieces)
        self.n_samples += len(rates_rads)
        self.rates_rads = self.rates_rads + np.add.reduce(rates_rads)


class SignalFront:
    """Fill `rows` from samples in any pieces, and keep count of what is missing.

    Parameters
    ----------
    keep_trace : bool
        Keep the vertical of every sample in `trace`, 25 bytes each.
    trusts_rest : bool
        Whether what looks like rest may correct the gyroscope's offset. A segment that only ever
        turns slowly looks so while it turns.
    holds_back : bool
        Whether rows after a hole wait until the vertical is found again, for up to a second.

    """

    def __init__(
        self, *, keep_trace: bool, trusts_rest: bool = True, holds_back: bool = False
    ) -> None:
        self._trusts_rest = trusts_rest
        self._holds_back = holds_back
        self.rows = Rows()
        self.trace = AngleTrace() if keep_trace else None
        self.gaps: list[Gap] = []
        self.rate_error: SampleRateError | None = None
        self.n_pending = 0
        self.first_s: float | None = None
        self.last_s = 0.0
        self._pending: list[ImuSamples] = []
        self._pending_turn = _Turn()
        self._next_look_s = START_S
        self._waiting: list[GridPiece] = []  # for the vertical to be found again
        self._grid: SteadyGrid | None = None
        self._bias = np.zeros(3)

    @property
    def is_started(self) -> bool:
        """Whether the rate is known, so that there can be rows."""
        return self._grid is not None

    @property
    def rate_hz(self) -> float:
        """The sampling rate, once started."""
        return self._started_grid().rate_hz

    def add(self, samples: ImuSamples) -> None:
        """Take in the next samples, at least one; they wait for `use_pending`.

        Raises
        ------
        SampleValueError
            If they do not come after those before.

        """
        time_s = samples.time_s
        first_s = time_s.item(0)
        if self.first_s is None:
            self.first_s = first_s
        elif first_s <= self.last_s:
            raise SampleValueError(
                f"A sample of {first_s:.3f} s came after one of {self.last_s:.3f} s: "
                "times must strictly increase."
            )
        self.last_s = time_s.item(-1)
        if self.rate_error is None:
            self._pending.append(samples)
            self.n_pending += time_s.size

    def start_if_due(self) -> SignalStart | None:
        """Start once the gyroscope's offset shows in a still moment, or can be told without one.

        The looks are at fixed times, at exactly the samples up to there: however many have come
        in the last piece, the same ones decide.
        """
        first_s = self.last_s if self.first_s is None else self.first_s
        while self.rate_error is None and self._next_look_s <= self.last_s - first_s:
            seen_s, self._next_look_s = self._next_look_s, self._next_look_s + LOOK_EVERY_S
            pending = self._joined_pending()
            n_seen = int(np.searchsorted(pending.time_s, first_s + seen_s, side="right"))
            if n_seen >= MIN_SAMPLES:
                started = self._start(pending[:n_seen], is_last_look=seen_s >= LATEST_START_S)
                if started is not None:
                    return started
        return None

    def start_with_all(self) -> SignalStart:
        """Start with what there is: the recording is over.

        Raises
        ------
        EmptyRecordingError
            If fewer than ten samples came.
        SampleRateError
            If they came at under 20 or over 1000 Hz.

        """
        if self.rate_error is None and self.n_pending < MIN_SAMPLES:
            raise EmptyRecordingError(
                f"{self.n_pending} samples are too few: at least {MIN_SAMPLES} are needed."
            )
        if self.rate_error is None:
            started = self._start(self._joined_pending(), is_last_look=True)
            if started is not None:
                return started
        raise self.rate_error or SampleRateError("The sampling rate could not be told.")

    def use_pending(self) -> Iterator[FrontNews]:
        """Turn what waits into rows, piece by piece, and report gaps where they lie."""
        if not self.n_pending:
            return
        samples = self._joined_pending()
        self._pending, self.n_pending = [], 0
        self._pending_turn = _Turn()
        pieces, gaps = self._started_grid().update(samples)
        self.gaps += gaps
        for piece in pieces:
            while gaps and gaps[0].end_s <= piece.time_s[-1]:
                yield gaps.pop(0)
            if piece.starts_segment and self.rows.end:
                yield from self.flush()
                self._up_filter = UpFilter(
                    self.rate_hz,
                    self._bias,
                    trusts_rest=self._trusts_rest,
                    holds_back=self._holds_back,
                )
                yield NewSegment()
            for start in range(0, len(piece), LARGEST_BLOCK):
                yield from self._follow(piece.rows(start, start + LARGEST_BLOCK))

    def flush(self) -> Iterator[NewRows]:
        """Give out what waits for the vertical to be found again: nothing more comes to it."""
        if self._waiting:
            yield from self._give_out(self._up_filter.flush())

    def turn_since_rows_deg(self) -> NDArray[np.float64]:
        """How far the leg turned since the last row, about each axis (3,): the gyroscope alone."""
        turn = self._pending_turn
        if len(self._pending) > turn.n_pieces:  # each is added up once, however often asked
            turn.add(self._pending[turn.n_pieces :])
        rates_rads, n_samples = turn.rates_rads, turn.n_samples
        for waiting in self._waiting:
            rates_rads = rates_rads + np.add.reduce(waiting.gyr_rads)
            n_samples += len(waiting)
        return (rates_rads - n_samples * self._bias) * (DEGREES / self.rate_hz)

    def info(self) -> RecordingInfo:
        """Return what is known of the signal itself, once started."""
        grid = self._started_grid()
        first_s = self.last_s if self.first_s is None else self.first_s
        return RecordingInfo(
            duration_s=self.last_s - first_s,
            rate_hz=grid.rate_hz,
            coverage=grid.n_real / grid.n_due if grid.n_due else 1.0,
            gaps=tuple(self.gaps),
        )

    def _start(self, first: ImuSamples, *, is_last_look: bool) -> SignalStart | None:
        """Set up what depends on the rate and the gyro's offset; None if it is too early."""
        try:
            rate_hz = sampling_rate_hz(first.time_s)
        except SampleRateError as error:
            self.rate_error = error  # raised at the end: a live stream may not be cut off by it
            self._pending, self.n_pending = [], 0
            return None
        offset = still_offset(first[-round(START_S * rate_hz) :], rate_hz)
        if offset is None or offset.doubt_rads > MAX_DOUBT_RADS:
            if not is_last_look:
                return None
            offset = moving_offset(first, rate_hz)
        self._bias = offset.rads
        self._grid = SteadyGrid(rate_hz, gap_periods(first.time_s, rate_hz))
        self._up_filter = UpFilter(
            rate_hz,
            offset.rads,
            offset.doubt_rads,
            trusts_rest=self._trusts_rest,
            holds_back=self._holds_back,
        )
        if not offset.is_from_rest:
            self._up_filter.look_ahead(first.gyr_rads, first.acc_ms2)
        return SignalStart(first, rate_hz, offset)

    def _follow(self, piece: GridPiece) -> Iterator[NewRows]:
        is_bridge = bool(piece.marks[0] & BRIDGED)
        follow = self._up_filter.bridge if is_bridge else self._up_filter.update
        known = follow(piece.gyr_rads, piece.acc_ms2, piece.step_ratio)
        if not self._waiting and len(known) == 1 and not known[0].is_late:
            self._add_rows(piece, known[0])
            yield NewRows()
        else:
            self._waiting.append(piece)
            yield from self._give_out(known)

    def _give_out(self, known: list[UpRows]) -> Iterator[NewRows]:
        for up in known:
            waiting = GridPiece.joined(self._waiting)
            rest = waiting.rows(len(up), len(waiting))
            self._waiting = [rest] if len(rest) else []
            piece = waiting.rows(0, len(up))
            self._add_rows(piece, up)
            yield NewRows(float(piece.time_s[-1]) if up.is_late else -np.inf)

    def _add_rows(self, piece: GridPiece, known: UpRows) -> None:
        up, bias = known.up, known.bias_rads
        self._bias = bias[-1]
        self.rows.append(piece.time_s, up, piece.gyr_rads - bias, piece.acc_ms2, piece.marks)
        if self.trace is not None:
            self.trace.add(up, piece.marks)

    def _joined_pending(self) -> ImuSamples:
        if len(self._pending) > 1:
            self._pending = [ImuSamples.joined(self._pending)]
            self._pending_turn = _Turn()
        return self._pending[0]

    def _started_grid(self) -> SteadyGrid:
        if self._grid is None:
            raise RuntimeError("The sampling rate is not known yet.")
        return self._grid
