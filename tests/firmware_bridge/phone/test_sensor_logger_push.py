import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import DamagedFrame, ImuPacket, SensorLoggerPush, encode_sensor_logger
from tests.firmware_bridge import captures

G = 9.80665
START_NS = 1_768_464_060_000_456_034  # more than a float can hold exactly
STEP_NS = 10_000_000


def samples(first, n, *, z=9.81):
    times_ns = [START_NS + k * STEP_NS for k in range(first, first + n)]
    return {
        "accelerometer": [(t, (0.5, 0.0, 0.0)) for t in times_ns],
        "gravity": [(t, (0.0, 0.0, z)) for t in times_ns],
        "gyroscope": [(t, (0.0, 1.25, 0.0)) for t in times_ns],
    }


def message(number, *, n=10, session="1"):
    return encode_sensor_logger(number, samples((number - 1) * n, n), session_id=session)


def packets(decoded):
    return [one for one in decoded if isinstance(one, ImuPacket)]


def times(decoded):
    return [packet.device_time_s for packet in packets(decoded)]


def test_an_iphone_on_a_table_feels_one_g_upwards():
    lying = {
        "accelerometer": [(START_NS, (-0.5, 0.0, 0.0))],
        "gravity": [(START_NS, (0.0, 0.0, -9.81))],
        "gyroscope": [(START_NS, (0.0, 1.25, 0.0))],
    }

    (packet,) = SensorLoggerPush("ios").feed(encode_sensor_logger(1, lying))

    assert packet.acc_ms2 == pytest.approx((0.5, 0, 9.81))
    assert packet.gyr_rads == (0, 1.25, 0)


def test_whole_nanoseconds_are_kept():
    phone = SensorLoggerPush()

    decoded = phone.feed(message(1))

    stamps = [phone.origin_ns + round(t * 1e9) for t in times(decoded)]
    assert stamps == [START_NS + k * STEP_NS for k in range(10)]


@pytest.mark.parametrize(
    ("platform", "name", "unit"),
    [
        ("android", "totalacceleration", 1),
        ("ios", "totalacceleration", -1),
        ("android", "accelerometeruncalibrated", 1),
        ("ios", "accelerometeruncalibrated", -1 / G),
        ("standardised", "accelerometeruncalibrated", 1),
    ],
)
def test_other_accelerometers_do_as_well(platform, name, unit):
    stream = {
        name: [(START_NS, (0, 0, G * unit))],
        "gyroscopeuncalibrated": [(START_NS, (1, 0, 0))],
    }

    (packet,) = SensorLoggerPush(platform).feed(encode_sensor_logger(1, stream))

    assert packet.acc_ms2 == pytest.approx((0, 0, G))


@pytest.mark.parametrize("order", [(1, 2, 3, 4), (1, 3, 2, 4), (1, 4, 3, 2), (1, 2, 2, 3, 1, 4)])
def test_messages_that_overtook_or_repeat_each_other_come_out_once_and_in_order(order):
    phone = SensorLoggerPush()

    decoded = [one for number in order for one in phone.feed(message(number))]

    assert np.diff(times(decoded)) == pytest.approx(0.01)
    assert len(packets(decoded)) == 40
    assert len(decoded) - 40 == len(order) - 4


def test_a_receiver_that_comes_late_waits_for_a_second_message_to_know_the_order():
    phone = SensorLoggerPush()

    first, second = phone.feed(message(8)), phone.feed(message(7))

    assert first == []
    assert len(packets(second)) == 20
    assert times(second) == sorted(times(second))


def test_a_lost_message_is_given_up_when_four_later_ones_are_in():
    phone = SensorLoggerPush()

    counts = [len(packets(phone.feed(message(number)))) for number in (1, 3, 4, 5, 6, 2)]

    assert counts == [10, 0, 0, 0, 40, 0]


def test_a_lost_message_is_told():
    phone = SensorLoggerPush()

    decoded = [one for number in (1, 3, 4, 5, 6, 2) for one in phone.feed(message(number))]

    reasons = [one.reason for one in decoded if isinstance(one, DamagedFrame)]
    assert reasons == ["messages are missing", "a message that came twice or too late"]


def test_what_still_waits_comes_out_at_the_end():
    phone = SensorLoggerPush()
    phone.feed(message(1))
    phone.feed(message(3))

    assert len(packets(phone.finish())) == 10


def test_a_new_session_goes_on_in_the_same_count_of_time():
    phone = SensorLoggerPush()
    phone.feed(message(1))
    waiting = phone.feed(message(3))

    decoded = phone.feed(message(1, session="b"))
    late = phone.feed(message(2))

    assert waiting == []
    assert times(decoded)[:10] == pytest.approx(np.arange(20, 30) / 100)
    assert times(decoded)[10:] == pytest.approx(np.arange(10) / 100)
    assert late == [DamagedFrame.of("a message of an earlier session", message(2))]


def test_gravity_at_other_times_is_interpolated_and_never_over_a_hole():
    def stream(name, rows):
        return {name: [(START_NS + ms * 1_000_000, values) for ms, values in rows]}

    told = (
        stream("accelerometer", [(ms, (0, 0, 0)) for ms in (0, 10, 20, 400)])
        | stream("gravity", [(5, (0, 0, 9)), (15, (0, 0, 10)), (25, (0, 0, 9)), (500, (0, 0, 9))])
        | stream("gyroscope", [(ms, (0, 0, 0)) for ms in (0, 10, 20, 400)])
    )

    decoded = SensorLoggerPush().feed(encode_sensor_logger(1, told))

    assert [packet.acc_ms2[2] for packet in packets(decoded)] == pytest.approx([9.5, 9.5])


def test_a_faster_gyroscope_loses_its_surplus_without_a_word():
    gyro = [(START_NS + k * 2_500_000, (k, 0, 0)) for k in range(41)]
    told = samples(0, 10) | {"gyroscope": gyro}

    decoded = SensorLoggerPush().feed(encode_sensor_logger(1, told))

    assert [packet.gyr_rads[0] for packet in packets(decoded)] == [4 * k for k in range(10)]
    assert len(decoded) == 10


def test_an_acceleration_in_a_hole_of_the_gyroscope_is_dropped_and_counted():
    told = samples(0, 40)
    told["gyroscope"] = [row for k, row in enumerate(told["gyroscope"]) if not 10 <= k < 20]

    decoded = SensorLoggerPush().feed(encode_sensor_logger(1, told))

    assert len(packets(decoded)) == 30
    assert len(decoded) == 40


def test_other_sensors_are_passed_over_and_damaged_samples_counted():
    payload = json.loads(message(1))["payload"]
    payload += [
        {"name": "barometer", "time": 1, "values": {"pressure": 1000}},
        {"name": "gravity", "time": 1.5, "values": {"x": 0, "y": 0, "z": 1}},
        {"name": "gravity", "time": START_NS, "values": {"x": 0, "y": None, "z": 1}},
        {"name": "gravity", "time": -1, "values": {"x": 0, "y": 0, "z": 1}},
        {"name": "gravity", "time": START_NS, "values": {"x": 0, "y": True, "z": 1}},
        {"name": "gravity", "time": START_NS},
        7,
    ]

    decoded = SensorLoggerPush().feed(json.dumps({"messageId": 1, "payload": payload}).encode())

    assert len(packets(decoded)) == 10
    assert len(decoded) == 16


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"messageId": "1", "payload": []}',
        b'{"messageId": 1, "payload": {}}',
        b"[" * 100_000,
        b'{"messageId": 1e999}',
        b'{"messageId": ' + b"9" * 5000 + b"}",
        b" " * (16 * 2**20 + 1),
    ],
)
def test_what_is_no_message_is_reported(body):
    (damage,) = SensorLoggerPush().feed(body)

    assert damage.reason == "not a message of Sensor Logger"
    assert len(damage.dropped) <= 64


def test_a_phone_that_lost_its_gyroscope_keeps_a_bounded_number_of_samples():
    phone = SensorLoggerPush()
    phone.feed(message(1))
    force_alone = [
        encode_sensor_logger(
            number, {k: v for k, v in samples((number - 1) * 10, 10).items() if k != "gyroscope"}
        )
        for number in range(2, 400)
    ]

    decoded = [one for body in force_alone for one in phone.feed(body)]

    assert packets(decoded) == []
    assert len(decoded) == 398 * 10 - 2048
    assert len(phone.finish()) == 2048


def test_a_phone_that_lost_its_accelerometer_keeps_a_bounded_number_of_samples():
    phone = SensorLoggerPush()
    phone.feed(message(1))
    turning = [(START_NS + k * STEP_NS, (0, 0, 0)) for k in range(10, 4000)]

    assert phone.feed(encode_sensor_logger(2, {"gyroscope": turning})) == []
    assert len(packets(phone.feed(encode_sensor_logger(3, samples(3999, 1))))) == 1


@given(cuts=st.sets(st.integers(0, 60)), seed=st.integers(0, 3))
def test_samples_do_not_depend_on_how_they_were_spread_over_messages(cuts, seed):
    rng = np.random.default_rng(seed)
    whole = {
        name: [(t + int(rng.integers(0, 4_000_000)), values) for t, values in rows]
        for name, rows in samples(0, 60).items()
    }
    edges = [0, *sorted(cuts), 60]
    pieces = [{name: rows[a:b] for name, rows in whole.items()} for a, b in pairwise(edges)]
    at_once, in_pieces = SensorLoggerPush(), SensorLoggerPush()

    expected = at_once.feed(encode_sensor_logger(1, whole)) + at_once.finish()
    decoded = [
        one
        for number, piece in enumerate(pieces, start=1)
        for one in in_pieces.feed(encode_sensor_logger(number, piece))
    ]

    got = packets(decoded + in_pieces.finish())
    shift_s = (in_pieces.origin_ns - at_once.origin_ns) * 1e-9
    assert times(got) == pytest.approx(np.array(times(expected)) - shift_s)
    assert [p.gyr_rads for p in got] == [p.gyr_rads for p in packets(expected)]


@given(
    st.lists(st.binary(max_size=80) | st.sampled_from([message(1), message(2)[:-3]]), max_size=8)
)
def test_any_bodies_at_all_are_survived(bodies):
    phone = SensorLoggerPush("ios")

    for body in bodies:
        assert all(isinstance(one, ImuPacket | DamagedFrame) for one in phone.feed(body))


def test_the_computed_stream_of_an_iphone_gives_its_expected_values_in_any_order():
    folder = ("computed_phone", "sensorlogger_push_ios")
    bodies = captures.content(*folder, "messages.jsonl").splitlines()
    expected = {int(row[0]): row[1:] for row in exact_rows(*folder, "expected_acc.csv")}
    phone = SensorLoggerPush("ios")

    decoded = [one for k in (0, 2, 1, 3, 5, 4, 4, 7, 6) for one in phone.feed(bodies[k])]
    decoded = packets(decoded + phone.finish())

    assert len(decoded) == len(expected) == 301
    for packet in decoded:
        stamp_ns = phone.origin_ns + round(packet.device_time_s * 1e9)
        assert packet.acc_ms2 == pytest.approx(expected[stamp_ns], abs=2e-6)


def exact_rows(*parts):
    lines = captures.content(*parts).decode().splitlines()[1:]
    return [[int(line.split(",")[0]), *map(float, line.split(",")[1:])] for line in lines]
