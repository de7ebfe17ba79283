"""Find poses that are held still: a stretch, with its interruptions.

The strategy
------------
1. *Still* is told once a tick from the tick's mean vertical and mean rate: tremor averages out,
   breathing and a slowly sinking stretch pass. What the leg does between is *movement*.
2. The first still pose is the *rest pose*. A hold is a pose that a movement led to from there, and
   that differs from it; a pose after a long coming and going is a new rest pose, unless it is one
   that was held before.
3. Leaving a hold and taking the same pose again within seconds is an interruption of it; anything
   else ends it.
4. A hold taken straight from a pose that was kept for less long shows that the leg rested there,
   as when the strap was turned on it: that pose is no hold.

Everything falls on ticks, a fixed number of rows apart, so that cuts of the stream do not matter.
"""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from analysis.hinge import Vector, tilt_deg
from analysis.hold_edges import arrival_s, leaving_s
from analysis.rows import GYR, UP, Rows
from analysis.stillness import TICK_S

CALM_TICKS: Final = 4
CALM_WANDER_DEG: Final = 2.0  # tick means within the window: breathing passes, a slow way does not
CALM_DEGS: Final = 8.0  # mean rate over a tick, also about the vertical, where no tilt shows
RESTLESS_TICKS: Final = 8  # a leg that sways takes longer to be told from one that moves
RESTLESS_WANDER_DEG: Final = 4.5
RESTLESS_DRIFT_DEG: Final = 1.5  # between the halves
RESTLESS_DEGS: Final = 30.0
LEFT_DEG: Final = 3.5  # a row this far from the pose of late is out of it, or
LEFT_SWAYS: Final = 3.5  # so many times as far as it sways
LEFT_DEGS: Final = 30.0  # the same for a turn about the vertical
FIRST_DEGS: Final = 12.0  # a leg that only sets off in the first tick still tells the rest pose
FOLLOW_S: Final = 3.0  # the pose of late follows a sinking stretch, not a leg that leaves
OTHER_POSE_DEG: Final = 10.0  # people shift by up to 8 degrees without meaning anything
SAME_POSE_DEG: Final = 12.0
SAME_PLACE_DEG: Final = 5.0  # back in a pose: at once; in about the same: after a while
OTHER_HOME_DEG: Final = 20.0  # a leg that came down this far off, and
NEARER_SHARE: Final = 0.5  # by this share of the way to the hold, is at rest
FURTHEST_DEG: Final = 130.0  # no stretch turns a leg over
LONGEST_AWAY_S: Final = 6.0  # let go and taken again within this: the same hold
ELSEWHERE_S: Final = 2.5  # still in another pose for this long: the hold is over
LONGEST_WAY_S: Final = 10.0  # from rest into the pose; more is no way into a stretch
SAME_STIR_S: Final = 2.0  # moving again so soon is the same interruption
SETTLING_S: Final = 2.0  # a hold that is left so soon had not begun
USUAL_S: Final = 30.0  # the hold to expect where no length is asked for
SHORTEST_SHARE: Final = 0.2  # of the hold that is asked for: less is no hold
LONG_SHARE: Final = 0.5  # of it: this much is a hold beyond doubt
STIR_DEG: Final = 1.2  # less than leaving a pose: what a shank feels of a trunk that folds
STIR_DEGS: Final = 3.0
LOOK_BACK_S: Final = 3.0  # before a pose was seen to be left


@dataclass(slots=True)
class Held:
    """A hold, while it lasts and when it is over; times in seconds."""

    start_s: float
    up: Vector  # the pose of late
    pose_deg: float | None  # how far from the rest pose it was taken; None: not seen
    follows: "Held | None" = None  # the hold it was taken straight from
    end_s: float = 0.0
    back_s: float = -np.inf  # when it was last taken up again
    away_s: float = 0.0  # time out of the pose, and without signal
    interruptions: int = 0

    def still_s(self, until_s: float) -> float:
        """Time in the pose up to an instant."""
        return max(0.0, until_s - self.start_s - self.away_s)


@dataclass(slots=True)
class Still:
    """The pose that the leg has been still in: since when, and where it is of late."""

    start_s: float
    up: Vector
    wander_deg: float  # of tick means while it was told
    sway_deg: float  # root mean square about it, of late


@dataclass(slots=True)
class TickMeans:
    """The last ticks: mean vertical, mean rate, and when each began."""

    up: list[Vector] = field(default_factory=list)
    rate_degs: list[float] = field(default_factory=list)
    start_s: list[float] = field(default_factory=list)

    def add(self, up: Vector, rate_degs: float, start_s: float) -> None:
        """Take in one tick."""
        self.up.append(up)
        self.rate_degs.append(rate_degs)
        self.start_s.append(start_s)
        if len(self.up) > RESTLESS_TICKS:
            del self.up[0], self.rate_degs[0], self.start_s[0]

    def calm(self) -> Still | None:
        """Return the pose of the last ticks if they were calm, or swayed about it for longer."""
        still = self._within(CALM_TICKS, CALM_WANDER_DEG, CALM_DEGS)
        if still is not None:
            return still
        still = self._within(RESTLESS_TICKS, RESTLESS_WANDER_DEG, RESTLESS_DEGS)
        if still is None:
            return None
        early, late = (np.sum(half, axis=0) for half in np.split(np.array(self.up), 2))
        apart_deg = _between_deg(early / np.sqrt(early @ early), late / np.sqrt(late @ late))
        return still if apart_deg < RESTLESS_DRIFT_DEG else None

    def _within(self, n_ticks: int, wander_deg: float, rate_degs: float) -> Still | None:
        if len(self.up) < n_ticks or max(self.rate_degs[-n_ticks:]) > rate_degs:
            return None
        ups = np.array(self.up[-n_ticks:])
        mean = ups.mean(axis=0)
        mean /= np.sqrt(mean @ mean)
        off_deg = tilt_deg(ups, mean)
        if float(off_deg.max()) > wander_deg:
            return None
        return Still(
            self.start_s[-n_ticks],
            mean,
            wander_deg=float(off_deg.max()),
            sway_deg=float(np.sqrt((off_deg**2).mean())),
        )


@dataclass(slots=True)
class QuietRest:
    """The longest stillness in the rest pose after a movement.

    Where a stretch leaves the sensor's segment as it was (a forward fold), this is all there is.
    """

    longest_s: tuple[float, float] | None = None
    since_s: float | None = None  # None before the first movement
    has_stirred: bool = False

    def begin(self, at_s: float) -> None:
        """Note that the leg is still in the rest pose from here on."""
        self.since_s = at_s if self.has_stirred else None

    def watch(self, off_deg: float, rate_degs: float, at_s: float) -> None:
        """Look at one more tick of it."""
        if off_deg > STIR_DEG or rate_degs > STIR_DEGS:
            self.stir(at_s)
            self.since_s = at_s + TICK_S

    def stir(self, at_s: float) -> None:
        """Something moved."""
        self.has_stirred = True
        if self.since_s is not None:
            longest_s = -np.inf if self.longest_s is None else self.longest_s[1] - self.longest_s[0]
            if at_s - self.since_s > longest_s:
                self.longest_s = (self.since_s, at_s)
        self.since_s = None


class HoldFinder:
    """The state machine; `tick` moves it on by one tick.

    Parameters
    ----------
    hold_s : float or None
        The hold that is asked for.

    """

    def __init__(self, hold_s: float | None) -> None:
        self.rest_up: Vector | None = None
        self.rest: Still | None = None  # the first still rest pose
        self.holding: Held | None = None  # it may yet turn out too short for a hold
        self.quiet = QuietRest()
        self._finished: list[Held] = []  # of the running set
        self._due_s = USUAL_S if hold_s is None else hold_s
        self._shortest_s = SHORTEST_SHARE * self._due_s
        self._ticks = TickMeans()
        self._still: Still | None = None
        self._seen_s = 0.0  # up to when the leg is known to have been where it is
        self._out_s = 0.0  # when the last still pose was seen to be left
        self._left_s = 0.0  # when it was
        self._way_from_s = 0.0  # when the rest pose, or a hold, was last left
        self._known_up: Vector | None = None  # of the last long hold
        self._home_up: Vector | None = None  # the rest pose that it was taken from
        self._last: Held | None = None  # the last hold, if there was no rest since
        self._elsewhere_s: float | None = None  # still in another pose since, during a hold
        self._is_torn = False  # out of the pose because the signal was gone

    @property
    def is_resting(self) -> bool:
        """Whether the leg is still in the rest pose."""
        return self._still is not None and self.holding is None

    @property
    def n_holds(self) -> int:
        """Holds of the running set that are over."""
        return len(self._finished)

    @property
    def last_end_s(self) -> float | None:
        """When the last hold of the running set ended."""
        return self._finished[-1].end_s if self._finished else None

    @property
    def held_s(self) -> float | None:
        """How long the pose of now has been held, interruptions taken out; None: no hold."""
        if self.holding is None:
            return None
        return self.holding.still_s(self._seen_s if self._still is not None else self._left_s)

    def tick(self, rows: Rows, start: int, end: int) -> None:
        """Use the rows of one tick."""
        up = rows.columns(UP, start, end)
        mean = up.mean(axis=0)
        mean /= np.sqrt(mean @ mean)
        rate = rows.columns(GYR, start, end).mean(axis=0)
        rate_degs = float(np.degrees(np.sqrt(rate @ rate)))
        start_s, now_s = rows.time_at(start), rows.time_at(end - 1)
        self._seen_s = start_s
        if self.rest_up is None and rate_degs < FIRST_DEGS:
            self.rest_up, self._way_from_s = mean, start_s
        self._ticks.add(mean, rate_degs, start_s)
        if self._still is None:
            still = self._settled(now_s)
            if still is not None:
                self._arrive(still, rows, end)
            elif self.holding is not None and now_s - self._left_s > LONGEST_AWAY_S:
                self._end_hold(rows, end)
            return
        off_deg = tilt_deg(up, self._still.up)
        left_deg = max(LEFT_DEG, LEFT_SWAYS * self._still.sway_deg)
        if float(off_deg.max()) > left_deg or rate_degs > LEFT_DEGS:
            self._leave(start_s)
            return
        self._follow(self._still, mean, float((off_deg**2).mean()))
        if self.is_resting:
            self.quiet.watch(_between_deg(mean, self._still.up), rate_degs, start_s)

    def restart(self, last_s: float) -> None:
        """Begin behind a hole in the signal: what the leg did in it is not known."""
        if self._still is not None:
            self._leave(last_s)
        self._ticks, self._is_torn = TickMeans(), True

    def close(self, rows: Rows, end: int) -> None:
        """End what is held: the set is over."""
        if self.holding is not None:
            if self._still is not None:
                self._out_s = self._left_s = rows.time_at(end - 1)
                self._is_torn = True
            self._end_hold(rows, end)

    def take_set(self) -> list[Held]:
        """Return the holds of the running set, and begin the next."""
        taken, self._finished, self._last = self._finished, [], None
        return taken

    def quiet_hold(self, now_s: float) -> Held | None:
        """Return the longest stillness in the rest pose after a movement, if it could be a hold."""
        self.quiet.stir(now_s)
        if self.quiet.longest_s is None or self.rest_up is None:
            return None
        start_s, end_s = self.quiet.longest_s
        if end_s - start_s < self._shortest_s:
            return None
        return Held(start_s, self.rest_up, None, end_s=end_s)

    # ---- from pose to pose -----------------------------------------------------------------

    def _follow(self, still: Still, up: Vector, off_deg2: float) -> None:
        """Let the pose of late follow, and what is known of its sway."""
        share = TICK_S / FOLLOW_S
        late = (1.0 - share) * still.up + share * up
        still.up = late / np.sqrt(late @ late)
        still.sway_deg = float(np.sqrt((1.0 - share) * still.sway_deg**2 + share * off_deg2))
        if self.holding is None:
            self.rest_up = still.up
        else:
            held = (1.0 - share) * self.holding.up + share * up
            self.holding.up = held / np.sqrt(held @ held)

    def _leave(self, out_s: float) -> None:
        if self.is_resting:
            self._way_from_s = out_s
            self.quiet.stir(out_s)
        self._still, self._ticks = None, TickMeans()
        self._out_s, self._left_s, self._is_torn = out_s, out_s, False

    def _settled(self, now_s: float) -> Still | None:
        """Return the pose that the leg is still in; during a hold it takes longer to be another."""
        still = self._ticks.calm()
        if (
            still is None
            or self.holding is None
            or _between_deg(still.up, self.holding.up) < SAME_PLACE_DEG
        ):
            self._elsewhere_s = None
            return still
        if self._elsewhere_s is None:
            self._elsewhere_s = still.start_s
        if now_s - self._elsewhere_s < ELSEWHERE_S:
            return None
        return replace(still, start_s=self._elsewhere_s)

    def _arrive(self, still: Still, rows: Rows, end: int) -> None:
        """Decide what the pose is that the leg came to be still in."""
        self._still = still
        if self.holding is not None:
            if self._is_same_hold(still):
                self._go_on(still, rows, end)
                return
            self._end_hold(rows, end)
        if self._is_rest(still):
            self.rest_up, self._last = still.up, None
            self.rest = self.rest or still
            self.quiet.begin(still.start_s)
            return
        start_s = arrival_s(rows, self._out_s, still.start_s, end)
        self.holding = Held(start_s, still.up, self._off_rest_deg(still.up), follows=self._last)

    def _is_same_hold(self, still: Still) -> bool:
        if self.holding is None or still.start_s - self._left_s > LONGEST_AWAY_S:
            return False
        off_deg = _between_deg(still.up, self.holding.up)
        return off_deg < SAME_POSE_DEG and off_deg < self._off_rest_deg(still.up)

    def _is_rest(self, still: Still) -> bool:
        if self.rest_up is None:
            return True
        off_deg = self._off_rest_deg(still.up)
        if off_deg < OTHER_POSE_DEG:
            return True
        if self._known_up is not None and self._home_up is not None:
            from_home_deg = _between_deg(still.up, self._home_up)
            from_known_deg = _between_deg(still.up, self._known_up)
            if from_known_deg < SAME_POSE_DEG and from_known_deg < from_home_deg:
                return False
            if from_home_deg < min(OTHER_HOME_DEG, NEARER_SHARE * from_known_deg):
                return True  # back from elsewhere, or come down a little off
        way_s = still.start_s - self._way_from_s
        return off_deg > FURTHEST_DEG or way_s > LONGEST_WAY_S

    def _off_rest_deg(self, up: Vector) -> float:
        return 0.0 if self.rest_up is None else _between_deg(up, self.rest_up)

    def _go_on(self, still: Still, rows: Rows, end: int) -> None:
        """Take the hold up again after an interruption."""
        going = self.holding
        if going is None:
            return
        back_s = arrival_s(rows, self._out_s, still.start_s, end)
        left_s = self._leaving_s(rows, end)
        if not going.interruptions and going.still_s(left_s) < SETTLING_S:
            going.start_s, going.away_s = back_s, 0.0
        else:
            going.away_s += max(0.0, back_s - left_s)
            is_new = left_s - going.back_s > SAME_STIR_S
            going.interruptions += is_new and not self._is_torn
        going.back_s = back_s

    def _end_hold(self, rows: Rows, end: int) -> None:
        going, self.holding = self.holding, None
        if going is None:
            return
        going.end_s = self._leaving_s(rows, end)
        held_s, before, going.follows = going.still_s(going.end_s), going.follows, None
        is_long = held_s > LONG_SHARE * self._due_s
        if held_s < self._shortest_s or not (is_long or self._may_be_short(going)):
            return
        if before is not None and before.still_s(before.end_s) < held_s:
            self.rest_up = before.up  # the leg rested there
            self._finished = [one for one in self._finished if one is not before]
        self._finished.append(going)
        self._last, self._way_from_s = going, going.end_s
        if is_long:
            self._known_up, self._home_up = going.up, self.rest_up

    def _may_be_short(self, going: Held) -> bool:
        """Once a pose was held for long, less long in quite another one was something else."""
        return self._known_up is None or _between_deg(going.up, self._known_up) < SAME_POSE_DEG

    def _leaving_s(self, rows: Rows, end: int) -> float:
        """When the pose was left, now that more of the way out is known."""
        if self._is_torn:
            return self._out_s
        return leaving_s(rows, self._out_s - LOOK_BACK_S, self._out_s + TICK_S, end)


def _between_deg(up: Vector, other: Vector) -> float:
    return float(tilt_deg(up[None], other)[0])
