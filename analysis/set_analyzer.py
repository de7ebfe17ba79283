"""The engine: samples in, in any pieces; events out; at the end the result.

There is no second implementation: a recording is analysed by feeding it whole. Whatever is decided
is decided at a row of the grid, so the pieces do not matter.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.angle_trace import AngleTrace
from analysis.errors import (
    EmptyRecordingError,
    SampleRateError,
    SampleValueError,
    UnmeasurableExerciseError,
)
from analysis.events import (
    Calibrated,
    Event,
    GapFound,
    PhaseChanged,
    RepFinished,
    RepStarted,
    SetFinished,
    Warned,
)
from analysis.exercise import Exercise, Movement, load_catalogue
from analysis.grid import GridPiece, SteadyGrid, sampling_rate_hz
from analysis.gyro_offset import moving_offset, still_offset
from analysis.hinge_tracker import HingeTracker
from analysis.live_state import LiveState
from analysis.orientation import MIN_SAMPLES, UpFilter
from analysis.rep_finder import State
from analysis.rep_measures import measure_rep
from analysis.results import (
    Gap,
    PhaseKind,
    RecordingInfo,
    RecordingResult,
)
from analysis.rows import Rows
from analysis.samples import ImuSamples
from analysis.set_keeper import SetKeeper
from analysis.signal_checks import SignalChecks
from analysis.tracker_events import (
    CameBack,
    ClosedRep,
    LeftRest,
    Quiet,
    TrackerEvent,
    Turned,
    ZeroFound,
)
from analysis.version import ENGINE_VERSION

START_S: Final = 1.0  # collected before the first row: tells the rate and the gyro's offset
LOOK_EVERY_S: Final = 0.5
LATEST_START_S: Final = 6.0  # without a still moment by then, movement itself tells the offset
# Samples wait until there are this many: less work for each of them.
MOVING_BLOCK_S: Final = 0.12
RESTING_BLOCK_S: Final = 0.2


class SetAnalyzer:
    """Analyse one exercise while its samples come in.

    Parameters
    ----------
    exercise : str or Exercise
        A catalogue id, or a prescription (an entry with some fields replaced).
    zero_deg : float
        The angle that the first still pose stands for, in degrees; 90 for a seated recording that
        begins with the foot flat under the knee.
    keep_trace : bool
        Keep what `.angle_deg` of the result needs, 50 bytes a sample; without it memory is bounded.

    Raises
    ------
    UnknownExerciseError
        If the catalogue has no such id.
    UnmeasurableExerciseError
        If this engine does not measure the exercise.

    Examples
    --------
    >>> analyzer = SetAnalyzer("ecc_prone_helper")
    >>> analyzer.update(ImuSamples([0.0], [[0, 0, 9.81]], [[0, 0, 0]]))
    []

    """

    def __init__(
        self, exercise: str | Exercise, *, zero_deg: float = 0.0, keep_trace: bool = True
    ) -> None:
        catalogue = load_catalogue()
        self.exercise = catalogue[exercise] if isinstance(exercise, str) else exercise
        if not self.exercise.is_measurable or self.exercise.movement is not Movement.REPS:
            raise UnmeasurableExerciseError(
                f"{self.exercise.id} is not measured by this version; its time can be kept by hand."
            )
        self._catalogue_version = catalogue.version
        self._zero_deg = zero_deg
        self._trace = AngleTrace() if keep_trace else None
        self._pending: list[ImuSamples] = []
        self._n_pending = 0
        self._n_moving = self._n_resting = 0
        self._next_look_s = START_S
        self._decided_s = -np.inf  # events carry the time of the newest sample they rest on
        self._rate_error: SampleRateError | None = None
        self._bias: NDArray[np.float64] | None = None
        self._first_s: float | None = None
        self._last_s = 0.0
        self._grid: SteadyGrid | None = None
        self._gaps: list[Gap] = []
        self._phase: tuple[PhaseKind | None, float | None] = (None, None)
        self._sets = SetKeeper(self.exercise)
        self._checks = SignalChecks()
        self._rows = Rows()

    # ---- what callers use --------------------------------------------------------------------

    def update(self, samples: ImuSamples) -> list[Event]:
        """Take in the next samples, any number, and return what they decide.

        Raises
        ------
        SampleValueError
            If they do not come after those before.

        """
        n = len(samples)
        if n == 0:
            return []
        if self._first_s is None:
            self._first_s = float(samples.time_s[0])
        elif samples.time_s[0] <= self._last_s:
            raise SampleValueError(
                f"A sample of {float(samples.time_s[0]):.3f} s came after one of "
                f"{self._last_s:.3f} s: times must strictly increase."
            )
        self._last_s = float(samples.time_s[-1])
        if self._rate_error is not None:
            return []
        self._pending.append(samples)
        self._n_pending += n
        if self._grid is None:
            return self._start_if_due()
        return self._use_pending() if self._n_pending >= self._n_wanted() else []

    def end_set(self) -> list[Event]:
        """End the running set now: the button, or the coach who has counted to the target."""
        if self._grid is None:
            return []
        events = self._use_pending()
        finished = self._close_set(self._last_s)
        return events if finished is None else [*events, finished]

    def finish(self) -> RecordingResult:
        """Close what is open and return the result of the whole recording.

        Raises
        ------
        EmptyRecordingError
            If fewer than ten samples came.
        SampleRateError
            If they came at under 20 or over 1000 Hz.

        """
        if self._grid is None and self._rate_error is None:
            if self._n_pending < MIN_SAMPLES:
                raise EmptyRecordingError(
                    f"{self._n_pending} samples are too few: at least {MIN_SAMPLES} are needed."
                )
            self._pending = [self._take_pending()]
            self._start(len(self._pending[0]), is_last_look=True)
        if self._rate_error is not None:
            raise self._rate_error
        self._use_pending()
        for event in self._tracker.finish():
            self._translate(event)
        self._close_set(self._last_s)
        return self._result()

    @property
    def live(self) -> LiveState:
        """What a screen shows now: cheap to ask for, up to the newest sample."""
        if self._grid is None or self._rows.end == 0:
            return LiveState(self._last_s, None, None, None, 0)
        end = self._rows.end
        angle_deg = None
        if self._tracker.poses.zero_up is not None:
            angle_deg = self._tracker.angle_now_deg() + self._zero_deg + self._since_last_row_deg()
        phase, start_s = self._phase
        return LiveState(self._rows.time_at(end - 1), angle_deg, phase, start_s, self._sets.n_reps)

    def _since_last_row_deg(self) -> float:
        """How far the leg turned since the last row used: the gyroscope alone tells."""
        axis = self._tracker.memory.axis
        if axis is None or self._grid is None or self._bias is None:
            return 0.0
        turned = sum(
            float((piece.gyr_rads - self._bias).sum(axis=0) @ axis) for piece in self._pending
        )
        return float(np.degrees(turned)) / self._grid.rate_hz

    # ---- the pipeline ------------------------------------------------------------------------

    def _start_if_due(self) -> list[Event]:
        """Start once the gyroscope's offset shows in a still moment, or can be told without one.

        The looks are at fixed times, at exactly the samples up to there: however many have come
        in the last piece, the same ones decide.
        """
        assert self._first_s is not None  # noqa: S101 (`update` has just set it)
        while self._next_look_s <= self._last_s - self._first_s:
            seen_s, self._next_look_s = self._next_look_s, self._next_look_s + LOOK_EVERY_S
            pending = self._take_pending()
            self._pending, self._n_pending = [pending], len(pending)
            n_seen = int(np.searchsorted(pending.time_s, self._first_s + seen_s, side="right"))
            if n_seen >= MIN_SAMPLES and self._rate_error is None:
                events = self._start(n_seen, is_last_look=seen_s >= LATEST_START_S)
                if events is not None:
                    return events
        return []

    def _start(self, n_first: int, *, is_last_look: bool) -> list[Event] | None:
        """Set up what depends on the rate and the gyro's offset; None if it is too early."""
        first = self._pending[0][:n_first]
        try:
            rate_hz = sampling_rate_hz(first.time_s)
        except SampleRateError as error:
            self._rate_error = error  # raised at the end: a live stream may not be cut off by it
            return []
        offset = still_offset(first[-round(START_S * rate_hz) :], rate_hz)
        if offset is None:
            if not is_last_look:
                return None
            offset = moving_offset(first, rate_hz)
        self._bias = offset.rads
        samples = self._take_pending()
        self._grid = SteadyGrid(rate_hz)
        self._n_moving = max(1, round(MOVING_BLOCK_S * rate_hz))
        self._n_resting = max(1, round(RESTING_BLOCK_S * rate_hz))
        self._up_filter = UpFilter(rate_hz, offset.rads, offset.doubt_rads)
        self._tracker = HingeTracker(self.exercise, rate_hz, self._rows, self._zero_deg)
        at_s = self._decided_s = float(first.time_s[-1])
        codes = self._checks.at_start(first, rate_hz, offset)
        return [*(Warned(code=code, at_s=at_s) for code in codes), *self._use(samples)]

    def _n_wanted(self) -> int:
        """Return how many samples to wait for: the less happens, the more."""
        state = self._tracker.finder.state
        if state is State.RETURNING:  # the report of a repetition must not wait for a block
            return 1
        return self._n_resting if state is State.IDLE else self._n_moving

    def _use_pending(self) -> list[Event]:
        return self._use(self._take_pending()) if self._n_pending else []

    def _take_pending(self) -> ImuSamples:
        pieces, self._pending, self._n_pending = self._pending, [], 0
        return pieces[0] if len(pieces) == 1 else ImuSamples.joined(pieces)

    def _use(self, samples: ImuSamples) -> list[Event]:
        assert self._grid is not None  # noqa: S101 (`_start` comes first)
        pieces, gaps = self._grid.update(samples)
        self._gaps += gaps
        events: list[Event] = []
        for piece in pieces:
            while gaps and gaps[0].end_s <= piece.time_s[-1]:
                gap = gaps.pop(0)
                self._decided_s = max(self._decided_s, gap.end_s)
                events.append(GapFound(start_s=gap.start_s, end_s=gap.end_s, at_s=self._decided_s))
            self._use_piece(piece, events)
        return events

    def _use_piece(self, piece: GridPiece, events: list[Event]) -> None:
        if piece.starts_segment and self._rows.end:
            self._restart(float(piece.time_s[0]), events)
        up, bias = self._up_filter.update(piece.gyr_rads, piece.acc_ms2, piece.step_ratio)
        self._bias = bias[-1]
        self._rows.append(piece.time_s, up, piece.gyr_rads - bias, piece.acc_ms2, piece.marks)
        if self._trace is not None:
            self._trace.add(up, piece.marks)
        for event in self._tracker.advance():
            events += self._translate(event)

    def _restart(self, at_s: float, events: list[Event]) -> None:
        """After a hole too long to bridge: a new filter, the old poses."""
        assert self._grid is not None  # noqa: S101 (rows exist, so the grid does)
        self._up_filter = UpFilter(self._grid.rate_hz, self._bias)
        self._tracker.restart()
        if self._phase[0] is not None:
            events.append(self._change_phase(None, at_s))

    def _translate(self, event: TrackerEvent) -> list[Event]:
        # Rows replayed after a start in movement are decided now, not when they were measured.
        at_s = self._decided_s = max(self._decided_s, self._rows.time_at(event.row))
        if isinstance(event, Quiet):
            finished = self._close_set(at_s) if self._sets.has_paused(at_s) else None
            return [] if finished is None else [finished]
        if isinstance(event, ZeroFound):
            return [Calibrated(calibration=event.calibration, at_s=at_s)]
        if isinstance(event, LeftRest):
            return [RepStarted(at_s=at_s), self._change_phase(self._outward_kind(), at_s)]
        if isinstance(event, Turned):
            kind = PhaseKind.ECCENTRIC if event.is_back else self._outward_kind()
            return [self._change_phase(kind, at_s)]
        if isinstance(event, CameBack):
            return [self._change_phase(None, at_s)]
        return [*self._finish_rep(event, at_s), self._change_phase(None, at_s)]

    def _finish_rep(self, closed: ClosedRep, at_s: float) -> list[Event]:
        assert self._grid is not None  # noqa: S101 (rows exist, so the grid does)
        assert self._tracker.poses.zero_up is not None  # noqa: S101 (nothing closes before zero is known)
        rep = measure_rep(
            self.exercise,
            self._rows,
            closed,
            zero_up=self._tracker.poses.zero_up,
            rest_deg=self._tracker.poses.rest_level_deg(closed.axis) + self._zero_deg,
            zero_deg=self._zero_deg,
            rate_hz=self._grid.rate_hz,
        )
        # A pause with no quiet moment seen in it, as behind a lost link, ends a set all the same.
        finished = self._close_set(at_s) if self._sets.has_paused(rep.start_s) else None
        self._sets.add(rep)
        codes = self._checks.of_rep(rep, closed.axis, self._tracker.poses.zero_up)
        warned = [Warned(code=code, at_s=at_s) for code in codes]
        before = [] if finished is None else [finished]
        return [*before, RepFinished(rep=rep, at_s=at_s), *warned]

    def _close_set(self, at_s: float) -> SetFinished | None:
        return self._sets.close(at_s, self._gaps, self._tracker.poses.calibration.quality)

    def _outward_kind(self) -> PhaseKind:
        return PhaseKind(self.exercise.outward.value)

    def _change_phase(self, kind: PhaseKind | None, at_s: float) -> PhaseChanged:
        self._phase = (kind, None if kind is None else at_s)
        return PhaseChanged(kind=kind, at_s=at_s)

    # ---- the result --------------------------------------------------------------------------

    def _coverage(self) -> float:
        if self._grid is None or self._grid.n_due == 0:
            return 1.0
        return self._grid.n_real / self._grid.n_due

    def _result(self) -> RecordingResult:
        assert self._grid is not None  # noqa: S101 (`finish` started it)
        assert self._first_s is not None  # noqa: S101
        angle: NDArray[np.float64] | None = None
        if self._trace is not None:
            angle = self._trace.angle_deg(
                self._tracker.memory.history, self._tracker.poses.zero_up, self._zero_deg
            )
        return RecordingResult(
            engine=ENGINE_VERSION,
            catalogue=self._catalogue_version,
            exercise=self.exercise.id,
            recording=RecordingInfo(
                duration_s=self._last_s - self._first_s,
                rate_hz=self._grid.rate_hz,
                coverage=self._coverage(),
                gaps=tuple(self._gaps),
            ),
            calibration=self._tracker.poses.calibration,
            sets=tuple(self._sets.finished),
            warnings=self._checks.codes,
            angle_deg=angle,
        )


def analyse_recording(
    samples: ImuSamples, exercise: str | Exercise, *, zero_deg: float = 0.0
) -> RecordingResult:
    """Analyse a whole recording; see `SetAnalyzer`, which is fed with it once."""
    analyzer = SetAnalyzer(exercise, zero_deg=zero_deg)
    analyzer.update(samples)
    return analyzer.finish()
