import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    DamagedFrame,
    DeviceMotionDecoder,
    ImuPacket,
    UnencodableValueError,
    encode_device_motion,
)

FACE_UP = (0.0, 0.0, 9.81)
TURNING = (math.radians(90), 0.0, math.radians(-45))


def test_ten_samples_come_with_the_times_of_their_events():
    message = encode_device_motion([(1000 + k / 60, FACE_UP, TURNING) for k in range(10)])

    decoded = DeviceMotionDecoder().feed(message)

    assert len(message) == 320
    assert [packet.device_time_s for packet in decoded] == pytest.approx(
        [1000 + k / 60 for k in range(10)]
    )


@pytest.mark.parametrize(("platform", "sign"), [("android", 1), ("ios", -1), ("standardised", 1)])
def test_iphones_have_the_other_sign_of_acceleration_but_not_of_rotation(platform, sign):
    sent_by_page = struct.pack("<d6f", 5.0, 0, 0, 9.81 * sign, 90, 0, -45)

    (packet,) = DeviceMotionDecoder(platform).feed(sent_by_page)

    assert packet.acc_ms2 == pytest.approx(FACE_UP, abs=1e-6)
    assert packet.gyr_rads == pytest.approx((1.570796, 0, -0.785398), abs=1e-6)
    sent_by_us = encode_device_motion([(0.005, FACE_UP, TURNING)], platform=platform)
    assert struct.unpack("<d6f", sent_by_us) == struct.unpack("<d6f", sent_by_page)


def test_an_event_without_rotation_is_damage_among_good_ones():
    good = encode_device_motion([(1, FACE_UP, TURNING), (3, FACE_UP, TURNING)])
    null = struct.pack("<d6f", 2000.0, 0, 0, 9.81, math.nan, math.nan, math.nan)

    decoded = DeviceMotionDecoder().feed(good[:32] + null + good[32:])

    assert [type(one) for one in decoded] == [ImuPacket, DamagedFrame, ImuPacket]


def test_an_event_that_comes_twice_counts_once():
    phone = DeviceMotionDecoder()
    message = encode_device_motion([(1, FACE_UP, TURNING)])

    first, second = phone.feed(message), phone.feed(message)

    assert isinstance(first[0], ImuPacket)
    assert second == [DamagedFrame.of("a sample older than the one before", message)]


@pytest.mark.parametrize("body", [b"", b"x" * 31, b"x" * 33, bytes(32 * 1025)])
def test_what_is_no_message_is_reported(body):
    (damage,) = DeviceMotionDecoder().feed(body)

    assert damage.reason == "not a message of 32-byte samples"


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e20])
def test_a_number_that_does_not_fit_cannot_be_sent(value):
    with pytest.raises(UnencodableValueError):
        encode_device_motion([(1, (value, 0, 0), TURNING)])


@given(st.lists(st.binary(min_size=32, max_size=32) | st.binary(max_size=70), max_size=6))
def test_any_bytes_are_survived_and_times_only_go_on(bodies):
    phone = DeviceMotionDecoder("ios")

    decoded = [one for body in bodies for one in phone.feed(body)]

    times_s = [one.device_time_s for one in decoded if isinstance(one, ImuPacket)]
    assert times_s == sorted(set(times_s))


@given(st.lists(st.integers(0, 10), max_size=5))
def test_samples_do_not_depend_on_how_many_came_in_a_message(sizes):
    samples = [(1 + k / 60, (0.0, k, 9.81), TURNING) for k in range(sum(sizes))]
    at_once = DeviceMotionDecoder().feed(encode_device_motion(samples)) if samples else []
    phone, decoded, at = DeviceMotionDecoder(), [], 0

    for size in filter(None, sizes):
        decoded += phone.feed(encode_device_motion(samples[at : at + size]))
        at += size

    assert decoded == at_once
