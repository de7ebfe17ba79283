"""The coach of what the clock leads: walking and jogging, sprints, cycling.

It says what comes now and what comes next. A sensor may be worn; then the cadence is shown, and
the session keeps what was measured. Without one the session says what was timed.
"""

from collections.abc import Sequence
from typing import Any, Final

from analysis import Event, LiveState, Movement
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
from tracker.training_plan import Interval, Step

REST: Final = "rest"


class SportSet:
    """A `SetCoach` that leads intervals by the clock.

    Parameters
    ----------
    step : Step
        The exercise.
    set_number : int
        Which series of it, from 1.
    settings : CoachSettings
        Times of the coach.
    is_measured : bool
        Whether a sensor is there.

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
        self._intervals = step.series[set_number - 1]
        self._at = -1  # before the first
        self._since_s = 0.0
        self._cadence = CadenceWatch(step, settings)
        self._done: list[dict[str, Any]] = []

    def begin(self, now_s: float) -> list[Turn]:
        """Give time to get going."""
        self._since_s = now_s
        turns: list[Turn] = [Enter(CoachState.READY, words.sport_starts(self._intervals[0]))]
        return [*turns, StartMeasuring(self._set_number)] if self.is_measured else turns

    def sensor(self, is_streaming: bool, now_s: float) -> list[Turn]:
        """Go on by the clock."""
        del now_s
        if not is_streaming:
            self._cadence.lost()
        return []

    def event(self, event: Event, sample_s: float, now_s: float) -> list[Turn]:
        """Wait for the end: bouts are measured as a whole."""
        del event, sample_s, now_s
        return []

    def live(self, live: LiveState, now_s: float) -> list[Turn]:
        """Take in the cadence."""
        self._cadence.take(live, now_s)
        return []

    def next(self, now_s: float) -> list[Turn]:
        """Go on to the next interval."""
        return self._advance(now_s)

    def tick(self, now_s: float) -> list[Turn]:
        """Change from one interval to the next; speak up for a slow cadence now and then."""
        if self._at < 0:
            is_due = now_s - self._since_s >= self._settings.sport_lead_s
            return self._advance(now_s) if is_due else []
        length_s = self._intervals[self._at].duration_s
        if length_s is not None and now_s - self._since_s >= length_s:
            return self._advance(now_s)
        if self._cadence.is_over(now_s):
            return [EndSet()]
        return [Tell(words.FASTER_CADENCE)] if self._cadence.is_slow(now_s) else []

    def close(self, now_s: float) -> Sequence[Turn]:
        """Tell of the interval that ran, and sound that it is over."""
        bouts = [Publish({"type": "bout", **one}) for one in self._running(now_s)]
        return [*bouts, Play(Cue.SET_END)]

    def frame(self, now_s: float) -> dict[str, Any]:
        """Say what is on, what is left of it, and what comes next."""
        if self._at < 0:
            return {}
        interval = self._intervals[self._at]
        following = self._intervals[self._at + 1 :]
        length_s = interval.duration_s
        left_s = None if length_s is None else max(0.0, length_s - (now_s - self._since_s))
        return {
            "cadence_per_min": self._cadence.shown_per_min,
            "interval": {
                "kind": interval.kind,
                "left_s": None if left_s is None else round(left_s, 1),
                "of_s": length_s,
                "elapsed_s": round(now_s - self._since_s, 1),
                "round": interval.round_number,
                "rounds": interval.rounds,
                "course_m": interval.course_m,
                "next": following[0].kind if following else None,
            },
        }

    def timed(self, now_s: float) -> dict[str, Any] | None:
        """Return the intervals by the clock."""
        bouts = [*self._done, *self._running(now_s)]
        return {"bouts": bouts} if bouts else None

    def _advance(self, now_s: float) -> list[Turn]:
        """End the interval that runs, and begin the next one."""
        turns: list[Turn] = []
        for bout in self._running(now_s):
            self._done.append(bout)
            turns.append(Publish({"type": "bout", **bout}))
        self._cadence.begin(now_s)
        is_first = self._at < 0
        self._at += 1
        self._since_s = now_s
        if self._at >= len(self._intervals):
            return [*turns, EndSet()]
        interval = self._intervals[self._at]
        said = words.interval(interval)
        turns.append(Enter(CoachState.SET, said) if is_first else Tell(said))
        turns.append(Play(Cue.REST_END if interval.kind == REST else Cue.GO))
        return [*turns, Go(len(self._intervals))] if is_first else turns

    def _running(self, now_s: float) -> list[dict[str, Any]]:
        """Return the interval that runs, unless it is the walk back."""
        if not 0 <= self._at < len(self._intervals):
            return []
        interval: Interval = self._intervals[self._at]
        lasted_s = now_s - self._since_s
        if interval.kind == REST or lasted_s <= 0:
            return []
        return [
            {
                "kind": interval.kind,
                "cadence_per_min": self._cadence.mean_per_min,
                "duration_s": round(lasted_s, 1),
            }
        ]


class CadenceWatch:
    """Follow the cadence of a bout: the newest, the mean, and whether it is too slow for long.

    What stands still, or coasts, has none and does not count.
    """

    def __init__(self, step: Step, settings: CoachSettings) -> None:
        is_ride = step.movement is Movement.CYCLING
        self._target = step.exercise.cadence_min_per_min if is_ride else None
        self._settings = settings
        self._sum = 0.0
        self._n = 0
        self._slow_since_s: float | None = None
        self._told_s = float("-inf")
        self._moved_s: float | None = None
        self.shown_per_min: float | None = None

    @property
    def mean_per_min(self) -> float | None:
        """Mean over the moments with a cadence, since the bout began."""
        return round(self._sum / self._n, 1) if self._n else None

    def begin(self, now_s: float) -> None:
        """Start another bout."""
        self._sum, self._n = 0.0, 0
        self._slow_since_s = None
        self._moved_s = None if self._moved_s is None else now_s

    def take(self, live: LiveState, now_s: float) -> None:
        """Take in the engine's cadence, or that there is none."""
        cadence = live.cadence_per_min
        self.shown_per_min = None if cadence is None else round(cadence, 1)
        if cadence is None:
            self._slow_since_s = None
            return
        self._moved_s = now_s
        self._sum, self._n = self._sum + cadence, self._n + 1
        if self._target is None or cadence >= self._target:
            self._slow_since_s = None
        elif self._slow_since_s is None:
            self._slow_since_s = now_s

    def lost(self) -> None:
        """Forget the newest: the sensor is away."""
        self.shown_per_min = None
        self._slow_since_s = self._moved_s = None

    def is_slow(self, now_s: float) -> bool:
        """Whether to speak of it: slow for long, and not said lately. On a climb it is no fault."""
        since_s = self._slow_since_s
        if since_s is None or now_s - since_s < self._settings.slow_cadence_s:
            return False
        if now_s - self._told_s < self._settings.cadence_note_every_s:
            return False
        self._told_s = now_s
        return True

    def is_over(self, now_s: float) -> bool:
        """Whether nobody has moved for so long that the ride must be over."""
        return (
            self._target is not None
            and self._moved_s is not None
            and now_s - self._moved_s > self._settings.ride_over_s
        )
