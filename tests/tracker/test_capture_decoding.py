import numpy as np
import pytest

from firmware_bridge import (
    Capture,
    CapturedNotification,
    encode_movesense,
    encode_xsens_dot,
    find_sensor,
    read_capture,
)
from tests.firmware_bridge import captures
from tracker.capture_decoding import decode_capture

DOT, MOVESENSE = find_sensor("xsens_dot"), find_sensor("movesense")
STILL = (0.0, 0.0, 9.81), (0.0, 0.0, 0.0)

# Capture, sensor, the first column of time in what is expected, and what one of it is in s.
STREAMS = [
    ("witmotion_20byte_100hz", "witmotion", 0.01),
    ("movesense_imu6_52_single", "movesense", 0.001),
    ("movesense_imu6_104_split", "movesense", 0.001),
    ("xsens_dot_mode21_60hz", "xsens_dot", 1e-6),
    ("metamotion_s_packed_100hz", "metamotion", 0.01),
    ("thingy52_raw_100hz", "thingy52", 0.01),
]


def from_dot(stamps_s, arrivals_s):
    notifications = [
        CapturedNotification(
            arrival_s, DOT.notify_uuid, encode_xsens_dot(round(stamp_s * 1e6), *STILL)
        )
        for stamp_s, arrival_s in zip(stamps_s, arrivals_s, strict=True)
    ]
    return decode_capture(Capture(notifications=tuple(notifications)), DOT).samples.time_s


@pytest.mark.parametrize(("name", "sensor", "unit_s"), STREAMS, ids=[one[0] for one in STREAMS])
def test_a_capture_decodes_to_its_expected_times_and_values(name, sensor, unit_s):
    capture = read_capture(captures.content("computed", f"{name}.packets.jsonl").decode())
    expected = np.array(captures.rows("computed", f"{name}.expected.csv"))

    decoded = decode_capture(capture, find_sensor(sensor))

    samples = decoded.samples
    assert not decoded.damage
    assert samples.time_s == pytest.approx((expected[:, 0] - expected[0, 0]) * unit_s, abs=2e-6)
    assert np.hstack((samples.acc_ms2, samples.gyr_rads)) == pytest.approx(
        expected[:, 1:], abs=2e-6
    )


def test_a_capture_of_polar_decodes_to_its_expected_times_and_values():
    name = "polar_verity_sdk_104hz"
    capture = read_capture(captures.content("computed", f"{name}.packets.jsonl").decode())
    rows = np.array(captures.rows("computed", f"{name}.expected.csv"))
    acc, gyr = (rows[rows[:, 0] == kind] for kind in (2, 5))

    samples = decode_capture(capture, find_sensor("polar")).samples

    assert samples.time_s == pytest.approx((acc[:, 1] - acc[0, 1]) * 1e-9, abs=2e-6)
    assert samples.acc_ms2 == pytest.approx(acc[:, 2:], abs=1e-5)
    assert samples.gyr_rads == pytest.approx(gyr[:, 2:], abs=1e-5)


def test_the_times_of_a_sensor_with_a_clock_do_not_depend_on_when_it_was_heard():
    stamps_s = np.arange(300) / 60
    late_s = stamps_s + np.random.default_rng(1).uniform(0, 0.4, 300)

    time_s = from_dot(stamps_s, np.maximum.accumulate(late_s))

    assert time_s == pytest.approx(stamps_s, abs=1e-6)


def test_what_was_lost_stays_a_gap():
    stamps_s = np.delete(np.arange(100) / 60, slice(40, 70))

    assert from_dot(stamps_s, stamps_s) == pytest.approx(stamps_s, abs=1e-6)


def test_what_came_twice_counts_once():
    stamps_s = np.repeat(np.arange(50) / 60, 2)

    assert len(from_dot(stamps_s, stamps_s)) == 50


def test_a_sensor_that_was_switched_off_goes_on_as_long_after_as_it_was_heard():
    stamps_s = np.concatenate((500 + np.arange(60) / 60, np.arange(60) / 60))
    arrivals_s = np.concatenate((np.arange(60) / 60, 3 + np.arange(60) / 60))

    time_s = from_dot(stamps_s, arrivals_s)

    assert (np.diff(time_s) > 0).all()
    assert time_s[60] - time_s[59] == pytest.approx(3 - 59 / 60, abs=1e-3)
    assert time_s[-1] == pytest.approx(3 + 59 / 60, abs=1e-3)


def test_samples_of_one_message_are_spread_over_its_time():
    message = encode_movesense(7_000, [STILL[0]] * 8, [STILL[1]] * 8)
    capture = Capture(
        notifications=tuple(
            CapturedNotification(9.0, MOVESENSE.notify_uuid, part) for part in message
        )
    )

    time_s = decode_capture(capture, MOVESENSE).samples.time_s

    assert time_s == pytest.approx(np.arange(8) / 104)
