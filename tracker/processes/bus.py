"""What the processes of a service tell each other: by name to one of them, or to all.

A service of one process tells nobody anything. With several, it is PostgreSQL that carries the
messages (`tracker.processes.postgres_bus`); they are hints and pictures, never results: what must
not be lost is a row.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

Body = Mapping[str, Any]
Handler = Callable[[str, dict[str, Any]], None]
"""Takes who sent a message, and the message."""

NAME_DIGITS: Final = 12


class Bus(Protocol):
    """A line to the other processes."""

    name: str
    """Of this process."""

    is_shared: bool
    """Whether there can be other processes."""

    on_lost: Callable[[UUID], None]
    """Told of a sitting that another process took while this one was cut off."""

    def running(self) -> AbstractAsyncContextManager[object]:
        """Keep the line up for as long as the context lasts."""
        ...

    def on(self, topic: str, handler: Handler) -> None:
        """Call a handler for each message of a topic."""

    def send(
        self, topic: str, body: Body, *, to: str | None = None, is_picture: bool = False
    ) -> None:
        """Send to one process, or to all others; returns at once.

        A picture is left out where many messages wait: a newer one follows.
        """


def new_name() -> str:
    """Make a name for a process."""
    return uuid4().hex[:NAME_DIGITS]


class NoBus:
    """The line of a process that serves alone."""

    def __init__(self) -> None:
        self.name = new_name()
        self.is_shared = False
        self.on_lost: Callable[[UUID], None] = lambda _: None

    def running(self) -> AbstractAsyncContextManager[object]:
        """Keep nothing up."""
        return nullcontext()

    def on(self, topic: str, handler: Handler) -> None:
        """Expect nothing."""

    def send(
        self, topic: str, body: Body, *, to: str | None = None, is_picture: bool = False
    ) -> None:
        """Tell nobody."""
