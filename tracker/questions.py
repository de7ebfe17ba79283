"""The short questions about pain, and what is said in answer: two screens, no verdict.

At the start: pain now and soreness since last time. At the end: worst pain, and once whether the
band was tight, which no sensor sees. Warning signs are asked first whenever pain is severe; only
without them is a reassuring word said. Nothing here stops a training: the patient decides.
Limits and wording are ours (docs/reference/commands.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tracker import words
from tracker.settings import PainLimits
from tracker.words import Text

SCALE_MAX: Final = 10


class AnswerKind(StrEnum):
    """What may be answered."""

    SCALE = "scale"  # 0 to 10
    YES_NO = "yes_no"  # 1 or 0


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

    def accepts(self, value: int | None) -> bool:
        """Whether this is an answer; None, left open, always is."""
        if value is None:
            return True
        return 0 <= value <= (SCALE_MAX if self.kind is AnswerKind.SCALE else 1)


Answers = Mapping[str, int | None]


def next_question(
    stage: Stage, answers: Answers, *, has_band: bool = True, limits: PainLimits | None = None
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
    limits : PainLimits, optional
        From where pain is severe.

    """
    for question in _screen(stage, answers, has_band=has_band, limits=limits or PainLimits()):
        if question.code not in answers:
            return question
    return None


def _screen(
    stage: Stage, answers: Answers, *, has_band: bool, limits: PainLimits
) -> list[Question]:
    """List the questions that the answers so far call for, in order."""
    pain_code = pain_key(stage)
    is_severe = (answers.get(pain_code) or 0) >= limits.severe
    signs = Question(f"warning_signs_{stage}", AnswerKind.YES_NO, words.WARNING_SIGNS)
    if stage is Stage.END:
        worst = Question(pain_code, AnswerKind.SCALE, words.PAIN_WORST)
        band = Question("band_tight", AnswerKind.YES_NO, words.BAND_QUESTION)
        return [worst, *([signs] if is_severe else []), *([band] if has_band else [])]
    now = Question(pain_code, AnswerKind.SCALE, words.PAIN_NOW)
    soreness = Question("soreness", AnswerKind.SCALE, words.SORENESS)
    go_on = Question("go_on", AnswerKind.YES_NO, words.GO_ON_QUESTION)
    # Warning signs come first, before the next scale is asked.
    return [now, signs, soreness, go_on] if is_severe else [now, soreness]


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
