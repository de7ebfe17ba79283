"""Read repetitions: the hinge tracker's decisions become events, measured reps and sets."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

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
from analysis.exercise import Coordinate, Exercise
from analysis.hinge import hinge_angle_deg, tilt_deg
from analysis.live_state import LiveState
from analysis.patience import RepPatience, Waiting
from analysis.rep_measures import measure_rep
from analysis.results import Calibration, Gap, PhaseKind, Rep, SetResult
from analysis.rows import GYR, TIME, UP, Rows
from analysis.second_look import SecondLookTracker
from analysis.set_keeper import SetKeeper
from analysis.signal_checks import SignalChecks
from analysis.thigh_link import ThighLink, ThighState, ThighTurn
from analysis.thigh_stream import ThighStream
from analysis.tracker_events import (
    CameBack,
    ClosedRep,
    LeftRest,
    Quiet,
    TrackerEvent,
    Turned,
    ZeroFound,
)
from analysis.wear_checks import WearChecks, own_axis, snapped


class RepReader:
    """A `MovementReader` for exercises that leave a rest pose and come back.

    Parameters
    ----------
    exercise : Exercise
        What is counted and judged.
    rows : Rows
        Filled by the signal front.
    rate_hz : float
        Of the rows.
    gaps : sequence of Gap
        Those found so far; grows as the recording goes on.
    checks : SignalChecks
        Where remarks on the signal go.
    zero_deg : float
        The angle that the first still pose stands for.

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
        self._exercise = exercise
        self._rows = rows
        self._rate_hz = rate_hz
        self._gaps = gaps
        self._checks = checks
        self._zero_deg = zero_deg
        self._tracker = SecondLookTracker(exercise, rate_hz, rows, zero_deg)
        self._patience = RepPatience(self._tracker, rows, rate_hz)
        self._sets = SetKeeper(exercise)
        self._judged = exercise  # what a repetition is judged by
        self._thigh: ThighLink | None = None
        self._wear = WearChecks(exercise)
        self._decided_s = 0.0
        self._phase: tuple[PhaseKind | None, float | None] = (None, None)

    def join_thigh(self, stream: ThighStream) -> ThighLink | None:
        """Measure the knee itself from now on, if that is what the exercise is about."""
        if not self._exercise.can_measure_knee:
            return None
        self._judged = self._exercise.with_thigh_sensor()
        self._sets = SetKeeper(self._judged)
        goes_against = self._exercise.coordinate is not Coordinate.KNEE_FLEXION
        self._thigh = ThighLink(stream, self._rows, self._rate_hz, goes_against=goes_against)
        return self._thigh

    @property
    def calibration(self) -> Calibration:
        """The zero pose, as far as known."""
        calibration = self._tracker.poses.calibration
        return calibration if self._thigh is None else replace(calibration, thigh=self._thigh.state)

    @property
    def finished(self) -> Sequence[SetResult]:
        """The sets that are over."""
        return self._sets.finished

    def patience_s(self, waiting: Waiting) -> float:
        """As long as the gyroscope shows nothing that is to be told."""
        return self._patience.more_s(waiting)

    def advance(self, not_before_s: float) -> Iterator[Event]:
        """Use all new rows."""
        self._decided_s = max(self._decided_s, not_before_s)
        for event in self._tracker.advance():
            yield from self._translate(event)

    def restart(self, not_before_s: float) -> Iterator[Event]:
        """Begin a new segment with the old poses."""
        self._tracker.restart()
        if self._thigh is not None:
            self._thigh.restart()
        self._decided_s = max(self._decided_s, not_before_s)
        if self._phase[0] is not None:
            yield self._change_phase(None, self._decided_s)
        yield from self._warn("gap", self._decided_s)

    def end_set(self, at_s: float) -> Iterator[Event]:
        """End the running set now."""
        yield from self._close_set(at_s)

    def finish(self, at_s: float) -> Iterator[Event]:
        """Close a repetition on its last degrees, and the set."""
        for event in self._tracker.finish():
            yield from self._translate(event)
        yield from self._close_set(at_s)

    def live(self) -> LiveState:
        """Return the angle of the newest row, and the phase."""
        zero_up, axis = self._tracker.poses.zero_up, self._tracker.memory.axis
        angle_deg = tilt = None
        if zero_up is not None:
            up = self._rows.columns(UP, self._rows.end - 1, self._rows.end)
            tilt = (up[0], zero_up) if axis is None else None
            turned = tilt_deg(up, zero_up) if axis is None else hinge_angle_deg(up, axis, zero_up)
            angle_deg = float(turned[0]) + self._zero_deg
        phase, start_s = self._phase
        time_s = self._rows.time_at(self._rows.end - 1)
        if angle_deg is not None and self._thigh is not None:
            angle_deg -= float(self._thigh.turn_at(np.array([time_s]))[0])
        return LiveState(time_s, angle_deg, phase, start_s, self._sets.n_reps, axis, tilt=tilt)

    def angle_frame(self) -> AngleFrame:
        """Return the axes of the repetitions, and the zero pose."""
        poses = self._tracker.poses
        return AngleFrame(self._tracker.memory.history, poses.zero_up, self._zero_deg)

    def _translate(self, event: TrackerEvent) -> Iterator[Event]:
        # Rows replayed after a start in movement are decided now, not when they were measured.
        at_s = self._decided_s = max(self._decided_s, self._rows.time_at(event.row))
        if self._thigh is not None:
            self._thigh.learn_up_to(event.row + 1)
        if isinstance(event, Quiet):
            if self._sets.has_paused(at_s):
                yield from self._close_set(at_s)
        elif isinstance(event, ZeroFound):
            yield Calibrated(calibration=event.calibration, at_s=at_s)
            if event.calibration.method != "still-pose":
                yield from self._warn("still_pose_missing", at_s)
        elif isinstance(event, LeftRest):
            yield RepStarted(at_s=at_s)
            yield self._change_phase(self._outward_kind(), at_s)
        elif isinstance(event, Turned):
            kind = self._back_kind() if event.is_back else self._outward_kind()
            yield self._change_phase(kind, at_s)
        elif isinstance(event, CameBack):
            yield self._change_phase(None, at_s)
        else:
            yield from self._finish_rep(event, at_s)
            yield self._change_phase(None, at_s)

    def _finish_rep(self, closed: ClosedRep, at_s: float) -> Iterator[Event]:
        poses = self._tracker.poses
        thigh = self._thigh_turn(closed)
        # In a squat the thigh is most of the knee: without it there is no knee angle.
        needs = self._exercise.coordinate is not Coordinate.KNEE_FLEXION
        is_seen = thigh is not None and (not needs or thigh.state is ThighState.FOLLOWED)
        rep = measure_rep(
            self._judged if is_seen else self._exercise,
            self._rows,
            closed,
            zero_up=poses.zero_pose_up,
            rest_deg=poses.rest_level_deg(closed.axis) + self._zero_deg,
            zero_deg=self._zero_deg,
            rate_hz=self._rate_hz,
            thigh=thigh if is_seen else None,
            calibration_quality=self.calibration.quality,
        )
        # A pause with no quiet moment seen in it, as behind a lost link, ends a set all the same.
        if self._sets.has_paused(rep.start_s):
            yield from self._close_set(at_s)
        self._sets.add(rep)
        yield RepFinished(rep=rep, at_s=at_s)
        for code in self._checks.of_rep(rep, closed.axis, poses.zero_pose_up):
            yield Warned(code=code, at_s=at_s)
        for code in self._suspicions(rep, closed):
            yield from self._warn(code, at_s)

    def _suspicions(self, rep: Rep, closed: ClosedRep) -> list[str]:
        start, end = closed.excursion.start_row, closed.excursion.end_row
        gyr_rads = self._rows.columns(GYR, start, end)
        back = slice(
            *self._rows.column(TIME, start, end).searchsorted((rep.phases[-1].start_s, rep.end_s))
        )
        return self._wear.of_rep(
            own_axis(gyr_rads, closed.axis),
            closed.swing,
            self._tracker.poses.rest_level_deg(closed.axis),
            has_snapped=snapped(np.degrees(gyr_rads[back] @ closed.axis), self._rate_hz),
        )

    def _warn(self, code: str, at_s: float) -> Iterator[Warned]:
        if self._checks.add(code):
            yield Warned(code=code, at_s=at_s)

    def _thigh_turn(self, closed: ClosedRep) -> ThighTurn | None:
        if self._thigh is None:
            return None
        zero_up = self._tracker.poses.zero_pose_up
        end = closed.excursion.end_row
        return self._thigh.turn_in(closed.first_row, end, closed.axis, zero_up)

    def _close_set(self, at_s: float) -> Iterator[SetFinished]:
        finished = self._sets.close(at_s, self._gaps, self.calibration.quality)
        if finished is not None:
            yield finished

    def _outward_kind(self) -> PhaseKind:
        return PhaseKind(self._exercise.outward.value)

    def _back_kind(self) -> PhaseKind:
        is_eccentric = self._exercise.eccentric_is == "return"
        return PhaseKind.ECCENTRIC if is_eccentric else PhaseKind.CONCENTRIC

    def _change_phase(self, kind: PhaseKind | None, at_s: float) -> PhaseChanged:
        self._phase = (kind, None if kind is None else at_s)
        return PhaseChanged(kind=kind, at_s=at_s)
