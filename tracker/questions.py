"""The short questions about pain, and what is said in answer: two screens, no verdict.

At the start: pain now and soreness since last time; in a day of the programme painkillers too. At
the end: worst pain, how hard it was, and once whether the band was tight, which no sensor sees.
Warning signs are asked first whenever pain is severe; only without them is a reassuring word said.
Nothing here stops a training: the patient decides.
Limits and wording are ours (docs/reference/commands.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tracker import words
from tracker.settings import PainLimits
from tracker.words import Text

SCALE_MAX: Final = 10


class AnswerKind(StrEnum):
    """What may be answered."""

    SCALE = "scale"  # 0 to 10
    YES_NO = "yes_no"  # 1 or 0
    CHOICE = "choice"  # the number of a choice, from 0


class Stage(StrEnum):
    """When it is asked."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its `code` is the key of its answer."""

    code: str
    kind: AnswerKind
    text: Text
    choices: tuple[Text, ...] = ()

    @property
    def scale(self) -> Text | None:
        """What the ends of its scale mean, where no buttons say so; None without a scale."""
        if self.kind is not AnswerKind.SCALE:
            return None
        return words.SCALES.get(self.code, words.SCALE_OF_PAIN)

    @property
    def largest(self) -> int:
        """The largest answer; the smallest is 0."""
        if self.kind is AnswerKind.CHOICE:
            return len(self.choices) - 1
        return SCALE_MAX if self.kind is AnswerKind.SCALE else 1

    def as_json(self) -> dict[str, Any]:
        """Return the question as the live page takes it."""
        choices = [{"value": k, "text": one.as_json()} for k, one in enumerate(self.choices)]
        return {
            "code": self.code,
            "kind": str(self.kind),
            "text": self.text.as_json(),
            "choices": choices or None,
        }

    def accepts(self, value: int | None) -> bool:
        """Whether this is an answer; None, left open, always is."""
        if value is None:
            return True
        return 0 <= value <= self.largest


Answers = Mapping[str, int | None]


def next_question(
    stage: Stage,
    answers: Answers,
    *,
    has_band: bool = True,
    is_programme: bool = False,
    is_resumed: bool = False,
    limits: PainLimits | None = None,
) -> Question | None:
    """Return what to ask now; None when the screen is done.

    Parameters
    ----------
    stage : Stage
        The screen.
    answers : mapping
        Answers so far by code; None where a question was left open.
    has_band : bool
        Whether a band belongs to the exercise.
    is_programme : bool
        Whether it is a whole sitting, where painkillers are asked.
    is_resumed : bool
        Whether there is something of today to go on with.
    limits : PainLimits, optional
        From where pain is severe.

    """
    known = limits or PainLimits()
    if stage is Stage.END:
        screen = _end_screen(answers, known, has_band=has_band)
    else:
        screen = _start_screen(answers, known, is_programme=is_programme, is_resumed=is_resumed)
    return next((question for question in screen if question.code not in answers), None)


def _start_screen(
    answers: Answers, limits: PainLimits, *, is_programme: bool, is_resumed: bool
) -> list[Question]:
    """List the questions before the first set that the answers so far call for, in order."""
    now = Question("pain_before", AnswerKind.SCALE, words.PAIN_NOW)
    soreness = Question("soreness", AnswerKind.SCALE, words.SORENESS)
    tablets = Question(
        "painkiller", AnswerKind.CHOICE, words.PAINKILLER_QUESTION, words.PAINKILLERS
    )
    rest = Question("go_on_rest", AnswerKind.YES_NO, words.GO_ON_REST_QUESTION)
    # Warning signs come first, before the next scale is asked.
    return [
        *([rest] if is_resumed or "go_on_rest" in answers else []),
        now,
        *([_signs(Stage.START)] if is_severe(Stage.START, answers, limits) else []),
        soreness,
        *([tablets] if is_programme else []),
        *(
            [Question("go_on", AnswerKind.YES_NO, words.GO_ON_QUESTION)]
            if is_severe(Stage.START, answers, limits)
            else []
        ),
    ]


def _end_screen(answers: Answers, limits: PainLimits, *, has_band: bool) -> list[Question]:
    """List the questions after the last set."""
    return [
        Question("pain_worst", AnswerKind.SCALE, words.PAIN_WORST),
        *([_signs(Stage.END)] if is_severe(Stage.END, answers, limits) else []),
        Question("rpe", AnswerKind.SCALE, words.RPE_QUESTION),
        *([Question("band_tight", AnswerKind.YES_NO, words.BAND_QUESTION)] if has_band else []),
    ]


def _signs(stage: Stage) -> Question:
    return Question(f"warning_signs_{stage}", AnswerKind.YES_NO, words.WARNING_SIGNS)


def is_severe(stage: Stage, answers: Answers, limits: PainLimits) -> bool:
    """Whether the pain of a screen is severe."""
    return (answers.get(pain_key(stage)) or 0) >= limits.severe


def pain_key(stage: Stage) -> str:
    """Return the code of the pain question of a screen."""
    return "pain_before" if stage is Stage.START else "pain_worst"


def advice(
    stage: Stage, code: str, answers: Answers, limits: PainLimits | None = None
) -> Text | None:
    """Return what to say right after the answer to `code`, if anything."""
    known = limits or PainLimits()
    value = answers.get(code)
    if code == pain_key(stage) and value is not None and known.caution <= value < known.severe:
        return words.LIGHTER
    if code == f"warning_signs_{stage}":
        if value is None:
            return words.UNANSWERED_SIGNS
        return words.CALL_TODAY if value else words.REST_DAYS.with_values(days=known.rest_days)
    return None


def read_answer(question: Question, typed: str) -> int | None:
    """Read what was typed before Enter; nothing typed leaves the question open.

    Raises
    ------
    ValueError
        If it is not an answer to this question.

    Examples
    --------
    >>> read_answer(Question("pain_before", AnswerKind.SCALE, words.PAIN_NOW), "7")
    7

    """
    text = typed.strip().lower()
    if not text:
        return None
    if question.kind is AnswerKind.YES_NO and text in {"y", "j", "n", "yes", "ja", "no", "nee"}:
        return int(text[0] in "yj")
    if not (text.isascii() and text.isdigit() and question.accepts(int(text))):
        raise ValueError(f"{typed!r} is no answer to {question.code}.")
    return int(text)
