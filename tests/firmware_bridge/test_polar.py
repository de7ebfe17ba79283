import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    SENSORS,
    DamagedFrame,
    ImuPacket,
    UnencodableValueError,
    encode_polar,
    encode_polar_answer,
    read_capture,
)
from firmware_bridge.polar_frames import ACC, GYR, read_frame, write_frame
from tests.firmware_bridge import captures

POLAR = SENSORS["polar"]
G = 9.80665
PERIOD_NS = round(1e9 / 104)

CHEST_STRAP = bytes.fromhex("02ea54a2428b4552080145ffe4ffb50345ffe4ffb803")
VERITY = bytes.fromhex("02646c76c43cc67f0780d0ff6501e40f0805fc07ff0c13f211f11af9eef8ef0c03")
MILLI_G = bytes.fromhex("02650000000000000081f1ff1400f00306017b0f08")
RATE = bytes.fromhex("05ffffffffffffff7f80eaff08000d000301df00")
FLOATS = bytes.fromhex("050094357700000000810000803f000020410000a0411c010000a001000008cdccec0d")


def started(acc_factor=b"", gyr_factor=b""):
    sensor = POLAR.new_decoder()
    assert sensor.feed(b"\xf0\x02\x02\x00\x00" + acc_factor) == []
    assert sensor.feed(b"\xf0\x02\x05\x00\x00" + gyr_factor) == []
    return sensor


def factor(value):
    return struct.pack("<BBf", 5, 1, value)


def packets(decoded):
    return [item for item in decoded if isinstance(item, ImuPacket)]


def still_rates(last_ns, n):
    return encode_polar(last_ns, gyr_rads=[[0, 0, 0]] * n)


def test_an_uncompressed_frame_of_hardware_is_read():
    frame = read_frame(CHEST_STRAP)

    assert frame.raw.tolist() == [[-187, -28, 949], [-187, -28, 952]]
    assert frame.last_ns == 599618164814402794


def test_uncompressed_accelerations_are_in_milli_g():
    sensor = started(acc_factor=factor(0.5))
    last_ns = read_frame(CHEST_STRAP).last_ns

    decoded = sensor.feed(CHEST_STRAP) + sensor.feed(still_rates(last_ns, 3))

    forces_g = np.array([packet.acc_ms2 for packet in packets(decoded)]) / G
    assert forces_g == pytest.approx(np.array([[-0.187, -0.028, 0.949], [-0.187, -0.028, 0.952]]))


def test_a_compressed_frame_of_hardware_is_read_in_g():
    sensor = started(acc_factor=bytes.fromhex("050140da7f39"))
    frame = read_frame(VERITY)

    decoded = sensor.feed(VERITY) + sensor.feed(still_rates(frame.last_ns, 7))

    assert frame.last_ns == 540368444604181604
    assert frame.raw[:3].tolist() == [[-48, 357, 4068], [-52, 364, 4067], [-40, 383, 4053]]
    assert frame.raw[3:].tolist() == [[-23, 368, 4079], [-30, 350, 4071], [-47, 362, 4074]]
    first_g = np.array(packets(decoded)[0].acc_ms2) / G
    assert first_g == pytest.approx((-0.01171, 0.08711, 0.99259), abs=1e-5)


def test_compressed_accelerations_of_type_1_are_in_milli_g():
    sensor = started()

    decoded = sensor.feed(MILLI_G) + sensor.feed(still_rates(101, 3))

    forces_g = np.array([packet.acc_ms2 for packet in packets(decoded)]) / G
    assert forces_g == pytest.approx(np.array([[-0.015, 0.020, 1.008], [-0.020, 0.017, 1.008]]))


def test_compressed_angular_rates_are_read():
    frame = read_frame(RATE)

    assert frame.raw.tolist() == [[-22, 8, 13], [-23, 11, 16]]


def test_angular_rates_as_floats_are_read():
    sensor = started()
    last_ns = read_frame(FLOATS).last_ns

    decoded = sensor.feed(encode_polar(last_ns, acc_ms2=[[0, 0, G]] * 2)) + sensor.feed(FLOATS)

    dps = np.degrees([packet.gyr_rads for packet in packets(decoded)])
    assert dps == pytest.approx(np.array([[1, 10, 20], [10, 20, 1.1]]), rel=1e-6)


def test_settings_before_the_factor_are_skipped():
    sensor = started(
        acc_factor=bytes.fromhex("000134000101100002 04f500f401e803d007040103") + factor(1e-3)
    )

    decoded = sensor.feed(encode_polar(0, acc_ms2=[[0, 0, G]])) + sensor.feed(still_rates(0, 1))

    assert packets(decoded)[0].acc_ms2[2] == pytest.approx(round(1 / 0.000488) * 1e-3 * G, rel=1e-6)


@pytest.mark.parametrize(
    "settings", [b"\x01", b"\x07\x01\x00\x05\x01", b"\x05\x01\x00", b"\x05\x00"]
)
def test_settings_without_a_factor_mean_one(settings):
    sensor = started(acc_factor=settings)

    decoded = sensor.feed(MILLI_G) + sensor.feed(still_rates(101, 3))

    assert packets(decoded)[0].acc_ms2[2] == pytest.approx(1.008 * G)


def test_a_factor_that_is_no_number_means_one():
    sensor = started(acc_factor=factor(math.nan))

    decoded = sensor.feed(MILLI_G) + sensor.feed(still_rates(101, 3))

    assert packets(decoded)[0].acc_ms2[2] == pytest.approx(1.008 * G)


def test_a_capture_decodes_to_its_expected_values():
    name = "polar_verity_sdk_104hz"
    capture = read_capture(captures.content("computed", f"{name}.packets.jsonl").decode())
    sensor = POLAR.new_decoder(capture.settings)

    decoded = [item for note in capture.notifications for item in sensor.feed(note.data)]

    expected = np.array(captures.rows("computed", f"{name}.expected.csv"))
    acc, gyr = (expected[expected[:, 0] == kind] for kind in (ACC, GYR))
    nearest = np.abs(acc[:, None, 1] - gyr[None, :, 1]).argmin(axis=1)
    assert len(decoded) == len(acc)
    times_s = np.array([packet.device_time_s for packet in decoded])
    assert times_s - times_s[0] == pytest.approx((acc[:, 1] - acc[0, 1]) * 1e-9, abs=1e-6)
    assert [p.acc_ms2 for p in decoded] == pytest.approx(acc[:, 2:], abs=1e-5)
    assert [p.gyr_rads for p in decoded] == pytest.approx(gyr[nearest, 2:], abs=1e-5)


def test_samples_lie_evenly_between_the_ends_of_their_frames():
    sensor = started(factor(1), factor(1))
    stamps_ns = [10**9, 10**9 + 4 * 9_700_000]

    for last_ns in stamps_ns:
        sensor.feed(encode_polar(last_ns, acc_ms2=[[0, 0, G]] * 4))
    decoded = [item for last in stamps_ns for item in sensor.feed(still_rates(last, 4))]

    times_s = [packet.device_time_s for packet in packets(decoded)]
    assert np.diff(times_s[3:]) == pytest.approx(0.0097)
    assert times_s[-1] == pytest.approx(1.0388)


def test_a_lost_frame_stays_a_gap():
    sensor = started(factor(1), factor(1))
    decoded = []

    for i in (0, 1, 3):
        last_ns = 10**9 + 8 * i * PERIOD_NS
        decoded += sensor.feed(encode_polar(last_ns, acc_ms2=[[0, 0, G]] * 8))
        decoded += sensor.feed(still_rates(last_ns, 8))

    times_s = [packet.device_time_s for packet in packets(decoded)]
    assert len(times_s) == 24
    assert np.max(np.diff(times_s)) == pytest.approx(9 / 104, abs=1e-6)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (VERITY[:9], "cut short"),
        (VERITY[:12], "cut short"),
        (VERITY[:17], "cut short"),
        (VERITY[:-1], "does not fit"),
        (VERITY[:16] + b"\x00\x05", "does not fit"),
        (CHEST_STRAP[:-1], "cut short"),
        (CHEST_STRAP[:10], "cut short"),
        (b"\x00" + VERITY[1:], "measurement 0"),
        (b"\x05" + CHEST_STRAP[1:], "measurement 5 and type 0x01"),
        (FLOATS[:10] + b"\xff\xff\xff\x7f" * 3, "no number"),
        (FLOATS[:10] + b"\x01\x00\x80\x7f" * 3, "no number"),
        (VERITY + bytes(2000), "impossible length"),
    ],
)
def test_what_cannot_be_read_is_reported(data, reason):
    (damage,) = started().feed(data)

    assert reason in damage.reason
    assert len(damage.dropped) <= 64


def test_numbers_before_the_answer_to_the_start_mean_nothing():
    (damage,) = POLAR.new_decoder().feed(VERITY)

    assert damage.reason == "acceleration before the answer to its start"


def test_a_refused_start_is_reported_but_not_one_that_was_needless():
    sensor = POLAR.new_decoder()

    (refused,) = sensor.feed(bytes.fromhex("f002050800"))
    needless = sensor.feed(bytes.fromhex("f002090600"))

    assert refused.reason == "the sensor refused to start angular rate with error 8"
    assert needless == []


@pytest.mark.parametrize("answer", ["f00302000b", "f0010607 00", "f0", "f0020100000501"])
def test_other_answers_are_passed_over(answer):
    assert POLAR.new_decoder().feed(bytes.fromhex(answer)) == []


vectors = st.lists(st.tuples(*[st.floats(-150, 150)] * 3), min_size=1, max_size=300)


@given(acc=vectors)
def test_what_is_encoded_is_decoded_to_within_half_a_step(acc):
    gyr = np.array(acc) / 5
    sensor = POLAR.new_decoder()
    for kind in (ACC, GYR):
        sensor.feed(encode_polar_answer(bytes((2, kind))))

    decoded = sensor.feed(encode_polar(10**9, acc_ms2=acc))
    decoded += sensor.feed(encode_polar(10**9, gyr_rads=gyr))

    assert len(decoded) == len(acc)
    half_g = 0.000488 * G / 2
    assert [p.acc_ms2 for p in decoded] == pytest.approx(np.array(acc), abs=half_g + 1e-4)
    assert [p.gyr_rads for p in decoded] == pytest.approx(gyr, abs=math.radians(0.07) / 2 + 1e-5)


numbers = st.integers(-32768, 32767)


@given(raw=st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=600))
def test_a_frame_that_was_written_is_read_back(raw):
    array = np.array(raw, dtype=np.int64)

    frame = read_frame(write_frame(GYR, 7, array))

    assert frame.raw.tolist() == array.tolist()


@pytest.mark.parametrize(
    "measurements",
    [{}, {"acc_ms2": [[0, 0, math.inf]]}, {"acc_ms2": [[0, 0, 0]], "gyr_rads": [[0, 0, 0]]}],
)
def test_what_no_frame_holds_cannot_be_encoded(measurements):
    with pytest.raises(UnencodableValueError):
        encode_polar(0, **measurements)


frames = st.sampled_from(
    [CHEST_STRAP, VERITY, MILLI_G, RATE, FLOATS, bytes.fromhex("f00202000005")]
)


@given(
    st.lists(
        frames
        | st.binary(max_size=40)
        | st.tuples(frames, st.integers(0, 40), st.binary(max_size=9)).map(
            lambda x: x[0][: x[1]] + x[2] + x[0][x[1] + len(x[2]) :]
        )
    )
)
def test_any_notifications_are_survived(parts):
    sensor = started()

    for data in parts:
        for item in sensor.feed(data):
            assert isinstance(item, DamagedFrame) or np.isfinite(item.acc_ms2).all()

    assert len(sensor._pairing._acc) <= 512


def test_a_rate_that_cannot_be_is_not_believed():
    sensor = POLAR.new_decoder({"rate_hz": 0})

    assert sensor._period_s == pytest.approx(1 / 104)


def test_the_simulated_answers_are_those_of_the_sensor():
    assert encode_polar_answer(b"\x02\x02").hex() == "f0020200000501" + "40daff39"
    assert encode_polar_answer(b"\x02\x05").hex() == "f0020500000501" + "295c8f3d"
    assert encode_polar_answer(b"\x02\x09").hex() == "f002090000"
    assert encode_polar_answer(b"\x03\x02").hex() == "f003020000"


@pytest.mark.parametrize(
    ("name", "is_known"),
    [("Polar Sense 00000000", True), ("Polar H10 00000000", False), ("Polar bear", False)],
)
def test_its_advertisements_are_known(name, is_known):
    assert (POLAR.matches(name, ["fb005c80-02e7-f387-1cad-8acd2d8df0c8"]) > 0) == is_known
