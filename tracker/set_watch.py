"""Watches over a set without a word from the patient: does the leg move, is the sensor there."""

from enum import Enum, auto
from typing import Final

from analysis import PhaseKind
from tracker.settings import CoachSettings

MOVES_DEG: Final = 4.0  # a change of angle that tremor and breathing do not make
AWAY_DEG: Final = 15.0  # from the rest pose; chair, foot and towel move it by 5 each set


class Finding(Enum):
    """What the clock says at this moment."""

    NOTHING = auto()
    REMIND = auto()  # a while without what is waited for
    ASK_WHETHER_DONE = auto()
    END_SET = auto()
    GIVE_UP = auto()


class SetWatch:
    """Keep the clocks of one set: since when nobody moved, since when the sensor is away.

    Parameters
    ----------
    settings : CoachSettings
        How long each may take.

    """

    def __init__(self, settings: CoachSettings) -> None:
        self._settings = settings
        self._moved_s = 0.0
        self._still_since_s = 0.0
        self._reminded_s = 0.0
        self._asked_s: float | None = None
        self._lost_s: float | None = None
        self._angle_deg: float | None = None
        self._steady_since_s = 0.0
        self._is_in_rep = False

    def begin(self, now_s: float) -> None:
        """Start all clocks anew."""
        self._moved_s = self._still_since_s = self._reminded_s = now_s
        self._asked_s = None
        self._angle_deg = None
        self._is_in_rep = False

    def moved(self, now_s: float) -> None:
        """Take note of a movement."""
        self._moved_s = self._still_since_s = now_s
        self._asked_s = None

    def leg(self, angle_deg: float | None, phase: PhaseKind | None, now_s: float) -> None:
        """Take note of where the leg is: within a repetition a change of angle is a movement."""
        self._is_in_rep = phase is not None
        if angle_deg is None:
            return
        if self._angle_deg is None or abs(angle_deg - self._angle_deg) >= MOVES_DEG:
            self._angle_deg = angle_deg
            self._steady_since_s = now_s
            if self._is_in_rep:
                self.moved(now_s)

    def sensor(self, is_streaming: bool, now_s: float) -> None:
        """Take note of the sensor going or coming back: a person cannot be seen meanwhile."""
        if self._lost_s is not None:
            self._still_since_s += now_s - self._lost_s  # a link that comes and goes is no movement
        self._lost_s = None if is_streaming else now_s
        self._moved_s, self._asked_s = now_s, None

    def is_steady_away(self, now_s: float) -> bool:
        """Whether the leg lies still, but not where its rest pose was measured.

        A helper may hold the foot up for a few seconds: that is not meant.
        """
        is_away = self._angle_deg is not None and abs(self._angle_deg) > AWAY_DEG
        return is_away and now_s - self._steady_since_s > self._settings.shifted_s

    def check_counting(self, now_s: float) -> Finding:
        """Return what to do in a set with repetitions: go on, ask whether it is done, or end it."""
        if self._lost_s is not None:
            return self._check_lost(now_s)
        if self._asked_s is not None:
            is_over = now_s - self._asked_s > self._settings.pause_ends_s
            return Finding.END_SET if is_over else Finding.NOTHING
        allowed_s = (
            self._settings.pause_in_rep_asks_s if self._is_in_rep else self._settings.pause_asks_s
        )
        if now_s - self._moved_s <= allowed_s:
            return Finding.NOTHING
        self._asked_s = now_s
        return Finding.ASK_WHETHER_DONE

    def check_waiting(self, every_s: float, now_s: float) -> Finding:
        """Return what to do while no repetition came yet; a reminder is due each `every_s`."""
        if self._lost_s is not None:
            return self._check_lost(now_s)
        if now_s - self._still_since_s > self._settings.give_up_s:
            return Finding.GIVE_UP
        if now_s - self._reminded_s > every_s:
            self._reminded_s = now_s
            return Finding.REMIND
        return Finding.NOTHING

    def _check_lost(self, now_s: float) -> Finding:
        since_s = now_s if self._lost_s is None else self._lost_s
        is_long = now_s - since_s > self._settings.lost_give_up_s
        return Finding.GIVE_UP if is_long else Finding.NOTHING
