"""How long samples of a repetition may wait for one another: less work for each, no news late.

What is decided is decided at a row, so waiting changes no result, only when it is told. The work
on a block is nearly the same for five samples and for fifty. So a block lasts until the gyroscope
alone shows that there may be something to tell: the leg leaves its rest pose, turns back, or comes
to rest. That is looked at a few times a second, which costs a twentieth of the work itself.
"""

from typing import Final, Protocol

from analysis.hinge import Vector
from analysis.hinge_tracker import HingeTracker, Mode
from analysis.live_state import tilted_further_deg
from analysis.rep_finder import SETTLE_NEAR_S, STAYS_WITHIN_DEG, State
from analysis.rows import UP, Rows, X

SHORTEST_BLOCK_S: Final = 0.03  # for fewer samples no work is begun, however urgent
LONGEST_BLOCK_S: Final = 1.0  # what is not foreseen here, as a pause that ends a set, is told then
LOOK_EVERY_S: Final = 0.2
LOOK_AT_REST_EVERY_S: Final = 0.25
LOOK_AT_END_EVERY_S: Final = 0.05  # the report of a repetition is what must not wait


class Waiting(Protocol):
    """The samples that wait, as the signal front has them."""

    n_pending: int
    last_s: float  # when the newest was measured

    def turn_since_rows_deg(self) -> Vector:
        """How far the leg turned in them about each axis of the sensor (3,)."""


class RepPatience:
    """Tells when a block for the tracker of repetitions is long enough.

    Parameters
    ----------
    tracker : HingeTracker
        What the samples are for.
    rows : Rows
        Those that it has used.
    rate_hz : float
        Of the rows.

    """

    def __init__(self, tracker: HingeTracker, rows: Rows, rate_hz: float) -> None:
        self._tracker = tracker
        self._rows = rows
        self._rate_hz = rate_hz
        self._looks: list[tuple[float, float]] = []  # seconds waited, degrees turned by then

    def more_s(self, waiting: Waiting) -> float:
        """Return how much longer samples may wait; 0 when they are to be used now."""
        if not waiting.n_pending:
            self._looks = [(0.0, 0.0)]
            return max(self._least_s(), SHORTEST_BLOCK_S)
        tracker = self._tracker
        waited_s = waiting.last_s - self._rows.time_at(self._rows.end - 1)  # with a hole, longer
        if waited_s >= LONGEST_BLOCK_S or tracker.mode is not Mode.TRACK:
            return 0.0
        state = tracker.finder.state
        turned_deg = self._turned_deg(waiting.turn_since_rows_deg())
        more_s = self._until_news_s(state, waited_s, turned_deg)
        self._looks.append((waited_s, turned_deg))
        return more_s

    def _least_s(self) -> float:
        """How long nothing can happen, whatever the leg does."""
        tracker = self._tracker
        state = tracker.finder.state
        if tracker.mode is not Mode.TRACK:
            return tracker.rows_to_tick() / self._rate_hz
        if state is State.RETURNING:
            return tracker.finder.rows_to_end(self._rows) / self._rate_hz
        return LOOK_AT_REST_EVERY_S if state is State.IDLE else LOOK_EVERY_S

    def _turned_deg(self, turn_deg: Vector) -> float:
        """How much further from rest a turn by (3,) brings the leg."""
        axis = self._tracker.memory.axis
        if axis is not None:
            return float(turn_deg @ axis)
        (last_up,) = self._rows.columns(UP, self._rows.end - 1, self._rows.end)
        return tilted_further_deg(last_up, self._tracker.poses.rest_up, turn_deg)

    def _until_news_s(self, state: State, waited_s: float, turned_deg: float) -> float:
        """How long there is surely nothing to tell, by where the gyroscope has the leg now."""
        finder = self._tracker.finder
        if state is State.RETURNING:
            return self._until_settled_s(waited_s, turned_deg)
        last_deg = float(self._rows.column(X, self._rows.end - 1, self._rows.end)[0])
        if state is State.IDLE:
            return 0.0 if finder.leaves(last_deg + turned_deg) else LOOK_AT_REST_EVERY_S
        highest_deg = last_deg + max(deg for _, deg in self._looks)
        return 0.0 if finder.turns(last_deg + turned_deg, highest_deg) else LOOK_EVERY_S

    def _until_settled_s(self, waited_s: float, turned_deg: float) -> float:
        """How long a leg that comes down cannot have settled: see `RepFinder.rows_to_end`."""
        before_deg = turned_deg
        for at_s, deg in reversed(self._looks):
            if at_s < waited_s - SETTLE_NEAR_S:
                break
            if deg > turned_deg + STAYS_WITHIN_DEG:
                return max(at_s + SETTLE_NEAR_S - waited_s, LOOK_AT_END_EVERY_S)
            before_deg = deg
        if self._tracker.finder.still_comes_down(before_deg - turned_deg, self._rows.end):
            return LOOK_AT_END_EVERY_S
        return 0.0
