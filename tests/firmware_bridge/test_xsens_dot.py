import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    SENSORS,
    Read,
    UnencodableValueError,
    WriteRefusedError,
    encode_xsens_dot,
    read_capture,
)
from firmware_bridge.simulated.xsens_dot import SimulatedXsensDot
from firmware_bridge.xsens_dot import DEVICE_CONTROL_UUID
from tests.firmware_bridge import captures
from tests.firmware_bridge.conversation import Conversation

XSENS_DOT = SENSORS["xsens_dot"]
MODE_21 = bytes.fromhex("87d612000000003f00001cc10000a03f0000b442000036c20000803e") + bytes(12)
MODE_26 = bytes.fromhex(
    "80841e000000003f0000003f000000bf0000003f000000000000000000001d41000020410000a0c10000f041"
) + bytes(19)


def decoder(mode=None):
    return XSENS_DOT.new_decoder({"mode": mode} if mode else None)


def test_rate_quantities_give_force_rate_and_time():
    (packet,) = decoder().feed(MODE_21)

    assert packet.acc_ms2 == (0.5, -9.75, 1.25)
    assert np.degrees(packet.gyr_rads) == pytest.approx((90, -45.5, 0.25))
    assert packet.device_time_s == pytest.approx(1.234567)


def test_mode_26_gives_the_same_behind_its_orientation():
    (packet,) = decoder(26).feed(MODE_26)

    assert packet.acc_ms2 == (0, 0, 9.8125)
    assert np.degrees(packet.gyr_rads) == pytest.approx((10, -20, 30))
    assert packet.device_time_s == pytest.approx(2.0)


def test_a_capture_decodes_to_its_expected_values():
    name = "xsens_dot_mode21_60hz"
    capture = read_capture(captures.content("computed", f"{name}.packets.jsonl").decode())
    sensor = XSENS_DOT.new_decoder(capture.settings)

    decoded = [item for note in capture.notifications for item in sensor.feed(note.data)]

    expected = np.array(captures.rows("computed", f"{name}.expected.csv"))
    assert [p.device_time_s * 1e6 for p in decoded] == pytest.approx(expected[:, 0], abs=1e-3)
    assert [p.acc_ms2 for p in decoded] == pytest.approx(expected[:, 1:4], abs=2e-6)
    assert [p.gyr_rads for p in decoded] == pytest.approx(expected[:, 4:7], abs=2e-6)


def test_the_clock_runs_on_after_71_minutes():
    sensor = decoder()
    still = ((0, 0, 9.81), (0, 0, 0))

    decoded = sensor.feed(encode_xsens_dot(2**32 - 16667, *still))
    decoded += sensor.feed(encode_xsens_dot(2**32, *still))

    assert decoded[1].device_time_s - decoded[0].device_time_s == pytest.approx(0.016667)


# Free acceleration, as sent by hardware: without gravity, it is no specific force.
FREE_ACCELERATION = bytes.fromhex("d8052244af9640406b2aa7405add14c000000000")


@pytest.mark.parametrize(
    ("mode", "data", "reason"),
    [
        (6, FREE_ACCELERATION, "mode 6 lacks"),
        (21, FREE_ACCELERATION, "too short for mode 21"),
        (26, MODE_26[:43], "too short for mode 26"),
        (21, MODE_21[:4] + struct.pack("<f", math.nan) + MODE_21[8:], "no number"),
    ],
)
def test_what_cannot_be_read_is_reported(mode, data, reason):
    (damage,) = decoder(mode).feed(data)

    assert reason in damage.reason


values = st.tuples(*[st.floats(-300, 300)] * 3)


@given(acc=values, gyr=values, time_us=st.integers(0, 2**32 - 1))
def test_what_is_encoded_is_decoded_to_the_precision_of_32_bits(acc, gyr, time_us):
    frame = encode_xsens_dot(time_us, acc, gyr)

    (packet,) = decoder().feed(frame)

    assert len(frame) == 40
    assert packet.acc_ms2 == pytest.approx(acc, rel=1e-6, abs=1e-9)
    assert packet.gyr_rads == pytest.approx(gyr, rel=1e-6, abs=1e-9)
    assert packet.device_time_s == pytest.approx(time_us * 1e-6)


def test_a_number_that_is_none_cannot_be_encoded():
    with pytest.raises(UnencodableValueError):
        encode_xsens_dot(0, (math.inf, 0, 0), (0, 0, 0))


@given(st.binary(max_size=80), st.sampled_from([21, 26, 5]))
def test_any_notification_gives_one_thing_at_most(data, mode):
    assert len(decoder(mode).feed(data)) == min(len(data), 1)


def test_it_is_started_and_stopped_in_mode_21():
    talk = Conversation(XSENS_DOT, SimulatedXsensDot()).start()
    started_with = talk.hex
    talk.stop()

    assert started_with == ["010015", "010115"]
    assert talk.hex[-1] == "010015"
    assert talk.sample(5) == []


def test_a_rate_that_another_program_left_is_set_back():
    device = SimulatedXsensDot()
    device.rate_hz = 30.0

    talk = Conversation(XSENS_DOT, device).start()

    asked = bytes.fromhex(talk.hex[1])
    assert len(asked) == 32
    assert (asked[0], asked[24:26]) == (0x10, b"\x3c\x00")
    assert device.rate_hz == 60


def test_the_rate_cannot_be_set_while_it_measures():
    device = SimulatedXsensDot()
    talk = Conversation(XSENS_DOT, device).start()

    with pytest.raises(WriteRefusedError):
        device.write(DEVICE_CONTROL_UUID, bytes(32), 0.0)
    assert talk.sample(1)


def test_an_answer_of_another_length_leaves_the_rate_alone():
    [read] = [step for step in XSENS_DOT.start if isinstance(step, Read)]

    assert read.follow(bytes(20)) == ()


@pytest.mark.parametrize(
    ("name", "services", "is_known"),
    [
        ("Xsens DOT", [], True),
        ("Movella DOT", [], True),
        ("left shank", ["15171000-4947-11E9-8646-D663BD873D93"], True),
        ("Polkadot", [], False),
    ],
)
def test_its_advertisements_are_known(name, services, is_known):
    assert (XSENS_DOT.matches(name, services) > 0) == is_known
