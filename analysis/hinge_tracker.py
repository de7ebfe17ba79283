"""Follow one hinge through a stream: its rest pose, its axis, its repetitions.

The strategy
------------
1. *Seek* a rest pose: half a second to a second of stillness, or, where the recording starts in
   movement, the end of the range that the slow way leads to (`rest_seeker.py`).
2. *Track*: write the coordinate of each row, let the `RepFinder` decide, and judge what it closes.
   Until two repetitions agree on an axis, the coordinate is the plain tilt from the rest pose.
3. *Away*: the leg is in another pose (sitting up, walking) or an excursion took too long. Nothing
   is counted until it is back in the rest pose, or still in a new one.

Slow updates happen at ticks, a fixed number of rows apart, however the stream is cut.
"""

from collections.abc import Generator, Iterator
from enum import Enum, auto
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.axis_memory import AxisMemory
from analysis.exercise import Coordinate, Exercise
from analysis.hinge_coordinate import HingeCoordinate
from analysis.own_amplitude import OwnAmplitude
from analysis.rep_finder import Excursion, Levels, RepFinder, State
from analysis.rep_gates import is_repetition, swing_of
from analysis.rest_end import is_upside_down, top_pose
from analysis.rest_poses import NEW_REST_DEG, RestPoses
from analysis.rest_seeker import FoundRest, RestSeeker
from analysis.rows import UP, Rows, X
from analysis.staying_away import LONGEST_REP_S, stays_away
from analysis.stillness import TICK_S, Pose, StillnessWatch
from analysis.tracker_events import (
    CameBack,
    ClosedRep,
    LeftRest,
    Quiet,
    TrackerEvent,
    Turned,
    ZeroFound,
)

NEW_REST_TICKS: Final = 12
MOVED_REST_TICKS: Final = 8  # the same before the first repetition
FIRST_AGAIN_TICKS: Final = 16  # before any repetition: lying on the side is not the rest pose
STILL_TICKS: Final = 4
HOME_TICKS: Final = 2
LONGEST_UNLIKE_S: Final = 10.0  # away and back within this: an excursion about another axis
NO_REST_S: Final = 0.3  # shorter than this between two excursions is no rest
# Of the amplitude: a slow way of ten degrees is not stillness.
STILL_WANDER_SHARE: Final = 0.02
LONGEST_STRETCH: Final = 12  # ticks looked ahead: about one way of a repetition
KEPT_S: Final = 40.0  # rows kept for the excursion under way


class Mode(Enum):
    """What the tracker is doing."""

    SEEK = auto()
    TRACK = auto()
    AWAY = auto()


class HingeTracker:
    """See the module; `advance` uses all rows that were appended to `rows`."""

    def __init__(self, exercise: Exercise, rate_hz: float, rows: Rows, zero_deg: float) -> None:
        self.mode = Mode.SEEK
        self.poses = RestPoses(zero_deg, needs_steady=exercise.has_peak_target)
        self.memory = AxisMemory(rate_hz)
        self._coordinate = HingeCoordinate(self.memory, self.poses)
        levels = Levels.of(exercise, exercise.start_amplitude_deg)
        self.finder = RepFinder(exercise, rate_hz, levels)
        self._amplitude = OwnAmplitude(exercise)
        self._exercise = exercise
        self._rate_hz = rate_hz
        self._rows = rows
        self._tick_rows = max(2, round(TICK_S * rate_hz))
        self._watch = StillnessWatch()
        self._seeker = RestSeeker(exercise, rate_hz, rows.end)
        self._tick_start = rows.end
        self._row = rows.end  # the first row not used yet
        self._last_low_row = rows.end  # where the last repetition ended
        self._away_since = rows.end
        self._unlike_until = -1
        self._again_from: int | None = None  # rows to look at once more, from another rest pose

    def restart(self) -> None:
        """Begin a new segment after a hole in the signal: all but the poses and axis is void."""
        self._row = self._tick_start = self._last_low_row = self._away_since = self._rows.end
        self._rows.drop_before(self._row)
        self._watch = StillnessWatch()
        self.finder.forget(self._row)
        if self.poses.is_known:
            self.mode = Mode.TRACK
        else:
            self._seeker = RestSeeker(self._exercise, self._rate_hz, self._row)

    def advance(self) -> Iterator[TrackerEvent]:
        """Use all new rows."""
        while self._row < self._rows.end:
            stop = min(self._rows.end, self._tick_start + self._tick_rows)
            if self.mode is Mode.TRACK:
                stop = max(stop, self._moving_until())
                stop = yield from self._track(stop)
                self._pass_ticks(stop)
            self._row = stop
            tick_end = self._tick_start + self._tick_rows
            if stop == tick_end:
                yield from self._tick(self._tick_start, tick_end)
                self._tick_start = tick_end

    def rows_to_tick(self) -> int:
        """How many rows are missing to the end of the running tick."""
        return self._tick_start + self._tick_rows - self._rows.end

    def finish(self) -> Iterator[TrackerEvent]:
        """Close a repetition that was on its last degrees when the recording ended."""
        if self.mode is Mode.TRACK and self.finder.state is State.RETURNING:
            yield from self._close(self.finder.cut(self._rows.end))

    # ---- tracking --------------------------------------------------------------------------

    def _track(self, stop: int) -> Generator[TrackerEvent, None, int]:
        """Use the rows up to `stop`, or to the end of the tick in which an excursion ended.

        Returns
        -------
        int
            The row after the last one used.

        """
        row = self._row
        self._write(row, stop)
        while row < stop:
            before, turned_before = self.finder.state, self.finder.turn_row
            row, ended = self.finder.scan(self._rows, row, stop)
            if self.finder.excursion is None:
                stop = min(stop, self._end_of_tick(row))
            if ended is not None:
                yield from self._close(ended)
                row, self._again_from = self._again_from or row, None
                self._write(row, stop)
                if self.mode is not Mode.TRACK:
                    break
            elif before is State.IDLE and self.finder.state is State.OUT:
                yield LeftRest(row - 1)
            elif before is State.OUT and self.finder.state is State.IDLE:
                yield CameBack(row - 1)
            elif self.finder.turn_row != turned_before:
                yield Turned(row - 1, is_back=self.finder.turn_row >= 0)
        return stop

    def _write(self, start: int, stop: int) -> None:
        if stop > start:
            self._rows.column(X, start, stop)[:] = self._coordinate.of(
                self._rows.columns(UP, start, stop)
            )

    def _close(self, ended: Excursion) -> Iterator[TrackerEvent]:
        first = max(self._rows.first, self._last_low_row, ended.start_row - round(self._rate_hz))
        axis, is_known = self.memory.axis_of(self._rows, ended, self.poses.rest_up)
        share = self.memory.share_of(self._rows, ended)
        if not self.memory.is_trusted and is_upside_down(
            self._exercise,
            self._rows,
            ended,
            axis=axis,
            axis_share=share,
            rest_up=self.poses.rest_up,
            levels=self.finder.levels,
            rate_hz=self._rate_hz,
        ):
            yield from self._turn_round(ended)
            return
        if self.memory.is_trusted and not is_known:
            self.memory.note_unlike()
            yield from self._discard(ended)
            return
        swing = swing_of(self._rows, ended, axis, self._rate_hz)
        accepted = is_repetition(
            self._exercise,
            self._rows,
            ended,
            axis=axis,
            axis_share=share,
            swing=swing,
            rest_up=self.poses.rest_up,
            levels=self.finder.levels,
            rate_hz=self._rate_hz,
        )
        # What goes on from something else without a rest between is something else too.
        goes_on = not self.memory.is_trusted and ended.start_row <= self._unlike_until
        if not accepted or goes_on or self._amplitude.is_unlike(ended):
            self._unlike_until = ended.end_row + round(NO_REST_S * self._rate_hz)
            yield from self._discard(ended)
            return
        self.memory.learn(self._rows, ended, axis, is_known=is_known)
        self._last_low_row = ended.low_row
        self.finder.levels = self._amplitude.learnt_from(ended) or self.finder.levels
        self.poses.settle()
        if not ended.is_cut_short:
            n = min(ended.end_row - ended.return_row, self._tick_rows // 2)
            landing = self._rows.columns(UP, ended.end_row - n, ended.end_row)
            self.poses.follow_landing(landing, axis, self.finder.levels.same_rest_deg)
        yield ClosedRep(ended, first, axis, swing)

    def _turn_round(self, ended: Excursion) -> Iterator[TrackerEvent]:
        """Take the top of an excursion for the rest pose, and look at it once more from there."""
        up = top_pose(self._rows, ended)
        yield CameBack(ended.end_row - 1)
        if self.poses.turn_round(Pose(up, 0, 0.0), self._rows.time_at(ended.top_row)):
            yield ZeroFound(self.poses.calibration, ended.end_row - 1)
        self.finder.forget(ended.start_row)
        self._again_from = self._last_low_row = ended.start_row

    def _discard(self, ended: Excursion) -> Iterator[TrackerEvent]:
        """Drop an excursion that was something else; the leg may be elsewhere now."""
        self._last_low_row = ended.low_row
        last_deg = float(self._rows.column(X, ended.end_row - 1, ended.end_row)[0])
        if last_deg > NEW_REST_DEG and not ended.is_cut_short:
            self._go_away(ended.end_row)
        yield CameBack(ended.end_row - 1)

    # ---- ticks -----------------------------------------------------------------------------

    def _moving_until(self) -> int:
        """Return the end of the last tick here that an excursion under way makes idle.

        While the leg moves no tick ends a still pose, and so none decides anything but that the
        excursion takes too long. A whole recording is gone through in such stretches.
        """
        going = self.finder.excursion
        n_ticks = (self._rows.end - self._tick_start) // self._tick_rows
        if going is None or self.memory.axis is None or n_ticks <= 1:
            return self._tick_start
        too_long = going.start_row + int(LONGEST_REP_S * self._rate_hz)
        n_ticks = min(n_ticks, (too_long - self._tick_start) // self._tick_rows, LONGEST_STRETCH)
        n_moving = self._watch.n_moving(self._ticks(n_ticks)) if n_ticks > 0 else 0
        return self._tick_start + n_moving * self._tick_rows

    def _pass_ticks(self, stop: int) -> None:
        """Go to the tick that `stop` is in or ends; those before it have nothing to decide."""
        n_ticks = (stop - 1 - self._tick_start) // self._tick_rows
        if n_ticks > 0:
            self._watch.add_ticks(self._ticks(n_ticks))
            self._tick_start += n_ticks * self._tick_rows

    def _ticks(self, n_ticks: int) -> NDArray[np.float64]:
        """Return the vertical of the next ticks (n_ticks, m, 3): a view."""
        end = self._tick_start + n_ticks * self._tick_rows
        up = self._rows.columns(UP, self._tick_start, end)
        return up.reshape(n_ticks, self._tick_rows, 3)

    def _end_of_tick(self, row: int) -> int:
        """Return the end of the tick, from the running one on, in which the row before lies."""
        n_ticks = max(1, -((self._tick_start - row) // self._tick_rows))
        return self._tick_start + n_ticks * self._tick_rows

    def _tick(self, start: int, end: int) -> Iterator[TrackerEvent]:
        up = self._rows.columns(UP, start, end)
        self._watch.add(up)
        if self.mode is Mode.SEEK:
            yield from self._seek(end)
        elif self._is_back_at_first(up):
            self.poses.return_to_first()
            yield ZeroFound(self.poses.calibration, end - 1)
            self._track_again(end)
        elif self.poses.has_left_home and self._returns_home(up):
            self.memory.trust_again()
            if self.finder.state is not State.IDLE:
                yield CameBack(end - 1)
            self._track_again(end)
        elif self.mode is Mode.TRACK:
            yield from self._check(up, end)
        else:
            yield from self._wait(up, end)
        if self.mode is not Mode.TRACK or self.finder.state is State.IDLE:
            yield Quiet(end - 1)
        self._rows.drop_before(end - round(KEPT_S * self._rate_hz))

    def _returns_home(self, up: NDArray[np.float64]) -> bool:
        is_still = self._watch.pose(HOME_TICKS) is not None
        return is_still and self.poses.return_home(up, self.finder.levels.same_rest_deg)

    def _seek(self, end: int) -> Iterator[TrackerEvent]:
        found = self._seeker.look(self._rows, end, self._watch)
        if found is not None:
            yield from self._start_from(found, end)

    def _start_from(self, found: FoundRest, end: int) -> Iterator[TrackerEvent]:
        """Take the first rest pose, and track from there on."""
        self.poses.find(found, self._rows.time_at(found.row))
        self.mode = Mode.TRACK
        yield ZeroFound(self.poses.calibration, end - 1)
        # Also count what moved before the rest pose was known.
        self._row = found.replay_from
        self._last_low_row = max(self._rows.first, self._row - round(self._rate_hz))
        self.finder.forget(found.replay_from)
        yield from self._track(end)
        self._row = end

    def _check(self, up: NDArray[np.float64], end: int) -> Iterator[TrackerEvent]:
        """While tracking: follow the rest pose, and notice that the leg is elsewhere."""
        going = self.finder.excursion
        if going is not None and stays_away(
            self._exercise, self.finder.state, self._watch, (end - going.start_row) / self._rate_hz
        ):
            self.finder.forget(end)
            yield CameBack(end - 1)
            yield from self._rest_there(end)
            return
        if going is None and self.poses.off_rest_deg(up[-1:]) > NEW_REST_DEG:
            self._go_away(end)  # about another axis, or the other way
            return
        if not self._follow_still_pose(going) or going is None:
            return
        if self.finder.state is State.RETURNING:
            yield from self._close(self.finder.cut(end))
        else:
            self.finder.forget(end)
            yield CameBack(end - 1)

    def _rest_there(self, end: int) -> Iterator[TrackerEvent]:
        """Take a leg that stays out to rest there, if the rest pose was but a guess."""
        pose = self._watch.pose(NEW_REST_TICKS)
        is_guess = self.poses.calibration.method == "lower-envelope"
        is_unknown = self._exercise.coordinate is Coordinate.SEGMENT_ROTATION
        if pose is None or not (is_guess and is_unknown):
            self._go_away(end)
            return
        self.memory.distrust()
        if self.poses.turn_round(pose, self._rows.time_at(end - 1)):
            yield ZeroFound(self.poses.calibration, end - 1)

    def _follow_still_pose(self, going: Excursion | None) -> bool:
        """Take a still pose near the rest pose for the rest pose; the further off, the longer."""
        pose = self._watch.pose(STILL_TICKS)
        levels = self.finder.levels
        if pose is None or pose.wander_deg > STILL_WANDER_SHARE * levels.amplitude_deg:
            return False
        if self.poses.off_rest_deg(pose.up[None]) > levels.same_rest_deg:
            is_low = going is None or not self.finder.levels.is_enough(going)
            ticks = MOVED_REST_TICKS if self.memory.axis is None else NEW_REST_TICKS
            pose = self._watch.pose(ticks) if is_low else None
        return pose is not None and self.poses.follow(pose.up)

    def _wait(self, up: NDArray[np.float64], end: int) -> Iterator[TrackerEvent]:
        """While away: look for the rest pose, or a new one held still."""
        off_deg = self.poses.off_rest_deg(up)
        is_back = off_deg < self.finder.levels.near_pose_deg or self.poses.is_back_at_zero(
            up, self.finder.levels.near_pose_deg
        )
        if is_back and self._watch.pose(1) is not None:
            if end - self._away_since < LONGEST_UNLIKE_S * self._rate_hz:
                self.memory.note_unlike()
            self._track_again(end)
        elif self.memory.axis is None:
            pose = self._watch.pose(FIRST_AGAIN_TICKS)
            if pose is not None:
                if self.poses.replace(pose, self._rows.time_at(end - 1)):
                    yield ZeroFound(self.poses.calibration, end - 1)
                self._track_again(end)
            elif self._may_guess_again():
                found = self._seeker.look_at_movement(self._rows, end)
                if found is not None:
                    yield from self._start_from(found, end)
        else:
            pose = self._watch.pose(NEW_REST_TICKS)
            if pose is None or off_deg >= NEW_REST_DEG:
                return
            self.poses.leave_home()
            if self.poses.follow(pose.up):
                self.memory.distrust()
                self._track_again(end)

    def _may_guess_again(self) -> bool:
        """Whether movement may show that the pose taken for rest was none.

        A still pose is believed, except where reps are so large that nothing passes for them.
        """
        return self.poses.is_guess or self._exercise.has_peak_target

    def _is_back_at_first(self, up: NDArray[np.float64]) -> bool:
        """Whether a pose taken for the rest pose was not one: the leg is back in the first."""
        is_open = self.memory.axis is None and self.poses.is_back_at_first(up)
        return is_open and self._watch.pose(1) is not None

    def _go_away(self, row: int) -> None:
        self.mode, self._away_since = Mode.AWAY, row
        if self.memory.axis is None and self._may_guess_again():
            self._seeker = RestSeeker(self._exercise, self._rate_hz, row)
            if self.poses.calibration.method == "lower-envelope":
                self.mode = Mode.SEEK  # nothing came of it: guess again

    def _track_again(self, end: int) -> None:
        self.mode = Mode.TRACK
        self.finder.forget(end)
