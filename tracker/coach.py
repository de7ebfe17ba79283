"""The coach: a session as a state machine without clock, screen, sound or radio.

    questions -> connecting -> calibrating -> ready -> set -> card -> rest -> calibrating ...
                                                                 `-> questions -> done

Everything that happens is told by a method with the time of a steady clock; each returns what is
to be done about it. The patient lies face down, so that nothing needs a key: a still leg starts a
set, the count or a pause ends it, rest ends by itself. Every key only makes things quicker.
Whatever comes in, in whatever order: a set that was measured is never lost, and no state is left
waiting for ever.
"""

from collections.abc import Sequence
from typing import Any, Final

from analysis import (
    Calibrated,
    Event,
    Flag,
    LiveState,
    PhaseChanged,
    RepFinished,
    RepStarted,
    SetResult,
)
from tracker import words
from tracker.coach_cues import (
    LOW_BATTERY_PERCENT,
    MIN_REST_WITHOUT_A_NOTE_S,
    Ask,
    CoachState,
    Go,
    Key,
    Output,
    Play,
    Publish,
    Say,
    SessionOver,
    StartMeasuring,
    StopMeasuring,
    TrainingPlan,
)
from tracker.live_messages import card_message, rep_message, state_message
from tracker.pacing import Pacer
from tracker.questions import Question, Stage, advice, next_question
from tracker.set_watch import Finding, SetWatch
from tracker.settings import CoachSettings, PainLimits
from tracker.sounds import Cue
from tracker.words import Text

LEAVES_REST_DEG: Final = 10.0  # before "go": the leg was not still yet
_MEASURING = frozenset({CoachState.CALIBRATING, CoachState.READY, CoachState.SET})


class Coach:
    """Lead one session of one exercise.

    Parameters
    ----------
    plan : TrainingPlan
        What is trained.
    settings : CoachSettings, optional
        Times of the coach.
    limits : PainLimits, optional
        From where pain is severe.

    """

    def __init__(
        self,
        plan: TrainingPlan,
        settings: CoachSettings | None = None,
        limits: PainLimits | None = None,
    ) -> None:
        self.plan = plan
        self.state = CoachState.IDLE
        self.text: Text | None = None
        self.set_number = 0
        self.n_reps = 0
        self.question: Question | None = None
        self.answers: dict[str, int | None] = {}
        self.rest_ends_s: float | None = None
        self._settings = settings or CoachSettings()
        self._limits = limits or PainLimits()
        self._pacer = Pacer(plan.exercise, self._settings.let_go_share)
        self._watch = SetWatch(self._settings)
        self._stage = Stage.START
        self._entered_s = 0.0
        self._is_streaming = False
        self._is_calibrated = False
        self._set_end_s = 0.0
        self._is_closing = False  # the engine's result is awaited
        self._is_stopping = False  # no further set after this one
        self._is_leaving = False  # and no questions either
        self._battery_percent: int | None = None
        self._is_rest_note_due = True

    # -- What can happen -------------------------------------------------------------------------

    def start(self, now_s: float) -> list[Output]:
        """Begin: with the questions, or at once with the sensor."""
        if self.state is not CoachState.IDLE:
            return []
        if self.plan.has_questions:
            return self._ask(now_s)
        return self._connect(now_s)

    def sensor(self, is_streaming: bool, now_s: float) -> list[Output]:
        """Take note whether samples come in."""
        if is_streaming == self._is_streaming:
            return []
        self._is_streaming = is_streaming
        self._watch.sensor(is_streaming, now_s)
        if self.state is CoachState.CONNECTING and is_streaming:
            return self._calibrate(now_s)
        if self.state not in _MEASURING:
            return []
        return self._say(words.BACK if is_streaming else words.RECONNECTING)

    def battery(self, percent: int) -> None:
        """Take note of the sensor's charge."""
        self._battery_percent = percent

    def events(self, events: Sequence[Event], sample_s: float, now_s: float) -> list[Output]:
        """Take in what the engine found; `sample_s` is the time of its newest sample."""
        outputs: list[Output] = []
        for event in events:
            if self.state in _MEASURING and not self._is_closing:
                outputs += self._event(event, sample_s, now_s)
        return outputs

    def live(self, live: LiveState, now_s: float) -> list[Output]:
        """Take in where the leg is."""
        if self.state not in _MEASURING or self._is_closing:
            return []
        self._watch.leg(live.angle_deg, live.phase, now_s)
        if self._is_calibrated and not self.n_reps and self._has_shifted(live, now_s):
            return self._hold_still(now_s)
        return [Play(cue) for cue in self._pacer.angle(live.angle_deg, live.phase, now_s)]

    def set_result(self, results: Sequence[SetResult], now_s: float) -> list[Output]:
        """Take in the engine's result of the set that `StopMeasuring` ended."""
        if not self._is_closing:
            return []
        self._is_closing = False
        self._set_end_s = now_s
        card = card_message(self.set_number, results, self.plan.exercise, self.plan.reps)
        self.n_reps = card["reps"]
        said = words.SET_DONE if self.n_reps else words.NO_REPS
        outputs = [*self._enter(CoachState.CARD, now_s, said), Play(Cue.SET_END), Publish(card)]
        return [*outputs, *self._leave_set(now_s)] if self._is_stopping else outputs

    def key(self, key: Key, now_s: float) -> list[Output]:
        """Take in a key."""
        if key is Key.STOP:
            return self._stop(now_s)
        outputs: list[Output] = []
        match self.state:
            case CoachState.CALIBRATING if not self._is_closing:
                outputs = self._ready(now_s)
            case CoachState.READY | CoachState.SET:
                outputs = self._end_set()
            case CoachState.CARD:
                outputs = self._leave_set(now_s)
            case CoachState.REST:
                outputs = self._leave_rest(now_s)
            case CoachState.QUESTIONS:
                outputs = self.answer(None, now_s)
        return outputs

    def answer(self, value: int | None, now_s: float) -> list[Output]:
        """Take in the answer to the question that stands; None leaves it open."""
        question = self.question
        if self.state is not CoachState.QUESTIONS or question is None:
            return []
        if not question.accepts(value):
            return []
        self.answers[question.code] = value
        said = advice(self._stage, question.code, self.answers, self._limits)
        outputs: list[Output] = [] if said is None else [Say(said, is_urgent=True)]
        if question.code == "go_on" and not value:
            return outputs + self._finish(now_s)
        return outputs + self._ask(now_s)

    def interrupt(self, now_s: float) -> list[Output]:
        """End now, without questions; what was measured is kept."""
        self._is_leaving = True
        return self._stop(now_s)

    def tick(self, now_s: float) -> list[Output]:
        """Let time pass; call it ten times a second or so."""
        waited_s = now_s - self._entered_s
        match self.state:
            case CoachState.QUESTIONS:
                is_late = self._stage is Stage.END and waited_s > self._settings.end_answer_s
                return self.answer(None, now_s) if is_late else []
            case CoachState.CONNECTING if waited_s > self._settings.connect_give_up_s:
                return [Say(words.NO_SENSOR, is_urgent=True), *self._finish(now_s)]
            case CoachState.CALIBRATING | CoachState.READY | CoachState.SET:
                return [] if self._is_closing else self._tick_measuring(now_s)
            case CoachState.CARD if waited_s >= self._card_s:
                return self._leave_set(now_s)
            case CoachState.REST if now_s >= (self.rest_ends_s or 0.0):
                return [Play(Cue.REST_END), *self._leave_rest(now_s)]
            case _:
                return []

    def state_message(self) -> dict[str, Any]:
        """Return where the session stands, for the live page."""
        return state_message(self.plan, self.state, self.set_number, self.text)

    @property
    def pain_for_feedback(self) -> int | None:
        """Pain as the set cards should know it: severe pain was spoken of, no card repeats it."""
        pain = self.answers.get("pain_before")
        return None if pain is None else min(pain, self._limits.severe - 1)

    @property
    def _card_s(self) -> float:
        is_last = self.set_number >= self.plan.sets
        return self._settings.last_card_s if is_last else self._settings.card_s

    # -- What follows ----------------------------------------------------------------------------

    def _event(self, event: Event, sample_s: float, now_s: float) -> list[Output]:
        match event:
            case Calibrated():
                self._is_calibrated = True
                return []
            case RepStarted():
                return self._moves(now_s)
            case PhaseChanged(kind=kind, at_s=at_s):
                self._pacer.phase(kind, now_s - max(0.0, sample_s - at_s))
                return [] if kind is None else self._moves(now_s)
            case RepFinished(rep=rep):
                outputs = self._moves(now_s, is_rep=True)
                self.n_reps += 1
                has_dropped = Flag.FAST_DROP in rep.flags
                outputs.append(Publish(rep_message(rep, self.n_reps, self.plan.exercise)))
                outputs.append(Play(Cue.ATTENTION if has_dropped else Cue.REP))
                outputs += self._say(words.FAST_DROP) if has_dropped else []
                return outputs + (self._end_set() if self.n_reps >= self.plan.reps else [])
            case _:
                return []

    def _moves(self, now_s: float, *, is_rep: bool = False) -> list[Output]:
        """Note that the leg moves: when ready, or by a whole repetition, that starts the set."""
        self._watch.moved(now_s)
        may_start = self.state is CoachState.READY or is_rep
        if may_start and self.state is not CoachState.SET:
            return self._enter(CoachState.SET, now_s, None)
        return []

    def _tick_measuring(self, now_s: float) -> list[Output]:
        is_still = self._is_calibrated and now_s - self._entered_s >= self._settings.still_s
        if self.state is CoachState.CALIBRATING and is_still:
            return [Play(Cue.CALIBRATED), *self._ready(now_s)]
        if self.state is CoachState.SET and self.n_reps:
            finding = self._watch.check_counting(now_s)
        else:
            finding = self._watch.check_waiting(self._settings.reminder_s, now_s)
        match finding:
            case Finding.REMIND:
                is_calibrating = self.state is CoachState.CALIBRATING
                return self._say(words.STILL_LONGER if is_calibrating else words.GO_AGAIN)
            case Finding.ASK_WHETHER_DONE:
                return [Play(Cue.ATTENTION), *self._say(words.DONE_QUESTION)]
            case Finding.END_SET:
                return self._end_set()
            case Finding.GIVE_UP:
                return self._give_up()
            case Finding.NOTHING:
                return [Play(cue) for cue in self._pacer.tick(now_s)]

    def _give_up(self) -> list[Output]:
        """Close the session by itself: nobody is training any more."""
        self._is_stopping = True
        return self._end_set()

    def _ask(self, now_s: float) -> list[Output]:
        """Put the next question of the screen, or go on when there is none."""
        self.question = next_question(
            self._stage, self.answers, has_band=self.plan.has_band, limits=self._limits
        )
        if self.question is None:
            goes_on = self._stage is Stage.START
            return [Ask(None), *(self._connect(now_s) if goes_on else self._finish(now_s))]
        entered = self._enter(CoachState.QUESTIONS, now_s, self.question.text, is_said=False)
        return [*entered, Ask(self.question)]

    def _connect(self, now_s: float) -> list[Output]:
        if self._is_streaming:
            return self._calibrate(now_s)
        return self._enter(CoachState.CONNECTING, now_s, words.CONNECTING)

    def _calibrate(self, now_s: float) -> list[Output]:
        """Go on to the next set."""
        self.set_number += 1
        self.n_reps = 0
        self.rest_ends_s = None
        return self._hold_still(now_s)

    def _hold_still(self, now_s: float) -> list[Output]:
        """Measure the rest pose, for the first time or once more."""
        self._is_calibrated = False
        self._watch.begin(now_s)
        said = words.hold_still(self.plan.exercise.id)
        entered = self._enter(CoachState.CALIBRATING, now_s, said)
        return [*entered, StartMeasuring(self.set_number)]

    def _has_shifted(self, live: LiveState, now_s: float) -> bool:
        """Whether the rest pose is no longer where it was measured: the person turned over."""
        if self.state is CoachState.CALIBRATING:
            return abs(live.angle_deg or 0.0) > LEAVES_REST_DEG
        return self._watch.is_steady_away(now_s)

    def _ready(self, now_s: float) -> list[Output]:
        self._watch.begin(now_s)
        entered = self._enter(CoachState.READY, now_s, words.GO)
        return [*entered, Play(Cue.GO), Go(self.plan.reps - self.n_reps)]

    def _end_set(self) -> list[Output]:
        if self._is_closing:
            return []
        self._is_closing = True
        self._pacer.phase(None, 0.0)
        return [StopMeasuring()]

    def _leave_set(self, now_s: float) -> list[Output]:
        """Go from the card to the rest, or after the last set to the end."""
        if self._is_stopping or self.set_number >= self.plan.sets:
            return self._ask_or_finish(now_s)
        self.rest_ends_s = self._set_end_s + self.plan.rest_s
        return self._enter(CoachState.REST, now_s, words.REST)

    def _leave_rest(self, now_s: float) -> list[Output]:
        rested_s = now_s - self._set_end_s
        is_short = rested_s < min(MIN_REST_WITHOUT_A_NOTE_S, self.plan.rest_s)
        outputs: list[Output] = []
        if is_short and self._is_rest_note_due:
            self._is_rest_note_due = False
            outputs.append(Say(words.SHORT_REST))
        return outputs + self._calibrate(now_s)

    def _stop(self, now_s: float) -> list[Output]:
        self._is_stopping = True
        if self.state is CoachState.DONE or self._is_closing:
            return []
        if self.state in _MEASURING:
            return self._end_set()
        if self.state in {CoachState.CARD, CoachState.REST}:
            return self._ask_or_finish(now_s)
        return self._finish(now_s)

    def _ask_or_finish(self, now_s: float) -> list[Output]:
        self._stage = Stage.END
        if self._is_leaving or not self.plan.has_questions:
            return self._finish(now_s)
        return self._ask(now_s)

    def _finish(self, now_s: float) -> list[Output]:
        self.question = None
        said = words.STOPPED if self._is_stopping else words.WELL_DONE
        outputs = [Ask(None), *self._enter(CoachState.DONE, now_s, said)]
        if self._battery_percent is not None and self._battery_percent < LOW_BATTERY_PERCENT:
            outputs.append(Say(words.CHARGE))
        return [*outputs, SessionOver()]

    def _enter(
        self, state: CoachState, now_s: float, text: Text | None, *, is_said: bool = True
    ) -> list[Output]:
        self.state = state
        self._entered_s = now_s
        self.text = text
        said: list[Output] = [Say(text)] if text is not None and is_said else []
        return [Publish(self.state_message()), *said]

    def _say(self, text: Text) -> list[Output]:
        """Say something without a change of state; the page shows it too."""
        self.text = text
        return [Publish(self.state_message()), Say(text)]
