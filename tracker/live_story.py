"""What a page that joins late must be told: the facts of the running sitting."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

Message = Mapping[str, Any]

_BEFORE_REPS: Final = ("intro", "move_sensor", "connecting", "calibrating", "ready", "set")
"""States after which a new set comes."""

_NEWEST: Final = ("sound", "plan", "sensor", "watched", "card", "saved", "summary")
"""Of these only the newest counts."""

_OF_A_SET: Final = ("card",)
_OF_A_SITTING: Final = ("saved", "summary")


class Kept:
    """A message and when it came; its text is made when the first listener takes it."""

    def __init__(self, message: Message, at_s: float) -> None:
        self.message = message
        self.at_s = at_s

    @cached_property
    def text(self) -> str:
        """The message as JSON, encoded once for all listeners."""
        return json.dumps(self.message, ensure_ascii=False)

    @property
    def is_frame(self) -> bool:
        """Whether it is worth nothing once a newer one exists."""
        return bool(self.message["type"] == "frame")


class Story:
    """The facts so far, and the newest frame."""

    def __init__(self) -> None:
        self._state: Kept | None = None
        self._newest: dict[str, Kept] = {}
        self._of_set: dict[tuple[str, int], Kept] = {}
        self._session: object = None
        self._set: object = None
        self.frame: Kept | None = None

    def add(self, kept: Kept) -> None:
        """Take in a message."""
        kind = kept.message["type"]
        match kind:
            case "state":
                self._begin(kept)
            case "rep" | "hold":
                self._of_set[kind, kept.message["n"]] = kept
            case "bout":
                self._of_set[kind, len(self._of_set)] = kept
            case "frame":
                self.frame = kept
            case _ if kind in _NEWEST:
                self._newest[kind] = kept

    def so_far(self) -> list[Kept]:
        """Return the messages in the order in which a page must take them in."""
        of_set = [self._of_set[key] for key in sorted(self._of_set)]
        before = [self._newest.get(kind) for kind in ("sound", "plan", "sensor", "watched")]
        after = [self._newest.get(kind) for kind in ("card", "saved", "summary")]
        facts = [*before, self._state, *of_set, *after, self.frame]
        return [kept for kept in facts if kept is not None]

    def forget_training(self) -> None:
        """Forget a training that is over, and all that was told of it."""
        self._state = self._session = None
        self._begin_set(None)
        self._forget((*_OF_A_SITTING, "plan", "sensor", "watched"))

    def _begin(self, kept: Kept) -> None:
        """Take a new state; the start of another set forgets what belonged to the one before."""
        state = kept.message
        session = state.get("session")
        number = state.get("step"), state.get("set")
        if session != self._session:
            self._session = session
            self._forget(_OF_A_SITTING)
            self._begin_set(number)
        elif number != self._set and state.get("state") in _BEFORE_REPS:
            self._begin_set(number)
        self._state = kept

    def _begin_set(self, number: object) -> None:
        self._set = number
        self._of_set.clear()
        self._forget(_OF_A_SET)
        self.frame = None

    def _forget(self, kinds: tuple[str, ...]) -> None:
        for kind in kinds:
            self._newest.pop(kind, None)
