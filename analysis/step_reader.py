"""Read steps up and down: the step tracker's decisions become events, measured reps and sets."""

from collections.abc import Iterator, Sequence
from typing import Final

from analysis.angle_trace import AngleFrame
from analysis.events import (
    Calibrated,
    Event,
    PhaseChanged,
    RepFinished,
    RepStarted,
    SetFinished,
    Warned,
)
from analysis.exercise import Exercise
from analysis.hinge import hinge_angle_deg
from analysis.live_state import LiveState
from analysis.patience import Waiting
from analysis.results import Calibration, Gap, PhaseKind, SetResult
from analysis.rows import UP, Rows
from analysis.set_keeper import SetKeeper
from analysis.signal_checks import SignalChecks
from analysis.step_measures import measure_step
from analysis.step_tracker import (
    FootUp,
    StandingFound,
    StepDone,
    StepEvent,
    StepQuiet,
    StepTracker,
)

STEPPING_BLOCK_S: Final = 0.04
RESTING_BLOCK_S: Final = 0.2


class StepReader:
    """A `MovementReader` for steps up and down; parameters as those of `RepReader`.

    A step that the other leg led is counted beside the repetitions, as far as this leg shows it.
    """

    def __init__(
        self,
        exercise: Exercise,
        rows: Rows,
        rate_hz: float,
        *,
        gaps: Sequence[Gap],
        checks: SignalChecks,
        zero_deg: float,
    ) -> None:
        self._rows = rows
        self._rate_hz = rate_hz
        self._gaps = gaps
        self._checks = checks
        self._zero_deg = zero_deg
        self._tracker = StepTracker(rows, rate_hz, zero_deg)
        self._sets = SetKeeper(exercise)
        self._decided_s = 0.0
        self._phase: tuple[PhaseKind | None, float | None] = (None, None)

    @property
    def calibration(self) -> Calibration:
        """The zero pose, as far as known."""
        return self._tracker.calibration

    @property
    def finished(self) -> Sequence[SetResult]:
        """The sets that are over."""
        return self._sets.finished

    def patience_s(self, waiting: Waiting) -> float:
        """Hardly at all while somebody steps: the report of a step is what must not wait."""
        if waiting.n_pending:
            return 0.0
        return STEPPING_BLOCK_S if self._tracker.is_stepping else RESTING_BLOCK_S

    def advance(self, not_before_s: float) -> Iterator[Event]:
        """Use all new rows."""
        self._decided_s = max(self._decided_s, not_before_s)
        for event in self._tracker.advance():
            yield from self._translate(event)

    def restart(self, not_before_s: float) -> Iterator[Event]:
        """Begin a new segment with the old zero and axis."""
        self._tracker.restart()
        self._decided_s = max(self._decided_s, not_before_s)
        if self._phase[0] is not None:
            yield self._change_phase(None, self._decided_s)

    def end_set(self, at_s: float) -> Iterator[Event]:
        """End the running set now."""
        yield from self._close_set(at_s)

    def finish(self, at_s: float) -> Iterator[Event]:
        """Close a step on its last degrees, and the set."""
        for event in self._tracker.finish():
            yield from self._translate(event)
        yield from self._close_set(at_s)

    def live(self) -> LiveState:
        """Return the tilt of the newest row, and the phase."""
        tracker = self._tracker
        angle_deg = None
        if tracker.zero_up is not None and tracker.axis is not None:
            up = self._rows.columns(UP, self._rows.end - 1, self._rows.end)
            angle_deg = float(hinge_angle_deg(up, tracker.axis, tracker.zero_up)[0])
            angle_deg += self._zero_deg
        time_s = self._rows.time_at(self._rows.end - 1)
        return LiveState(time_s, angle_deg, *self._phase, self._sets.n_reps, tracker.axis)

    def angle_frame(self) -> AngleFrame:
        """Return the axes of the steps, and the zero pose."""
        return AngleFrame(self._tracker.history, self._tracker.zero_up, self._zero_deg)

    def _translate(self, event: StepEvent) -> Iterator[Event]:
        at_s = max(self._decided_s, self._tracker.signal.thin.time_at(event.index))
        self._decided_s = at_s
        if isinstance(event, StepQuiet):
            if self._sets.has_paused(at_s):
                yield from self._close_set(at_s)
        elif isinstance(event, StandingFound):
            yield Calibrated(calibration=self.calibration, at_s=at_s)
        elif isinstance(event, FootUp):
            yield RepStarted(at_s=at_s)
            yield self._change_phase(PhaseKind.CONCENTRIC, at_s)
        elif isinstance(event, StepDone):
            yield from self._finish_step(event, at_s)
            yield self._change_phase(None, at_s)
        else:
            yield self._change_phase(None, at_s)

    def _finish_step(self, done: StepDone, at_s: float) -> Iterator[Event]:
        zero_up = self._tracker.zero_up
        if zero_up is None:
            return
        if not done.pair.is_led:
            self._sets.add_other_leg()
            return
        rep = measure_step(
            self._rows,
            self._tracker.signal,
            done.pair,
            until=done.index,
            axis=done.axis,
            zero_up=zero_up,
            zero_deg=self._zero_deg,
            rate_hz=self._rate_hz,
        )
        if self._sets.has_paused(rep.start_s):
            yield from self._close_set(at_s)
        self._sets.add(rep)
        yield RepFinished(rep=rep, at_s=at_s)
        for code in self._checks.of_rep(rep, done.axis, zero_up):
            yield Warned(code=code, at_s=at_s)

    def _close_set(self, at_s: float) -> Iterator[SetFinished]:
        finished = self._sets.close(at_s, self._gaps, self.calibration.quality)
        if finished is not None:
            self._tracker.forget_set()
            yield finished

    def _change_phase(self, kind: PhaseKind | None, at_s: float) -> PhaseChanged:
        self._phase = (kind, None if kind is None else at_s)
        return PhaseChanged(kind=kind, at_s=at_s)
