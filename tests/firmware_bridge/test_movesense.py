import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    SENSORS,
    BatteryLevel,
    DamagedFrame,
    ImuPacket,
    UnencodableValueError,
    encode_movesense,
    encode_movesense_answer,
    read_capture,
)
from firmware_bridge.simulated.movesense import SimulatedMovesense
from tests.firmware_bridge import captures
from tests.firmware_bridge.conversation import Conversation

MOVESENSE = SENSORS["movesense"]

# Nine axes at 52 Hz, as sent by hardware.
NINE_AXES = bytes.fromhex(
    "159e0100"
    "5c6e61bd56d29cbd8c2a1dc1ee54e6bdccd5febc8c2a1dc1c987dcbd310513bd273e1dc1ccd5febdec0644bdf7a91dc1"
    "48e1fa3f8fc225c0c3f5683f66660640cdcc1cc03e0a573f85eb0140cdcc1cc03e0a573f66660640ae4721c0b81e453f"
    "52a86f42817bb0c272e85a431b6e6a42f053acc24add5a4377706d4204ecb1c2db61594335906f420b7eb0c2d2345a43"
)
GYR_DPS = [[1.96, -2.59, 0.91], [2.10, -2.45, 0.84], [2.03, -2.45, 0.84], [2.10, -2.52, 0.77]]


def message(time_ms, n=8, max_size=512):
    return encode_movesense(time_ms, [[0, 0, 9.81]] * n, [[0, 0, 1.5]] * n, max_size=max_size)


def decoder(path=None):
    return MOVESENSE.new_decoder({"path": path} if path else None)


def packets(decoded):
    return [item for item in decoded if isinstance(item, ImuPacket)]


def test_a_payload_of_hardware_gives_its_samples():
    decoded = decoder("/Meas/IMU6/52").feed(b"\x02\x63" + NINE_AXES[:100])

    assert len(decoded) == 4
    assert decoded[0].acc_ms2 == pytest.approx((-0.05504, -0.07657, -9.82289), abs=1e-5)
    assert decoded[3].acc_ms2 == pytest.approx((-0.12443, -0.04786, -9.85400), abs=1e-5)
    assert np.degrees([packet.gyr_rads for packet in decoded]) == pytest.approx(np.array(GYR_DPS))
    assert decoded[0].device_time_s == pytest.approx(106.005)
    assert decoded[1].device_time_s - decoded[0].device_time_s == pytest.approx(1 / 52)


@pytest.mark.parametrize("cut", [1, 2, 40, 100, 147])
def test_a_message_in_two_parts_is_joined_wherever_it_was_cut(cut):
    nine = decoder("/Meas/IMU9/52")

    decoded = nine.feed(b"\x02\x63" + NINE_AXES[:cut]) + nine.feed(b"\x03\x63" + NINE_AXES[cut:])

    assert [packet.gyr_rads for packet in decoded] == pytest.approx(np.radians(GYR_DPS))


@pytest.mark.parametrize("name", ["movesense_imu6_52_single", "movesense_imu6_104_split"])
def test_a_capture_decodes_to_its_expected_values(name):
    capture = read_capture(captures.content("computed", f"{name}.packets.jsonl").decode())
    sensor = MOVESENSE.new_decoder(capture.settings)

    decoded = [item for note in capture.notifications for item in sensor.feed(note.data)]

    expected = np.array(captures.rows("computed", f"{name}.expected.csv"))
    assert len(decoded) == len(expected)
    assert [p.device_time_s * 1000 for p in decoded] == pytest.approx(expected[:, 0], abs=2e-6)
    assert [p.acc_ms2 for p in decoded] == pytest.approx(expected[:, 1:4], abs=2e-6)
    assert [p.gyr_rads for p in decoded] == pytest.approx(expected[:, 4:7], abs=2e-6)


def test_the_published_hardware_payload_agrees_with_its_published_values():
    cases = json.loads(captures.content("packets", "movesense_gsp_real.json"))["cases"]
    case = next(case for case in cases if case["name"] == "imu9")
    payload = bytes.fromhex(case["payload_hex"])

    decoded = decoder("/Meas/IMU9/52").feed(b"\x02\x63" + payload)

    assert [p.acc_ms2 for p in decoded] == pytest.approx(np.array(case["expected"]["acc_mps2"]))
    dps = np.degrees([p.gyr_rads for p in decoded])
    assert dps == pytest.approx(np.array(case["expected"]["gyro_dps"]))


def test_half_a_message_whose_rest_was_lost_costs_itself_alone():
    sensor = decoder()
    first, _ = message(0, max_size=102)

    decoded = sensor.feed(first) + sensor.feed(message(77)[0])

    assert decoded[0].reason == "a message without its second part"
    assert len(packets(decoded)) == 8


def test_a_rest_without_a_beginning_is_damage():
    _, rest = message(0, max_size=158)

    (damage,) = decoder().feed(rest)

    assert isinstance(damage, DamagedFrame)


def test_at_a_rate_of_unknown_message_length_the_second_message_tells():
    sensor = decoder("/Meas/IMU6/208")
    messages = [message(77 * i, n=16)[0] for i in range(3)]

    counts = [len(packets(sensor.feed(data))) for data in messages]

    assert counts == [0, 32, 16]


def test_messages_of_another_length_than_expected_are_believed_after_a_while():
    sensor = decoder("/Meas/IMU6/104")
    messages = [message(38 * i, n=4)[0] for i in range(6)]

    decoded = [item for data in messages for item in sensor.feed(data)]

    assert len(packets(decoded)) == 4 * 4
    assert sum(isinstance(item, DamagedFrame) for item in decoded) == 2


def test_the_clock_of_the_sensor_runs_on_when_its_counter_is_full():
    sensor = decoder()

    decoded = sensor.feed(message(2**32 - 77)[0]) + sensor.feed(message(0)[0])

    assert decoded[8].device_time_s - decoded[0].device_time_s == pytest.approx(0.077)


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("/Meas/Acc/104", message(0)[0], "/Meas/Acc/104 hold no angular rate"),
        (None, b"\x07\x63\x00", "unknown kind"),
        (None, b"\x02", "impossible length"),
        (None, bytes(3000), "impossible length"),
        (None, message(0)[0][:-4] + b"\xff\xff\xff\x7f", "no number"),
        (None, message(0)[0][:-4] + b"\x01\x00\x80\x7f", "no number"),
        (None, bytes.fromhex("01639401"), "refused the stream with status 404"),
        (None, bytes.fromhex("0162ad01"), "refused the battery level with status 429"),
    ],
)
def test_what_cannot_be_read_is_reported(path, data, reason):
    (damage,) = decoder(path).feed(data)

    assert reason in damage.reason
    assert len(damage.dropped) <= 64


def test_parts_that_do_not_fit_are_reported():
    sensor = decoder()
    first, rest = message(0, max_size=158)

    decoded = sensor.feed(first) + sensor.feed(rest[:-1])

    assert [item.reason for item in decoded] == ["two parts that do not fit together"]


def test_answers_that_say_nothing_new_are_passed_over():
    sensor = decoder()

    assert sensor.feed(bytes.fromhex("0163c800")) == []
    assert sensor.feed(bytes.fromhex("0162c800")) == []
    assert sensor.feed(b"\x01\x01Hello") == []
    assert sensor.feed(b"\x01\x63") == []


def test_the_battery_is_asked_and_answered():
    answer = encode_movesense_answer(MOVESENSE.ask_battery.data, battery_percent=42)

    assert decoder().feed(answer) == [BatteryLevel(percent=42)]


def test_it_is_started_and_stopped_with_the_documented_bytes():
    (start,) = MOVESENSE.start
    (stop,) = MOVESENSE.stop
    talk = Conversation(MOVESENSE, SimulatedMovesense()).start().stop()

    assert talk.sample(20) == []

    assert start.data == bytes.fromhex("01632f4d6561732f494d55362f31303400")
    assert stop.data == b"\x02\x63"
    assert encode_movesense_answer(start.data) == bytes.fromhex("0163c800")
    assert encode_movesense_answer(b"\x09\x01\x02") == bytes.fromhex("01019401")


vectors = st.lists(st.tuples(*[st.floats(-300, 300)] * 3), min_size=8, max_size=8)


@given(acc=vectors, gyr=vectors, max_size=st.integers(101, 300))
def test_what_is_encoded_is_decoded_to_the_precision_of_32_bits(acc, gyr, max_size):
    sensor = decoder()

    parts = encode_movesense(1000, acc, gyr, max_size=max_size)
    decoded = [item for part in parts for item in sensor.feed(part)]

    assert [p.acc_ms2 for p in decoded] == pytest.approx(np.array(acc), rel=1e-6, abs=1e-9)
    assert [p.gyr_rads for p in decoded] == pytest.approx(np.array(gyr), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("value", "size"), [(math.inf, 512), (0.0, 60)])
def test_what_does_not_fit_a_message_cannot_be_encoded(value, size):
    with pytest.raises(UnencodableValueError):
        encode_movesense(0, [[value, 0, 0]] * 8, [[0, 0, 0]] * 8, max_size=size)


@given(
    parts=st.lists(
        st.sampled_from([*message(0), *message(77, max_size=158), message(154)[0][:-9]])
        | st.binary(max_size=12)
        | st.binary(max_size=230).map(lambda tail: b"\x02\x63" + tail)
    )
)
def test_any_notifications_are_survived(parts):
    sensor = decoder()

    for data in parts:
        sensor.feed(data)

    assert len(sensor._held or b"") <= 2048


@pytest.mark.parametrize(
    ("name", "services", "is_known"),
    [
        ("Movesense 000000000000", [], True),
        (None, ["34802252-7185-4d5d-b431-630e7050e8f0"], True),
        ("WT901BLE68", [], False),
    ],
)
def test_its_advertisements_are_known(name, services, is_known):
    assert (MOVESENSE.matches(name, services) > 0) == is_known


def test_firmware_that_sends_without_an_answer_is_started_too():
    device = SimulatedMovesense(max_mtu=161, answers_subscribe=False)

    talk = Conversation(MOVESENSE, device).start()

    assert talk.sample(8)[-1].data[:2] == b"\x02\x63"


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "does not offer"), (429, "busy"), (503, "busy"), (400, "standard")]
)
def test_a_refused_stream_is_told_with_what_to_do(status, reason):
    (start,) = MOVESENSE.start

    refused = start.answer.follow(encode_movesense_answer(start.data, status=status))

    assert reason in refused.reason


@pytest.mark.parametrize("path", ["/Meas/HR", "/Meas/IMU6/99", ""])
def test_a_simulated_sensor_knows_no_other_resources(path):
    device = SimulatedMovesense()

    (answer,) = device.write(MOVESENSE.write_uuid, b"\x01\x63" + path.encode() + b"\0", 0.0)

    assert answer.data == bytes.fromhex("01639401")


def test_a_link_too_small_for_two_parts_carries_nothing():
    talk = Conversation(MOVESENSE, SimulatedMovesense(), room=40).start()

    assert talk.sample(30) == []


@pytest.mark.parametrize("said", [b"\x02\x63", b"\x01\x63"])
def test_data_or_half_an_answer_counts_as_started(said):
    (start,) = MOVESENSE.start

    assert start.answer.follow(said) == ()
