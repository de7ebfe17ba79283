"""Two processes of a service on one PostgreSQL, both in this one, each with a line of its own."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from tests import postgres
from tracker.processes.postgres_bus import PostgresBus

LONG_S = 120.0  # new processes take their time on a busy machine


@contextmanager
def a_database():
    with postgres.new_database(is_migrated=False) as url:
        yield url


@asynccontextmanager
async def two_buses(url, homes=("home", "home")):
    async with AsyncExitStack() as stack:
        buses = [PostgresBus(url, home) for home in homes]
        for bus in buses:
            await stack.enter_async_context(bus.running())
        yield buses


def run(work):
    async def within():
        async with asyncio.timeout(LONG_S):
            await work

    asyncio.run(within())


async def until(is_so):
    while not is_so():  # noqa: ASYNC110  # of another process, which sends no event
        await asyncio.sleep(0.01)
