import asyncio
from types import SimpleNamespace

import pytest

from firmware_bridge import ImuPacket, encode_sensor_logger
from tracker.collector_events import Received
from tracker.phone_apps.push_source import SensorLoggerSource

APPLE = "SensorLogger/1 CFNetwork/1410 Darwin/22.6.0"


def message(number, **sensors):
    listed = {
        name: [(10**18 + (number * 20 + k) * 10_000_000, values) for k in range(20)]
        for name, values in sensors.items()
    }
    return encode_sensor_logger(number, listed)


def heard(bodies, *, sender="", platform=None, on_event=None):
    """Push bodies to a source; gives the packets, and what the last answer was."""
    packets, answers = [], []

    def keep(event):
        if isinstance(event, Received):
            packets.extend(one for one in event.packets if isinstance(one, ImuPacket))

    async def push():
        listener = SimpleNamespace(take=None)
        source = SensorLoggerSource(listener, platform, on_event or keep)
        running = asyncio.create_task(source.run())
        await asyncio.sleep(0)
        answers.extend(listener.take(body, sender) for body in bodies)
        source.stop()
        await running

    asyncio.run(push())
    return packets, answers


def forces(packets):
    return {one.acc_ms2[2] for one in packets}


def test_an_iphone_is_known_by_its_units_where_its_name_says_nothing():
    bodies = [
        message(n, accelerometeruncalibrated=(0.0, 0.0, -1.0), gyroscope=(0.1, 0.0, 0.0))
        for n in (1, 2, 3)
    ]

    packets, _ = heard(bodies)

    assert sorted(forces(packets)) == pytest.approx([9.80665])
    assert {one.gyr_rads[0] for one in packets} == {0.1}


def test_what_was_said_of_the_phone_counts_more_than_what_it_is_called():
    bodies = [
        message(n, accelerometer=(0.0, 0.0, 0.0), gravity=(0.0, 0.0, 9.81), gyroscope=(0.0,) * 3)
        for n in (1, 2, 3)
    ]

    said, _ = heard(bodies, sender=APPLE, platform="standardised")
    guessed, _ = heard(bodies, sender=APPLE)

    assert forces(said) == {9.81}
    assert forces(guessed) == {-9.81}


def test_what_goes_wrong_behind_the_events_is_raised_by_the_source_not_told_to_the_phone():
    def fail(event):
        if isinstance(event, Received):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        heard([message(1, gyroscope=(0.0,) * 3)], on_event=fail)
