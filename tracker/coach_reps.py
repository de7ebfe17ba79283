"""The coach of a set of repetitions or steps.

    hold still -> "go" -> set -> its count, or a pause -> end

A still leg starts a set, the count or a pause ends it. At the count it sounds, and the engine
listens a moment longer: who goes on at once sees that repetition too. It is extra, never a fault.
"""

from collections.abc import Sequence
from typing import Any, Final

from analysis import (
    Calibrated,
    Event,
    Flag,
    LiveState,
    PhaseChanged,
    PhaseKind,
    RepFinished,
    RepStarted,
)
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
from tracker.live_messages import rep_message, verdict
from tracker.pacing import Pacer
from tracker.set_watch import Finding, SetWatch
from tracker.settings import CoachSettings
from tracker.sounds import Cue
from tracker.training_plan import Step

LEAVES_REST_DEG: Final = 10.0  # before "go": the leg was not still yet
REP_CUES: Final = {"in_tempo": Cue.REP_GOOD, "too_fast": Cue.REP_FAST}


class RepSet:
    """A `SetCoach` that counts.

    Parameters
    ----------
    step : Step
        The exercise.
    set_number : int
        Which set of it, from 1.
    settings : CoachSettings
        Times of the coach.

    """

    is_measured = True

    def __init__(self, step: Step, set_number: int, settings: CoachSettings) -> None:
        self.n_reps = 0
        self._step = step
        self._target = step.reps or 0
        self._set_number = set_number
        self._settings = settings
        self._pacer = Pacer(step.exercise, settings.let_go_share)
        self._watch = SetWatch(settings)
        self._state = CoachState.CALIBRATING
        self._entered_s = 0.0
        self._is_calibrated = False
        self.over_since_s: float | None = None  # the count is reached, and nobody moves
        self._is_in_extra = False
        self._held_since_s: float | None = None

    @property
    def due_s(self) -> float | None:
        """When the next tone of the pace is due."""
        return self._pacer.due_s

    def begin(self, now_s: float) -> list[Turn]:
        """Measure the rest pose, for the first time or once more."""
        self._is_calibrated = False
        self._watch.begin(now_s)
        said = words.hold_still(self._step.exercise.id)
        entered = self._enter(CoachState.CALIBRATING, now_s)
        return [Enter(entered, said), StartMeasuring(self._set_number)]

    def sensor(self, is_streaming: bool, now_s: float) -> list[Turn]:
        """Stop the clocks while the sensor is away."""
        self._watch.sensor(is_streaming, now_s)
        return [Tell(words.BACK if is_streaming else words.RECONNECTING)]

    def event(self, event: Event, sample_s: float, now_s: float) -> list[Turn]:
        """Follow the repetition."""
        match event:
            case Calibrated():
                self._is_calibrated = True
                return []
            case RepStarted():
                return self._moves(now_s)
            case PhaseChanged(kind=kind, at_s=at_s):
                began_s = now_s - max(0.0, sample_s - at_s)
                self._pacer.phase(kind, began_s)
                self._held_since_s = began_s if kind is PhaseKind.HOLD else None
                return self._is_back(now_s) if kind is None else self._moves(now_s)
            case RepFinished():
                return self._count(event, now_s)
            case _:
                return []

    def live(self, live: LiveState, now_s: float) -> list[Turn]:
        """Sound "let go", and see whether the rest pose is still where it was."""
        self._watch.leg(live.angle_deg, live.phase, now_s)
        if self._is_calibrated and not self.n_reps and self._has_shifted(live, now_s):
            return self.begin(now_s)
        return [Play(cue) for cue in self._pacer.angle(live.angle_deg, live.phase, now_s)]

    def next(self, now_s: float) -> list[Turn]:
        """Skip the waiting, or end the set."""
        return self._ready(now_s) if self._state is CoachState.CALIBRATING else [EndSet()]

    def tick(self, now_s: float) -> list[Turn]:
        """Say "go", keep the pace, remind, ask, end."""
        is_still = self._is_calibrated and now_s - self._entered_s >= self._settings.still_s
        if self._state is CoachState.CALIBRATING and is_still:
            return [Play(Cue.CALIBRATED), *self._ready(now_s)]
        if self.over_since_s is not None:
            return self._wait_for_extra(now_s - self.over_since_s)
        if self._state is CoachState.SET and self.n_reps:
            finding = self._watch.check_counting(now_s)
        else:
            finding = self._watch.check_waiting(self._settings.reminder_s, now_s)
        if finding is Finding.NOTHING:
            return [Play(cue) for cue in self._pacer.tick(now_s)]
        return self._react(finding)

    def _wait_for_extra(self, waited_s: float) -> list[Turn]:
        """End the set when nobody goes on after the count."""
        settings = self._settings
        allowed_s = settings.extra_rep_s if self._is_in_extra else settings.extra_wait_s
        return [EndSet()] if waited_s >= allowed_s else []

    def _react(self, finding: Finding) -> list[Turn]:
        if finding is Finding.REMIND:
            is_calibrating = self._state is CoachState.CALIBRATING
            return [Tell(words.STILL_LONGER if is_calibrating else words.GO_AGAIN)]
        if finding is Finding.ASK_WHETHER_DONE:
            return [Play(Cue.ATTENTION), Tell(words.DONE_QUESTION)]
        return [EndSet(gives_up=finding is Finding.GIVE_UP)]

    def close(self, now_s: float) -> Sequence[Turn]:
        """Silence the pace."""
        self._pacer.phase(None, now_s)
        return [Play(Cue.SET_END)] if self.over_since_s is None else []

    def frame(self, now_s: float) -> dict[str, Any]:
        """Say how long the leg is held up, where that is asked for."""
        if self._step.exercise.hold_s is None:
            return {}
        since_s = self._held_since_s
        held_s = 0.0 if since_s is None else max(0.0, now_s - since_s)
        return {"hold_s": round(held_s, 2)}

    def timed(self, now_s: float) -> dict[str, Any] | None:
        """Leave it to the engine."""
        del now_s
        return None

    def _enter(self, state: CoachState, now_s: float) -> CoachState:
        self._state = state
        self._entered_s = now_s
        return state

    def _ready(self, now_s: float) -> list[Turn]:
        self._watch.begin(now_s)
        entered = self._enter(CoachState.READY, now_s)
        return [Enter(entered, words.GO), Play(Cue.GO), Go(self._target - self.n_reps)]

    def _moves(self, now_s: float, *, is_rep: bool = False) -> list[Turn]:
        """Note that the leg moves: when ready, or by a whole repetition, that starts the set."""
        self._watch.moved(now_s)
        if self.over_since_s is not None and not is_rep:
            self._is_in_extra, self.over_since_s = True, now_s
        may_start = self._state is CoachState.READY or is_rep
        if may_start and self._state is not CoachState.SET:
            return [Enter(self._enter(CoachState.SET, now_s), None)]
        return []

    def _is_back(self, now_s: float) -> list[Turn]:
        if self._is_in_extra:
            self._is_in_extra, self.over_since_s = False, now_s
        return []

    def _count(self, finished: RepFinished, now_s: float) -> list[Turn]:
        turns = self._moves(now_s, is_rep=True)
        rep = finished.rep
        self.n_reps += 1
        has_dropped = Flag.FAST_DROP in rep.flags
        turns.append(Publish(rep_message(rep, self.n_reps, self._step.exercise)))
        heard = REP_CUES.get(verdict(rep, self._step.exercise), Cue.REP)
        turns.append(Play(Cue.ATTENTION if has_dropped else heard))
        if has_dropped:
            turns.append(Tell(words.FAST_DROP))
        if self.n_reps == self._target:
            turns.append(Play(Cue.SET_END))
        if self.n_reps >= self._target:
            self.over_since_s, self._is_in_extra = now_s, False
        return turns

    def _has_shifted(self, live: LiveState, now_s: float) -> bool:
        """Whether the rest pose is no longer where it was measured: the person turned over."""
        if self._state is CoachState.CALIBRATING:
            return abs(live.angle_deg or 0.0) > LEAVES_REST_DEG
        return self._watch.is_steady_away(now_s)
