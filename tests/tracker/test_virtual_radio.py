import asyncio
import subprocess
import sys

import numpy as np
import pytest

from firmware_bridge import BatteryLevel, ImuPacket, RegisterReply, read_register
from tests.tracker.radio_builders import (
    ADDRESS,
    NAME,
    OTHER_ADDRESS,
    WITMOTION,
    counting_leg,
    sample_number,
    still_leg,
)
from tracker import ble
from tracker.virtual_radio import AirParams, MotionFeed, VirtualRadio, run_virtually

UNLOCK, RATE_100, SAVE = (bytes.fromhex(c) for c in ("ffaa6988b5", "ffaa030900", "ffaa000000"))


async def say(link, *commands):
    for data in commands:
        await link.write(WITMOTION.write_uuid, data, with_response=True)
        await asyncio.sleep(0.1)


async def listen(link, seconds, decoder=None):
    """Subscribe once, and return what comes in some seconds."""
    data = []
    await link.start_notify(WITMOTION.notify_uuid, lambda _, one, __: data.append(one))
    await asyncio.sleep(seconds)
    decoder = decoder or WITMOTION.new_decoder()
    return [packet for one in data for packet in decoder.feed(one)]


def on_a_link(do, *, source=None, params=None):
    """Run `do(link, radio, sensor)` on a fresh link in virtual time."""

    async def main():
        async with VirtualRadio(params) as radio:
            sensor = await radio.add_witmotion(NAME, ADDRESS, source or still_leg())
            seen = await ble.find(lambda one: one.name == NAME, 5, backend=radio.backend)
            async with ble.open_link(seen, 1, backend=radio.backend) as link:
                return await do(link, radio, sensor)

    return run_virtually(main(), limit_s=300)


def test_the_sensor_advertises_its_service_and_its_name():
    async def main():
        async with VirtualRadio() as radio:
            await radio.add_witmotion(NAME, ADDRESS, still_leg())
            return await ble.scan(0.5, backend=radio.backend)

    [seen] = run_virtually(main())

    assert (seen.name, seen.address) == (NAME, ADDRESS)
    assert seen.service_uuids == ("0000ffe5-0000-1000-8000-00805f9a34fb",)
    assert WITMOTION.matches(seen.name, seen.service_uuids) > 50


def test_a_new_sensor_sends_ten_samples_a_second():
    packets = on_a_link(lambda link, *_: listen(link, 5))

    assert len(packets) == pytest.approx(50, abs=1)


def test_the_rate_changes_only_after_the_unlock_command():
    async def locked_then_unlocked(link, _, sensor):
        await say(link, RATE_100)
        locked_hz = sensor.rate_hz
        await say(link, UNLOCK, RATE_100)
        return locked_hz, sensor.rate_hz, await listen(link, 2)

    locked_hz, unlocked_hz, packets = on_a_link(locked_then_unlocked)

    assert (locked_hz, unlocked_hz) == (10, 100)
    assert len(packets) == pytest.approx(200, abs=3)


def test_the_sensor_is_locked_again_after_ten_seconds():
    async def too_late(link, _, sensor):
        await say(link, UNLOCK)
        await asyncio.sleep(11)
        await say(link, RATE_100)
        return sensor.rate_hz

    assert on_a_link(too_late) == 10


def test_only_a_saved_rate_survives_switching_off():
    async def rates(link, _, sensor):
        await say(link, UNLOCK, RATE_100)
        sensor.power_cycle()
        unsaved_hz = sensor.rate_hz
        await say(link, UNLOCK, RATE_100, SAVE)
        sensor.power_cycle()
        return unsaved_hz, sensor.rate_hz

    assert on_a_link(rates) == (10, 100)


def test_reading_registers_gives_the_battery_and_the_rate():
    async def ask(link, *_):
        listening = asyncio.ensure_future(listen(link, 2))
        await asyncio.sleep(0.5)
        await say(link, read_register(0x64).data, read_register(0x03).data)
        return await listening

    packets = on_a_link(ask)

    assert BatteryLevel(percent=90) in packets
    [rate] = [p for p in packets if isinstance(p, RegisterReply) and p.register == 0x03]
    assert rate.values[0] == 0x06


def test_the_leg_moves_on_at_its_own_rate_while_the_sensor_sends_slowly():
    packets = on_a_link(lambda link, *_: listen(link, 3), source=counting_leg())

    numbers = sample_number([p.acc_ms2[0] for p in packets if isinstance(p, ImuPacket)])

    assert set(np.diff(numbers)) == {10}


def test_a_feed_gives_every_sample_once_at_the_rate_of_its_source():
    feed = MotionFeed(counting_leg(), rate_hz=100.0)

    numbers = [int(sample_number(feed.at(k / 100).acc_ms2[0])) for k in range(500)]

    assert numbers == list(range(500))


def test_notifications_are_cut_where_only_small_packets_were_agreed():
    async def longest(link):
        lengths = []
        await link.start_notify(WITMOTION.notify_uuid, lambda _, d, __: lengths.append(len(d)))
        await asyncio.sleep(1)
        return max(lengths)

    async def small():
        async with VirtualRadio() as radio:
            await radio.add_witmotion(NAME, ADDRESS, still_leg())
            radio.limit_mtu(ADDRESS, 23)
            seen = await ble.find(lambda one: one.name == NAME, 5, backend=radio.backend)
            async with ble.open_link(seen, 1, backend=radio.backend) as link:
                return await longest(link)

    assert run_virtually(small()) == 20


def test_a_link_to_a_vanished_sensor_fails_and_the_adapter_stays_usable():
    async def main():
        async with VirtualRadio() as radio:
            await radio.add_witmotion(NAME, ADDRESS, still_leg())
            await radio.add_witmotion("WT901BLE67", OTHER_ADDRESS, still_leg())
            seen = {s.address: s for s in await ble.scan(1, backend=radio.backend)}
            await radio.vanish(ADDRESS)
            with pytest.raises(ble.ConnectFailedError):
                async with ble.open_link(seen[ADDRESS], 1, backend=radio.backend):
                    pass
            async with ble.open_link(seen[OTHER_ADDRESS], 2, backend=radio.backend) as link:
                return link.is_up

    assert run_virtually(main())


def test_a_short_shadow_delays_and_a_long_one_loses():
    async def shadowed(link, radio, _):
        await say(link, UNLOCK, RATE_100)
        listening = asyncio.ensure_future(listen(link, 10))
        for at_s, shadow_s in ((2, 0.2), (2, 1.0)):
            await asyncio.sleep(at_s)
            radio.go_silent(ADDRESS)
            await asyncio.sleep(shadow_s)
            radio.come_back(ADDRESS)
        return await listening

    packets = on_a_link(shadowed, source=counting_leg())

    steps = np.diff(sample_number([p.acc_ms2[0] for p in packets]))
    [lost] = steps[steps > 1] - 1
    assert lost == pytest.approx(100 - AirParams().buffered_pdus, abs=5)


def test_the_same_seed_gives_the_same_air():
    async def lossy(link, radio, _):
        radio.lose(ADDRESS, 0.2)
        await say(link, UNLOCK, RATE_100)
        return sample_number([p.acc_ms2[0] for p in await listen(link, 5)]).tolist()

    first, second = (on_a_link(lossy, source=counting_leg()) for _ in range(2))

    assert first == second
    assert len(first) == pytest.approx(400, abs=40)


def test_without_the_extra_the_error_says_what_to_install():
    program = "import sys; sys.modules['bumble'] = None; import tracker.virtual_radio"

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert "VirtualRadioMissingError" in done.stderr
    assert "tempo90[sim]" in done.stderr
