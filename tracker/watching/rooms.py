"""One room for each patient: what their training tells, and who looks on.

A room holds nothing longer than the training lasts: no message of it is stored.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from uuid import UUID

from tracker.live import LiveHub


class LiveRoom:
    """What one patient's training tells. To be used in one event loop."""

    def __init__(self) -> None:
        self.hub = LiveHub()
        self._names: list[str] = []
        self._teller: asyncio.Event | None = None
        self._changed = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def is_empty(self) -> bool:
        """Whether nobody tells and nobody looks on."""
        return self._teller is None and not self._names

    @property
    def is_told(self) -> bool:
        """Whether a training tells here at this moment."""
        return self._teller is not None

    @contextmanager
    def telling(self) -> Iterator[asyncio.Event]:
        """Tell in this room; the event is set when another computer of the patient takes over.

        When it ends, those who look on are shown out: they come back to a room without a past.
        """
        if self._teller is not None:
            self._teller.set()
            self._start_anew()
        replaced = self._teller = asyncio.Event()
        try:
            yield replaced
        finally:
            if self._teller is replaced:
                self._teller = None
                self._start_anew()

    @contextmanager
    def looking_on(self, name: str) -> Iterator[asyncio.Event]:
        """Look on; the event is set when the training that is shown has ended."""
        self._names.append(name)
        self._changed.set()
        try:
            yield self._over
        finally:
            self._names.remove(name)
            if not self._names:
                self.hub = LiveHub()  # what was told is forgotten; whoever comes is told anew
            self._changed.set()

    async def names(self) -> AsyncIterator[list[str]]:
        """Yield who looks on, each once, now and whenever that changes."""
        while True:
            self._changed.clear()
            yield sorted(set(self._names))
            await self._changed.wait()

    def _start_anew(self) -> None:
        self.hub = LiveHub()
        self._over.set()
        self._over = asyncio.Event()
        self._changed.set()


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
        self._rooms: dict[UUID, LiveRoom] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    @contextmanager
    def room(self, patient_id: UUID) -> Iterator[LiveRoom]:
        """Enter the room of a patient; it is made for the first, and goes with the last."""
        room = self._rooms.setdefault(patient_id, LiveRoom())
        try:
            yield room
        finally:
            if room.is_empty:
                self._rooms.pop(patient_id, None)

    def is_told(self, patient_id: UUID) -> bool:
        """Whether a training of a patient tells at this moment."""
        room = self._rooms.get(patient_id)
        return room is not None and room.is_told
