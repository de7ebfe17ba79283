import asyncio
import json

import pytest

from tests.tracker.watching.live_clinic import STATE, heard, open_site, run, told, until
from tracker import slow_readers

N_CARDS = 300
LONG = "x" * 30_000  # together nine megabytes: more than any buffer on the way holds


@pytest.fixture
def site():
    with open_site() as opened:
        yield opened


def test_a_page_that_does_not_read_is_given_up_and_one_beside_it_misses_nothing(site, monkeypatch):
    monkeypatch.setattr(slow_readers, "READS_WITHIN_S", 0.3)

    async def work():
        patient_id = site.anna.patient_id
        async with site.teller() as anna, site.looker(site.physio) as reader:
            await told(anna, STATE)
            await heard(reader, "state")
            room = site.rooms.find(patient_id)
            async with site.looker(site.physio, max_queue=1, compression=None) as sleeper:
                await until(lambda: room.hub.n_listeners == 2)
                got = []
                for n in range(N_CARDS):
                    room.hub.publish({"type": "card", "n": n, "text": LONG})
                    got.append((await heard(reader, "card"))["n"])
                assert got == list(range(N_CARDS))
                await until(lambda: room.hub.n_listeners == 1)
                room.hub.publish({"type": "card", "n": N_CARDS})
                assert (await heard(reader, "card"))["n"] == N_CARDS
                sleeper.transport.abort()

    run(work())


def test_what_waits_for_a_page_that_does_not_read_is_bounded(site):
    async def work():
        hub = site.clinic.api.app.state.live_rooms
        async with (
            site.teller(),
            site.looker(site.physio, max_queue=1, compression=None) as sleeper,
        ):
            room = hub.find(site.anna.patient_id)
            await until(lambda: room.hub.n_listeners == 1)
            (listener,) = room.hub._listeners
            for n in range(5_000):
                room.hub.publish({"type": "card", "n": n, "text": LONG})
            assert len(listener._waiting) <= 64
            snapshot = json.dumps(room.hub.snapshot())
            assert len(snapshot) < 2 * len(LONG)
            sleeper.transport.abort()
            await asyncio.sleep(0)

    run(work())
