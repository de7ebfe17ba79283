"""Watches a training for what needs a person, or deserves a picture, and sets its pace by that."""

import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tools.living.home import Home
from tools.living.paced_loop import FLYING, REAL, STOPPED

Message = Mapping[str, Any]
FOR_A_PERSON: Final = frozenset({"questions", "intro", "move_sensor"})
PATIENCE_S: Final = 1800.0
"""Real seconds for the longest stretch of flying: a stage of sport on a busy computer."""

THINKING_S: Final = 2.0
OPEN_ENDED_S: Final = {"sprint": 12.0, "ride": 420.0}
"""After so long the patient says that an interval without a length is over."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to be looked at.

    Parameters
    ----------
    name : str
        Of its pictures.
    view : str
        What the page shows then, as its `data-view` says.
    is_it : callable
        Takes the state of the training and the newest message.
    moves : bool
        Whether time goes on, as on the wall, while it is looked at.

    """

    name: str
    view: str
    is_it: Callable[[Message, Message], bool]
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """What the training waits for: `asked`, `moment`, `open_end`, `refused` or `over`."""

    kind: str
    message: Message
    moment: Moment | None = None


class Watch:
    """See every message of a home's training; see `HomeHub.watch`."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._happened: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        self._wanted: list[Moment] = []
        self._state: Message = {}
        self._is_looked_at = False
        home.hub.watch = self._see

    def want(self, *moments: Moment) -> None:
        """Look out for moments; each is met once."""
        self._wanted += moments

    @property
    def missed(self) -> list[str]:
        """Moments that were wanted and never came."""
        return [moment.name for moment in self._wanted]

    def next(self) -> Happening:
        """Wait until a person is needed.

        Raises
        ------
        queue.Empty
            If nothing happens for far too long.

        """
        return self._happened.get(timeout=PATIENCE_S)

    def go_on(self) -> None:
        """Let time fly again after a moment."""
        self._home.loop.call_soon_threadsafe(self._go_on)

    def think(self) -> None:
        """Let the moment pass that a person takes: two keys at once are one to the coach."""
        self._home.loop.call_soon_threadsafe(self._home.loop.jump, THINKING_S)

    def _go_on(self) -> None:
        self._is_looked_at = False
        self._set_pace()

    def _set_pace(self) -> None:
        waits = self._state.get("state") in FOR_A_PERSON
        self._home.loop.pace = STOPPED if waits else FLYING

    def _see(self, message: Message) -> None:
        kind = message["type"]
        if kind == "state":
            self._take_state(message)
        elif kind in {"summary", "refused"}:
            self._happened.put(Happening("over" if kind == "summary" else kind, message))
        elif kind == "frame":
            self._take_interval(message.get("interval"))
        moment = next((one for one in self._wanted if one.is_it(self._state, message)), None)
        if moment is not None and not self._is_looked_at:
            self._wanted.remove(moment)
            self._stop(REAL if moment.moves else STOPPED)
            self._happened.put(Happening("moment", self._state, moment))

    def _stop(self, pace: float) -> None:
        self._is_looked_at = True
        self._home.loop.pace = pace

    def _take_state(self, state: Message) -> None:
        before, self._state = self._state, state
        if not self._is_looked_at:
            self._set_pace()
        if state["state"] in FOR_A_PERSON and _asked(state) != _asked(before):
            self._happened.put(Happening("asked", state))

    def _take_interval(self, interval: Message | None) -> None:
        if interval is None or interval["of_s"] is not None or self._is_looked_at:
            return
        if interval["elapsed_s"] >= OPEN_ENDED_S.get(interval["kind"], min(OPEN_ENDED_S.values())):
            self._stop(STOPPED)
            self._happened.put(Happening("open_end", interval))


def _asked(state: Message) -> tuple[object, ...]:
    question = state.get("question") or {}
    return (state.get("session"), state.get("state"), state.get("step"), question.get("code"))
