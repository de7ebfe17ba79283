import math
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    SENSORS,
    BatteryLevel,
    UnencodableValueError,
    encode_metamotion,
    encode_metamotion_battery,
    make_simulated,
    read_capture,
)
from firmware_bridge.metamotion import BMI160, BMI270
from firmware_bridge.simulated.metamotion import SimulatedMetaMotion
from tests.firmware_bridge import captures
from tests.firmware_bridge.conversation import Conversation, RefusedError

METAMOTION = SENSORS["metamotion"]
G = 9.80665
STILL_ACC = bytes.fromhex("0304000000000008")
STILL_GYR = bytes.fromhex("1304000000000000")
STILL_GYR_160 = bytes.fromhex("1305000000000000")
PACKED_PAYLOAD = "62b7530de9fd16d04d0e57028affa1050a01"


def decoder(acc_range_g=16, gyr_range_dps=2000):
    settings = {"acc_range_g": acc_range_g, "gyro_range_dps": gyr_range_dps}
    return METAMOTION.new_decoder(settings)


def test_a_single_acceleration_at_4_g_is_read():
    sensor = decoder(acc_range_g=4)

    (packet,) = sensor.feed(bytes.fromhex("030416c494a22ad0")) + sensor.feed(STILL_GYR)

    assert np.array(packet.acc_ms2) / G == pytest.approx((-1.872, -2.919, -1.495), abs=1e-3)


@pytest.mark.parametrize("register", ["1c", "05"])
def test_three_accelerations_at_8_g_are_read_from_either_chip(register):
    sensor = decoder(acc_range_g=8)

    sensor.feed(bytes.fromhex(f"03{register}{PACKED_PAYLOAD}"))
    decoded = sensor.feed(b"\x13\x05" + bytes(18))

    expected = [(-4.539, 0.833, -0.131), (-2.995, 0.894, 0.146), (-0.029, 0.352, 0.065)]
    forces_g = np.array([packet.acc_ms2 for packet in decoded]) / G
    assert forces_g == pytest.approx(np.array(expected), abs=1e-3)


def test_a_single_angular_rate_at_500_degrees_a_second_is_read():
    sensor = decoder(gyr_range_dps=500)

    (packet,) = sensor.feed(STILL_ACC) + sensor.feed(bytes.fromhex("13053e43ff7f0080"))

    dps = np.degrees(packet.gyr_rads)
    assert dps == pytest.approx((262.409, 499.497, -499.512), abs=1e-3)


def test_three_angular_rates_at_1000_degrees_a_second_are_read():
    sensor = decoder(gyr_range_dps=1000)

    sensor.feed(b"\x03\x1c" + bytes(18))
    decoded = sensor.feed(bytes.fromhex("13070915ad2608de8a1a0d2665e48d20ac2773ec"))

    expected = [
        (164.177, 301.860, -265.122),
        (207.134, 296.982, -215.457),
        (254.055, 309.634, -152.591),
    ]
    dps = np.degrees([packet.gyr_rads for packet in decoded])
    assert dps == pytest.approx(np.array(expected), abs=1e-3)


def test_the_battery_level_is_read():
    assert decoder().feed(bytes.fromhex("118c633410")) == [BatteryLevel(percent=99)]
    assert encode_metamotion_battery(99, 4148) == bytes.fromhex("118c633410")


def test_a_capture_decodes_to_its_expected_values():
    name = "metamotion_s_packed_100hz"
    capture = read_capture(captures.content("computed", f"{name}.packets.jsonl").decode())
    sensor = METAMOTION.new_decoder(capture.settings)

    decoded = [item for note in capture.notifications for item in sensor.feed(note.data)]

    expected = np.array(captures.rows("computed", f"{name}.expected.csv"))
    assert [p.acc_ms2 for p in decoded] == pytest.approx(expected[:, 1:4], abs=2e-6)
    assert [p.gyr_rads for p in decoded] == pytest.approx(expected[:, 4:7], abs=2e-6)


vectors = st.lists(st.tuples(*[st.floats(-150, 150)] * 3), min_size=3, max_size=3)


@given(acc=vectors, gyr=vectors, n=st.sampled_from([1, 3]))
def test_what_is_encoded_is_decoded_to_within_half_a_step(acc, gyr, n):
    acc, gyr = acc[:n], [[value / 5 for value in vector] for vector in gyr[:n]]
    sensor = decoder()

    decoded = list(chain.from_iterable(map(sensor.feed, encode_metamotion(acc, gyr))))

    assert [p.acc_ms2 for p in decoded] == pytest.approx(np.array(acc), abs=G / 4096 + 1e-9)
    half_step = math.radians(1 / 16.4) / 2
    assert [p.gyr_rads for p in decoded] == pytest.approx(np.array(gyr), abs=half_step + 1e-9)


@pytest.mark.parametrize(
    ("acc", "gyr"),
    [([(math.nan, 0, 0)], [(0, 0, 0)]), ([(0, 0, 0)] * 2, [(0, 0, 0)] * 2), ([(0, 0, 0)], [])],
)
def test_what_no_notification_holds_cannot_be_encoded(acc, gyr):
    with pytest.raises(UnencodableValueError):
        encode_metamotion(acc, gyr)


@pytest.mark.parametrize(
    "data", [b"\x03", b"\x03\x04\x00", b"\x13\x09" + bytes(6), b"\x03\x05" + bytes(9)]
)
def test_a_notification_of_unknown_layout_is_damage(data):
    (damage,) = decoder().feed(data)

    assert damage.dropped == data


@pytest.mark.parametrize(
    "data", [b"", bytes.fromhex("03800400"), bytes.fromhex("190700"), b"\x11\x8c"]
)
def test_answers_of_other_modules_are_passed_over(data):
    assert decoder().feed(data) == []


@given(st.lists(st.binary(max_size=24) | st.sampled_from([STILL_ACC, STILL_GYR, STILL_GYR_160])))
def test_any_notifications_are_survived(parts):
    sensor = decoder()

    n_decoded = sum(len(sensor.feed(data)) for data in parts)

    assert n_decoded <= 3 * len(parts)


def test_a_range_that_the_sensor_does_not_have_is_not_believed():
    sensor = METAMOTION.new_decoder({"acc_range_g": "many", "gyr_range_dps": 7})

    (packet,) = sensor.feed(STILL_ACC) + sensor.feed(STILL_GYR)

    assert packet.acc_ms2[2] == pytest.approx(G)


STOPPED = ["030100", "130100", "03020001", "13020001"]
BEGUN = ["03020100", "13020100", "030101", "130101"]


@pytest.mark.parametrize(
    ("model", "settings", "unsubscribed"),
    [
        ("metamotion-s", ["0303a803", "13032800", "030501", "130501"], {"030500", "130500"}),
        ("metamotion-r", ["0303280c", "13032800", "031c01", "130701"], {"031c00", "130700"}),
    ],
)
def test_each_chip_is_started_and_stopped_with_its_own_registers(model, settings, unsubscribed):
    talk = Conversation(METAMOTION, make_simulated("metamotion", model)).start()
    started, n = talk.hex, len(talk.hex)
    talk.stop()

    assert started[0] == "1380"
    assert started[1:5] == STOPPED
    assert started[-8:] == [*settings, *BEGUN]
    assert talk.hex[n] == "1380"
    assert talk.hex[n + 1 : n + 5] == STOPPED
    assert unsubscribed <= set(talk.hex[n:])


@pytest.mark.parametrize("chip", [BMI160, BMI270])
def test_a_chip_of_the_first_revision_sends_single_samples(chip):
    talk = Conversation(METAMOTION, SimulatedMetaMotion(chip=chip, revision=0)).start()

    sent = talk.sample(4)

    assert [len(one.data) for one in sent] == [8] * 8
    sensor = decoder()
    assert len([one for sent_one in sent for one in sensor.feed(sent_one.data)]) == 4


def test_a_board_without_a_gyroscope_is_refused_with_the_reason():
    with pytest.raises(RefusedError, match="has no gyroscope"):
        Conversation(METAMOTION, SimulatedMetaMotion(chip=None)).start()


def test_what_another_program_left_running_is_stopped_first():
    device = SimulatedMetaMotion()
    for left_over in ("030401", "130401", "03020100", "030101"):
        device.write(METAMOTION.write_uuid, bytes.fromhex(left_over), 0.0)

    talk = Conversation(METAMOTION, device).start()

    assert {len(one.data) for one in talk.sample(30)} == {20}


@pytest.mark.parametrize(
    ("name", "services", "is_known"),
    [
        ("MetaWear", ["326A9000-85CB-9195-D9DD-464CFBBAE75A"], True),
        ("left ankle", ["326a9000-85cb-9195-d9dd-464cfbbae75a"], True),
        ("WT901BLE68", [], False),
    ],
)
def test_its_advertisements_are_known(name, services, is_known):
    assert (METAMOTION.matches(name, services) > 0) == is_known
