import asyncio

import pytest

from tests.tracker.radio_builders import ADDRESS, NAME, OTHER_ADDRESS, WITMOTION, still_leg
from tracker import ble
from tracker.errors import (
    BluetoothOffError,
    ConnectFailedError,
    LinkLostError,
    RadioError,
    SensorNotFoundError,
    SensorRefusedError,
    TrackerError,
)
from tracker.virtual_radio import VirtualRadio, run_virtually


def with_radio(do):
    """Run `do(radio, sensor)` in virtual time."""

    async def main():
        async with VirtualRadio() as radio:
            return await do(radio, await radio.add_witmotion(NAME, ADDRESS, still_leg()))

    return run_virtually(main(), limit_s=120)


async def find_it(radio):
    return await ble.find(lambda one: one.name == NAME, 5, backend=radio.backend)


def keep_nothing(*_):
    pass


def test_a_scan_lists_what_advertises_strongest_first():
    async def scan(radio, _):
        await radio.add_witmotion("WT901BLE67", OTHER_ADDRESS, still_leg())
        radio.link.rssi_dbm |= {ADDRESS: -80, OTHER_ADDRESS: -40}
        return await ble.scan(1, backend=radio.backend)

    seen = with_radio(scan)

    assert [(one.name, one.rssi_dbm) for one in seen] == [("WT901BLE67", -40), (NAME, -80)]


def test_nothing_acceptable_in_time_says_to_switch_the_sensor_on():
    async def look(radio, _):
        await ble.find(lambda _: False, 3, backend=radio.backend)

    with pytest.raises(SensorNotFoundError, match="switch it on"):
        with_radio(look)


def test_bluetooth_switched_off_says_so():
    async def scan(radio, _):
        radio.power_off()
        await ble.scan(1, backend=radio.backend)

    with pytest.raises(BluetoothOffError, match="Bluetooth is switched off: switch it on"):
        with_radio(scan)


def test_a_refused_link_says_to_come_nearer():
    async def connect(radio, _):
        seen = await find_it(radio)
        radio.refuse(ADDRESS)
        async with ble.open_link(seen, 1, backend=radio.backend):
            pass

    with pytest.raises(ConnectFailedError, match=r"No link to WT901BLE68.*nearer"):
        with_radio(connect)


def test_a_refused_command_says_to_check_the_kind_of_sensor():
    async def write(radio, _):
        radio.refuse_writes(ADDRESS)
        async with ble.open_link(await find_it(radio), 1, backend=radio.backend) as link:
            await link.write(WITMOTION.write_uuid, b"\xff\xaa\x00\x00\x00", with_response=True)

    with pytest.raises(SensorRefusedError, match="of the chosen kind"):
        with_radio(write)


def test_a_missing_characteristic_is_a_refusal():
    async def subscribe(radio, _):
        async with ble.open_link(await find_it(radio), 1, backend=radio.backend) as link:
            await link.start_notify("0000dead-0000-1000-8000-00805f9b34fb", keep_nothing)

    with pytest.raises(SensorRefusedError):
        with_radio(subscribe)


def test_a_command_on_a_broken_link_is_a_lost_link():
    async def write(radio, _):
        async with ble.open_link(await find_it(radio), 1, backend=radio.backend) as link:
            radio.go_silent(ADDRESS)
            await link.write(WITMOTION.write_uuid, b"\xff\xaa\x00\x00\x00", with_response=True)

    with pytest.raises(LinkLostError):
        with_radio(write)


def test_every_radio_error_is_an_error_of_the_tracker():
    kinds = [BluetoothOffError, ConnectFailedError, LinkLostError, SensorNotFoundError]

    assert all(issubclass(kind, (RadioError, TrackerError, OSError)) for kind in kinds)


@pytest.mark.parametrize("ending", [ValueError, asyncio.CancelledError])
def test_the_link_is_ended_however_its_use_ends(ending):
    async def use(radio, sensor):
        with pytest.raises(ending):
            async with ble.open_link(await find_it(radio), 1, backend=radio.backend) as link:
                raise ending
        await asyncio.sleep(0.1)
        return link.is_up, len(sensor.device.connections)

    assert with_radio(use) == (False, 0)


def test_cancelling_while_connecting_leaves_no_link_and_no_lock():
    async def cancel(radio, _):
        seen = await find_it(radio)

        async def connect():
            async with ble.open_link(seen, 1, backend=radio.backend):
                pytest.fail("it was cancelled before")

        task = asyncio.ensure_future(connect())
        await asyncio.sleep(0.06)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with ble.open_link(await find_it(radio), 2, backend=radio.backend) as link:
            return link.is_up, radio.backend.turn.locked()

    assert with_radio(cancel) == (True, False)


def test_the_farewell_is_said_before_the_link_ends():
    async def use(radio, sensor):
        async def farewell(link):
            await link.write(WITMOTION.write_uuid, b"goodbye", with_response=True)

        seen = await find_it(radio)
        async with ble.open_link(seen, 1, backend=radio.backend, farewell=farewell):
            pass
        return sensor.commands

    assert with_radio(use) == [b"goodbye"]


def test_one_scan_waits_for_the_other():
    async def scan_twice(radio, _):
        now = asyncio.get_running_loop().time
        began_s = now()
        scans = [ble.scan(2, backend=radio.backend) for _ in range(2)]
        await asyncio.gather(*scans)
        return now() - began_s

    assert with_radio(scan_twice) == pytest.approx(4, abs=0.1)


def test_arrival_times_are_those_of_the_loop():
    async def use(radio, _):
        now = asyncio.get_running_loop().time
        got = []
        async with ble.open_link(await find_it(radio), 1, backend=radio.backend) as link:
            await link.start_notify(
                WITMOTION.notify_uuid.upper(), lambda *one: got.append((*one, now()))
            )
            await asyncio.sleep(1)
        return got

    got = with_radio(use)

    assert len(got) > 5
    for uuid, data, arrival_s, now_s in got:
        assert (uuid, len(data), arrival_s) == (WITMOTION.notify_uuid, 20, now_s)


def test_late_callbacks_of_an_old_link_are_ignored():
    async def use(radio, _):
        callbacks, got = [], []

        class RememberingClient(radio.backend.client):
            async def start_notify(self, characteristic, callback, **options):
                callbacks.append(callback)
                await super().start_notify(characteristic, callback, **options)

        backend = ble.Backend(radio.backend.scanner, RememberingClient)
        async with ble.open_link(await find_it(radio), 1, backend=backend) as link:
            await link.start_notify(WITMOTION.notify_uuid, lambda *one: got.append(one))
            callbacks[0](bytearray(b"in time"))
        callbacks[0](bytearray(b"late"))
        return [data for _, data, _ in got]

    data = with_radio(use)

    assert b"in time" in data
    assert b"late" not in data


def test_a_disconnect_that_hangs_is_given_up():
    async def use(radio, _):
        class HangingClient(radio.backend.client):
            async def disconnect(self):
                await asyncio.Event().wait()

        now = asyncio.get_running_loop().time
        backend = ble.Backend(radio.backend.scanner, HangingClient)
        async with ble.open_link(await find_it(radio), 1, backend=backend):
            began_s = now()
        return now() - began_s

    assert with_radio(use) == pytest.approx(ble.DISCONNECT_LIMIT_S, abs=0.1)
