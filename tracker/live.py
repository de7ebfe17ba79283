"""What the live page shows: one running session, published to any number of listeners.

The trainer calls `LiveHub.publish` and never waits: each listener has its own small queue. Two
kinds of message travel through it. *Frames* (the angle, some fifty a second) are worth nothing
once a newer one exists, so a queue holds at most one and a listener that cannot keep up sees fewer
of them. *Facts* (state, sensor, repetition, card, saved) are never lost: a listener so slow that
its queue fills up is given the snapshot instead, which tells the same facts in one message.

The snapshot is also what a late joiner, or a page loaded again in mid-set, gets first. Each message
in it carries `age_s`, so that a countdown can go on where it is. The messages and their fields:
docs/how-to/use-the-live-page.md.
"""

import asyncio
import json
import math
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from tracker import words
from tracker.live_commands import Command, CommandRefusedError, Deed, read_command
from tracker.live_story import Kept, Message, Story
from tracker.sounding_place import SoundingPlace

MAX_FRAMES_HZ: Final = 60.0  # what a screen draws; a sensor may send 200 a second
MAX_WAITING: Final = 64  # more than a whole set of repetitions
Leader = Callable[[Command], None]
"""Carries out a command, or raises CommandRefusedError."""

Starter = Callable[[Command], Awaitable[None]]
"""The same, and may have to ask the service for it."""


class LiveHub:
    """Publish the messages of one running session to every listener.

    `publish` may be called from any thread; `listen` belongs to a running event loop.

    Parameters
    ----------
    max_frames_hz : float
        Frames that come faster are left out, but for those in which the phase or the count
        changes.
    max_waiting : int
        Messages a listener may leave unread before it gets the snapshot in their place.
    now_s : callable
        A clock that never goes back, in seconds.

    """

    def __init__(
        self,
        *,
        max_frames_hz: float = MAX_FRAMES_HZ,
        max_waiting: int = MAX_WAITING,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._frame_every_s = 1.0 / max_frames_hz
        self._max_waiting = max_waiting
        self._now_s = now_s
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._story = Story()
        self.leader: Leader | None = None
        """Who leads the training that runs, and takes what pages ask for."""
        self.starter: Starter | None = None
        """Who can start a training that a page asks for, when none runs."""
        self.sounding = SoundingPlace(self.publish)
        """Which page sounds, or the terminal."""

    @property
    def n_listeners(self) -> int:
        """How many are listening at this moment."""
        with self._lock:
            return len(self._listeners)

    def publish(self, message: Message) -> None:
        """Hand a message to all listeners, at once and without waiting for any of them.

        Parameters
        ----------
        message : mapping
            JSON values under names, `type` among them. Numbers that JSON cannot say (NaN,
            infinity) are sent as null.

        Raises
        ------
        ValueError
            If it has no `type`.

        """
        if "type" not in message:
            raise ValueError(f"A live message needs a type; this one has only {sorted(message)}.")
        with self._lock:
            now_s = self._now_s()
            if message["type"] == "frame" and self._is_too_soon(message, now_s):
                return  # before it costs anything: most frames of a fast sensor end here
            said = _sayable(message)
            kept = Kept(said, now_s)
            self._story.add(kept)
            for listener in tuple(self._listeners):
                listener._offer(kept)  # noqa: SLF001  # the two classes are one mechanism

    def forget(self) -> None:
        """Forget the training that is over, as its data were deleted; one that runs stays."""
        with self._lock:
            if self.leader is None:
                self._story.forget_training()

    async def take(self, text: str, line: object = None) -> Message | None:
        """Hand on what a page said; return the answer for that page alone, if there is one.

        To be called in the event loop of the training. `line` is the page's connection, for
        `sounding.line_closed`.
        """
        try:
            command = read_command(text)
            if command.do is Deed.SOUND:
                self.sounding.ask(command.page or "", line, on=command.on)
            else:
                await self._obey(command)
        except CommandRefusedError as refused:
            return {"type": "refused", "text": refused.text.as_json()}
        return None

    async def _obey(self, command: Command) -> None:
        if self.leader is not None:
            self.leader(command)
        elif command.do is Deed.STOP:
            return  # it is over already
        elif self.starter is not None:
            await self.starter(command)
        else:
            is_start = command.do is Deed.START
            raise CommandRefusedError(words.NOT_STARTED_HERE if is_start else words.NO_TRAINING)

    def snapshot(self) -> dict[str, Any]:
        """Return all that is known now as one message of type `snapshot` that holds `messages`."""
        with self._lock:
            return self._snapshot()

    def listen(self, *, has_screen: bool = True) -> "Listener":
        """Return a listener: an async context manager that is an async iterator of JSON texts.

        One without a screen gets of the frames only those that begin a phase: tones begin with it.
        """
        return Listener(self, self._max_waiting, has_screen=has_screen)

    def _snapshot(self) -> dict[str, Any]:
        now_s = self._now_s()
        told = [
            {**kept.message, "age_s": round(now_s - kept.at_s, 3)} for kept in self._story.so_far()
        ]
        return {"type": "snapshot", "messages": told}

    def _snapshot_text(self) -> str:
        with self._lock:
            return json.dumps(self._snapshot(), ensure_ascii=False)

    def _is_too_soon(self, frame: Message, now_s: float) -> bool:
        last = self._story.frame
        if last is None or now_s - last.at_s >= self._frame_every_s:
            return False
        return all(frame.get(name) == last.message.get(name) for name in ("phase", "reps"))

    def _attach(self, listener: "Listener") -> None:
        with self._lock:
            self._listeners.add(listener)

    def _detach(self, listener: "Listener") -> None:
        with self._lock:
            self._listeners.discard(listener)


class Listener:
    """One page's queue. Use it as `async with hub.listen() as texts: async for text in texts`."""

    def __init__(self, hub: LiveHub, max_waiting: int, *, has_screen: bool) -> None:
        self._hub = hub
        self._max_waiting = max_waiting
        self._has_screen = has_screen
        self._phase: object = None  # of the last frame
        self._waiting: deque[Kept] = deque()
        self._needs_snapshot = True
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()

    @property
    def n_waiting(self) -> int:
        """How many messages it has not taken yet."""
        with self._lock:
            return len(self._waiting)

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._news.set()
        self._hub._attach(self)  # noqa: SLF001  # the two classes are one mechanism
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._hub._detach(self)  # noqa: SLF001  # the two classes are one mechanism

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        """Wait for the next message and return it as JSON; the snapshot comes first."""
        while True:
            await self._news.wait()
            with self._lock:
                if self._needs_snapshot:
                    break
                if self._waiting:
                    return self._waiting.popleft().text
                self._news.clear()
        return self._take_snapshot()

    def _take_snapshot(self) -> str:
        """Return the snapshot; what comes while it is made may come twice, but is never missed."""
        with self._lock:
            self._needs_snapshot = False
            self._waiting.clear()
        return self._hub._snapshot_text()  # noqa: SLF001  # the two classes are one mechanism

    def _offer(self, kept: Kept) -> None:
        with self._lock:
            if self._needs_snapshot:
                return
            if kept.is_frame:
                before, self._phase = self._phase, kept.message.get("phase")
                if not self._has_screen and self._phase == before:
                    return
                self._forget_waiting_frame()
            if len(self._waiting) >= self._max_waiting:
                self._waiting.clear()
                self._needs_snapshot = True
            else:
                self._waiting.append(kept)
        self._wake()

    def _forget_waiting_frame(self) -> None:
        for older in self._waiting:
            if older.is_frame:
                self._waiting.remove(older)
                return

    def _wake(self) -> None:
        """Tell the waiting loop; a loop that is closed has no page to tell."""
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._news.set)


def _sayable(value: Any) -> Any:
    """Return the value with what JSON cannot say (NaN, infinity) as None."""
    if isinstance(value, Mapping):
        return {name: _sayable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_sayable(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
