import numpy as np
import pytest

from firmware_bridge import SENSORS
from firmware_bridge.polar_control import read_settings, start_command
from firmware_bridge.polar_frames import ACC, GYR
from firmware_bridge.simulated.polar import SimulatedPolar
from tests.firmware_bridge.conversation import Conversation, RefusedError

POLAR = SENSORS["polar"]


def test_it_is_started_and_stopped_with_the_documented_bytes():
    talk = Conversation(POLAR, SimulatedPolar()).start()
    started_with = talk.hex
    talk.stop()

    assert started_with == [
        "0302",
        "0305",
        "0209",
        "0402",
        "0202000168000101100002011000040103",
        "0405",
        "020500016800010110000201d007040103",
    ]
    assert talk.hex[len(started_with) :] == ["0302", "0305", "0309"]
    assert talk.sample(100) == []
    assert POLAR.data_uuids == {POLAR.notify_uuid, POLAR.control_uuid}


def test_streams_left_over_from_a_broken_link_are_stopped_first():
    device = SimulatedPolar()
    Conversation(POLAR, device).start()
    device.link_ended()

    talk = Conversation(POLAR, device).start()

    kinds = {one.data[0] for one in talk.sample(100)}
    assert kinds == {ACC, GYR}


def test_a_sensor_without_a_gyroscope_is_refused_with_the_reason():
    with pytest.raises(RefusedError, match="no gyroscope"):
        Conversation(POLAR, SimulatedPolar(has_gyroscope=False)).start()


def test_packets_too_small_for_a_frame_are_told():
    with pytest.raises(RefusedError, match="small packets"):
        Conversation(POLAR, SimulatedPolar(), room=20).start()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("f00209 0d 00", "charger"),
        ("f00209 03 00", "error 3"),
        ("f00209 0e 00", "memory"),
    ],
)
def test_what_the_sensor_answers_is_told_as_a_reason(answer, reason):
    [switch_on] = [s for s in POLAR.start if getattr(s, "data", b"") == b"\x02\x09"]

    refused = switch_on.answer.follow(bytes.fromhex(answer))

    assert reason in refused.reason


def test_a_sensor_that_is_in_sdk_mode_already_goes_on():
    [switch_on] = [s for s in POLAR.start if getattr(s, "data", b"") == b"\x02\x09"]

    assert switch_on.answer.follow(bytes.fromhex("f002090600")) == ()


def test_the_settings_that_are_offered_decide_what_is_asked_for():
    offered = read_settings(bytes.fromhex("0002340068000101100002030200040008000401 03"))

    command = start_command(ACC, offered)

    assert command.data.hex() == "0202" + "00016800" + "01011000" + "02010800" + "040103"


def test_a_sensor_that_does_not_offer_104_hz_is_refused_with_the_reason():
    [ask] = [s for s in POLAR.start if getattr(s, "data", b"") == b"\x04\x02"]

    refused = ask.answer.follow(bytes.fromhex("f004020000 00013400"))

    assert "104 Hz" in refused.reason


def test_settings_that_break_off_are_read_as_far_as_they_go():
    whole = bytes.fromhex("00013400010110000204f500f401e803d007040103")

    assert read_settings(whole)[2] == (b"\xf5\x00", b"\xf4\x01", b"\xe8\x03", b"\xd0\x07")
    for size in range(len(whole)):
        assert set(read_settings(whole[:size])) <= set(read_settings(whole))


def test_frames_are_as_long_as_fits_and_no_longer():
    talk = Conversation(POLAR, SimulatedPolar(), room=100).start()
    rng = np.random.default_rng(1)

    for _ in range(120):
        talk.sample(1, rng.uniform(-150, 150, 3).tolist(), rng.uniform(-30, 30, 3).tolist())

    sizes = [len(one.data) for one in talk.sent if one.data[0] in (ACC, GYR)]
    assert len(sizes) > 10
    assert 80 < max(sizes) <= 100


def test_what_linux_hands_on_of_a_reading_is_passed_over():
    device = SimulatedPolar()

    assert POLAR.new_decoder().feed(device.read(POLAR.control_uuid)) == []
