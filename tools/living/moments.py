"""When a training is worth a picture."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Message = Mapping[str, Any]
UNDER_WAY_S: Final = 0.5
IsIt = Callable[[Message, Message], bool]


def in_state(name: str, exercise: str, set_number: int = 1) -> IsIt:
    """Say of a moment that it is this state of a set."""

    def is_it(state: Message, _message: Message) -> bool:
        is_there = state.get("state") == name and state.get("exercise") == exercise
        return is_there and state.get("set") == set_number

    return is_it


def at_rep(exercise: str, number: int) -> IsIt:
    """Say of a moment that so many repetitions are done."""

    def is_it(state: Message, message: Message) -> bool:
        is_there = state.get("state") == "set" and state.get("exercise") == exercise
        return is_there and message["type"] == "rep" and message["n"] == number

    return is_it


def on_the_way_back(exercise: str, after: int) -> IsIt:
    """Say of a moment that the slow way back goes on, after so many repetitions."""

    def is_it(state: Message, message: Message) -> bool:
        if message["type"] != "frame" or state.get("exercise") != exercise:
            return False
        is_late = (message.get("reps") or 0) >= after and (
            message.get("phase_s") or 0
        ) >= UNDER_WAY_S
        return is_late and message.get("phase") == "eccentric"

    return is_it


def at_frame(exercise: str, **at_least: float) -> IsIt:
    """Say of a moment that the values of a frame, or of its interval, have come so far."""

    def is_it(state: Message, message: Message) -> bool:
        if message["type"] != "frame" or state.get("exercise") != exercise:
            return False
        values = {**message, **(message.get("interval") or {})}
        return all((values.get(name) or 0) >= least for name, least in at_least.items())

    return is_it
