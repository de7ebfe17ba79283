"""The two channels of a room: one by which a training tells, one by which somebody looks on.

Nothing that a looker sends is read as anything: no command goes back. Who trains is told who
looks on, in a message `{"type": "watched", "by": [names]}`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from tracker.message_pace import MessagePace
from tracker.slow_readers import SlowReaderError, send_in_time
from tracker.watching.rooms import LiveRooms
from tracker.watching.told import Telling

GONE: Final = 1001
POLICY: Final = 1008
REPLACED: Final = 4001
CLOSES_WITHIN_S: Final = 1.0
MOST_PER_S: Final = 120  # a screen draws 60 pictures a second; facts are few
MOST_OF_A_LOOKER_PER_S: Final = 20
IsAllowed = Callable[[], Awaitable[bool]]


async def tell(socket: WebSocket, rooms: LiveRooms, patient_id: UUID) -> None:
    """Take in what a training of a patient tells, until it goes or another one takes over."""
    await socket.accept()
    with rooms.room(patient_id) as room, room.telling() as replaced:
        telling, pace = Telling(), MessagePace(MOST_PER_S)

        async def hear() -> int:
            while (got := await socket.receive())["type"] != "websocket.disconnect":
                if not pace.allows(asyncio.get_running_loop().time()):
                    return POLICY
                for message in telling.read(got.get("text") or ""):
                    room.hub.publish(message)
            return GONE

        async def name_lookers() -> int:
            async for names in room.names():
                await socket.send_json({"type": "watched", "by": names})
            return GONE

        code = await _first(hear(), name_lookers(), _when(replaced, REPLACED))
    await _close(socket, code)


async def look_on(
    socket: WebSocket,
    rooms: LiveRooms,
    patient_id: UUID,
    *,
    name: str,
    is_allowed: IsAllowed,
    check_every_s: float,
) -> None:
    """Show a training of a patient to somebody, for as long as they may see it.

    Parameters
    ----------
    socket : WebSocket
        Of the page.
    rooms : LiveRooms
        Of this server.
    patient_id : UUID
        Whose training.
    name : str
        Of who looks on, as the patient is told.
    is_allowed : callable
        Whether consent, treatment and log-in still stand.
    check_every_s : float
        How often that is asked.

    """
    await socket.accept()
    with rooms.room(patient_id) as room, room.looking_on(name) as over:
        hub = room.hub

        async def show() -> int:
            async with hub.listen() as texts:
                async for text in texts:
                    await send_in_time(socket, text)
            return GONE

        async def wait_for_end() -> int:
            pace = MessagePace(MOST_OF_A_LOOKER_PER_S)
            while (await socket.receive())["type"] != "websocket.disconnect":
                # Who looks on has nothing to say; to read on would cost the others.
                if not pace.allows(asyncio.get_running_loop().time()):
                    return POLICY
            return GONE

        async def check() -> int:
            while await is_allowed():  # noqa: ASYNC110  # a consent that ends sends no event
                await asyncio.sleep(check_every_s)
            return POLICY

        code = await _first(show(), wait_for_end(), check(), _when(over, GONE))
    await _close(socket, code)


async def _when(event: asyncio.Event, code: int) -> int:
    await event.wait()
    return code


async def _first(*work: Coroutine[Any, Any, int]) -> int:
    """Run until the first of several ends, and end the others; return its code."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        # It went away in mid-message, or does not read.
        with suppress(WebSocketDisconnect, RuntimeError, SlowReaderError):
            return task.result()
    return GONE


async def _close(socket: WebSocket, code: int) -> None:
    # It is closed already, or does not read: then it is ended without a word.
    with suppress(WebSocketDisconnect, RuntimeError, TimeoutError):
        async with asyncio.timeout(CLOSES_WITHIN_S):
            await socket.close(code)
