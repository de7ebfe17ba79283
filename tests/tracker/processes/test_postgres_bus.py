import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import make_url

from tests import postgres
from tests.tracker.processes.two import a_database, run, two_buses, until
from tracker.processes.postgres_bus import PIECE_CHARS, key_of

ANNA = UUID(int=1)


@pytest.fixture
def url():
    with a_database() as opened:
        yield opened


def test_a_message_reaches_the_others_and_not_oneself(url):
    async def work():
        async with two_buses(url) as (one, other):
            heard, echoed = [], []
            other.on("word", lambda sender, body: heard.append((sender, body)))
            one.on("word", lambda sender, body: echoed.append((sender, body)))
            one.send("word", {"n": 1})
            one.send("word", {"n": 2}, to=other.name)
            one.send("word", {"n": 3}, to="somebody else")
            one.send("word", {"n": 4})
            await until(lambda: len(heard) == 3)
        assert heard == [(one.name, {"n": n}) for n in (1, 2, 4)]
        assert echoed == []

    run(work())


@pytest.mark.parametrize("n_chars", [PIECE_CHARS - 200, PIECE_CHARS, 5 * PIECE_CHARS])
def test_a_long_message_arrives_whole(url, n_chars):
    async def work():
        async with two_buses(url) as (one, other):
            heard = []
            other.on("word", lambda _, body: heard.append(body["text"]))
            text = "één " * (n_chars // 4)
            one.send("word", {"text": text})
            await until(lambda: heard)
        assert heard == [text]

    run(work())


@pytest.mark.parametrize(
    "payload", ["{", "[]", "x", "a b c d", "a 9 2 x", '{"from": 1}', "a 0 2 {"]
)
def test_nonsense_on_the_channel_is_nothing(url, payload):
    async def work():
        async with two_buses(url) as (one, other):
            heard = []
            other.on("word", lambda _, body: heard.append(body))
            await one._ask("SELECT pg_notify(%s, %s)::text", ("tempo90_all", payload))
            one.send("word", {"n": 1})
            await until(lambda: heard)
        assert heard == [{"n": 1}]

    run(work())


def test_of_two_processes_one_has_a_sitting_and_the_other_can_see_which(url):
    async def work():
        async with two_buses(url, ("here", "there")) as (one, other):
            assert await one.take(ANNA)
            assert await one.take(ANNA)
            assert not await other.take(ANNA)
            assert await other.take(uuid4())
            assert await other.holder(ANNA) == f"here {one.name}"
            assert await other.holder(uuid4()) is None
            await one.release(ANNA)
            assert await other.take(ANNA)

    run(work())


def test_what_a_process_had_is_free_as_soon_as_it_is_gone(url):
    async def work():
        async with two_buses(url) as (one, _other):
            assert await one.take(ANNA)
        async with two_buses(url) as (_, other):
            while not await other.take(ANNA):  # noqa: ASYNC110  # the server hears a moment later
                await asyncio.sleep(0.01)

    run(work())


def test_after_a_restart_of_the_database_claims_are_taken_again_and_messages_go_on(url):
    async def work():
        async with two_buses(url) as (one, other):
            heard, name = [], make_url(url).database
            other.on("word", lambda _, body: heard.append(body))
            assert await one.take(ANNA)
            postgres.break_connections(name)
            await until(lambda: not one.is_up)
            await until(lambda: one.is_up and other.is_up and other.is_listening)
            assert not await other.take(ANNA)
            assert await other.holder(ANNA) == f"home {one.name}"
            one.send("word", {"n": 1})
            await until(lambda: heard)

    run(work())


def test_a_sitting_that_another_process_took_meanwhile_is_told_as_lost(url):
    async def work():
        async with two_buses(url) as (one, other):
            lost = []
            one.on_lost = lost.append
            assert await one.take(ANNA)
            await one._ask("SELECT pg_advisory_unlock(%s)", (key_of(ANNA),))
            assert await other.take(ANNA)
            name = make_url(url).database
            postgres.tell_server(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND application_name LIKE %s",
                (name, f"%{one.name}"),
            )
            await until(lambda: lost)
        assert lost == [ANNA]

    run(work())


def test_the_number_of_a_lock_fits_and_differs_from_person_to_person():
    keys = {key_of(UUID(int=n)) for n in range(1000)}

    assert len(keys) == 1000
    assert all(-(2**63) <= key < 2**63 for key in keys)
