import asyncio
import json
from uuid import uuid4

import pytest

from api.access import Role
from api.access.audit import read_log
from api.access.identity import Identity
from api.db import transaction
from api.errors import NotFoundError
from tests.tracker.at_clinic.ward import AnklePhone, a_ward, an_ankle, until
from tracker.at_clinic.sittings import NoRoomError
from tracker.phone.desk import Wish
from tracker.phone.link import REPLACED
from tracker.virtual_radio import run_virtually


@pytest.fixture
def ward():
    with a_ward() as opened:
        yield opened


async def train(ward, sittings, person, **wanted):
    """A whole sitting of two repetitions a set; gives the phone."""
    async with sittings.line(ward.who(person)) as sitting:
        phone = AnklePhone(sitting.desk)
        assert phone.hello() is None
        async with an_ankle(phone, sitting.hub, reps=2):
            await phone.put_on_and_train(sets=1, reps=2, **wanted)
            await until(lambda: phone.wire.of("failed") or sitting.is_running)
            await until(lambda: not sitting.is_running)
    return phone


def test_a_logged_in_patient_trains_with_a_phone_and_the_session_is_stored_whole(ward):
    sittings = ward.process()

    run_virtually(train(ward, sittings, ward.anna))

    (session,) = ward.sessions(ward.anna)
    (one,) = session.exercise_sets
    assert (one.exercise, one.side, len(one.reps)) == ("ecc_prone_helper", "left", 2)
    assert session.sensor.family == "phone"
    assert ward.recording_of(session).size_bytes > 10_000
    assert ward.sessions(ward.bert) == []


def test_nothing_of_a_stored_session_stays_in_the_folder_of_the_server(ward):
    sittings = ward.process()

    run_virtually(train(ward, sittings, ward.anna))

    left = [path for path in ward.folder.sittings.rglob("*") if path.is_file()]
    assert [path.name for path in left if path.suffix in {".json", ".mcap"}] == []


def test_the_audit_log_says_by_which_way_the_session_came(ward):
    run_virtually(train(ward, ward.process(), ward.anna))

    with transaction(ward.engine, writes=False) as db:
        log = read_log(db, Identity(role=Role.PATIENT, patient_id=ward.anna.patient_id))
    (line,) = [one for one in log if one.action == "write"]
    assert line.route == "WS /ws/phone"
    assert line.object_id == ward.sessions(ward.anna)[0].id


def test_every_patient_has_a_sitting_of_their_own(ward):
    async def story():
        sittings = ward.process()
        lines = sittings.line(ward.who(ward.anna)), sittings.line(ward.who(ward.bert))
        async with lines[0] as annas, lines[1] as berts:
            phones = AnklePhone(annas.desk), AnklePhone(berts.desk)
            for phone in phones:
                assert phone.hello() is None
                phone.lie_flat()
            assert annas is not berts
            assert annas.hub is not berts.hub
            phones[0].wish()
            await until(lambda: annas.is_running)
            assert not berts.is_running
            phones[1].desk.said({"type": "stop"})
            assert annas.is_running
        await sittings.close()

    run_virtually(story())


def test_a_second_phone_of_the_same_patient_takes_over_the_line(ward):
    async def story():
        sittings = ward.process()
        async with sittings.line(ward.who(ward.anna)) as first:
            phone = AnklePhone(first.desk)
            phone.hello()
            async with sittings.line(ward.who(ward.anna)) as second:
                assert second is first
                assert AnklePhone(second.desk, stream="another").hello() is None
            assert phone.wire.closed == REPLACED

    run_virtually(story())


def test_a_sitting_that_nobody_uses_is_forgotten_after_a_while(ward):
    async def story():
        sittings, began_s = ward.process(linger_s=30.0), asyncio.get_running_loop().time()
        async with sittings.line(ward.who(ward.anna)):
            pass
        assert len(sittings) == 1
        await until(lambda: len(sittings) == 0)
        assert asyncio.get_running_loop().time() - began_s < 40.0

    run_virtually(story())


def test_somebody_who_is_no_patient_of_this_clinic_has_no_sitting(ward):
    async def story():
        sittings = ward.process()
        with pytest.raises(NotFoundError):
            async with sittings.line(Identity(role=Role.PATIENT, patient_id=uuid4())):
                pass
        assert len(sittings) == 0

    run_virtually(story())


@pytest.mark.parametrize("exercise", ["step_up", "no_such_exercise"])
def test_what_a_phone_cannot_measure_is_refused_and_the_sitting_goes_on(ward, exercise):
    async def story():
        sittings = ward.process()
        async with sittings.line(ward.who(ward.anna)) as sitting:
            phone = AnklePhone(sitting.desk)
            phone.hello()
            phone.lie_flat()
            sitting.wish(Wish(exercise=exercise))
            await until(lambda: phone.wire.of("failed"))
            sitting.wish(Wish(exercise="ecc_prone_helper"))
            await until(lambda: sitting.is_running)
        await sittings.close()

    run_virtually(story())


def test_a_clinician_sees_the_sitting_while_looking_on_and_the_patient_is_told(ward):
    async def story():
        sittings = ward.process()
        has_seen_a_rep = asyncio.Event()
        async with sittings.line(ward.who(ward.anna)) as sitting:
            phone = AnklePhone(sitting.desk)
            phone.hello()
            await until(lambda: ward.rooms.is_told(ward.anna.patient_id))

            async def look():
                with ward.rooms.room(ward.anna.patient_id) as room, room.looking_on("Synthetic p"):
                    async with room.hub.listen() as texts:
                        async for text in texts:
                            if json.loads(text)["type"] == "rep":
                                has_seen_a_rep.set()

            looking = asyncio.create_task(look())
            async with an_ankle(phone, sitting.hub, reps=2):
                await phone.put_on_and_train(sets=1, reps=2)
                await has_seen_a_rep.wait()
                told = sitting.hub.snapshot()["messages"]
            names = [one["by"] for one in told if one["type"] == "watched"]
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        await sittings.close()
        assert names == [["Synthetic p"]]

    run_virtually(story())


def test_when_the_process_leaves_nobody_comes_in_any_more(ward):
    async def story():
        sittings = ward.process()
        await sittings.drain()
        with pytest.raises(NoRoomError):
            async with sittings.line(ward.who(ward.anna)):
                pass

    run_virtually(story())
