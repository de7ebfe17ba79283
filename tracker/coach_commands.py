"""What pages ask of the coach: checked, and done once however often it is clicked."""

from typing import Final

from tracker import words
from tracker.coach import Coach
from tracker.coach_cues import CoachState, Keep, Kept, Key, Output, Publish
from tracker.gear import GearError, gear_kind, read_gear
from tracker.live_commands import Command, CommandRefusedError, Deed
from tracker.settings import CoachSettings

_ONCE: Final = frozenset({Deed.NEXT, Deed.SKIP, Deed.AGAIN})
"""Doing these twice is not the same as once."""


class PageCommands:
    """Carry out what any of the pages asks for.

    Parameters
    ----------
    coach : Coach
        Who does it.
    settings : CoachSettings
        Within which time two clicks are one.

    """

    def __init__(self, coach: Coach, settings: CoachSettings) -> None:
        self._coach = coach
        self._settings = settings
        self._last: tuple[Deed, float] | None = None

    def take(self, command: Command, now_s: float) -> list[Output]:
        """Carry out a command.

        Raises
        ------
        CommandRefusedError
            If it cannot be done now.

        """
        if command.state is not None and command.state != self._coach.state:
            return []  # another page, or the coach itself, was quicker
        if command.do in _ONCE:
            last, self._last = self._last, (command.do, now_s)
            is_again = last is not None and last[0] is command.do
            if is_again and last is not None and now_s - last[1] < self._settings.double_click_s:
                return []
        return self._do(command, now_s)

    def _do(self, command: Command, now_s: float) -> list[Output]:
        coach = self._coach
        match command.do:
            case Deed.NEXT | Deed.STOP:
                return coach.key(Key(command.do), now_s)
            case Deed.ANSWER:
                return self._answer(command, now_s)
            case Deed.HANDS_FREE:
                coach.is_hands_free = command.on
                return [Publish(coach.state_message())]
            case Deed.CORRECT | Deed.EQUIP:
                tell = self._correct if command.do is Deed.CORRECT else self._equip
                return tell(command)
            case Deed.START | Deed.ACCEPT:
                return self._out_of_turn(command)
        return self._move(command, now_s)

    def _out_of_turn(self, command: Command) -> list[Output]:
        """Answer what is asked before or after a training; a second click asks for nothing new."""
        if command.do is Deed.ACCEPT:
            raise CommandRefusedError(words.NOTHING_OFFERED)
        if command.exercise not in {None, self._coach.step.exercise.id}:
            raise CommandRefusedError(words.IN_TRAINING)
        return []

    def _move(self, command: Command, now_s: float) -> list[Output]:
        """Skip, repeat, go to an exercise, or say that it was done."""
        coach = self._coach
        if coach.state in {CoachState.IDLE, CoachState.QUESTIONS, CoachState.DONE}:
            raise CommandRefusedError(words.NOT_NOW)
        if command.do is Deed.SKIP:
            return coach.skip(now_s)
        if command.do is Deed.AGAIN:
            if coach.is_in_set:
                raise CommandRefusedError(words.NOT_IN_A_SET)
            return coach.again(now_s)
        number = command.step or 0
        if not coach.route.has(number):
            raise CommandRefusedError(words.NO_SUCH_EXERCISE)
        if command.do is Deed.GOTO:
            return [] if number == coach.route.at else coach.go_to(number, now_s)
        if coach.is_in_set and number == coach.route.at:
            raise CommandRefusedError(words.NOT_IN_A_SET)
        return coach.self_report(number, now_s)

    def _answer(self, command: Command, now_s: float) -> list[Output]:
        """Take an answer; one to a question that is answered already is late, not wrong."""
        question = self._coach.question
        if question is None or question.code != command.code:
            return []
        if not question.accepts(command.value):
            raise CommandRefusedError(words.NO_ANSWER)
        return self._coach.answer(command.value, now_s)

    def _equip(self, command: Command) -> list[Output]:
        number = command.step or 0
        if not self._coach.route.has(number):
            raise CommandRefusedError(words.NO_SUCH_EXERCISE)
        kind = gear_kind(self._coach.plan.step(number).exercise)
        if kind is None or command.gear is None:
            raise CommandRefusedError(words.NO_GEAR)
        try:
            return self._coach.equip(number, read_gear(command.gear, kind))
        except GearError as error:
            raise CommandRefusedError(words.NO_GEAR) from error

    def _correct(self, command: Command) -> list[Output]:
        card = self._coach.cards.get((command.step or 0, command.set or 0))
        if card is None:
            raise CommandRefusedError(words.NO_SUCH_SET)
        card |= {"reps_by_patient": command.reps, "has_correction": command.reps is not None}
        item = {"step": command.step, "set": command.set, "reps": command.reps}
        return [Keep(Kept.CORRECTION, item), Publish(card)]
