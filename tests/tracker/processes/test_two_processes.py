import asyncio
from contextlib import contextmanager, suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests import postgres
from tests.browser import serve
from tests.tracker.processes.lines import People, close_code, greet, heard, say, send_samples
from tests.tracker.processes.two import run
from tracker.clinic_serving import ClinicOptions, ClinicSettings, clinic_app
from tracker.settings import DataFolder

WISH = {"type": "train", "exercise": "ecc_prone_helper", "side": "left", "sets": 1, "reps": 2}


class Hosts:
    """Two processes of one service, each at a port of its own."""

    def __init__(self, one, other, people):
        self.one, self.other, self.people = one, other, people


@contextmanager
def two_hosts(folders):
    with postgres.new_database() as url:
        people = People(url)
        settings = ClinicSettings(TEMPO90_DATABASE=url, drain_s=0.0)
        options = ClinicOptions(address="https://localhost")
        apps = [clinic_app(DataFolder(one).make(), options, settings) for one in folders]
        with serve(apps[0]) as one, serve(apps[1]) as other:
            yield Hosts(one.partition("://")[2], other.partition("://")[2], people)
        for app in apps:
            app.state.engine.dispose()


@pytest.fixture(scope="module")
def hosts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    with two_hosts([folder, folder]) as opened:
        yield opened


async def acknowledged(line, first):
    """Send sample after sample until it is said up to where they came."""
    hearing = asyncio.create_task(heard(line, "ack"))
    while not hearing.done():
        await send_samples(line, first, 1)
        first += 1
        await asyncio.sleep(0.05)
    return hearing.result()["next"]


async def is_welcome(hosts):
    async with hosts.people.phone(hosts.other) as phone:
        with suppress(AssertionError, ConnectionClosed):
            await greet(phone)
            return True
    return False


def test_a_phone_that_comes_back_to_another_process_goes_on_where_it_was(hosts):
    async def work():
        async with hosts.people.phone(hosts.one) as first:
            welcome = await greet(first)
            await send_samples(first, 0, 40)
            assert (await heard(first, "ack"))["next"] == 40
            async with hosts.people.phone(hosts.other) as second:
                again = await greet(second, welcome["ticket"])
                assert again["next"] == 40
                assert again["ticket"] == welcome["ticket"]
                assert await close_code(first) == 4001
                await send_samples(second, 30, 40)
                assert await acknowledged(second, 70) >= 70

    run(work())


def test_a_clinician_at_another_process_sees_the_sitting_and_the_patient_is_told(hosts):
    async def work():
        async with (
            hosts.people.phone(hosts.one) as phone,
            hosts.people.looker(hosts.other) as looker,
        ):
            await greet(phone)
            names = []
            while names != ["Synthetic physio"]:
                message = await heard(phone, "watched", "snapshot")
                told = message.get("messages", [message])
                names = next((one["by"] for one in told if one["type"] == "watched"), names)
            await say(phone, **WISH)
            seen = await heard(looker, "state")
            assert seen["exercise"] == "ecc_prone_helper"
            await looker.close()
            while (await heard(phone, "watched"))["by"]:
                pass
            await say(phone, type="stop")
            await heard(phone, "summary")

    run(work())


def test_a_view_at_another_process_ends_with_the_training(tmp_path_factory):
    folders = [tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")]

    async def work(hosts):
        async with hosts.people.looker(hosts.other) as looker:
            async with hosts.people.phone(hosts.one) as phone:
                await greet(phone)
                await say(phone, **WISH)
                await heard(looker, "state")
            async with hosts.people.phone(hosts.other) as phone:
                # Another computer: the sitting is asked for, and is free a moment later.
                assert await close_code(phone) == 1013
            assert await close_code(looker) == 1001
            while not await is_welcome(hosts):  # noqa: ASYNC110  # of another process
                await asyncio.sleep(0.05)

    with two_hosts(folders) as hosts:
        run(work(hosts))
