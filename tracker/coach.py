"""The coach: a sitting as a state machine without clock, screen, sound or radio.

    questions -> intro -> connecting -> [ a set ] -> card -> rest -> [ a set ] ...
                   ^                                    `-> the next exercise, at last
                   `--- move the sensor <---------------'    questions -> done

A set is led by the coach of its kind of movement (`SetCoach`); which exercise comes when is the
`Route`'s; what is asked is the `Interview`'s. Everything that happens is told by a method with the
time of a steady clock; each returns what is to be done about it. The patient lies face down, so
that nothing needs a key: a still leg starts a set, the count or a pause ends it, rest ends by
itself. Every key only makes things quicker. Whatever comes in, in whatever order: a set that was
measured is never lost, and no state is left waiting for ever.
"""

from collections.abc import Sequence
from typing import Final

from analysis import Event, LiveState, SetResult
from tracker import words
from tracker.coach_course import SittingCourse
from tracker.coach_cues import (
    CoachState,
    Keep,
    Kept,
    Key,
    Output,
    Play,
    Publish,
    Say,
)
from tracker.coach_route import Route
from tracker.questions import Stage
from tracker.sounds import Cue
from tracker.training_plan import StepState

_WAITING: Final = frozenset({CoachState.QUESTIONS, CoachState.INTRO, CoachState.MOVE_SENSOR})
"""States that a person ends; one who went away leaves no session open."""


class Coach(SittingCourse):
    """Lead one sitting.

    Parameters
    ----------
    plan : TrainingPlan
        What is trained.
    settings : CoachSettings, optional
        Times of the coach.
    limits : PainLimits, optional
        From where pain is severe.
    is_hands_free : bool
        Whether the cards of the exercises go on by themselves.

    """

    # -- What can happen -------------------------------------------------------------------------

    def start(self, now_s: float) -> list[Output]:
        """Begin: with the questions, or at once with the first exercise."""
        if self.state is not CoachState.IDLE:
            return []
        told: list[Output] = [Publish(self.route.message())]
        return told + (self._ask(now_s) if self.plan.has_questions else self._go_on(now_s))

    def sensor(self, is_streaming: bool, now_s: float) -> list[Output]:
        """Take note whether samples come in."""
        if is_streaming == self._is_streaming:
            return []
        self._is_streaming = is_streaming
        if self.state is CoachState.CONNECTING and is_streaming:
            return self._next_set(now_s)
        if self._set is None or self._is_closing or not self._set.is_measured:
            return []
        return self._do(self._set.sensor(is_streaming, now_s), now_s)

    def battery(self, percent: int) -> None:
        """Take note of the sensor's charge."""
        self._battery_percent = percent

    def events(self, events: Sequence[Event], sample_s: float, now_s: float) -> list[Output]:
        """Take in what the engine found; `sample_s` is the time of its newest sample."""
        outputs: list[Output] = []
        for event in events:
            if self._set is not None and not self._is_closing:
                outputs += self._do(self._set.event(event, sample_s, now_s), now_s)
        return outputs

    def live(self, live: LiveState, now_s: float) -> list[Output]:
        """Take in where the leg is."""
        if self._set is None or self._is_closing:
            return []
        return self._do(self._set.live(live, now_s), now_s)

    def set_result(self, results: Sequence[SetResult], now_s: float) -> list[Output]:
        """Take in the engine's result of the set that `StopMeasuring` ended."""
        if not self._is_closing:
            return []
        self._is_closing = False
        return self._show_card(results, now_s)

    def key(self, key: Key, now_s: float) -> list[Output]:
        """Take in a key."""
        if key is Key.STOP:
            return self._stop(now_s)
        if self._set is not None:
            return [] if self._is_closing else self._do(self._set.next(now_s), now_s)
        go_on = {
            CoachState.MOVE_SENSOR: self._introduce,
            CoachState.INTRO: self._connect,
            CoachState.CARD: self._leave_set,
            CoachState.REST: self._leave_rest,
            CoachState.QUESTIONS: self._leave_open,
        }
        return go_on[self.state](now_s) if self.state in go_on else []

    def answer(self, value: int | None, now_s: float) -> list[Output]:
        """Take in the answer to the question that stands; None leaves it open."""
        question = self.question
        if self.state is not CoachState.QUESTIONS or question is None:
            return []
        if not question.accepts(value):
            return []
        said = self._interview.answer(question, value)
        outputs: list[Output] = [] if said is None else [Say(said, is_urgent=True)]
        if question.code == "go_on" and not value:
            return outputs + self._finish(now_s)
        if question.code == "go_on_rest" and value == 0:
            self.plan = self.plan.from_the_start()
            self.route = Route(self.plan)
            outputs.append(Publish(self.route.message()))
        return outputs + self._ask(now_s)

    def _leave_open(self, now_s: float) -> list[Output]:
        return self.answer(None, now_s)

    def interrupt(self, now_s: float) -> list[Output]:
        """End now, without questions; what was measured is kept."""
        self._is_leaving = True
        return self._stop(now_s)

    def go_to(self, number: int, now_s: float) -> list[Output]:
        """Go to an exercise; a set that runs is ended and kept. A done one gets a set more."""
        if self._set is not None:
            self._goes_to = number
            return self._end_set(now_s)
        return self._begin(number, now_s)

    def again(self, now_s: float) -> list[Output]:
        """Do one set more of the exercise that is on; before its first set, of the last one."""
        if self.state in {CoachState.CARD, CoachState.REST}:
            self._n_sets_more += 1
            return [Publish(self.state_message())]
        done = [step for step, _ in self.cards]
        return self.go_to(done[-1], now_s) if done else []

    def skip(self, now_s: float) -> list[Output]:
        """Leave the exercise that is on; a set that runs is ended and kept."""
        if self.route.at is None:
            return []
        self.route.mark(self.route.at, StepState.SKIPPED)
        if self._set is not None:
            return [Publish(self.route.message()), *self._end_set(now_s)]
        return self._go_on(now_s)

    def self_report(self, number: int, now_s: float) -> list[Output]:
        """Take note that an exercise was done without a sensor."""
        step = self.plan.step(number)
        item = {"step": number, "exercise": step.exercise.id, "side": step.side}
        item |= {"sets": step.sets, "reps": step.reps}
        self.route.mark(number, StepState.SELF_REPORTED)
        outputs: list[Output] = [Keep(Kept.SELF_REPORTED, item), Publish(self.route.message())]
        return outputs + (self._go_on(now_s) if number == self.route.at else [])

    def tick_in_s(self, now_s: float, most_s: float) -> float:
        """Return after what time to tick again: at most so long, and in time for the next tone."""
        due_s = None if self._set is None else self._set.due_s
        if due_s is None or due_s <= now_s:
            return most_s
        return min(most_s, due_s - now_s)

    def tick(self, now_s: float) -> list[Output]:
        """Let time pass; call it ten times a second or so."""
        if self._set is not None:
            return [] if self._is_closing else self._do(self._set.tick(now_s), now_s)
        waited_s = now_s - self._entered_s
        least_s = self._least_wait_s
        if least_s is not None and waited_s >= least_s:
            return self._go_by_itself(now_s)
        is_left = self.state in _WAITING and waited_s > self._settings.left_alone_s
        return self._stop(now_s) if is_left else self._announce_set(now_s)

    @property
    def _least_wait_s(self) -> float | None:
        """How long the state stands until it ends by itself; None: a person ends it."""
        least_s = {
            CoachState.CONNECTING: self._settings.connect_give_up_s
            if self.step.needs_sensor
            else self._settings.optional_wait_s,
            CoachState.CARD: self._card_s,
            CoachState.REST: (self.rest_ends_s or 0.0) - self._entered_s,
        }
        if self._interview.stage is Stage.END:
            least_s[CoachState.QUESTIONS] = self._settings.end_answer_s
        if self.is_hands_free:
            least_s[CoachState.MOVE_SENSOR] = self._settings.move_sensor_s
            least_s[CoachState.INTRO] = self._settings.intro_s
        return least_s.get(self.state)

    def _go_by_itself(self, now_s: float) -> list[Output]:
        """Leave a state whose time is over, as a key would."""
        if self.state is CoachState.CONNECTING:
            if not self.step.needs_sensor:
                return self._next_set(now_s)
            return [Say(words.NO_SENSOR, is_urgent=True), *self._finish(now_s)]
        is_rest = self.state is CoachState.REST
        return [*([Play(Cue.REST_END)] if is_rest else []), *self.key(Key.NEXT, now_s)]
