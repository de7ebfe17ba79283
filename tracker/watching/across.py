"""Looking on from another process than the one in which a training tells.

Every process has rooms of its own. One in which somebody looks on at a training that is not told
there says so to all others; the one in which it is told answers with what it tells, to that
process alone. Nothing is lasting: who looks on is said again and again, and what is not heard
again for a while is over.

    looking  {patient, names}   from a room that is not told here; no names: not any more
    telling  {patient}          a training begins to tell here; one elsewhere has been replaced
    told     {patient, text}    what it tells, to a process where somebody looks on
    alive    {patient}          it goes on, though there is nothing to tell
    over     {patient}          it has ended

Pictures go to another process at most fifteen times a second, and are left out where many
messages wait; facts are not.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from tracker.cancelling import cancel_and_wait
from tracker.live import LiveHub
from tracker.processes.bus import Bus
from tracker.watching.rooms import LiveRoom, LiveRooms
from tracker.watching.told import Telling

RENEW_S: Final = 5.0
FORGET_S: Final = 3 * RENEW_S
PICTURES_HZ: Final = 15.0
PICTURE: Final = '{"type": "frame"'


@dataclass
class _Heard:
    """A training that another process tells a room here."""

    teller: str
    last_s: float
    telling: Telling = field(default_factory=Telling)


@dataclass
class _Forward:
    """A process that is told what a room here tells."""

    hub: LiveHub
    task: asyncio.Task[None]
    last_s: float


class RoomsAcross:
    """Connect the rooms of this process with those of the others; `running` keeps them so."""

    def __init__(self, rooms: LiveRooms, bus: Bus) -> None:
        self._rooms = rooms
        self._bus = bus
        self._told_here: set[UUID] = set()
        self._heard: dict[UUID, _Heard] = {}
        self._forwards: dict[tuple[UUID, str], _Forward] = {}
        self._said: dict[UUID, list[str]] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connect for as long as the context lasts."""
        for topic, take in (
            ("looking", self._looking),
            ("telling", self._telling),
            ("told", self._told),
            ("alive", self._alive),
            ("over", self._over),
        ):
            self._bus.on(topic, take)
        self._rooms.on_change = self._changed
        renewing = asyncio.create_task(self._renew_always(), name="who looks on, again")
        try:
            yield
        finally:
            self._rooms.on_change = lambda _: None
            await cancel_and_wait(renewing, *(one.task for one in self._forwards.values()))

    async def _renew_always(self) -> None:
        while True:
            self._renew()
            await asyncio.sleep(RENEW_S)

    # -- What happens here -----------------------------------------------------------------------

    def _changed(self, patient_id: UUID) -> None:
        room = self._rooms.find(patient_id)
        if room is not None and room.is_told:
            if patient_id not in self._told_here:
                self._told_here.add(patient_id)
                self._heard.pop(patient_id, None)
                self._send("telling", patient_id)
            self._forward_from(patient_id, room)
            return
        if patient_id in self._told_here:
            self._told_here.discard(patient_id)
            self._stop_forwards(patient_id)
        self._say_who_looks(patient_id, room)

    def _say_who_looks(self, patient_id: UUID, room: LiveRoom | None) -> None:
        names = [] if room is None else room.near
        if names != self._said.get(patient_id, []):
            self._said[patient_id] = names
            self._send("looking", patient_id, names=names)
        if not names:
            self._said.pop(patient_id, None)
            self._heard.pop(patient_id, None)

    def _renew(self) -> None:
        """Say again who looks on; forget what was not said again."""
        now_s = self._now_s()
        for patient_id, room in self._rooms.occupied():
            if not room.is_told and room.near:
                self._send("looking", patient_id, names=room.near)
        for patient_id, heard in list(self._heard.items()):
            if now_s - heard.last_s > FORGET_S:
                self._end_of(patient_id)
        for (patient_id, process), forward in list(self._forwards.items()):
            if now_s - forward.last_s > FORGET_S:
                self._looks_no_more(patient_id, process)

    # -- What others say -------------------------------------------------------------------------

    def _looking(self, process: str, said: dict[str, Any]) -> None:
        patient_id, room = self._room_of(said)
        names = said.get("names")
        if patient_id is None or room is None or not room.is_told or not isinstance(names, list):
            return
        if not names:
            self._looks_no_more(patient_id, process)
            return
        if room.far.get(process) != names:
            room.far[process] = [str(name) for name in names]
            room.say_changed()
        self._forward_from(patient_id, room)
        self._forwards[patient_id, process].last_s = self._now_s()
        self._send("alive", patient_id, to=process)

    def _telling(self, _process: str, said: dict[str, Any]) -> None:
        patient_id, room = self._room_of(said)
        if patient_id is None or room is None:
            return
        if room.is_told:
            room.replace()
        if room.near:
            self._heard.pop(patient_id, None)
            self._send("looking", patient_id, names=room.near)

    def _told(self, process: str, said: dict[str, Any]) -> None:
        patient_id, room = self._room_of(said)
        if patient_id is None or room is None or room.is_told:
            return
        heard = self._heard.get(patient_id)
        if heard is None or heard.teller != process:
            heard = self._heard[patient_id] = _Heard(process, self._now_s())
        heard.last_s = self._now_s()
        for message in heard.telling.read(str(said.get("text", ""))):
            room.hub.publish(message)

    def _alive(self, process: str, said: dict[str, Any]) -> None:
        patient_id, _ = self._room_of(said)
        heard = None if patient_id is None else self._heard.get(patient_id)
        if heard is not None and heard.teller == process:
            heard.last_s = self._now_s()

    def _over(self, process: str, said: dict[str, Any]) -> None:
        patient_id, _ = self._room_of(said)
        heard = None if patient_id is None else self._heard.get(patient_id)
        if patient_id is not None and heard is not None and heard.teller == process:
            self._end_of(patient_id)

    # -- Small things ----------------------------------------------------------------------------

    def _end_of(self, patient_id: UUID) -> None:
        """Show out those who look on here at what another process told."""
        self._heard.pop(patient_id, None)
        room = self._rooms.find(patient_id)
        if room is not None and not room.is_told:
            room.start_anew()

    def _looks_no_more(self, patient_id: UUID, process: str) -> None:
        forward = self._forwards.pop((patient_id, process), None)
        if forward is not None:
            forward.task.cancel()
        room = self._rooms.find(patient_id)
        if room is not None and room.far.pop(process, None) is not None:
            room.say_changed()

    def _forward_from(self, patient_id: UUID, room: LiveRoom) -> None:
        """Let each process where somebody looks on be told what this room tells."""
        for process in room.far:
            known = self._forwards.get((patient_id, process))
            if known is not None and known.hub is room.hub:
                continue
            if known is not None:
                known.task.cancel()
            work = self._forward(room.hub, patient_id, process)
            task = asyncio.create_task(work, name="telling another process")
            self._forwards[patient_id, process] = _Forward(room.hub, task, self._now_s())

    def _stop_forwards(self, patient_id: UUID) -> None:
        for whose, process in list(self._forwards):
            if whose == patient_id:
                self._forwards.pop((whose, process)).task.cancel()
                self._send("over", patient_id, to=process)

    async def _forward(self, hub: LiveHub, patient_id: UUID, process: str) -> None:
        shown_s = float("-inf")
        async with hub.listen() as texts:
            async for text in texts:
                is_picture = text.startswith(PICTURE)
                if is_picture and self._now_s() - shown_s < 1.0 / PICTURES_HZ:
                    continue
                shown_s = self._now_s() if is_picture else shown_s
                body = {"patient": str(patient_id), "text": text}
                self._bus.send("told", body, to=process, is_picture=is_picture)

    def _send(self, topic: str, patient_id: UUID, *, to: str | None = None, **said: Any) -> None:
        self._bus.send(topic, {"patient": str(patient_id), **said}, to=to)

    def _room_of(self, said: dict[str, Any]) -> tuple[UUID | None, LiveRoom | None]:
        try:
            patient_id = UUID(str(said.get("patient")))
        except ValueError:
            return None, None
        return patient_id, self._rooms.find(patient_id)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()
