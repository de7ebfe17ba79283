import asyncio

import numpy as np
import pytest

from firmware_bridge import (
    SENSORS,
    SIMULATED_DEVICES,
    ImuPacket,
    Sampled,
    SimulatedTextSensor,
    find_sensor,
    make_simulated,
    read_text_format,
    uart_family,
)
from tests.tracker.radio_builders import ADDRESS, Collected
from tracker.collector_events import Battery, CollectorState, RateChecked, Received
from tracker.timeline import Timeline
from tracker.virtual_radio import VirtualRadio, run_virtually

G = 9.80665
MODELS = [f"{sensor}/{model}" for sensor, models in SIMULATED_DEVICES.items() for model in models]

# Half a step of each sensor: acceleration in m/s², angular rate in deg/s.
HALF_STEPS = {
    "witmotion": (16 * G / 65536, 2000 / 65536),
    "movesense": (8 * G / 65536, 0.035),
    "thingy52": (G / 2048, 1 / 64),
    "xsens_dot": (1e-5, 1e-4),
    "metamotion": (16 * G / 65536, 1 / 32.8),
    "polar": (0.000244 * G, 0.035),
    "uart": (4 * G / 65536, 0.035),
}
BATTERY = {"witmotion": 90, "uart": None}


class Leg:
    """A leg in restless movement; no two samples are alike."""

    def __init__(self):
        self.rng = np.random.default_rng(5)
        self.rows = []

    def __call__(self, n):
        acc_ms2 = self.rng.uniform(-3 * G, 3 * G, (n, 3))
        gyr_rads = np.radians(self.rng.uniform(-900, 900, (n, 3)))
        self.rows.append(np.hstack((acc_ms2, gyr_rads)))
        return acc_ms2, gyr_rads

    @property
    def signal(self):
        return np.vstack(self.rows)


class Heard:
    """What a collector made of one sensor in some seconds."""

    def __init__(self, family, leg, collected, sensor, began_s):
        self.family, self.leg, self.sensor = family, leg, sensor
        self.events, self.collected, self.began_s = collected.events, collected, began_s
        received = [one for one in collected.of(Received) if one.is_settled]
        self.packets = [p for one in received for p in one.packets if isinstance(p, ImuPacket)]
        self.damage = [p for one in received for p in one.packets if not isinstance(p, ImuPacket)]
        timeline = Timeline(family)
        pieces = [timeline.add(one) for one in received] + [timeline.finish()]
        self.time_s = np.concatenate([piece.time_s for piece in pieces])
        self.quality = timeline.quality

    @property
    def signal(self):
        return np.array([(*p.acc_ms2, *p.gyr_rads) for p in self.packets])

    @property
    def numbers(self):
        """Which samples of the leg these are."""
        return np.array([np.abs(self.leg.signal - row).sum(axis=1).argmin() for row in self.signal])


def listen_to(device, family, *, seconds=6.0, mtu=None, clock_ppm=0.0, until_stopped=None):
    async def main():
        leg = Leg()
        async with VirtualRadio() as radio:
            began_s = asyncio.get_running_loop().time()
            rate_hz = family.nominal_rate_hz
            sensor = await radio.add(device, ADDRESS, leg, rate_hz=rate_hz, clock_ppm=clock_ppm)
            if mtu:
                radio.limit_mtu(ADDRESS, mtu)
            collected = Collected(radio, sensor, family=family)
            await collected.until(CollectorState.STREAMING)
            await asyncio.sleep(seconds)
            await collected.stop()
            if until_stopped:
                await until_stopped(radio, sensor)
            return Heard(family, leg, collected, sensor, began_s)

    return run_virtually(main(), limit_s=120)


@pytest.fixture(scope="module", params=MODELS)
def heard(request):
    sensor_id, _, model = request.param.partition("/")
    return listen_to(make_simulated(sensor_id, model), find_sensor(sensor_id))


def test_every_sample_comes_once_in_order_to_within_half_a_step(heard):
    half_ms2, half_dps = HALF_STEPS[heard.family.id]
    error = np.abs(heard.signal - heard.leg.signal[heard.numbers])

    assert set(np.diff(heard.numbers)) == {1}
    assert error[:, :3].max() <= half_ms2 * 1.001 + 1e-9
    assert np.degrees(error[:, 3:].max()) <= half_dps * 1.001 + 1e-6
    assert not [one for one in heard.damage if "answer" in str(one)]


def test_the_samples_come_at_the_rate_that_was_asked_for(heard):
    [checked] = [one for one in heard.events if isinstance(one, RateChecked)]

    assert not checked.is_off
    assert checked.measured_hz == pytest.approx(heard.family.nominal_rate_hz, rel=0.03)
    assert len(heard.packets) == pytest.approx(6 * heard.family.nominal_rate_hz, rel=0.1)


def test_the_samples_lie_on_one_clock_that_keeps_time(heard):
    truth_s = heard.began_s + heard.numbers[: len(heard.time_s)] / heard.family.nominal_rate_hz
    late_s = heard.time_s - truth_s

    assert len(heard.time_s) == len(heard.packets)
    assert (np.diff(heard.time_s) > 0).all()
    assert heard.quality.n_gaps == heard.quality.n_lost == 0
    assert np.ptp(late_s) < 0.03
    assert -0.01 < late_s.mean() < 0.12


def test_the_battery_is_told_before_the_stream(heard):
    charges = [one.percent for one in heard.events if isinstance(one, Battery)]

    expected = BATTERY.get(heard.family.id, 90)
    assert charges[:1] == ([] if expected is None else [expected])


def test_a_stopped_sensor_sends_nothing_to_whoever_comes_next(heard):
    def motion(clock_s):
        return Sampled(acc_ms2=(0, 0, G), gyr_rads=(0, 0, 0), clock_s=clock_s, room=244)

    sent = [one for k in range(40) for one in heard.sensor.simulated.sample(motion(k / 100))]

    always_sends = heard.family.id in {"witmotion", "thingy52"}
    assert bool(sent) == always_sends


def test_every_family_has_a_simulated_device_and_half_steps():
    assert set(SIMULATED_DEVICES) == set(SENSORS) == set(HALF_STEPS)


@pytest.mark.parametrize("sensor_id", ["witmotion", "metamotion", "thingy52", "uart"])
def test_sensors_of_short_messages_stream_where_only_small_packets_are_agreed(sensor_id):
    heard = listen_to(make_simulated(sensor_id), find_sensor(sensor_id), seconds=3, mtu=23)

    assert set(np.diff(heard.numbers)) == {1}


def test_a_message_of_movesense_comes_in_two_parts_through_small_packets():
    heard = listen_to(make_simulated("movesense"), find_sensor("movesense"), seconds=3, mtu=120)

    kinds = {one.data[0] for one in heard.events if isinstance(one, Received) and one.is_settled}
    assert {2, 3} <= kinds
    assert set(np.diff(heard.numbers)) == {1}


@pytest.mark.parametrize("sensor_id", ["movesense", "xsens_dot", "polar"])
def test_a_sensor_whose_crystal_is_off_is_followed(sensor_id):
    family = find_sensor(sensor_id)

    heard = listen_to(make_simulated(sensor_id), family, seconds=40, clock_ppm=3000)

    span_s = heard.time_s[-1] - heard.time_s[0]
    assert heard.quality.n_gaps == 0
    true_s = (len(heard.time_s) - 1) / family.nominal_rate_hz * 1.003
    assert span_s == pytest.approx(true_s, abs=0.02)


def test_the_clock_of_a_dot_is_carried_over_its_wrap():
    heard = listen_to(make_simulated("xsens_dot"), find_sensor("xsens_dot"), seconds=15)

    device_s = np.array([packet.device_time_s for packet in heard.packets])
    assert device_s[0] < 2**32 * 1e-6 < device_s[-1]
    assert np.diff(device_s) == pytest.approx(1 / 60, abs=1e-5)


FORMATS = {
    "columns and a clock": """
        rate_hz = 100
        columns = ["time", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z", "-"]
        separator = ";"
        acc_unit = "mg"
        gyr_gain = 1.14688
        time_bits = 16
        name = "Leg"
        start = ["go"]
        stop = ["halt"]
        """,
    "json and a counter": """
        rate_hz = 50
        acc_unit = "m/s2"
        gyr_unit = "rad/s"
        counter_bits = 8
        service = "0000ffe0-0000-1000-8000-00805f9b34fb"
        notify = "0000ffe1-0000-1000-8000-00805f9b34fb"
        write = "0000ffe2-0000-1000-8000-00805f9b34fb"

        [fields]
        acc_x = "a.0"
        acc_y = "a.1"
        acc_z = "a.2"
        gyr_x = "g.x"
        gyr_y = "g.y"
        gyr_z = "g.z"
        counter = "n"
        """,
    "neither": """
        rate_hz = 60
        columns = ["gyr_x", "gyr_y", "gyr_z", "acc_x", "acc_y", "acc_z"]
        separator = "space"
        """,
}


@pytest.mark.parametrize("described", FORMATS.values(), ids=FORMATS)
def test_a_sensor_that_somebody_built_streams_by_its_description(described):
    text_format = read_text_format(described)
    family = uart_family(text_format)

    heard = listen_to(SimulatedTextSensor(text_format), family)

    error = np.abs(heard.signal - heard.leg.signal[heard.numbers])
    assert set(np.diff(heard.numbers)) == {1}
    assert (error <= 1e-5 * np.abs(heard.signal) + 1e-5).all()
    assert heard.quality.n_lost == 0
    assert (np.diff(heard.time_s) > 0).all()
