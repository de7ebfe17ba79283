"""Training at a clinic as one part of its service: sittings, who looks on, and other processes."""

import asyncio
import hashlib
import logging
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from api.access import Identity, identity_of
from tracker.at_clinic.log_in import is_logged_in
from tracker.at_clinic.peers import LONGEST_PATH, open_to_peers, pass_on
from tracker.at_clinic.sittings import SET_ENDS_WITHIN_S, ClinicSittings, NoRoomError
from tracker.at_clinic.trainee import patient_of
from tracker.cancelling import cancel_and_wait
from tracker.phone.channel import PhoneSocket, serve_phone
from tracker.processes.bus import Bus
from tracker.watching.across import RoomsAcross
from tracker.watching.rooms import LiveRooms

CHECK_EVERY_S: Final = 60.0  # a log-in that is ended elsewhere ends the line within this
TRY_AGAIN_LATER: Final = 1013  # close code: the page opens the line again after a while
LOGGED_OUT: Final = 1008
HOME_DIGITS: Final = 8
HAND_OVER: Final = "hand_over"
_log = logging.getLogger(__name__)


class ClinicService:
    """What lets patients train here; `running` is its life.

    Parameters
    ----------
    sittings : ClinicSittings
        Of this process.
    rooms : LiveRooms
        Where clinicians look on.
    bus : Bus
        The line to the other processes; they claim sittings by it too.
    run_folder : Path
        Where processes of one data folder find each other.
    drain_s : float
        How long a set may go on when this process is to end.

    """

    def __init__(
        self,
        sittings: ClinicSittings,
        rooms: LiveRooms,
        bus: Bus,
        run_folder: Path,
        *,
        drain_s: float = SET_ENDS_WITHIN_S,
    ) -> None:
        self.sittings = sittings
        self._rooms = rooms
        self._bus = bus
        self._run_folder = run_folder
        self._drain_s = drain_s
        self._leaving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run for as long as the context lasts."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._bus.running())
            await stack.enter_async_context(RoomsAcross(self._rooms, self._bus).running())
            self._bus.on(HAND_OVER, self._asked_for)
            self._bus.on_lost = self._lost
            path = self._path_of(self._bus.name)
            if self._bus.is_shared and len(str(path).encode()) <= LONGEST_PATH:
                await asyncio.to_thread(self._run_folder.mkdir, mode=0o700, exist_ok=True)
                await stack.enter_async_context(open_to_peers(path, self._serve_peer))
            leftover = asyncio.create_task(self.sittings.store_left_over(), name="left over")
            try:
                yield
            finally:
                await cancel_and_wait(leftover, *self._leaving)
                await self.sittings.close()

    async def drain(self) -> None:
        """Take no more sittings, and end or hand over those that run."""
        await self.sittings.drain(self._drain_s)

    async def serve(self, socket: WebSocket) -> None:
        """Talk with the page of a logged-in patient until it goes, or the log-in ends."""
        checking = asyncio.create_task(_end_with_log_in(socket), name="phone: log-in")
        try:
            who = identity_of(socket)
            if not await self._serve_here(socket, who) and not await self._serve_there(socket, who):
                await _refuse(socket)
        finally:
            await cancel_and_wait(checking)

    async def _serve_here(self, socket: PhoneSocket, who: Identity) -> bool:
        """Serve a line in the sitting of this process; False where another one has it."""
        try:
            async with self.sittings.line(who) as sitting:
                if sitting is None:
                    return False
                await serve_phone(socket, sitting.desk)
        except NoRoomError:
            await _refuse(socket)
        return True

    async def _serve_there(self, socket: WebSocket, who: Identity) -> bool:
        """Pass a line on to the process that has the sitting; one elsewhere is asked for it."""
        holder = await self.sittings.claims.holder(patient_of(who))
        home, _, name = (holder or "").partition(" ")
        if not name:
            return False  # it was given up in this very moment
        if home == home_of(self._run_folder) and await pass_on(socket, self._path_of(name), who):
            return True
        self._bus.send(HAND_OVER, {"patient": str(who.patient_id)}, to=name)
        return False

    async def _serve_peer(self, socket: PhoneSocket, who: Identity) -> None:
        if not await self._serve_here(socket, who):
            await _refuse(socket)

    def _asked_for(self, _process: str, said: dict[str, Any]) -> None:
        """Hand a sitting over to a process on another computer, to which its phone has come."""
        with suppress(ValueError):
            patient_id = UUID(str(said.get("patient")))
            self._spawn(self.sittings.hand_over(patient_id, self._drain_s))

    def _lost(self, patient_id: UUID) -> None:
        """End a sitting that another process took while the database was away."""
        _log.warning("a sitting was taken over while the database was out of reach")
        self._spawn(self.sittings.hand_over(patient_id, 0.0))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work, name="handing a sitting over")
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def _path_of(self, name: str) -> Path:
        return self._run_folder / f"{name}.sock"


def home_of(run_folder: Path) -> str:
    """Return what tells the processes of one data folder on one computer from all others."""
    told = f"{sockets.gethostname()} {run_folder.absolute()}"
    return hashlib.sha256(told.encode()).hexdigest()[:HOME_DIGITS]


async def _end_with_log_in(socket: WebSocket) -> None:
    while True:
        await asyncio.sleep(CHECK_EVERY_S)
        if not await asyncio.to_thread(is_logged_in, socket):
            break
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(LOGGED_OUT)


async def _refuse(socket: PhoneSocket) -> None:
    """Answer so that the page tries again: before it is accepted a line has no close code."""
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.accept()
        await socket.close(TRY_AGAIN_LATER)
