"""What a page may say on the live channel: one JSON object a message, `do` in it.

A message that cannot be understood, or asks for what cannot be done, is answered with `refused`,
to that page alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tracker import words
from tracker.errors import TrackerError
from tracker.words import Text

MAX_CHARACTERS: Final = 2_000
MAX_NUMBER: Final = 10_000


class Deed(StrEnum):
    """What is asked for."""

    START = "start"
    NEXT = "next"
    STOP = "stop"
    SKIP = "skip"
    AGAIN = "again"
    GOTO = "goto"
    ANSWER = "answer"
    CORRECT = "correct"
    SELF_REPORT = "self_report"
    ACCEPT = "accept"
    HANDS_FREE = "hands_free"
    SOUND = "sound"


_NEEDS: Final[Mapping[Deed, tuple[str, ...]]] = {
    Deed.GOTO: ("step",),
    Deed.ANSWER: ("code",),
    Deed.CORRECT: ("step", "set"),
    Deed.SELF_REPORT: ("step",),
    Deed.ACCEPT: ("code",),
    Deed.HANDS_FREE: ("on",),
    Deed.SOUND: ("page", "on"),
}
_TEXTS: Final = ("exercise", "sensor", "code", "state", "page")
_NUMBERS: Final = ("step", "set", "reps", "value")
_FLAGS: Final = ("on", "short")


class CommandRefusedError(TrackerError, ValueError):
    """What a page asked for cannot be carried out; `text` says why, in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing that a page asks for.

    Parameters
    ----------
    do : Deed
        What.
    exercise, sensor : str, optional
        To start: an exercise in place of today's plan, and the sensor as `--sensor` says it.
    short : bool
        To start: time is short, the core of the programme only.
    step, set, reps, code, value, on
        What it is about; to start, `on` means hands-free.
    state : str, optional
        The state that the page showed when it was asked: a page that was behind is not obeyed.
    page : str, optional
        The page that asks, by the name it gave itself.

    """

    do: Deed
    exercise: str | None = None
    sensor: str | None = None
    step: int | None = None
    set: int | None = None
    reps: int | None = None
    code: str | None = None
    value: int | None = None
    on: bool = False
    short: bool = False
    state: str | None = None
    page: str | None = None


def read_command(text: str) -> Command:
    """Read what a page said.

    Raises
    ------
    CommandRefusedError
        If it is no command, or one of its values is not what it should be.

    """
    try:
        told = json.loads(text) if len(text) <= MAX_CHARACTERS else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise CommandRefusedError(words.NOT_UNDERSTOOD)
    name = told.get("do")
    if not isinstance(name, str) or name not in set(Deed):
        raise CommandRefusedError(words.NOT_UNDERSTOOD)
    deed = Deed(name)
    if any(told.get(name) is None for name in _NEEDS.get(deed, ())):
        raise CommandRefusedError(words.NOT_UNDERSTOOD)
    values: dict[str, Any] = {name: _checked(told, name, str) for name in _TEXTS}
    values |= {name: _number(told, name) for name in _NUMBERS}
    values |= {name: bool(_checked(told, name, bool)) for name in _FLAGS}
    return Command(do=deed, **values)


def _checked(told: Mapping[str, Any], name: str, kind: type) -> Any:
    value = told.get(name)
    if value is not None and not isinstance(value, kind):
        raise CommandRefusedError(words.NOT_UNDERSTOOD)
    return value


def _number(told: Mapping[str, Any], name: str) -> int | None:
    value: int | None = _checked(told, name, int)
    if isinstance(value, bool) or (value is not None and not 0 <= value <= MAX_NUMBER):
        raise CommandRefusedError(words.NOT_UNDERSTOOD)
    return value
