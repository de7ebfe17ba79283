"""The coach of one hold: a stretch, hands-free, led by voice.

    "take the pose" -> held, while the seconds are counted -> "well done" -> end

With a sensor on the leg, stillness starts the count and leaving the pose stops it. Without one, or
where the leg with the sensor keeps its pose (as in a forward fold), the clock counts after the
time that it takes to get there; such a hold is timed, never called measured.
"""

from collections.abc import Sequence
from typing import Any, Final

from analysis import Event, LiveState, PhaseChanged, PhaseKind
from tracker import words
from tracker.coach_cues import (
    CoachState,
    EndSet,
    Enter,
    Go,
    Play,
    Publish,
    StartMeasuring,
    Tell,
    Turn,
)
from tracker.settings import CoachSettings
from tracker.sounds import Cue
from tracker.training_plan import Step
from tracker.words import Text

USUAL_HOLD_S: Final = 30.0
LONG_HOLD_S: Final = 20.0  # a shorter hold is over before it needs a word on the way
LAST_S: Final = 5.0


class HoldSet:
    """A `SetCoach` that lets somebody hold still.

    Parameters
    ----------
    step : Step
        The exercise.
    set_number : int
        Which hold of it, from 1.
    settings : CoachSettings
        Times of the coach.
    is_measured : bool
        Whether the leg that holds carries a sensor that is there.

    """

    n_reps = 0
    over_since_s: float | None = None
    due_s: float | None = None

    def __init__(
        self, step: Step, set_number: int, settings: CoachSettings, *, is_measured: bool
    ) -> None:
        self.is_measured = is_measured
        self._step = step
        self._set_number = set_number
        self._settings = settings
        self._due_s = step.exercise.hold_s or USUAL_HOLD_S
        self._state = CoachState.READY
        self._began_s = 0.0
        self._earlier_s = 0.0  # held before the pose was left
        self._since_s: float | None = None  # of the hold that goes on
        self._is_seen = False  # stillness counts, not the clock
        self._away_s: float | None = None  # since when the pose is left
        self._n_left = 0
        self._coming = self._announcements()

    def begin(self, now_s: float) -> list[Turn]:
        """Ask for the pose; the sensor learns it from the way there."""
        self._began_s = now_s
        side = self._step.side_of(self._set_number)
        is_other = self._step.is_after_switch(self._set_number)
        said = words.take_pose(side, is_other_leg=is_other)
        turns: list[Turn] = [Enter(CoachState.READY, said)]
        if self.is_measured:
            turns.append(StartMeasuring(self._set_number))
        return [*turns, Play(Cue.GO), Go(1)]

    def sensor(self, is_streaming: bool, now_s: float) -> list[Turn]:
        """Go on by the clock when the sensor goes."""
        if not is_streaming and self._is_seen:
            self._earlier_s = self.held_s(now_s)
            self._is_seen, self._away_s, self._since_s = False, None, now_s
        return []

    def event(self, event: Event, sample_s: float, now_s: float) -> list[Turn]:
        """Follow the stillness."""
        if not isinstance(event, PhaseChanged):
            return []
        at_s = now_s - max(0.0, sample_s - event.at_s)
        if event.kind is PhaseKind.HOLD:
            return self._take(at_s, now_s)
        return self._leave(now_s) if self._is_seen else []

    def live(self, live: LiveState, now_s: float) -> list[Turn]:
        """Let the engine say how long it has been: it knows when the pose was reached."""
        if self._is_seen and self._away_s is None and live.held_s is not None:
            self._since_s = now_s - live.held_s
        return []

    def next(self, now_s: float) -> list[Turn]:
        """Begin to count at once, or end."""
        return self._count(now_s) if self._state is CoachState.READY else [EndSet()]

    def tick(self, now_s: float) -> list[Turn]:
        """Begin by the clock when nothing was seen, and end when it was long enough."""
        if self._state is CoachState.READY:
            wait_s = self._settings.pose_s + (
                self._settings.unseen_pose_s if self.is_measured else 0.0
            )
            return self._count(now_s) if now_s - self._began_s >= wait_s else []
        if self._away_s is not None and now_s - self._away_s > self._settings.pose_lost_s:
            return [EndSet()]
        held_s = self.held_s(now_s)
        return [EndSet()] if held_s >= self._due_s else self._announce(held_s)

    def close(self, now_s: float) -> Sequence[Turn]:
        """Tell how long it was, and sound that it is over."""
        if self._state is CoachState.READY:
            return [Play(Cue.SET_END)]
        message = {
            "type": "hold",
            "n": self._set_number,
            "held_s": round(self.held_s(now_s), 1),
            "interruptions": self._n_left,
        }
        return [Publish(message), Play(Cue.SET_END)]

    def frame(self, now_s: float) -> dict[str, Any]:
        """Say how long it has been held."""
        is_counting = self._state is CoachState.SET
        is_still = is_counting and self._away_s is None
        return {"hold_s": round(self.held_s(now_s), 1), "is_still": is_still}

    def timed(self, now_s: float) -> dict[str, Any] | None:
        """Return the hold by the clock, for when the engine saw none."""
        if self._state is CoachState.READY:
            return None
        return {"held_s": round(self.held_s(now_s), 1), "interruptions": self._n_left}

    def held_s(self, now_s: float) -> float:
        """How long the pose has been held, in s."""
        if self._since_s is None or self._away_s is not None:
            return self._earlier_s
        return self._earlier_s + max(0.0, now_s - self._since_s)

    def _announcements(self) -> list[tuple[float, Text]]:
        """Return what is said on the way, and from which second: eyes are shut or elsewhere."""
        if self._due_s < LONG_HOLD_S:
            return []
        return [(self._due_s / 2, words.HALFWAY), (self._due_s - LAST_S, words.FIVE_LEFT)]

    def _announce(self, held_s: float) -> list[Turn]:
        if not self._coming or held_s < self._coming[0][0]:
            return []
        _, said = self._coming.pop(0)
        return [Tell(said)]

    def _count(self, since_s: float) -> list[Turn]:
        self._state = CoachState.SET
        self._since_s = since_s
        return [Enter(CoachState.SET, words.HOLD_THIS), Play(Cue.CALIBRATED)]

    def _take(self, at_s: float, now_s: float) -> list[Turn]:
        """Note that the leg is still in a pose: for the first time, or again."""
        self._is_seen = True
        if self._state is CoachState.READY:
            return self._count(at_s)
        if self._away_s is None:
            return []  # the clock had begun; stillness goes on counting
        self._away_s, self._since_s = None, now_s
        return [Tell(words.HOLD_THIS), Play(Cue.CALIBRATED)]

    def _leave(self, now_s: float) -> list[Turn]:
        self._earlier_s = self.held_s(now_s)
        self._away_s = now_s
        self._n_left += 1
        return [Tell(words.BACK_TO_POSE), Play(Cue.ATTENTION)]
