"""One room for each patient: what their training tells, and who looks on.

A room holds nothing longer than the training lasts: no message of it is stored.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from tracker.live import LiveHub


class LiveRoom:
    """What one patient's training tells. To be used in one event loop.

    Parameters
    ----------
    on_change : callable
        Called after each change of who tells and who looks on.

    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.hub = LiveHub()
        self.far: dict[str, list[str]] = {}
        """Who looks on at other processes, by the name of the process."""

        self._on_change = on_change
        self._names: list[str] = []
        self._teller: asyncio.Event | None = None
        self._changed = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def is_empty(self) -> bool:
        """Whether nobody tells and nobody looks on."""
        return self._teller is None and not self._names

    @property
    def near(self) -> list[str]:
        """Who looks on at this process, each once."""
        return sorted(set(self._names))

    @property
    def is_told(self) -> bool:
        """Whether a training tells here at this moment."""
        return self._teller is not None

    @contextmanager
    def telling(self) -> Iterator[asyncio.Event]:
        """Tell in this room; the event is set when another computer of the patient takes over.

        When it ends, those who look on are shown out: they come back to a room without a past.
        """
        self.replace()
        replaced = self._teller = asyncio.Event()
        self._on_change()
        try:
            yield replaced
        finally:
            if self._teller is replaced:
                self._teller = None
                self.far.clear()
                self.start_anew()

    def replace(self) -> None:
        """End the telling here, if there is any: it goes on elsewhere."""
        if self._teller is not None:
            self._teller.set()
            self._teller = None
            self.far.clear()
            self.start_anew()

    @contextmanager
    def looking_on(self, name: str) -> Iterator[asyncio.Event]:
        """Look on; the event is set when the training that is shown has ended."""
        self._names.append(name)
        self.say_changed()
        try:
            yield self._over
        finally:
            self._names.remove(name)
            if not self._names and not self.far:
                self.hub = LiveHub()  # what was told is forgotten; whoever comes is told anew
            self.say_changed()

    async def names(self) -> AsyncIterator[list[str]]:
        """Yield who looks on, each once, now and whenever that changes."""
        while True:
            self._changed.clear()
            yield sorted({*self._names, *(one for names in self.far.values() for one in names)})
            await self._changed.wait()

    def start_anew(self) -> None:
        """Show out those who look on: what they saw has ended, or is told from elsewhere."""
        self.hub = LiveHub()
        self._over.set()
        self._over = asyncio.Event()
        self.say_changed()

    def say_changed(self) -> None:
        """Let those who wait for it know that somebody came or went."""
        self._changed.set()
        self._on_change()


class LiveRooms:
    """The rooms of one server process.

    Parameters
    ----------
    check_every_s : float
        How often it is asked whether somebody may still look on: a consent that is withdrawn ends
        the view within this.

    """

    def __init__(self, *, check_every_s: float = 5.0) -> None:
        self.check_every_s = check_every_s
        self.on_change: Callable[[UUID], None] = lambda _: None
        """Called after each change of who tells and who looks on, with whose room it is."""

        self._rooms: dict[UUID, LiveRoom] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    @contextmanager
    def room(self, patient_id: UUID) -> Iterator[LiveRoom]:
        """Enter the room of a patient; it is made for the first, and goes with the last."""
        room = self._rooms.get(patient_id)
        if room is None:
            room = self._rooms[patient_id] = LiveRoom(lambda: self.on_change(patient_id))
        try:
            yield room
        finally:
            if room.is_empty and self._rooms.get(patient_id) is room:
                del self._rooms[patient_id]
                self.on_change(patient_id)

    def find(self, patient_id: UUID) -> LiveRoom | None:
        """Return the room of a patient, while there is one."""
        return self._rooms.get(patient_id)

    def occupied(self) -> list[tuple[UUID, LiveRoom]]:
        """Return all rooms."""
        return list(self._rooms.items())

    def is_told(self, patient_id: UUID) -> bool:
        """Whether a training of a patient tells at this moment."""
        room = self._rooms.get(patient_id)
        return room is not None and room.is_told
