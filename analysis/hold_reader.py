"""Read holds: stillness in a pose that was taken, with its interruptions, in sets."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from analysis.angle_trace import AngleFrame
from analysis.events import Calibrated, Event, PhaseChanged, SetFinished, Warned
from analysis.exercise import Exercise
from analysis.feedback import choose_hold_feedback
from analysis.hinge import tilt_deg
from analysis.hold_finder import Held, HoldFinder
from analysis.hold_quality import hold_quality
from analysis.live_state import LiveState
from analysis.patience import Waiting
from analysis.rest_poses import steadiness
from analysis.results import Calibration, Gap, Hold, PhaseKind, SetResult
from analysis.rows import UP, Rows
from analysis.set_keeper import coverage_of
from analysis.signal_checks import SignalChecks
from analysis.stillness import TICK_S

BLOCK_S: Final = 0.2  # samples wait for one another this long
KEPT_S: Final = 14.0  # rows that an edge of a hold may still be looked for in
# Half-width of the 95 % interval of a hold's length on simulated wear: two edges, each a share of
# how slowly people go into a pose and out of it; the table is docs/reference/accuracy.md.
STILL_U_S: Final = 0.9
LONGEST_BUSY_S: Final = 10.0  # a pause in which the leg is never still ends a set as well
UNSEEN: Final = (
    "The segment that carries the sensor kept its rest pose: this is the longest stillness after"
    " the first movement."
)


class HoldReader:
    """A `MovementReader` for stretching and mobilising; the parameters are `RepReader`'s."""

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
        self.calibration = Calibration(method="none", quality=0.0, zero_deg=zero_deg)
        self.finished: list[SetResult] = []
        self._exercise = exercise
        self._rows = rows
        self._rate_hz = rate_hz
        self._gaps = gaps
        self._checks = checks
        self._zero_deg = zero_deg
        self._finder = HoldFinder(exercise.hold_s)
        self._tick_rows = max(2, round(TICK_S * rate_hz))
        self._tick_start = rows.end
        self._decided_s = 0.0
        self._phase_start_s: float | None = None

    def patience_s(self, waiting: Waiting) -> float:
        """How long samples may wait for one another."""
        return 0.0 if waiting.n_pending else BLOCK_S

    def advance(self, not_before_s: float) -> Iterator[Event]:
        """Use all new rows, tick by tick."""
        self._decided_s = max(self._decided_s, not_before_s)
        while self._tick_start + self._tick_rows <= self._rows.end:
            start, end = self._tick_start, self._tick_start + self._tick_rows
            before = self._finder.holding
            self._finder.tick(self._rows, start, end)
            now_s = self._rows.time_at(end - 1)
            self._decided_s = max(self._decided_s, now_s)
            yield from self._calibrate()
            yield from self._tell_phase(before)
            if self._has_paused(now_s):
                yield from self._close_set()
            self._tick_start = end
            self._rows.drop_before(end - round(KEPT_S * self._rate_hz))

    def restart(self, not_before_s: float) -> Iterator[Event]:
        """Begin a new segment: a hold goes on if the leg is found in the same pose soon."""
        self._decided_s = max(self._decided_s, not_before_s)
        if self._rows.end > self._rows.first:
            self._finder.restart(self._rows.time_at(self._rows.end - 1))
        self._tick_start = self._rows.end
        yield from ()

    def end_set(self, at_s: float) -> Iterator[Event]:
        """End the running set now, with the hold that goes on."""
        self._decided_s = max(self._decided_s, at_s)
        before = self._finder.holding
        if self._rows.end > self._rows.first:
            self._finder.close(self._rows, self._rows.end)
        yield from self._tell_phase(before)
        if not self._finder.n_holds and not self.finished:
            yield from self._take_quiet()
        yield from self._close_set()

    def finish(self, at_s: float) -> Iterator[Event]:
        """Close what is open."""
        yield from self.end_set(at_s)

    def live(self) -> LiveState:
        """Return how long the pose has been held, and how far it is from the rest pose."""
        row = self._rows.end - 1
        now_s = self._rows.time_at(row)
        angle_deg = None
        if self._finder.rest_up is not None:
            up = self._rows.columns(UP, row, row + 1)
            angle_deg = float(tilt_deg(up, self._finder.rest_up)[0]) + self._zero_deg
        return LiveState(
            time_s=now_s,
            angle_deg=angle_deg,
            phase=None if self._phase_start_s is None else PhaseKind.HOLD,
            phase_start_s=self._phase_start_s,
            n_reps=self._finder.n_holds,
            held_s=self._finder.held_s,
        )

    def angle_frame(self) -> AngleFrame:
        """Return the rest pose: the coordinate is the plain tilt from it."""
        rest = self._finder.rest
        return AngleFrame((), None if rest is None else rest.up, self._zero_deg)

    def _calibrate(self) -> Iterator[Event]:
        rest = self._finder.rest
        if rest is None or self.calibration.at_s is not None:
            return
        self.calibration = Calibration(
            method="still-pose",
            quality=steadiness(rest.wander_deg),
            zero_deg=self._zero_deg,
            at_s=rest.start_s,
        )
        yield Calibrated(calibration=self.calibration, at_s=self._decided_s)

    def _tell_phase(self, before: Held | None) -> Iterator[Event]:
        holding = self._finder.holding
        if holding is before:
            return
        if before is not None:
            self._phase_start_s = None
            yield PhaseChanged(kind=None, at_s=self._decided_s)
        if holding is not None:
            self._phase_start_s = holding.start_s
            yield PhaseChanged(kind=PhaseKind.HOLD, at_s=self._decided_s)

    def _has_paused(self, now_s: float) -> bool:
        end_s = self._finder.last_end_s
        if end_s is None or self._finder.holding is not None:
            return False
        least_s = self._exercise.set_pause_s
        if not self._finder.is_resting:  # on the way into the next one, perhaps
            least_s += LONGEST_BUSY_S
        return now_s - end_s >= least_s

    def _take_quiet(self) -> Iterator[Event]:
        """Nothing was taken for a pose: fall back on the longest stillness there was."""
        at_s = self._rows.time_at(self._rows.end - 1) if self._rows.end else self._decided_s
        quiet = self._finder.quiet_hold(at_s) if self._exercise.may_keep_pose else None
        if quiet is None:
            return
        if self._checks.add("hold_pose_unseen"):
            yield Warned(code="hold_pose_unseen", at_s=self._decided_s)
        yield from self._close_with([self._measured(quiet)])

    def _close_set(self) -> Iterator[Event]:
        holds = [self._measured(held) for held in self._finder.take_set()]
        if holds:
            yield from self._close_with(holds)

    def _close_with(self, holds: Sequence[Hold]) -> Iterator[Event]:
        start_s, end_s = holds[0].start_s, holds[-1].end_s
        coverage = coverage_of(start_s, end_s, self._gaps)
        quality = hold_quality(
            self._exercise,
            holds,
            coverage=coverage,
            calibration_quality=self.calibration.quality,
        )
        result = SetResult(
            start_s=start_s,
            end_s=end_s,
            quality=quality,
            holds=tuple(holds),
            feedback=choose_hold_feedback(self._exercise, holds, coverage=coverage),
        )
        self.finished.append(result)
        yield SetFinished(set_result=result, at_s=self._decided_s)

    def _measured(self, held: Held) -> Hold:
        missing_s = sum(
            max(0.0, min(gap.end_s, held.end_s) - max(gap.start_s, held.start_s))
            for gap in self._gaps
        )
        return Hold(
            start_s=held.start_s,
            end_s=held.end_s,
            interruptions=held.interruptions,
            still_s=held.still_s(held.end_s),
            still_s_u=float(np.hypot(STILL_U_S, missing_s)),
            pose_deg=held.pose_deg,
            absent={} if held.pose_deg is not None else {"pose_deg": UNSEEN},
        )
