"""What a training on this very server tells its patient's room, while somebody looks on.

As long as nobody does, nothing is read of it, and the room holds nothing.
"""

import asyncio
from uuid import UUID

from tracker.cancelling import cancel_and_wait
from tracker.live import LiveHub
from tracker.watching.rooms import LiveRoom, LiveRooms
from tracker.watching.told import Telling


async def telling_here(hub: LiveHub, rooms: LiveRooms, patient_id: UUID) -> None:
    """Tell a room what a hub tells, until cancelled or until another computer takes over.

    Parameters
    ----------
    hub : LiveHub
        Of the training; it is told who looks on.
    rooms : LiveRooms
        Of this server.
    patient_id : UUID
        Whose training.

    """
    with rooms.room(patient_id) as room, room.telling() as replaced:
        following = asyncio.create_task(_follow(hub, room), name="telling a room")
        try:
            await replaced.wait()
        finally:
            await cancel_and_wait(following)


async def _follow(hub: LiveHub, room: LiveRoom) -> None:
    """Tell while somebody looks on, and say on the pages of the training who does."""
    passing: asyncio.Task[None] | None = None
    try:
        async for names in room.names():
            hub.publish({"type": "watched", "by": names})
            if names and passing is None:
                passing = asyncio.create_task(_pass_on(hub, room), name="passing on")
            elif not names and passing is not None:
                await cancel_and_wait(passing)
                passing = None
    finally:
        if passing is not None:
            await cancel_and_wait(passing)


async def _pass_on(hub: LiveHub, room: LiveRoom) -> None:
    told = Telling()
    async with hub.listen() as texts:
        async for text in texts:
            for message in told.read(text):
                room.hub.publish(message)
