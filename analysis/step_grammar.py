"""From swings of a foot to steps up and down.

One step up and down has two swings of each foot. Of the leg that leads, the first swings from
standing onto the step, and the second follows a rise of the tilt under load: the leg lets the body
down. Of the leg that follows it is the other way round: it pushes off under load and swings up, and
is the first to be let down. So a pair "loaded, free" is a step that the other leg led. A leg that
leads also pushes the body up between its swings: a hump of the tilt while the foot stands. Where
the signs disagree, a pair is taken for one that this leg led, unless the set showed both kinds.
"""

from dataclasses import dataclass
from typing import Final

from analysis.step_humps import Hump
from analysis.step_swings import CLEAR_UP_M, Swing

BACKWARD_DEG: Final = -11.0  # a heel that is put down ahead leans the shank back; no step does
LEAST_SWING_DEG: Final = 14.0
MOST_SWING_DEG: Final = 85.0
FOLLOW: Final = 0.5  # how quickly "upright" follows where the steps of a set end
PROMPT_SHARE: Final = 0.6  # of the time that the swing before took to come down
LONGEST_STEP_S: Final = 9.0


@dataclass(frozen=True, slots=True)
class StepPair:
    """Two swings that make a step up and down; `is_led` by this leg."""

    first: Swing
    second: Swing
    is_led: bool


class StepGrammar:
    """Pairs swings; feed them, and the humps of a standing foot, in order."""

    def __init__(self, step_s: float) -> None:
        self._most_rows = round(LONGEST_STEP_S / step_s)
        self._pending: Swing | None = None
        self._last: Swing | None = None  # the second one of the step before, if it just ended
        self._has_pushed = False  # since the pending swing
        self._n_pushed = 0  # steps of this set with a push, and of the other leg
        self._n_other = 0
        self._upright_deg = 0.0  # the vertical may lean, and begins to as the leg begins to swing

    @property
    def pending(self) -> Swing | None:
        """The first swing of a step whose second has not come yet."""
        return self._pending

    @property
    def last_low(self) -> int | None:
        """The thin row from which the last swing of a step that just ended rose."""
        return None if self._last is None else self._last.hump.low

    def forget(self) -> None:
        """Drop a first swing whose second does not come."""
        self._pending, self._has_pushed = None, False
        self._last = None

    def forget_set(self) -> None:
        """Drop also what is known of who leads."""
        self.forget()
        self._n_pushed = self._n_other = 0
        self._upright_deg = 0.0

    def drop_old(self, index: int) -> None:
        """Drop a first swing that is too long ago by this thin row."""
        if self._pending is not None and index - self._pending.hump.low > self._most_rows:
            self.forget()

    def add_standing(
        self, hump: Hump, rise_start: int, *, is_holed: bool = False
    ) -> StepPair | None:
        """Take in a hump during which the foot stood; return the pair that it completes, if any.

        The push follows the landing at once. Later, on a foot that did not push, it is the small
        swing of a slow leg that is let down.
        """
        before = self._pending or self._last
        if before is None or self._has_pushed:
            return None
        fall = before.landing - before.hump.peak
        is_prompt = rise_start - before.landing <= 2 + PROMPT_SHARE * fall
        if is_holed and self._pending is None and self._leads_alone():
            self._pending, self._has_pushed = _unseen(before, hump), True
            return None
        is_free = not before.is_loaded or (self._leads_alone() and _may_be_free(before))
        if is_prompt and is_free:
            # Also where this swing was taken for a second one: a push follows the first alone.
            self._pending, self._has_pushed = before, True
        if is_prompt or self._pending is None or hump.rise_deg < LEAST_SWING_DEG:
            return None
        is_led = not before.is_loaded and not self._n_pushed
        self.forget()
        return StepPair(
            before, Swing(hump, False, 0.0, rise_start, hump.end, before.is_doubtful), is_led
        )

    def add(self, swing: Swing, *, is_holed: bool = False) -> StepPair | None:
        """Take in the next swing; return the pair that it completes.

        With samples missing since the step before (`is_holed`), its first one may have been lost.
        """
        hump = swing.hump
        backward_deg = self._upright_deg + BACKWARD_DEG
        is_walk = not swing.is_doubtful and min(hump.low_deg, hump.end_deg) < backward_deg
        if is_walk or not LEAST_SWING_DEG <= hump.rise_deg <= MOST_SWING_DEG:
            self.forget()
            return None
        before = self._pending
        if before is None and self._last is not None and is_holed and swing.is_loaded:
            before = _unseen(self._last, hump) if self._leads_alone() else None
        if before is None or _is_first(swing, before):
            self._pending, self._has_pushed = swing, False
            return None
        is_led = self._is_led(before, swing)
        self.forget()
        self._last = swing
        stood_deg = 0.5 * (hump.low_deg + hump.end_deg)
        self._upright_deg += FOLLOW * (stood_deg - self._upright_deg)
        return StepPair(before, swing, is_led)

    def _leads_alone(self) -> bool:
        """Whether all steps of this set so far were led by this leg."""
        return self._n_pushed > 0 and not self._n_other

    def _is_led(self, first: Swing, second: Swing) -> bool:
        if self._has_pushed:
            self._n_pushed += 1
            return True
        if second.is_doubtful and first.is_loaded == second.is_loaded:
            return False  # walking looks like that where nobody knows what is upright
        # Legs take turns: where more steps than that lack a push, it is the push that is not seen.
        may_be_other = 0 < self._n_pushed >= self._n_other
        if may_be_other and (first.is_loaded or self._n_other):
            self._n_other += 1
            return False
        return True


def _unseen(last: Swing, following: Hump) -> Swing:
    """Return what must have been between the step before and a hump of the next one."""
    low, end = last.hump.end, max(following.low, last.hump.end)
    hump = Hump(low, (low + end) // 2, end, last.hump.end_deg, following.low_deg, following.low_deg)
    return Swing(hump, False, 0.0, low, end, True)


def _may_be_free(swing: Swing) -> bool:
    """Whether a swing that looks loaded need not be."""
    return swing.is_doubtful or swing.up_m > CLEAR_UP_M


def _is_first(swing: Swing, before: Swing) -> bool:
    """Whether it clearly goes up from standing, so that what was pending was never completed."""
    is_up = not swing.is_loaded and swing.up_m > CLEAR_UP_M
    return is_up and (before.is_loaded or before.up_m > CLEAR_UP_M)
