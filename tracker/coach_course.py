"""What follows what in a sitting: exercise after exercise, set after set, rests and questions.

`Coach` takes in what happens and calls these; nothing here waits or listens.
"""

from collections.abc import Sequence
from typing import Any, Final

from analysis import Movement, SetResult
from tracker import words
from tracker.coach_cues import (
    LOW_BATTERY_PERCENT,
    MIN_REST_WITHOUT_A_NOTE_S,
    Ask,
    CoachState,
    EndSet,
    Enter,
    Keep,
    Kept,
    Output,
    Prepare,
    Publish,
    Say,
    SessionOver,
    StopMeasuring,
    Tell,
    Turn,
)
from tracker.coach_route import Route
from tracker.coach_set import SetCoach
from tracker.interview import Interview
from tracker.leg_comparison import LegComparison
from tracker.live_messages import card_message, state_message
from tracker.questions import Question, Stage
from tracker.set_coaches import new_set
from tracker.settings import CoachSettings, PainLimits
from tracker.training_plan import OTHER_LEG, Leg, Step, StepState, TrainingPlan
from tracker.words import Text

ANNOUNCED_S: Final = 10.0  # the words of the next set say so
LONG_REST_S: Final = 20.0


class SittingCourse:
    """Where a sitting stands, and its steps from one state to the next; see `Coach`."""

    def __init__(
        self,
        plan: TrainingPlan,
        settings: CoachSettings | None = None,
        limits: PainLimits | None = None,
        *,
        is_hands_free: bool = False,
    ) -> None:
        self.plan = plan
        self.state = CoachState.IDLE
        self.text: Text | None = None
        self.set_number = 0
        self.n_reps = 0
        self.rest_ends_s: float | None = None
        self.is_hands_free = is_hands_free
        self.route = Route(plan)
        self.cards: dict[tuple[int, int], dict[str, Any]] = {}
        self._settings = settings or CoachSettings()
        self._legs = LegComparison()
        self._interview = Interview(plan, limits or PainLimits())
        self._set: SetCoach | None = None
        self._timed: dict[str, Any] | None = None  # what the clock saw of the set that closes
        self._entered_s = 0.0
        self._is_streaming = False
        self._worn_on: Leg | None = None
        self._has_waited = False  # for a sensor; what a clock can lead does not wait again
        self._set_end_s = 0.0
        self._is_closing = False  # the engine's result is awaited
        self._is_stopping = False  # no further set after this one
        self._is_leaving = False  # and no questions either
        self._goes_to: int | None = None  # an exercise that was asked for while a set ran
        self._n_sets_more = 0  # asked for beyond the plan of this exercise
        self._battery_percent: int | None = None
        self._is_rest_note_due = True
        self._announced_set: tuple[int, int] | None = None  # before its rest was over

    # -- What can be asked -----------------------------------------------------------------------

    @property
    def question(self) -> Question | None:
        """The question that stands."""
        return self._interview.question

    @property
    def answers(self) -> dict[str, int | None]:
        """Answers by code; None where left open."""
        return self._interview.answers

    @property
    def pain_for_feedback(self) -> int | None:
        """Pain as the set cards should know it."""
        return self._interview.pain_for_feedback

    @property
    def step(self) -> Step:
        """The exercise that is on."""
        return self.route.step

    @property
    def step_number(self) -> int:
        """Its number, from 1."""
        return self.route.at or 1

    @property
    def is_in_set(self) -> bool:
        """Whether a set runs, or its result is awaited."""
        return self._set is not None

    def frame(self, now_s: float) -> dict[str, Any] | None:
        """Return what a frame says beyond the angle; None outside of a set."""
        if self._set is None or self._is_closing:
            return None
        return self._set.frame(now_s)

    def state_message(self) -> dict[str, Any]:
        """Return where the sitting stands, for the live page."""
        message = state_message(self.plan, self.step_number, self.state, self.set_number, self.text)
        question = self.question if self.state is CoachState.QUESTIONS else None
        return message | {
            "question": None if question is None else question.as_json(),
            "hands_free": self.is_hands_free,
        }

    @property
    def _n_sets(self) -> int:
        return self.step.sets + self._n_sets_more

    @property
    def _card_s(self) -> float:
        if self.step.movement is Movement.STILLNESS:
            return min(self._settings.hold_card_s, self._settings.card_s)
        is_last = self.set_number >= self._n_sets
        return self._settings.last_card_s if is_last else self._settings.card_s

    # -- What follows ----------------------------------------------------------------------------

    def _do(self, turns: Sequence[Turn], now_s: float) -> list[Output]:
        """Carry out what the coach of the set wants of the sitting; pass on the rest."""
        outputs: list[Output] = []
        for turn in turns:
            match turn:
                case Enter(state=state, text=text):
                    outputs += self._enter(state, now_s, text)
                case Tell(text=text):
                    outputs += self._say(text)
                case EndSet(gives_up=gives_up):
                    self._is_stopping |= gives_up
                    return outputs + self._end_set(now_s)
                case _:
                    outputs.append(turn)
        if self._set is not None:
            self.n_reps = self._set.n_reps
        return outputs

    def _ask(self, now_s: float) -> list[Output]:
        """Put the next question of the screen, or go on when there is none."""
        question = self._interview.ask()
        if question is None:
            goes_on = self._interview.stage is Stage.START
            return [Ask(None), *(self._go_on(now_s) if goes_on else self._finish(now_s))]
        entered = self._enter(CoachState.QUESTIONS, now_s, question.text, is_said=False)
        return [*entered, Ask(question)]

    def _go_on(self, now_s: float) -> list[Output]:
        """Begin the next exercise, or end."""
        following = self.route.next_todo
        return self._ask_or_finish(now_s) if following is None else self._begin(following, now_s)

    def _begin(self, number: int, now_s: float) -> list[Output]:
        """Begin an exercise: the sensor on the right leg, its card, the sensor, the first set."""
        is_done = self.route.state(number) is StepState.DONE
        self._n_sets_more = int(is_done)
        self.route.begin(number)
        done = [n for step, n in self.cards if step == number]
        self.set_number = max([self.step.sets if is_done else self.step.sets_done, *done])
        told: list[Output] = [Publish(self.route.message()), Prepare(self.step.exercise.id)]
        side = self.step.side
        is_elsewhere = side is not None and self._worn_on == OTHER_LEG[side]
        if self.step.needs_sensor and side is not None:
            self._worn_on = side
            if is_elsewhere:
                said = words.MOVE_SENSOR[side]
                return told + self._enter(CoachState.MOVE_SENSOR, now_s, said)
        return told + self._introduce(now_s)

    def _introduce(self, now_s: float) -> list[Output]:
        if not self.plan.is_programme:
            return self._connect(now_s)
        return self._enter(CoachState.INTRO, now_s, words.introduction(self.step.exercise))

    def _connect(self, now_s: float) -> list[Output]:
        is_clock_enough = not self.step.needs_sensor and self._has_waited
        if self._is_streaming or self.step.is_unseen or is_clock_enough:
            return self._next_set(now_s)
        self._has_waited = True
        return self._enter(CoachState.CONNECTING, now_s, words.CONNECTING)

    def _next_set(self, now_s: float) -> list[Output]:
        """Go on to the next set."""
        self.set_number += 1
        self.n_reps = 0
        self.rest_ends_s = None
        is_seen = self.step.is_seen(self.set_number, self._worn_on)
        self._set = new_set(
            self.step,
            self.set_number,
            self._settings,
            is_measured=self._is_streaming and is_seen,
        )
        return self._do(self._set.begin(now_s), now_s)

    def _end_set(self, now_s: float) -> list[Output]:
        """End the set: the engine is asked for its result, or the clock is."""
        if self._is_closing or self._set is None:
            return []
        outputs = self._do(self._set.close(now_s), now_s)
        self._timed = self._set.timed(now_s)
        if not self._set.is_measured:
            return outputs + self._show_card((), now_s)
        self._is_closing = True
        return [*outputs, StopMeasuring()]

    def _show_card(self, results: Sequence[SetResult], now_s: float) -> list[Output]:
        """Show what the set came to; what only the clock saw is kept apart."""
        over_s = None if self._set is None else self._set.over_since_s
        self._set_end_s = now_s if over_s is None else over_s
        self._set = None
        timed = None if any(one.reps or one.holds or one.bouts for one in results) else self._timed
        card = card_message(self.step, self.step_number, self.set_number, results, timed)
        side = self.step.side_of(self.set_number)
        card["legs"] = self._legs.take(self.step.exercise, side, results)
        self.cards[self.step_number, self.set_number] = card
        self.n_reps = card["reps"]
        outputs: list[Output] = []
        if timed is not None:
            about: dict[str, Any] = {
                "step": self.step_number,
                "set": self.set_number,
                "exercise": self.step.exercise.id,
                "side": side,
            }
            outputs.append(Keep(Kept.TIMED, about | timed))
        is_empty = not (card["reps"] or card["holds"] or card["bouts"])
        said = words.after_set(self.step.movement, is_empty=is_empty)
        outputs += self._enter(CoachState.CARD, now_s, said)
        outputs.append(Publish(card))
        return [*outputs, *self._leave_set(now_s)] if self._is_stopping else outputs

    def _leave_set(self, now_s: float) -> list[Output]:
        """Go from the card to the rest, to the next exercise, or to the end."""
        if self._is_stopping:
            return self._ask_or_finish(now_s)
        goes_to, self._goes_to = self._goes_to, None
        if goes_to is not None:
            self._leave_step()
            return self._begin(goes_to, now_s)
        is_left = self.route.state(self.step_number) is not StepState.DOING
        if is_left or self.set_number >= self._n_sets:
            self._leave_step()
            return [Publish(self.route.message()), *self._go_on(now_s)]
        self.rest_ends_s = self._set_end_s + self.step.rest_s
        turns = [self.step.is_after_switch(self.set_number + more) for more in (0, 1)]
        said = words.SWITCH_LEG if turns == [False, True] else words.REST
        return self._enter(CoachState.REST, now_s, said)

    def _leave_step(self) -> None:
        """Note what became of the exercise that was on."""
        number = self.route.at
        if number is not None and self.route.state(number) is StepState.DOING:
            is_done = self._set is None and self.set_number >= self._n_sets
            self.route.mark(number, StepState.DONE if is_done else StepState.TODO)

    def _announce_set(self, now_s: float) -> list[Output]:
        """Say what comes, shortly before a rest that was long enough to turn away is over."""
        coming = self.step_number, self.set_number + 1
        left_s = (self.rest_ends_s or now_s) - now_s
        is_soon = self.step.rest_s >= LONG_REST_S and 0 < left_s <= ANNOUNCED_S
        if self.state is not CoachState.REST or not is_soon or coming == self._announced_set:
            return []
        self._announced_set = coming
        return [Say(words.NEXT_SET.with_values(number=coming[1], sets=self._n_sets))]

    def _leave_rest(self, now_s: float) -> list[Output]:
        rested_s = now_s - self._set_end_s
        is_short = rested_s < min(MIN_REST_WITHOUT_A_NOTE_S, self.step.rest_s)
        outputs: list[Output] = []
        if is_short and self._is_rest_note_due and self.step.needs_sensor:
            self._is_rest_note_due = False
            outputs.append(Say(words.SHORT_REST))
        return outputs + self._next_set(now_s)

    def _stop(self, now_s: float) -> list[Output]:
        self._is_stopping = True
        if self.state is CoachState.DONE or self._is_closing:
            return []
        if self._set is not None:
            return self._end_set(now_s)
        if self.state in {CoachState.CARD, CoachState.REST} or self.cards:
            return self._ask_or_finish(now_s)
        return self._finish(now_s)

    def _ask_or_finish(self, now_s: float) -> list[Output]:
        is_asked = self.plan.has_questions and not self._is_leaving
        if not is_asked or self.state is CoachState.QUESTIONS:
            return self._finish(now_s)
        self._interview.stage = Stage.END
        return self._ask(now_s)

    def _finish(self, now_s: float) -> list[Output]:
        self._interview.close()
        self._leave_step()
        said = words.STOPPED if self._is_stopping else words.WELL_DONE
        told: list[Output] = [Ask(None), Publish(self.route.message())]
        outputs = [*told, *self._enter(CoachState.DONE, now_s, said)]
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
