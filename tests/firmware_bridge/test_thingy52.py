import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    SENSORS,
    DamagedFrame,
    UnencodableValueError,
    encode_thingy52,
    read_capture,
)
from tests.firmware_bridge import captures

THINGY52 = SENSORS["thingy52"]
G = 9.80665
SAMPLE = bytes.fromhex("000400fe00082000c0fe800c100060ffe001")


def test_a_frame_of_whole_numbers_gives_them():
    (packet,) = THINGY52.new_decoder().feed(SAMPLE)

    assert np.array(packet.acc_ms2) / G == pytest.approx((1, -0.5, 2))
    assert np.degrees(packet.gyr_rads) == pytest.approx((1, -10, 100))


def test_a_capture_decodes_to_its_expected_values():
    name = "thingy52_raw_100hz"
    capture = read_capture(captures.content("computed", f"{name}.packets.jsonl").decode())
    decoder = THINGY52.new_decoder(capture.settings)

    decoded = [item for note in capture.notifications for item in decoder.feed(note.data)]

    expected = np.array(captures.rows("computed", f"{name}.expected.csv"))
    assert [p.acc_ms2 for p in decoded] == pytest.approx(expected[:, 1:4], abs=2e-6)
    assert [p.gyr_rads for p in decoded] == pytest.approx(expected[:, 4:7], abs=2e-6)


@given(st.binary(max_size=80))
def test_a_notification_of_any_other_length_is_damage(data):
    decoded = THINGY52.new_decoder().feed(data)

    assert len(decoded) == min(len(data), 1)
    assert all(isinstance(item, DamagedFrame) for item in decoded) == (len(data) != 18)


values = st.tuples(*[st.floats(-300, 300)] * 3)


@given(acc=values, gyr=values)
def test_what_is_encoded_is_decoded_to_within_half_a_step(acc, gyr):
    gyr = np.clip(np.array(gyr) / 5, -17.87, 17.87)

    (packet,) = THINGY52.new_decoder().feed(encode_thingy52(acc, gyr))

    assert packet.acc_ms2 == pytest.approx(acc, abs=G / 2048 + 1e-9)
    assert packet.gyr_rads == pytest.approx(gyr, abs=math.radians(1) / 64 + 1e-9)


def test_turning_faster_than_1024_degrees_a_second_is_clipped():
    (packet,) = THINGY52.new_decoder().feed(encode_thingy52((0, 0, 0), (30, -30, 0)))

    assert np.degrees(packet.gyr_rads) == pytest.approx((1024, -1024, 0), abs=0.1)


def test_a_number_that_is_none_cannot_be_encoded():
    with pytest.raises(UnencodableValueError):
        encode_thingy52((math.nan, 0, 0), (0, 0, 0))


def test_it_is_started_at_100_hz():
    (start,) = THINGY52.start

    assert start.data == bytes.fromhex("e803e803e803640000")


@pytest.mark.parametrize(
    ("name", "services", "is_known"),
    [
        ("Thingy", [], True),
        ("Knee", ["EF680100-9B35-4933-9B10-52FFA9740042"], True),
        ("Thingy:53", [], False),
        ("WT901BLE68", [], False),
    ],
)
def test_its_advertisements_are_known(name, services, is_known):
    assert (THINGY52.matches(name, services) > 0) == is_known
