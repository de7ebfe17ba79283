import asyncio
import time

import pytest

from tracker.virtual_radio import run_virtually


def test_an_hour_of_waiting_passes_at_once():
    async def wait():
        before_s = asyncio.get_running_loop().time()
        await asyncio.sleep(3600)
        return asyncio.get_running_loop().time() - before_s

    began_s = time.monotonic()
    waited_s = run_virtually(wait(), limit_s=4000)

    assert waited_s == pytest.approx(3600)
    assert time.monotonic() - began_s < 1


def test_timers_fire_in_the_order_of_their_times():
    async def three():
        order = []
        loop = asyncio.get_running_loop()
        for delay_s in (3, 1, 2):
            loop.call_later(delay_s, order.append, delay_s)
        await asyncio.sleep(4)
        return order

    order = run_virtually(three())

    assert order == [1, 2, 3]


def test_what_never_ends_is_stopped_at_the_limit():
    async def for_ever():
        while True:  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(1)

    with pytest.raises(TimeoutError):
        run_virtually(for_ever(), limit_s=10)
