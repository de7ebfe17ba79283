"""Patients of a clinic with simulated phones on their ankles, in virtual time and without a socket.

with a_ward() as ward:
    run_virtually(story(ward))
"""

import asyncio
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial

from api import store
from api.access import Identity, Role
from api.db import transaction
from tests.api.access.people import open_clinic
from tests.api.builders import SQLITE
from tests.tracker.phone_builders import RATE_HZ, FakePhone
from tracker.at_clinic.sittings import ClinicSittings
from tracker.settings import DataFolder
from tracker.simulator import SimulatedPatient
from tracker.watching.rooms import LiveRooms

EXERCISE = "ecc_prone_helper"
PIECE_S = 0.1


class Ward:
    """A clinic with anna and bert, and the sittings of one process."""

    def __init__(self, clinic):
        self.clinic = clinic
        self.anna = clinic.add(Role.PATIENT, "anna", is_in=False)
        self.bert = clinic.add(Role.PATIENT, "bert", is_in=False)
        self.folder = DataFolder(clinic.api.folder / "data")
        self.rooms = LiveRooms()

    @property
    def engine(self):
        return self.clinic.engine

    def process(self, **options):
        """The sittings of one more process of the server."""
        recordings = self.clinic.api.app.state.recordings
        now = partial(datetime.now, UTC)  # as sessions are dated
        return ClinicSittings(self.engine, recordings, self.folder, self.rooms, now=now, **options)

    def who(self, person):
        return Identity(
            role=Role.PATIENT,
            name=f"Synthetic {person.login}",
            account_id=person.account_id,
            patient_id=person.patient_id,
        )

    def sessions(self, person):
        """What is stored of somebody, oldest first."""
        with transaction(self.engine, writes=False) as db:
            found = store.list_all_sessions(db, person.patient_id)
            return [store.get_session(db, one) for one in found]

    def recording_of(self, session):
        with transaction(self.engine, writes=False) as db:
            return store.find_recording(db, session.id)


@contextmanager
def a_ward(database=SQLITE):
    with open_clinic(database=database) as clinic:
        yield Ward(clinic)


class AnklePhone(FakePhone):
    """A phone that measures all the time: on a table, then on a leg that trains."""

    def __init__(self, desk, *, seed=5, **options):
        super().__init__(desk, platform="android", **options)
        self.leg = SimulatedPatient(EXERCISE, seed=seed, rate_hz=RATE_HZ, tempo_s=2.8)
        self.has_fit = None

    def connect(self, desk):
        """Open the line at a desk, as the page does when another broke."""
        self.desk = desk
        assert self.hello() is None

    def hello(self, **changes):
        return super().hello(fit=self.has_fit, **changes)

    def lie_flat(self, seconds=1.5, arrival_s=0.0):
        super().lie_flat(seconds, arrival_s)
        self.has_fit = self.wire.of("check")[-1]["fit"]

    def wish(self, **wanted):
        self.desk.said({"type": "train", "exercise": EXERCISE, "side": "left"} | wanted)

    async def measure_on(self):
        """Send what the leg does, as time goes by."""
        now_s = asyncio.get_running_loop().time
        began_s, n_before = now_s(), len(self.samples)
        while True:
            n_due = int((now_s() - began_s) * RATE_HZ) - (len(self.samples) - n_before)
            if n_due > 0:
                self.measure(*self.leg.next_samples(n_due))
                self.send(now_s())
            await asyncio.sleep(PIECE_S)

    async def put_on_and_train(self, **wanted):
        self.lie_flat(arrival_s=asyncio.get_running_loop().time())
        self.put_on()
        self.wish(**wanted)


@asynccontextmanager
async def an_ankle(phone, hub, reps):
    """Let a phone measure, and its leg train whenever the coach is ready."""
    tasks = [asyncio.create_task(phone.measure_on()), asyncio.create_task(_obey(phone, hub, reps))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _obey(phone, hub, reps):
    async with hub.listen() as texts:
        async for text in texts:
            if '"state": "ready"' in text:
                phone.leg.hear("go", reps=reps)


async def until(is_so):
    while not is_so():  # noqa: ASYNC110  # in virtual time it costs nothing
        await asyncio.sleep(PIECE_S)
