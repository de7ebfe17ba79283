import asyncio
import json
from contextlib import AsyncExitStack, suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.access import Role, Scope
from api.access.audit import read_log
from api.access.identity import Identity
from api.access.open_lines import MOST_LINES
from api.db import transaction
from tests.tracker.watching.live_clinic import (
    REP,
    STATE,
    Notices,
    close_code,
    heard,
    open_site,
    run,
    told,
    until,
)
from tracker.watching.relay import relaying


@pytest.fixture(scope="module")
def site():
    with open_site() as opened:
        yield opened


def test_a_clinician_with_consent_sees_what_the_training_tells(site):
    async def work():
        async with site.teller() as anna:
            await told(anna, STATE)
            async with site.looker(site.physio) as physio:
                first = await heard(physio, "snapshot")
                if not first["messages"]:
                    assert (await heard(physio, "state"))["session"] == "a-session"
                await told(anna, REP)
                rep = await heard(physio, "rep")
        assert rep == REP

    run(work())


def test_who_trains_is_told_who_looks_on_and_when_nobody_does_any_more(site):
    async def work():
        async with site.teller() as anna:
            nobody = await heard(anna, "watched")
            async with site.looker(site.physio):
                somebody = await heard(anna, "watched")
            again = await heard(anna, "watched")
        assert (nobody["by"], somebody["by"], again["by"]) == ([], ["Synthetic physio"], [])

    run(work())


def test_nothing_that_a_looker_sends_reaches_the_training(site):
    async def work():
        async with site.teller() as anna, site.looker(site.physio) as physio:
            await told(physio, {"do": "stop"}, {"type": "rep", "n": 7}, {"type": "watched"})
            await told(anna, STATE, REP)
            rep = await heard(physio, "rep")
            sent = [json.loads(await anna.recv()) for _ in range(2)]
        assert rep == REP
        assert {one["type"] for one in sent} == {"watched"}

    run(work())


def test_without_consent_to_looking_on_there_is_nothing_there(site):
    async def work():
        with pytest.raises(InvalidStatus) as refused:
            async with site.looker(site.other):
                pass
        assert refused.value.response.status_code == 403
        page = site.other.client.get(f"/patients/{site.anna.patient_id}/live")
        assert page.status_code == 404

    run(work())


def test_a_consent_that_is_withdrawn_ends_the_view(site):
    async def work():
        bert = site.clinic.add(Role.CLINICIAN, "bert")
        site.clinic.treat(bert, site.anna)
        async with site.teller() as anna, site.looker(bert) as line:
            await heard(line, "snapshot")
            await asyncio.to_thread(site.clinic.treat, bert, site.anna, (Scope.RESULTS,))
            assert await close_code(line) == 1008
            await told(anna, STATE)

    run(work())


def test_the_end_of_the_training_ends_the_view_and_leaves_nothing_behind(site):
    async def work():
        async with site.looker(site.physio) as early:
            async with site.teller() as anna:
                await told(anna, STATE)
                await heard(early, "state")
            assert await close_code(early) == 1001
        async with site.looker(site.physio) as later:
            assert (await heard(later, "snapshot"))["messages"] == []
        await until(lambda: len(site.rooms) == 0)

    run(work())


def test_a_second_computer_of_the_patient_takes_over(site):
    async def work():
        async with site.teller() as first, site.teller() as second:
            assert await close_code(first) == 4001
            await told(second, STATE)
            async with site.looker(site.physio) as physio:
                snapshot = await heard(physio, "snapshot")
                assert snapshot["messages"] or await heard(physio, "state")

    run(work())


def test_a_flood_of_messages_is_shut_out(site):
    async def work():
        async with site.teller() as anna:
            with suppress(ConnectionClosed):
                await told(anna, *[REP] * 10_000)
            assert await close_code(anna) == 1008

    run(work())


def test_a_flood_of_who_looks_on_is_shut_out_and_the_training_goes_on(site):
    async def work():
        async with site.teller() as anna, site.looker(site.physio) as physio:
            with suppress(ConnectionClosed):
                await told(physio, *[REP] * 10_000)
            assert await close_code(physio) == 1008
            async with site.looker(site.physio) as again:
                await heard(again, "snapshot")
                await told(anna, STATE)
                await heard(again, "state")

    run(work())


def test_one_account_does_not_take_up_all_lines_and_a_closed_one_is_free_again(site):
    async def work():
        bert = site.clinic.add(Role.CLINICIAN, "berta")
        site.clinic.treat(bert, site.anna)
        async with site.teller(), AsyncExitStack() as lines:
            first = await lines.enter_async_context(site.looker(bert))
            for _ in range(MOST_LINES - 1):
                await lines.enter_async_context(site.looker(bert))
            with pytest.raises(InvalidStatus):
                await lines.enter_async_context(site.looker(bert))
            await lines.enter_async_context(site.looker(site.physio))
            await first.close()
            await until_opened(lines, site, bert)

    run(work())


async def until_opened(lines, site, person):
    while True:
        with suppress(InvalidStatus):
            return await lines.enter_async_context(site.looker(person))


def test_looking_on_is_in_the_audit_log_for_the_patient(site):
    async def work():
        async with site.looker(site.physio) as line:
            await heard(line, "snapshot")

    run(work())

    me = Identity(role=Role.PATIENT, patient_id=site.anna.patient_id)
    with transaction(site.clinic.engine, writes=False) as db:
        lines = [(one.name, one.route) for one in read_log(db, me)]
    assert ("Synthetic physio", "WS /ws/patients/{patient_id}/live") in lines


def test_a_training_at_home_is_seen_at_the_clinic_and_says_who_looks_on(site):
    async def work():
        hub = Notices()
        hub.publish(STATE)
        async with relaying(hub, site.url, site.token):
            await until(lambda: site.rooms.is_told(site.anna.patient_id))
            async with site.looker(site.physio) as physio:
                await until(lambda: ["Synthetic physio"] in hub.lookers)
                hub.publish(REP)
                rep = await heard(physio, "rep")
        assert rep == REP

    run(work())


def test_a_clinic_that_is_out_of_reach_holds_no_training_up():
    async def work():
        hub = Notices()
        async with relaying(hub, "http://127.0.0.1:9", "no token"):
            hub.publish(STATE)
            hub.publish(REP)
            await until(lambda: hub.lookers == [[]])

    run(work())


def test_the_page_says_that_it_only_looks_on(site):
    page = site.physio.client.get(f"/patients/{site.anna.patient_id}/live?lang=en").text

    assert "Live: anna" in page
    assert f'data-channel="/ws/patients/{site.anna.patient_id}/live"' in page
    assert 'data-steers="no"' in page
    assert "As soon as anna trains, you see it here." in page
    assert 'id="steer"' not in page
