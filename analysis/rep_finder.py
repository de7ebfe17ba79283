"""Decide that a repetition occurred; when exactly, rep_timing.py tells.

The strategy
------------
A repetition leaves the rest pose, turns, and comes back. On the movement coordinate (degrees from
the rest pose) that is: over the *leave* level, a highest point of at least the *smallest
repetition* above where it began, then under the *return* level, which is a share of that highest
point, and there an end: the leg settles, or turns up again for the next one.

The levels come from the exercise's target or from the person's own repetitions, never from the
whole block, so that live and after the fact are one. Decisions fall on rows of the grid found by
array searches between ticks; they do not depend on how the stream was cut.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.exercise import Exercise
from analysis.rows import Rows, X

LEAVE_SHARE: Final = 0.12
MIN_LEAVE_DEG: Final = 5.0
LEAVE_OF_SMALLEST: Final = 0.6
# Under 30 % of the amplitude is no repetition, from 35 % on it is: docs/reference/measures.md.
SMALLEST_SHARE: Final = 0.325
RETURN_SHARE: Final = 0.4
NEAR_REST_SHARE: Final = 0.12
MIN_NEAR_REST_DEG: Final = 3.0
SMALL_NEAR_REST_SHARE: Final = 0.25
NEAR_ZONE_DEG: Final = 15.0
NEAR_ZONE_SHARE: Final = 0.35
RERISE_SHARE: Final = 0.10
MIN_RERISE_DEG: Final = 5.0
SMALL_RERISE_SHARE: Final = 0.4
SAME_REST_DEG: Final = 8.0  # people shift by some degrees within a set; the rest pose follows
SAME_REST_SHARE: Final = 0.3
SAME_REST_OF_SMALLEST: Final = 0.6  # the person's own may be that small
NEAR_POSE_DEG: Final = 12.0
NEAR_POSE_SHARE: Final = 0.4
# The leg has settled when over this long it came down by next to nothing. Near rest one period of
# the usual tremor is enough; higher up it may be a pause on the way, so wait longer.
SETTLE_NEAR_S: Final = 0.18
SETTLE_ABOVE_S: Final = 0.45
SETTLE_HIGH_S: Final = 1.3
SETTLED_DEG: Final = 0.15  # less than this between two instants is noise
STAYS_WITHIN_DEG: Final = 1.0  # a leg that has come down bounces or sinks by no more
SETTLED_SPEED_SHARE: Final = 0.06  # of the mean speed down: about 5 % of the peak speed
START_NOISE_DEG: Final = 1.0
TURNED_DEG: Final = 3.0
SMALL_TURNED_SHARE: Final = 0.15
TURNED_SHARE: Final = 0.05
FORESEEN_DEG: Final = 0.5  # so near to a level the gyroscope alone does not tell on which side
LOOK_BACK_S: Final = 2.5  # how long before leaving rest the excursion may have begun
HIGH_LOW_SHARE: Final = 0.35  # of the top: turning up again above this is no return
START_ABOVE_SHARE: Final = 0.5  # of the smallest height, where it began above rest


class State(Enum):
    """Where the leg is, as far as repetitions go."""

    IDLE = auto()  # in the rest pose, or near it
    OUT = auto()  # left it; has not come back under the return level
    RETURNING = auto()  # under the return level, not settled yet


@dataclass(slots=True)
class Levels:
    """The levels in degrees from rest, for one amplitude.

    Most are a share of the amplitude, but no less than noise and sway ask for; where the whole
    movement is of ten degrees, a larger share of it has to do.
    """

    amplitude_deg: float
    leave_deg: float
    smallest_deg: float
    near_rest_deg: float
    near_zone_deg: float
    rerise_deg: float
    turned_deg: float
    same_rest_deg: float  # a still pose this close to the rest pose is the rest pose
    near_pose_deg: float  # back from elsewhere: this close to it, in any direction

    @classmethod
    def of(cls, exercise: Exercise, amplitude_deg: float) -> "Levels":
        """Scale the levels to an amplitude."""
        if exercise.has_peak_target:
            smallest = SMALLEST_SHARE * amplitude_deg
        else:
            smallest = max(exercise.min_amplitude_deg, SMALLEST_SHARE * amplitude_deg)
        leave = max(MIN_LEAVE_DEG, LEAVE_SHARE * amplitude_deg)
        near_rest = max(MIN_NEAR_REST_DEG, NEAR_REST_SHARE * amplitude_deg)
        rerise = max(MIN_RERISE_DEG, RERISE_SHARE * amplitude_deg)
        return cls(
            amplitude_deg=amplitude_deg,
            leave_deg=min(leave, LEAVE_OF_SMALLEST * smallest),
            smallest_deg=smallest,
            near_rest_deg=min(near_rest, SMALL_NEAR_REST_SHARE * amplitude_deg),
            near_zone_deg=min(NEAR_ZONE_DEG, NEAR_ZONE_SHARE * amplitude_deg),
            rerise_deg=min(rerise, SMALL_RERISE_SHARE * amplitude_deg),
            turned_deg=min(TURNED_DEG, SMALL_TURNED_SHARE * amplitude_deg),
            same_rest_deg=min(
                SAME_REST_DEG, SAME_REST_SHARE * amplitude_deg, SAME_REST_OF_SMALLEST * smallest
            ),
            near_pose_deg=min(NEAR_POSE_DEG, NEAR_POSE_SHARE * amplitude_deg),
        )

    def is_enough(self, going: "Excursion") -> bool:
        """Whether an excursion is high enough for a repetition, also where it began above rest."""
        needed_deg = self.smallest_deg
        if going.start_deg > self.leave_deg:
            needed_deg *= START_ABOVE_SHARE
        return going.top_deg >= self.smallest_deg and going.height_deg >= needed_deg


@dataclass(slots=True)
class Excursion:
    """One excursion from rest, while it lasts and when it is over."""

    start_row: int
    start_deg: float
    top_row: int
    top_deg: float
    turn_row: int = -1  # where the way back was noticed; -1 while on the way out
    return_row: int = -1
    low_row: int = -1
    low_deg: float = 0.0
    end_row: int = -1
    is_cut_short: bool = False  # the next one began before this one came to rest

    @property
    def height_deg(self) -> float:
        """How far it rose from where it began."""
        return self.top_deg - self.start_deg


class RepFinder:
    """The state machine; `scan` moves it on and returns the excursions that ended."""

    def __init__(self, exercise: Exercise, rate_hz: float, levels: Levels) -> None:
        self.levels = levels
        self.state = State.IDLE
        self.excursion: Excursion | None = None
        self.earliest_start = 0  # rows before this belong to the repetition before
        self._exercise = exercise
        self._rate_hz = rate_hz

    @property
    def turn_row(self) -> int:
        """Where the way back of the running excursion was noticed; -1 before, or without one."""
        return -1 if self.excursion is None else self.excursion.turn_row

    def forget(self, row: int) -> None:
        """Drop the running excursion; nothing before `row` counts for the next one."""
        self.state, self.excursion, self.earliest_start = State.IDLE, None, row

    def rows_to_end(self, rows: Rows) -> int:
        """How many rows it takes at least until a returning leg can have settled, from now on.

        The leg has settled when it is no lower than a window ago. So there is a whole window's
        time while it still comes down; less, once it has been near where it is now.
        """
        going = self._going()
        window = max(2, round(SETTLE_NEAR_S * self._rate_hz))
        first = max(going.return_row, rows.end - window)
        recent = rows.column(X, first, rows.end)
        near_now = recent <= recent[-1] + STAYS_WITHIN_DEG
        return first + int(near_now.argmax()) + window - rows.end

    def still_comes_down(self, fell_deg: float, row: int) -> bool:
        """Whether a returning leg that fell so far within `SETTLE_NEAR_S` has not settled."""
        going = self._going()
        began = going.top_row if going.turn_row < 0 else going.turn_row
        mean_degs = going.top_deg / max((row - began) / self._rate_hz, 0.1)
        return fell_deg > max(SETTLED_DEG, SETTLED_SPEED_SHARE * mean_degs * SETTLE_NEAR_S)

    def leaves(self, x_deg: float) -> bool:
        """Whether a leg at rest that is so far out now is leaving its rest pose, or nearly."""
        return x_deg > self.levels.leave_deg - FORESEEN_DEG

    def turns(self, x_deg: float, highest_deg: float) -> bool:
        """Whether a leg that is out turns, or comes under the return level, or nearly.

        Parameters
        ----------
        x_deg, highest_deg : float
            Where it is now, and where it has been since it was looked at last.

        """
        going = self._going()
        highest_deg = max(highest_deg, going.top_deg)
        if x_deg <= RETURN_SHARE * highest_deg + FORESEEN_DEG:
            return True
        if going.turn_row >= 0:
            return x_deg > going.top_deg - FORESEEN_DEG
        turned_deg = max(self.levels.turned_deg, TURNED_SHARE * highest_deg)
        return x_deg < highest_deg - turned_deg + FORESEEN_DEG

    def scan(self, rows: Rows, start: int, end: int) -> tuple[int, Excursion | None]:
        """Look through the coordinate of the rows [start, end).

        Returns
        -------
        used : int
            Number of the row after the last one used up: `end`, or less when the state changed.
        ended : Excursion or None
            The excursion that ended at the last row used, if one did.

        """
        x = rows.column(X, start, end)
        if self.state is State.IDLE:
            return self._idle(rows, x, start), None
        if self.state is State.OUT:
            return self._out(x, start), None
        return self._returning(rows, x, start)

    def _idle(self, rows: Rows, x: NDArray[np.float64], start: int) -> int:
        left = x > self.levels.leave_deg
        hit = int(left.argmax())
        if not left[hit]:
            return start + len(x)
        row = start + hit
        first = max(rows.first, self.earliest_start, row - round(LOOK_BACK_S * self._rate_hz))
        before = rows.column(X, first, row + 1)
        is_low = before <= before.min() + START_NOISE_DEG
        low = len(before) - 1 - int(is_low[::-1].argmax())  # the latest row that was at rest
        self.excursion = Excursion(first + low, float(before[low]), row, float(x[hit]))
        self.state = State.OUT
        return row + 1

    def _out(self, x: NDArray[np.float64], start: int) -> int:
        going = self._going()
        highest = np.maximum.accumulate(np.maximum(x, going.top_deg))
        back = x <= RETURN_SHARE * highest
        hit = int(back.argmax())
        n = hit + 1 if back[hit] else len(x)
        toggled = self._toggled(x[:n], highest[:n], going)
        if toggled < n:
            n, back = toggled + 1, np.zeros_like(back)
            going.turn_row = start + toggled if going.turn_row < 0 else -1
        if highest[n - 1] > going.top_deg:
            going.top_deg = float(highest[n - 1])
            going.top_row = start + int(x[:n].argmax())
        if back[hit]:
            if not self.levels.is_enough(going):
                self.forget(start + hit)
            else:
                self.state = State.RETURNING
                going.return_row = going.low_row = start + hit
                going.low_deg = float(x[hit])
        return start + n

    def _returning(
        self, rows: Rows, x: NDArray[np.float64], start: int
    ) -> tuple[int, Excursion | None]:
        going = self._going()
        lowest = np.minimum.accumulate(np.minimum(x, going.low_deg))
        turned_up = self._turned_up(x, lowest)
        ended = turned_up | self._settled(rows, x, start, going, float(lowest[-1]))
        hit = int(ended.argmax())
        n = hit + 1 if ended[hit] else len(x)
        if lowest[n - 1] < going.low_deg:
            going.low_deg = float(lowest[n - 1])
            going.low_row = start + int(x[:n].argmin())
        if not ended[hit]:
            return start + n, None
        if turned_up[hit] and going.low_deg > HIGH_LOW_SHARE * self._expected_top_deg(going):
            # It never came down: one lift in two goes, or someone walking about.
            self.state, going.turn_row = State.OUT, -1
            return start + n, None
        going.end_row = start + n
        going.is_cut_short = bool(turned_up[hit])
        self.forget(going.low_row if going.is_cut_short else start + hit)
        return start + n, going

    def _settle_near_s(self, going: Excursion) -> float:
        """How long to watch near rest: a slow way's last degrees take longer to tell from none."""
        back_s = (going.return_row - max(going.turn_row, going.top_row)) / self._rate_hz
        mean_degs = (1.0 - RETURN_SHARE) * going.top_deg / max(back_s, 0.1)
        needed_s = SETTLED_DEG / (SETTLED_SPEED_SHARE * max(mean_degs, 1e-3))
        return min(max(SETTLE_NEAR_S, needed_s), SETTLE_ABOVE_S)

    def _toggled(
        self, x: NDArray[np.float64], highest: NDArray[np.float64], going: Excursion
    ) -> int:
        """Index at which the way back begins, or the way out again; len(x) if neither."""
        if going.turn_row < 0:
            change = x < highest - np.maximum(self.levels.turned_deg, TURNED_SHARE * highest)
        else:
            change = x > going.top_deg
        first = int(change.argmax())
        return first if change[first] else len(x)

    def cut(self, end: int) -> Excursion:
        """Close the excursion that is returning at the last row there is."""
        going = self._going()
        going.end_row = end
        self.forget(end)
        return going

    def _expected_top_deg(self, going: Excursion) -> float:
        """Return the top, or the target where it went beyond: standing up goes far beyond."""
        if self._exercise.has_peak_target:
            return min(going.top_deg, self.levels.amplitude_deg)
        return going.top_deg

    def _going(self) -> Excursion:
        assert self.excursion is not None  # noqa: S101 (what the states OUT and RETURNING mean)
        return self.excursion

    def _turned_up(self, x: NDArray[np.float64], lowest: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether the next lift began: a small rise near rest, a whole repetition's higher up."""
        near_deg, above_deg = self.levels.rerise_deg, self.levels.smallest_deg
        rise = x - lowest
        if rise.item(rise.argmax()) <= min(near_deg, above_deg):  # it still comes down
            return np.zeros(len(x), dtype=np.bool_)
        return np.asarray(rise > np.where(lowest < self.levels.near_zone_deg, near_deg, above_deg))

    def _settled(
        self,
        rows: Rows,
        x: NDArray[np.float64],
        start: int,
        going: Excursion,
        lowest_deg: float,
    ) -> NDArray[np.bool_]:
        """Whether the leg stopped coming down: at once near rest, after a wait higher up."""
        # A hold at the top is no part of the way down.
        began = going.top_row if going.turn_row < 0 else going.turn_row
        end = start + len(x)
        settled = np.zeros(len(x), dtype=np.bool_)
        for window_s, below_deg in (
            (self._settle_near_s(going), self.levels.near_rest_deg),
            (SETTLE_ABOVE_S, self.levels.near_zone_deg),
            (SETTLE_HIGH_S, np.inf),
        ):
            window = max(2, round(window_s * self._rate_hz))
            first = max(going.return_row, start - window)
            n = end - window - first  # rows that lie a window or more after the return
            if n <= 0:
                break
            if lowest_deg >= below_deg:
                continue
            late = x[-n:]
            fell = rows.column(X, first, first + n) - late
            down_s = (np.arange(end - n, end) - began) / self._rate_hz
            mean_degs = (going.top_deg - late) / np.maximum(down_s, 0.1)
            limit = np.maximum(SETTLED_DEG, SETTLED_SPEED_SHARE * mean_degs * window_s)
            settled[-n:] |= (fell < limit) & (late < below_deg)
        return settled
