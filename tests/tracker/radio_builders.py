"""Simulated sensors, packets and recordings for the tests of the radio side."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from firmware_bridge import ImuPacket, find_sensor
from tracker.collector import Collector
from tracker.collector_events import Received, StateChanged
from tracker.recording_format import RecordingHeader
from tracker.virtual_radio import VirtualRadio

WITMOTION = find_sensor("witmotion")
ADDRESS = "C1:E5:00:00:00:01"
OTHER_ADDRESS = "C1:E5:00:00:00:02"
NAME = "WT901BLE68"


def still_leg(seed=0):
    """A leg that lies still: gravity, and the noise of a sensor."""
    rng = np.random.default_rng(seed)

    def source(n):
        return rng.normal((0, 0, 9.81), 0.02, (n, 3)), rng.normal(0, 0.002, (n, 3))

    return source


def counting_leg():
    """A leg whose acceleration along x tells the number of the sample, in steps of the sensor."""
    step_ms2 = 16 * 9.80665 / 32768
    at = 0

    def source(n):
        nonlocal at
        acc_ms2 = np.zeros((n, 3))
        acc_ms2[:, 0] = (np.arange(at, at + n) % 30_000) * step_ms2
        at += n
        return acc_ms2, np.zeros((n, 3))

    return source


def sample_number(acc_x_ms2):
    """What `counting_leg` put into an acceleration."""
    return np.round(np.asarray(acc_x_ms2) / (16 * 9.80665 / 32768)).astype(int)


class Collected:
    """A collector on a virtual radio, with all that it told."""

    def __init__(self, radio, sensor, **options):
        self.radio = radio
        self.sensor = sensor
        self.events = []
        family = options.pop("family", WITMOTION)
        self.collector = Collector(
            family,
            options.pop("target", None),
            backend=radio.backend,
            on_event=self.events.append,
            params=options.pop("collector", None),
            **options,
        )
        self.task = asyncio.ensure_future(self.collector.run())

    @property
    def states(self):
        return [e.state.value for e in self.events if isinstance(e, StateChanged)]

    def of(self, kind):
        return [e for e in self.events if isinstance(e, kind)]

    @property
    def n_samples(self):
        packets = [p for e in self.of(Received) if e.is_settled for p in e.packets]
        return sum(isinstance(p, ImuPacket) for p in packets)

    async def until(self, state, limit_s=60):
        """Wait until the collector is in a state."""
        async with asyncio.timeout(limit_s):
            while self.collector.state != state:  # noqa: ASYNC110 - virtual time
                await asyncio.sleep(0.01)

    async def stop(self):
        self.collector.stop()
        await self.task


@asynccontextmanager
async def collecting(source=None, params=None, **options):
    """A radio with one sensor, and a collector at work."""
    async with VirtualRadio(params) as radio:
        sensor = await radio.add_witmotion(NAME, ADDRESS, source or still_leg())
        collected = Collected(radio, sensor, **options)
        try:
            yield collected
        finally:
            await collected.stop()


def indexed(index, rate_hz=100.0):
    """A family like WitMotion whose packets carry a counter or a time."""
    return replace(WITMOTION, index=index, nominal_rate_hz=rate_hz)


def received(number, arrival_s, *, link=1, is_settled=True, n_bits=32, **fields):
    """A notification with one packet; its acceleration along x is its number."""
    packet = ImuPacket(
        acc_ms2=(float(number), 0.0, 9.81),
        gyr_rads=(0.0, 0.0, 0.0),
        counter=number % (1 << n_bits),
        device_time_s=number * 0.01,
    )
    packets = fields.pop("packets", (packet,))
    return Received(
        packets=packets, data=b"\x55\x61", characteristic=WITMOTION.notify_uuid,
        arrival_s=arrival_s, link=link, is_settled=is_settled,
    )  # fmt: skip


def bursts(
    n, *, seed=0, interval_s=0.030, rate_error=0.0, stall_s=(0.15, 0.5), per_event=6, start_s=1000.0
):
    """When n samples at 100 Hz are taken, and when they arrive over a bad radio link.

    Connection events every `interval_s` carry up to six packets; one in twenty fails; every 20 s
    or so nothing comes for a while; the host adds some milliseconds now and then.
    """
    rng = np.random.default_rng(seed)
    taken_s = start_s + np.arange(n) * 0.01 * (1 + rate_error) + rng.uniform(0, 0.01)
    arrival_s = np.empty(n)
    quiet_from_s, quiet_to_s = start_s + rng.exponential(20), 0.0
    event_s, k = start_s + rng.uniform(0, interval_s), 0
    while k < n:
        event_s += interval_s
        if event_s >= quiet_from_s:
            quiet_to_s = quiet_from_s + rng.uniform(*stall_s)
            quiet_from_s = quiet_to_s + rng.exponential(20)
        if rng.random() < 0.05 or event_s < quiet_to_s:
            continue
        sent = 0
        while k < n and taken_s[k] <= event_s and sent < per_event:
            arrival_s[k] = event_s
            k, sent = k + 1, sent + 1
    host_s = rng.exponential(0.002, n) * (rng.random(n) < 0.3)
    return taken_s, np.maximum.accumulate(arrival_s + host_s + 0.001)


def header(**changes):
    """The header of a synthetic recording."""
    fields = {
        "session": "00000000-0000-4000-8000-000000000001",
        "started_at": datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        "anchor_s": 1000.0,
        "sensor": "witmotion",
        "sensor_name": NAME,
        "exercises": ("ecc_prone_helper",),
    }
    return RecordingHeader(**(fields | changes))
