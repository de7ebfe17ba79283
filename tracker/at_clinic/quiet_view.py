"""A view without a screen: a server shows nobody's training, it only knows how far it has come."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

from tracker.coach_cues import CoachState
from tracker.questions import Question
from tracker.words import Text

IN_A_SET: Final = frozenset({CoachState.CALIBRATING, CoachState.READY, CoachState.SET})


class QuietView:
    """Remember what the coach does; nothing is shown, and nothing is written to any log."""

    def __init__(self) -> None:
        self._state = ""
        self._changed = asyncio.Event()

    @property
    def is_in_a_set(self) -> bool:
        """Whether somebody is at work, whom a change of process would disturb."""
        return self._state in IN_A_SET

    async def wait_between_sets(self) -> None:
        """Return when nobody is in the middle of a set."""
        while self.is_in_a_set:
            self._changed.clear()
            await self._changed.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def message(self, message: Mapping[str, Any]) -> None:
        """Take note of where the training is."""
        if message["type"] == "state":
            self._state = str(message["state"])
            self._changed.set()

    def say(self, text: Text) -> None:
        """Say nothing here: the phone does."""

    def ask(self, question: Question | None, typed: str = "") -> None:
        """Ask nothing here."""

    def resting_until(self, ends_s: float | None) -> None:
        """Show nothing."""

    def draw(self) -> None:
        """Draw nothing."""
