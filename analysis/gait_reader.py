"""Read walking, running and cycling: strides become bouts, bouts become sets."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from analysis.angle_trace import AngleFrame
from analysis.cycling_bouts import PedalBouts, turns_per_min
from analysis.events import Event, SetFinished, Warned
from analysis.exercise import Exercise, Movement
from analysis.gait_bouts import FoundBout, GaitBouts
from analysis.gait_sets import BoutSets
from analysis.gait_signal import AnglePiece, SagittalAngle
from analysis.gait_strides import LONGEST_SWEEP_S, Stride, StrideFinder
from analysis.gait_sweeps import Still, SweepFinder
from analysis.hinge import MIN_AXIS_TILT_DEG, Vector, axis_from_vertical_deg
from analysis.live_state import LiveState
from analysis.patience import Waiting
from analysis.results import Calibration, Gap, SetResult
from analysis.rows import Rows
from analysis.signal_checks import SignalChecks

BLOCK_S: Final = 0.5  # nothing is decided sooner: samples may wait for one another
RECENT_STRIDES: Final = 4
SHOWN_S: Final = LONGEST_SWEEP_S + 0.5  # a stride older than this says nothing of the cadence now
SATURATED_SHARE: Final = 0.002  # of the rows: a few clipped impacts spoil nothing
NO_ZERO: Final = Calibration(method="none", quality=0.0)  # sport needs none


class BoutFinder(Protocol):
    """Gathers strides of one kind of sport into bouts."""

    def add(self, stride: Stride, axis: Vector) -> Iterator[FoundBout]:
        """Take in the next stride of the row."""

    def break_row(self, axis: Vector, standing: Vector | None = None) -> Iterator[FoundBout]:
        """Note that strides no longer follow in step; `standing`: the vertical of a still leg."""

    def finish(self, axis: Vector) -> Iterator[FoundBout]:
        """End the running bout."""

    def told(self, bout: FoundBout, axis: Vector) -> FoundBout:
        """Return a bout with the direction that is known by now."""

    def activity(self, axis: Vector) -> str | None:
        """Return the kind of the running bout, as far as seen."""


class SportReader:
    """Turn rows into bouts and sets, for walking and running or for cycling."""

    def __init__(
        self,
        exercise: Exercise,
        rows: Rows,
        rate_hz: float,
        *,
        gaps: Sequence[Gap],
        checks: SignalChecks,
        zero_deg: float = 0.0,
    ) -> None:
        del zero_deg  # only changes of the angle count here
        self._rows = rows
        self._checks = checks
        self._angle = SagittalAngle(rows, rate_hz)
        self._sweeps = SweepFinder()
        self._strides = StrideFinder()
        self._is_gait = exercise.movement is Movement.GAIT
        self._bouts: BoutFinder = (
            GaitBouts(sprints=exercise.reps is not None)
            if self._is_gait
            else PedalBouts(target_per_min=exercise.cadence_min_per_min or 0.0)
        )
        self._sets = BoutSets(exercise, gaps)
        self._recent: list[Stride] = []
        self._decided_s = 0.0

    @property
    def calibration(self) -> Calibration:
        """Sport has no zero pose."""
        return NO_ZERO

    @property
    def finished(self) -> Sequence[SetResult]:
        """The sets that are over."""
        return self._sets.finished

    def patience_s(self, waiting: Waiting) -> float:
        """How long samples may wait for one another."""
        return 0.0 if waiting.n_pending else BLOCK_S

    def advance(self, not_before_s: float) -> Iterator[Event]:
        """Use all new rows."""
        self._decided_s = max(self._decided_s, not_before_s)
        for piece in self._angle.advance():
            yield from self._use(piece)

    def restart(self, not_before_s: float) -> Iterator[Event]:
        """Begin a new segment: the running bout ends at the hole."""
        self._decided_s = max(self._decided_s, not_before_s)
        yield from self._drain()
        self._angle.restart()
        self._sweeps = SweepFinder()

    def end_set(self, at_s: float) -> Iterator[Event]:
        """End the running set now, and the bout with it."""
        yield from self._drain()
        yield from self._keep(self._bouts.finish(self._angle.axis))
        yield from self._close_set(at_s)

    def finish(self, at_s: float) -> Iterator[Event]:
        """Close the running bout and its set."""
        yield from self.end_set(at_s)

    def live(self) -> LiveState:
        """Return what is done now, and how quickly."""
        time_s = self._rows.time_at(self._rows.end - 1)
        activity, cadence = None, None
        if self._recent and self._sweeps.now_s - self._recent[-1].end_s < SHOWN_S:
            activity = self._bouts.activity(self._angle.axis)
        if activity is not None:
            period_s = sum(one.end_s - one.start_s for one in self._recent)
            cadence = 120.0 * len(self._recent) / period_s
            cadence = cadence if self._is_gait else turns_per_min(cadence)
        return LiveState(
            time_s,
            None,
            None,
            None,
            self._sets.n_sprints,
            activity=activity,
            cadence_per_min=cadence,
        )

    def angle_frame(self) -> AngleFrame:
        """Return the axis that the leg turned about, if it did; the angle counts from the start."""
        axis, first_up = self._angle.axis, self._angle.first_up
        if not self.finished or axis_from_vertical_deg(axis, first_up) < MIN_AXIS_TILT_DEG:
            return AngleFrame()
        return AngleFrame([(0, axis)], first_up)

    def _use(self, piece: AnglePiece) -> Iterator[Event]:
        self._decided_s = max(self._decided_s, self._rows.time_at(piece.last_row))
        yield from self._warn(piece)
        for found in self._sweeps.add(piece):
            if isinstance(found, Still):
                self._strides.reset()
                yield from self._keep(self._bouts.break_row(piece.axis, found.up))
            else:
                for stride in self._strides.add(found):
                    yield from self._follow(stride, piece.axis)
        if self._sets.has_paused(piece.time_s[-1]):
            yield from self._close_set(self._decided_s)

    def _follow(self, stride: Stride | None, axis: Vector) -> Iterator[Event]:
        if stride is None:
            yield from self._keep(self._bouts.break_row(axis))
            self._recent = []
            return
        self._recent = [*self._recent[1 - RECENT_STRIDES :], stride]
        yield from self._keep(self._bouts.add(stride, axis))

    def _drain(self) -> Iterator[Event]:
        """Use what waits, and end what is open."""
        for piece in self._angle.flush():
            yield from self._use(piece)
        for sweep in self._sweeps.settle():
            for stride in self._strides.add(sweep):
                yield from self._follow(stride, self._angle.axis)
        self._strides.reset()
        yield from self._keep(self._bouts.break_row(self._angle.axis))

    def _close_set(self, at_s: float) -> Iterator[Event]:
        self._sets.tell(self._told)
        yield from self._finished(self._sets.close(), at_s)

    def _told(self, bout: FoundBout) -> FoundBout:
        return self._bouts.told(bout, self._angle.axis)

    def _keep(self, bouts: Iterator[FoundBout]) -> Iterator[Event]:
        for bout in bouts:
            self._sets.tell(self._told)
            yield from self._finished(self._sets.add(bout), self._decided_s)

    def _finished(self, one_set: SetResult | None, at_s: float) -> Iterator[Event]:
        if one_set is not None:
            self._decided_s = max(self._decided_s, at_s)
            yield SetFinished(set_result=one_set, at_s=self._decided_s)

    def _warn(self, piece: AnglePiece) -> Iterator[Event]:
        is_clipped = self._angle.n_saturated > SATURATED_SHARE * max(piece.last_row, 1)
        if is_clipped and self._checks.add("saturated"):
            yield Warned(code="saturated", at_s=self._decided_s)
