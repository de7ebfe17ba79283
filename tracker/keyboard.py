"""Keys, one at a time, without echo: posix terminals and the Windows console.

Where there is no keyboard (a pipe, a service) nothing comes, and `is_present` says so.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from tracker.coach_cues import Key
from tracker.questions import Question, read_answer

POLL_S: Final = 0.05


def is_keyboard_there() -> bool:
    """Whether someone can type: not in a pipe, nor without any standard input."""
    return sys.stdin is not None and sys.stdin.isatty()


class Keyboard:
    """Hand each typed character to `on_character`; use as a context in a running event loop."""

    def __init__(self, on_character: Callable[[str], None]) -> None:
        self._on_character = on_character
        self._saved: list[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self.is_present = is_keyboard_there()

    def __enter__(self) -> Self:
        if not self.is_present:
            return self
        if sys.platform == "win32":
            self._task = asyncio.get_running_loop().create_task(self._poll_console())
        else:
            self._listen_to_terminal()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
        if self._saved is not None and sys.platform != "win32":
            import termios  # noqa: PLC0415  # posix only

            asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._saved)

    if sys.platform == "win32":

        async def _poll_console(self) -> None:
            import msvcrt  # noqa: PLC0415  # Windows only

            while True:
                while msvcrt.kbhit():
                    self._on_character(msvcrt.getwch())
                await asyncio.sleep(POLL_S)

    else:

        def _listen_to_terminal(self) -> None:
            import termios  # noqa: PLC0415  # posix only
            import tty  # noqa: PLC0415  # posix only

            descriptor = sys.stdin.fileno()
            self._saved = termios.tcgetattr(descriptor)
            tty.setcbreak(descriptor, termios.TCSADRAIN)  # Ctrl-C still interrupts
            asyncio.get_running_loop().add_reader(descriptor, self._read_terminal, descriptor)

        def _read_terminal(self, descriptor: int) -> None:
            with suppress(OSError):
                for character in os.read(descriptor, 64).decode("utf-8", "ignore"):
                    self._on_character(character)


class Typing:
    """Turn characters into keys of the coach and answers to its questions."""

    def __init__(self) -> None:
        self.typed = ""

    def character(
        self, character: str, question: Question | None
    ) -> Key | tuple[int | None] | None:
        """Take one character.

        Returns
        -------
        Key, 1-tuple or None
            A key; an answer, in a tuple as it may be None, a question left open; or nothing yet.

        """
        is_enter = character in "\r\n"
        if question is None:
            self.typed = ""
            if is_enter or character == " ":
                return Key.NEXT
            return Key.STOP if character.lower() == "q" else None
        if is_enter:
            typed, self.typed = self.typed, ""
            try:
                return (read_answer(question, typed),)
            except ValueError:
                return None
        if character in "\b\x7f":
            self.typed = self.typed[:-1]
        elif character.isprintable():
            self.typed = (self.typed + character)[:4]
            if self.typed.lower() == "q":
                self.typed = ""
                return Key.STOP
        return None
