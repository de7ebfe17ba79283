"""The sittings of one process of a clinic's server: one a patient, for as long as it is needed.

A sitting begins when a phone opens its line, outlives connections that break, and is forgotten a
while after the last line has gone and no training runs. What it measured is in the database then;
what a killed process left behind in the folder is stored when the patient comes back, or by the
next process that starts.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Engine

from api import ApiError
from api.access import Identity, Role
from api.recording_store import RecordingStore
from tracker.at_clinic.sitting import ClinicSitting
from tracker.at_clinic.storing import SittingStore, waits
from tracker.at_clinic.trainee import patient_of, read_trainee
from tracker.cancelling import cancel_and_wait
from tracker.delivery import recover
from tracker.processes.claims import Claims, OwnClaims
from tracker.settings import DataFolder
from tracker.watching.here import telling_here
from tracker.watching.rooms import LiveRooms

LINGER_S: Final = 60.0  # a phone that reloads its page finds its sitting again
MOST_SITTINGS: Final = 4000  # of one process; the next is asked to come back
SET_ENDS_WITHIN_S: Final = 60.0  # a set of fifteen takes about ninety; most are past their middle


class NoRoomError(ApiError):
    """A process takes no more sittings: it leaves, or it has as many as it can."""


class ClinicSittings:
    """Where phones of logged-in patients train.

    Parameters
    ----------
    engine, recordings, folder
        The database, where recordings are kept, and the data folder of the server.
    rooms : LiveRooms
        Where clinicians look on.
    now : callable
        The clock of the service.
    claims : Claims, optional
        Shared with the other processes; without it this one serves alone.
    linger_s : float
        How long a sitting that nobody uses is kept.

    """

    def __init__(
        self,
        engine: Engine,
        recordings: RecordingStore,
        folder: DataFolder,
        rooms: LiveRooms,
        *,
        now: Callable[[], datetime],
        claims: Claims | None = None,
        linger_s: float = LINGER_S,
    ) -> None:
        self.claims: Claims = claims or OwnClaims()
        self._kept = SittingStore(engine, recordings, now)
        self._folder = folder
        self._rooms = rooms
        self._linger_s = linger_s
        self._open: dict[UUID, ClinicSitting] = {}
        self._entering: dict[UUID, asyncio.Lock] = {}
        self._telling: dict[UUID, asyncio.Task[None]] = {}
        self._forgetting: set[asyncio.Task[None]] = set()
        self.is_leaving = False
        self.on_number: Callable[[int], None] = lambda _: None
        """Told how many sittings there are, whenever that changes."""

    def __len__(self) -> int:
        return len(self._open)

    def find(self, patient_id: UUID) -> ClinicSitting | None:
        """Return the sitting that this process has of a patient."""
        return self._open.get(patient_id)

    def folder_of(self, patient_id: UUID) -> DataFolder:
        """Return where the files of a patient's sitting are while it runs."""
        return DataFolder(self._folder.sittings / str(patient_id))

    @asynccontextmanager
    async def line(self, who: Identity) -> AsyncIterator[ClinicSitting | None]:
        """Enter the sitting of a patient with one line; None while another process has it.

        Raises
        ------
        NoRoomError
            If this process takes no more of them.

        """
        sitting = await self._enter(who)
        if sitting is None:
            yield None
            return
        sitting.n_lines += 1
        try:
            yield sitting
        finally:
            sitting.n_lines -= 1
            self._forget_later(sitting)

    async def hand_over(self, patient_id: UUID, set_ends_within_s: float) -> None:
        """Let another process go on with a sitting; without one there is nothing to do."""
        sitting = self._open.get(patient_id)
        if sitting is not None:
            await sitting.hand_over(set_ends_within_s)
            await self._forget(sitting)

    async def drain(self, set_ends_within_s: float = SET_ENDS_WITHIN_S) -> None:
        """Take no more sittings, and hand over those that run: their phones come back elsewhere."""
        self.is_leaving = True
        patients = list(self._open)
        await asyncio.gather(*(self.hand_over(one, set_ends_within_s) for one in patients))

    async def store_left_over(self) -> int:
        """Store what a process that was killed left behind; return how many patients that was."""
        n_stored = 0
        for folder in await asyncio.to_thread(lambda: list(self._left_over())):
            patient_id = UUID(folder.root.name)
            if patient_id in self._open or not await self.claims.take(patient_id):
                continue  # it runs
            try:
                who = Identity(role=Role.PATIENT, patient_id=patient_id)
                await recover(folder)
                n_stored += bool(await asyncio.to_thread(self._kept.store_all, folder, who))
            finally:
                if patient_id not in self._open:
                    await self.claims.release(patient_id)
        return n_stored

    async def close(self) -> None:
        """End what is still there, at once; what was measured is stored."""
        await self.drain(0.0)
        await asyncio.gather(*self._forgetting, return_exceptions=True)

    def _left_over(self) -> Iterator[DataFolder]:
        if not self._folder.sittings.is_dir():
            return
        for place in sorted(self._folder.sittings.iterdir()):
            with suppress(ValueError):
                folder = self.folder_of(UUID(place.name))
                if waits(folder):
                    yield folder

    async def _enter(self, who: Identity) -> ClinicSitting | None:
        """Return the patient's sitting, begun now if there is none anywhere."""
        patient_id = patient_of(who)
        async with self._entering.setdefault(patient_id, asyncio.Lock()):
            found = self._open.get(patient_id)
            if self.is_leaving or (found is None and len(self._open) >= MOST_SITTINGS):
                raise NoRoomError("No more trainings can begin here at this moment.")
            if found is not None:
                return None if found.is_leaving else found
            if not await self.claims.take(patient_id):
                return None
            try:
                return await self._begin(patient_id, who)
            except BaseException:
                await self.claims.release(patient_id)
                raise

    async def _begin(self, patient_id: UUID, who: Identity) -> ClinicSitting:
        folder = await asyncio.to_thread(self.folder_of(patient_id).make)
        trainee = await asyncio.to_thread(
            read_trainee, self._kept.engine, who, now=self._kept.now()
        )
        sitting = ClinicSitting(self._kept, folder, who, trainee)
        await sitting.catch_up()
        sitting.on_rest = lambda: self._forget_later(sitting)
        self._open[patient_id] = sitting
        self.on_number(len(self))
        self._telling[patient_id] = asyncio.create_task(
            telling_here(sitting.hub, self._rooms, patient_id), name="telling who looks on"
        )
        return sitting

    def _forget_later(self, sitting: ClinicSitting) -> None:
        if sitting.is_idle:
            asyncio.get_running_loop().call_later(self._linger_s, self._forget_if_idle, sitting)

    def _forget_if_idle(self, sitting: ClinicSitting) -> None:
        if sitting.is_idle and not self.is_leaving:
            task = asyncio.create_task(self._forget(sitting), name="forgetting a sitting")
            self._forgetting.add(task)
            task.add_done_callback(self._forgetting.discard)

    async def _forget(self, sitting: ClinicSitting) -> None:
        """Let go of a sitting, unless somebody has come back to it meanwhile."""
        patient_id = patient_of(sitting.who)
        async with self._entering.setdefault(patient_id, asyncio.Lock()):
            is_left = not sitting.is_running and (sitting.is_idle or sitting.is_leaving)
            if self._open.get(patient_id) is not sitting or not is_left:
                return
            await cancel_and_wait(self._telling.pop(patient_id))
            del self._open[patient_id]
            self.on_number(len(self))
            await self.claims.release(patient_id)
        self._entering.pop(patient_id, None)
