"""Notice that the axis was learnt from something else, and look at what was missed once more.

Two swings of a fidgeting leg may agree on an axis, or on the opposite way out; the exercise that
begins then does not show on it. The plain tilt from the rest pose does show it, whatever the axis:
when the leg leaves the rest pose and comes back, again and again, and nothing of it counts, the
axis is forgotten, and the rows since are gone through anew.
"""

from collections.abc import Generator, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.axis_memory import SAME_AXIS_COS
from analysis.exercise import Exercise
from analysis.hinge import Vector, tilt_between_deg
from analysis.hinge_tracker import HingeTracker, Mode
from analysis.rep_finder import Excursion
from analysis.rest_seeker import RestSeeker
from analysis.rows import Rows
from analysis.staying_away import LONGEST_REP_S
from analysis.tracker_events import CameBack, ClosedRep, TrackerEvent

BACK_SHARE: Final = 0.5  # of the smallest repetition: as near to the rest pose as that is back
SHORTEST_S: Final = 2.0  # a stride is over sooner
LOST_S: Final = 10.0  # out for so long: longer than a repetition
MISSED_TO_DOUBT_MANY: Final = 3  # where many repetitions had that axis: only its way out is wrong
MISSED_TO_DOUBT: Final = 2  # excursions in a row: as many as it takes to trust an axis


class MissedExcursions:
    """Counts excursions from the rest pose, one like the other, of which nothing counted."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._out_since: int | None = None
        self._farthest_deg = 0.0
        self._farthest = np.zeros(3)
        self._starts: list[int] = []
        self._direction = np.zeros(3)

    @property
    def n(self) -> int:
        """How many in a row."""
        return len(self._starts)

    def go_against(self, axis: Vector, rest_up: Vector) -> bool:
        """Whether they went the other way about an axis (3,)."""
        against = np.cross(axis, rest_up)
        return float(self._direction @ against) > SAME_AXIS_COS * float(np.sqrt(against @ against))

    @property
    def first_row(self) -> int:
        """Where the first of them began; only while there are some."""
        return self._starts[0]

    def forget(self) -> None:
        """Begin anew: something counted."""
        self._out_since, self._starts = None, []

    def look(
        self, up: NDArray[np.float64], rest_up: Vector, smallest_deg: float, rows: slice
    ) -> None:
        """Take in the verticals (n, 3) of a tick at which nothing was under way."""
        mean = up.mean(axis=0)
        off_deg = tilt_between_deg(mean / np.sqrt(mean @ mean), rest_up)
        if self._out_since is None:
            if off_deg < smallest_deg:
                return
            self._out_since, self._farthest_deg = rows.start, 0.0
        if off_deg > self._farthest_deg:
            self._farthest_deg, self._farthest = off_deg, mean - rest_up
        if off_deg < BACK_SHARE * smallest_deg:
            self._take_in(self._out_since, rows.stop)
            self._out_since = None

    def _take_in(self, start: int, end: int) -> None:
        direction = self._farthest / np.sqrt(self._farthest @ self._farthest)
        if not SHORTEST_S < (end - start) / self._rate_hz < LONGEST_REP_S:
            return
        if float(direction @ self._direction) < SAME_AXIS_COS:
            self._starts = []
        self._direction = direction
        self._starts.append(start)


class SecondLookTracker(HingeTracker):
    """A `HingeTracker` that doubts an axis on which the exercise does not show."""

    def __init__(self, exercise: Exercise, rate_hz: float, rows: Rows, zero_deg: float) -> None:
        super().__init__(exercise, rate_hz, rows, zero_deg)
        self._missed = MissedExcursions(rate_hz)
        self._elsewhere: tuple[int, RestSeeker] | None = None

    def restart(self) -> None:
        """Begin a new segment after a hole in the signal."""
        super().restart()
        self._missed.forget()

    def _close(self, ended: Excursion) -> Iterator[TrackerEvent]:
        for event in super()._close(ended):
            if isinstance(event, ClosedRep):
                self._missed.forget()
            yield event

    def _check(self, up: NDArray[np.float64], end: int) -> Iterator[TrackerEvent]:
        if self.memory.is_trusted and self.finder.excursion is None:
            rows = slice(end - len(up), end)
            self._missed.look(up, self.poses.rest_up, self.finder.levels.smallest_deg, rows)
            if self._is_doubtful():
                self._row = self._forgotten()
                yield from self._track(end)
                self._row = end
                return
        going = self.finder.excursion
        if going is not None and (yield from self._settled_elsewhere(going.start_row, end)):
            return
        yield from super()._check(up, end)
        if self._again_from is not None:  # a still pose ended an excursion that was upside down
            self._row, self._again_from = self._again_from, None

    def _is_doubtful(self) -> bool:
        axis, missed = self.memory.axis, self._missed
        if axis is None or not self.memory.is_known_well:
            return missed.n >= MISSED_TO_DOUBT
        is_against = missed.n > 0 and missed.go_against(axis, self.poses.rest_up)
        return is_against and missed.n >= MISSED_TO_DOUBT_MANY

    def _wait(self, up: NDArray[np.float64], end: int) -> Iterator[TrackerEvent]:
        if not (yield from self._settled_elsewhere(self._away_since, end)):
            yield from super()._wait(up, end)

    def _settled_elsewhere(self, since: int, end: int) -> Generator[TrackerEvent, None, bool]:
        """Whether the leg goes to and fro without its rest pose: then rest is where it turns."""
        is_lost = end - since > LOST_S * self._rate_hz and not self.memory.is_known_well
        if not is_lost or self._exercise.has_peak_target:
            self._elsewhere = None
            return False
        first = end - round(LOST_S * self._rate_hz)
        if self._elsewhere is None or first - self._elsewhere[0] > LOST_S * self._rate_hz:
            self._elsewhere = (first, RestSeeker(self._exercise, self._rate_hz, first))
        found = self._elsewhere[1].look_at_movement(self._rows, end)
        if found is None:
            return False
        self._elsewhere = None
        self.memory.distrust()
        self._missed.forget()
        self._unlike_until = -1
        if self.poses.follow(found.up):
            self.mode = Mode.TRACK
            yield CameBack(end - 1)
            self._row = self._last_low_row = found.replay_from
            self.finder.forget(found.replay_from)
            yield from self._track(end)
            self._row = end
        else:
            yield from self._start_from(found, end)
        return True

    def _forgotten(self) -> int:
        """Forget the axis; return the row from which to look once more."""
        first = max(self._rows.first, self._missed.first_row - round(self._rate_hz))
        self.memory.distrust()
        self._missed.forget()
        self._unlike_until = -1
        self._last_low_row = first
        self.finder.forget(first)
        return first
