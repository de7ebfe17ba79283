import asyncio

import pytest

from api import OwnPatient, migrate, open_engine
from tests.tracker.phone_builders import a_console, a_desk, a_paired_phone
from tests.tracker.training_builders import PROFILE
from tests.tracker.watching.live_clinic import STATE, Notices, heard, open_site, run, until
from tracker.linking.here import make_link
from tracker.phone.desk import Wish
from tracker.phone.door import PhoneDoor
from tracker.phone_training import PhoneSittings
from tracker.profile import simulated
from tracker.settings import DataFolder
from tracker.watching.from_home import seen_by_clinic


@pytest.fixture(scope="module")
def site():
    with open_site() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    made = DataFolder(tmp_path).make()
    migrate(made.database_url)
    return made


def link(folder, site):
    engine = open_engine(folder.database_url)
    person = OwnPatient(id=PROFILE.patient_id, name="Synthetic me")
    make_link(engine, person, site.url, site.token)
    engine.dispose()


def is_told(site):
    return site.rooms.is_told(site.anna.patient_id)


def test_a_phone_that_trains_at_home_is_seen_by_the_linked_clinic(site, folder):
    link(folder, site)

    async def work():
        hub = Notices()
        desk = a_desk(hub, now_s=asyncio.get_running_loop().time)
        a_paired_phone(desk).lie_flat()
        sittings = PhoneSittings(folder, PROFILE, hub, a_console())
        sittings.door, sittings.url = PhoneDoor(desk=desk, listener=None), "http://127.0.0.1:9"
        sittings.wish(Wish(exercise="ecc_prone_helper"))
        await until(lambda: is_told(site))
        async with site.looker(site.physio) as physio:
            state = await heard(physio, "state")
            assert state["exercise"] == "ecc_prone_helper"
            assert ["Synthetic physio"] in hub.lookers
        await sittings.close()
        await until(lambda: not is_told(site))

    run(work())


def test_nothing_is_told_before_somebody_looks_on(site, folder):
    link(folder, site)

    async def work():
        hub = Notices()
        async with seen_by_clinic(hub, folder, PROFILE.patient_id):
            hub.publish(STATE)
            await until(lambda: is_told(site) and hub.lookers)
            assert hub.n_listeners == 0
            async with site.looker(site.physio):
                await until(lambda: hub.n_listeners == 1)
            await until(lambda: hub.n_listeners == 0)

    run(work())


def test_a_simulated_patient_and_one_without_a_link_are_seen_by_nobody(site, folder, tmp_path):
    link(folder, site)
    elsewhere = DataFolder(tmp_path / "elsewhere")

    async def work():
        hub = Notices()
        async with seen_by_clinic(hub, folder, simulated(PROFILE).patient_id):
            await asyncio.sleep(0.05)
        async with seen_by_clinic(hub, elsewhere, PROFILE.patient_id):
            await asyncio.sleep(0.05)
        assert hub.lookers == []
        assert not elsewhere.database.exists()

    run(work())
