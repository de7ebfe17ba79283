"""One WebSocket of the page on the phone: texts are JSON, samples are binary.

What the page says, and is told, stands in docs/how-to/use-a-phone.md. A connection that does not
say who it is within ten seconds is ended; so is one that sends more than any page would, and one
that does not read what it is sent.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Protocol

from starlette.websockets import WebSocketDisconnect

from tracker.live import LiveHub
from tracker.message_pace import MessagePace
from tracker.phone.desk import PhoneDesk
from tracker.phone.numbering import MAX_MESSAGE_BYTES, SAMPLE_BYTES
from tracker.slow_readers import SlowReaderError, send_in_time

PHONE_PAGE: Final = "phone"  # as pages know the phone on the ankle
HELLO_LIMIT_S: Final = 10.0
MAX_TEXT: Final = 4096
MAX_WAITING: Final = 256
SAMPLES_PER_S: Final = 1000.0  # no phone measures as fast
SAMPLES_AT_ONCE: Final = 200_000.0  # what a page kept while it was away: half an hour at 100 Hz
TEXTS_PER_S: Final = 20.0
TEXTS_AT_ONCE: Final = 200.0
REFUSED: Final = 4003
TOO_MUCH: Final = 1009


class PhoneSocket(Protocol):
    """What is needed of a page's socket; one that another process passes on has it too."""

    async def accept(self) -> None:
        """Begin."""

    async def receive(self) -> Mapping[str, Any]:
        """Return what came, as ASGI has it."""

    async def send_text(self, data: str) -> None:
        """Send a text."""

    async def send_json(self, data: Any) -> None:
        """Send a document."""

    async def close(self, code: int = 1000) -> None:
        """End it."""


async def serve_phone(socket: PhoneSocket, desk: PhoneDesk) -> None:
    """Talk with one page until it goes."""
    await socket.accept()
    hello = await _hello(socket)
    if hello is None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(REFUSED)
        return
    wire = _Wire()
    refusal = desk.greet(hello, wire)
    if refusal is not None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.send_json({"type": "refused", "reason": str(refusal)})
            await socket.close(REFUSED)
        return
    try:
        async with asyncio.TaskGroup() as tasks:
            others = [
                tasks.create_task(wire.send_all(socket), name="phone: telling"),
                tasks.create_task(_cues(desk.hub, wire), name="phone: cues"),
            ]
            await _listen(socket, desk, wire)
            for task in others:
                task.cancel()
    except* SlowReaderError:
        pass  # the page is given up, and opens a new line when it can
    finally:
        desk.link.leave(wire)
        desk.hub.sounding.line_closed(wire)


class _Wire:
    """Messages that wait for one connection; a page that does not take them is given up."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[str | int] = asyncio.Queue(MAX_WAITING)

    def send(self, message: Mapping[str, Any]) -> None:
        self.send_text(json.dumps(message, ensure_ascii=False))

    def send_text(self, text: str) -> None:
        try:
            self._waiting.put_nowait(text)
        except asyncio.QueueFull:
            self.close(TOO_MUCH)

    def close(self, code: int) -> None:
        while self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(code)

    async def send_all(self, socket: PhoneSocket) -> None:
        """Send until told to close, or until the page is gone."""
        with suppress(WebSocketDisconnect, RuntimeError):
            while isinstance(said := await self._waiting.get(), str):
                await send_in_time(socket, said)
            await socket.close(said)


async def _hello(socket: PhoneSocket) -> dict[str, Any] | None:
    """Wait for the first message."""
    try:
        async with asyncio.timeout(HELLO_LIMIT_S):
            message = _read(await socket.receive())
    except TimeoutError:
        return None
    is_hello = message is not None and message.get("type") == "hello"
    return message if is_hello else None


async def _listen(socket: PhoneSocket, desk: PhoneDesk, wire: _Wire) -> None:
    """Take in what the page sends, until it goes; of one that sends too much no more is read."""
    clock_s = asyncio.get_running_loop().time
    samples = MessagePace(SAMPLES_PER_S, SAMPLES_AT_ONCE)
    texts = MessagePace(TEXTS_PER_S, TEXTS_AT_ONCE)
    is_too_much = False
    while True:
        got = await socket.receive()
        if got["type"] == "websocket.disconnect":
            return
        if is_too_much:
            continue  # its end is on its way to the page
        data, now_s = got.get("bytes"), clock_s()
        if data is not None:
            is_too_much = len(data) > MAX_MESSAGE_BYTES or not samples.allows(
                now_s, max(1.0, len(data) / SAMPLE_BYTES)
            )
            if is_too_much:
                wire.close(TOO_MUCH)
            else:
                desk.link.binary(data, now_s)
            continue
        is_too_much = not texts.allows(now_s)
        if is_too_much:
            wire.close(TOO_MUCH)
            continue
        message = _read(got)
        if message is not None and message.get("type") == "sound":
            desk.hub.sounding.ask(PHONE_PAGE, wire, on=message.get("on") is True)
        elif message is not None:
            desk.said(message)


def _read(got: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a text message as a mapping; None for anything else."""
    text = got.get("text")
    if text is None or len(text) > MAX_TEXT:
        return None
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


async def _cues(hub: LiveHub, wire: _Wire) -> None:
    """Pass on what the coach tells; nobody looks at a screen on an ankle."""
    async with hub.listen(has_screen=False) as texts:
        async for text in texts:
            wire.send_text(text)
