import math
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    SENSORS,
    BatteryLevel,
    DamagedFrame,
    ImuPacket,
    RegisterReply,
    UnencodableValueError,
    WitMotionDecoder,
    encode_register_reply,
    encode_witmotion,
    read_capture,
)
from tests.firmware_bridge import captures

WITMOTION = SENSORS["witmotion"]
G = 9.80665
ACC_STEP_MS2 = 16 * G / 32768
GYR_STEP_RADS = math.radians(2000) / 32768

PUBLISHED = bytes.fromhex("55617702a8fe92fe060230fecdfff8f053fcabc4")
LONG_1 = bytes.fromhex("5561d8fd3905de05bb01ff00fbffab0fb1ed808a1a06160e29011903")
LONG_2 = bytes.fromhex("55615afd2605250686001fffcd003910e1ed8c8a1a06160e29014b03")
AT_REST = bytes.fromhex("556135ff59ff0a08000000000000b9fc") + bytes(4)
MAGNETOMETER = bytes.fromhex("55713a00680169007a0000000000000000000000")
WHOLE_NUMBERS = bytes.fromhex("5561000800f800101000f0ff0040004000c0ff7f")
BATTERY = bytes.fromhex("557164008a010000000000000000000000000000")
LOOKS_LIKE_TWO = encode_witmotion((0x6155 * ACC_STEP_MS2, 0, 0), (0, 0, 0))
ENDS_LIKE_A_START = encode_witmotion((0, 0, G), (0, 0, 0), (0, 0, 0x5500 * 180 / 32768))


def packets(decoded):
    return [item for item in decoded if isinstance(item, ImuPacket)]


def noon(millisecond):
    return datetime(2026, 6, 22, 12, 0, 0, millisecond * 1000, tzinfo=UTC)


def long_frame(millisecond):
    return encode_witmotion((0, 0, G), (0, 0, 0), clock=noon(millisecond))


def test_a_published_frame_gives_its_acceleration_and_turning_rate():
    (packet,) = WitMotionDecoder().feed(PUBLISHED)

    assert packet.acc_ms2 == pytest.approx((3.0215, -1.6472, -1.7526), abs=1e-4)
    assert packet.gyr_rads == pytest.approx((0.55181, -0.49428, -0.05433), abs=1e-5)
    assert packet.device_time_s is None
    assert packet.counter is None


def test_a_resting_sensor_feels_one_g_upwards():
    (packet,) = WitMotionDecoder().feed(AT_REST)

    assert np.array(packet.acc_ms2) / G == pytest.approx((-0.0991, -0.0815, 1.0049), abs=1e-4)
    assert packet.gyr_rads == (0, 0, 0)


def test_a_frame_of_whole_numbers_gives_them():
    (packet,) = WitMotionDecoder().feed(WHOLE_NUMBERS)

    assert np.array(packet.acc_ms2) / G == pytest.approx((1, -1, 2))
    assert np.degrees(packet.gyr_rads) == pytest.approx((0.9766, -0.9766, 1000), abs=1e-4)


def test_the_maker_example_of_a_register_reply_is_read():
    decoded = WitMotionDecoder().feed(MAGNETOMETER)

    assert decoded == [RegisterReply(register=0x3A, values=(360, 105, 122, 0, 0, 0, 0, 0))]


def test_a_battery_at_3_94_volts_is_90_percent_full():
    decoded = WitMotionDecoder().feed(BATTERY)

    assert decoded == [
        RegisterReply(register=0x64, values=(394, 0, 0, 0, 0, 0, 0, 0)),
        BatteryLevel(percent=90),
    ]


@pytest.mark.parametrize(
    ("centivolts", "percent"), [(420, 100), (380, 50), (345, 5), (330, 0), (840, 100), (760, 50)]
)
def test_the_charge_follows_the_voltage_of_one_cell_or_two(centivolts, percent):
    reply = encode_register_reply(0x64, [centivolts])

    decoded = WitMotionDecoder().feed(reply)

    assert decoded[1] == BatteryLevel(percent=percent)


def test_frames_of_28_bytes_carry_the_clock_of_the_sensor_from_the_second_on():
    decoder = WitMotionDecoder()

    first, second, third = decoder.feed(LONG_1 + LONG_2 + LONG_2[:26] + b"\x4c\x03")

    assert first.acc_ms2 == pytest.approx((-2.6432, 6.4021, 7.1922), abs=1e-4)
    assert second.acc_ms2 == pytest.approx((-3.2465, 6.3111, 7.5322), abs=1e-4)
    assert second.gyr_rads == pytest.approx((0.14275, -0.23968, 0.21838), abs=1e-5)
    assert first.device_time_s is None
    assert third.device_time_s - second.device_time_s == pytest.approx(0.001, abs=1e-6)
    assert decoder.frame_size == 28


def test_with_a_known_frame_size_the_first_sample_has_its_time_too():
    decoder = WITMOTION.new_decoder({"frame_size": 28})

    first, second = decoder.feed(LONG_1 + LONG_2)

    spoken = datetime(2026, 6, 22, 14, 41, 1, 793000, tzinfo=UTC)
    assert first.device_time_s == (spoken - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds()
    assert second.device_time_s - first.device_time_s == pytest.approx(0.050, abs=1e-6)


def test_a_capture_of_long_frames_runs_on_the_clock_of_the_sensor():
    family = WITMOTION.as_captured({"rate_hz": 20}, [LONG_1, LONG_2])

    first, second = family.new_decoder().feed(LONG_1 + LONG_2)

    assert family.index == "device_time"
    assert family.nominal_rate_hz == 20
    assert second.device_time_s - first.device_time_s == pytest.approx(0.050, abs=1e-6)


@pytest.mark.parametrize("notifications", [[], [AT_REST], [AT_REST, AT_REST]])
def test_a_capture_of_short_frames_has_no_clock(notifications):
    family = WITMOTION.as_captured({"rate_hz": "fast"}, notifications)

    assert family == WITMOTION


def test_a_clock_that_steps_back_or_was_never_set_gives_no_time():
    never_set = PUBLISHED + bytes(8)
    stream = long_frame(500) + long_frame(400) + never_set + long_frame(510)

    decoded = WITMOTION.new_decoder({"frame_size": 28}).feed(stream)

    times_s = [packet.device_time_s for packet in decoded]
    assert times_s[1:3] == [None, None]
    assert times_s[3] - times_s[0] == pytest.approx(0.010, abs=1e-6)


def test_a_frame_cut_short_does_not_swallow_the_good_one_behind_it():
    decoded = WitMotionDecoder().feed(PUBLISHED[:4] + WHOLE_NUMBERS)

    assert decoded[1:] == WitMotionDecoder().feed(WHOLE_NUMBERS)
    assert decoded[0].dropped == PUBLISHED[:4]


@pytest.mark.parametrize("length", range(1, 20))
def test_a_frame_cut_at_any_length_costs_itself_alone(length):
    decoded = WitMotionDecoder().feed(AT_REST + PUBLISHED[:length] + WHOLE_NUMBERS + AT_REST)

    good = WitMotionDecoder().feed(AT_REST + WHOLE_NUMBERS + AT_REST)
    assert packets(decoded) == good


@pytest.mark.parametrize("length", range(1, 20))
def test_a_frame_cut_short_is_found_out_byte_by_byte_too(length):
    stream = AT_REST + PUBLISHED[:length] + WHOLE_NUMBERS + AT_REST
    decoder = WitMotionDecoder()

    decoded = [item for byte in stream for item in decoder.feed(bytes([byte]))]

    assert decoded == WitMotionDecoder().feed(stream)


@pytest.mark.parametrize("length", range(1, 28))
def test_a_long_frame_cut_at_any_length_costs_itself_alone(length):
    stream = long_frame(0) + long_frame(10) + long_frame(20)[:length] + long_frame(30)

    decoded = WitMotionDecoder().feed(stream + long_frame(40))

    whole = [p.device_time_s for p in packets(decoded)]
    assert len(whole) == 4
    assert whole[2] - whole[1] == pytest.approx(0.020, abs=1e-6)


def test_among_long_frames_one_with_an_impossible_calendar_is_damage():
    stream = long_frame(0) + long_frame(10) + PUBLISHED + b"\xff" * 8 + long_frame(20)

    decoded = WitMotionDecoder().feed(stream)

    assert len(packets(decoded)) == 3
    assert decoded[2].dropped == PUBLISHED + b"\xff" * 8


def test_noise_before_a_frame_is_reported_and_skipped():
    decoded = WitMotionDecoder().feed(b"\x00\x55\x12noise" + WHOLE_NUMBERS)

    assert decoded[0] == DamagedFrame(
        reason="no frame of 0x55 0x61 or 0x55 0x71", dropped=b"\x00\x55\x12noise"
    )
    assert packets(decoded) == WitMotionDecoder().feed(WHOLE_NUMBERS)


def test_a_sample_that_looks_like_a_header_inside_is_kept():
    decoded = WitMotionDecoder().feed(LOOKS_LIKE_TWO * 3 + ENDS_LIKE_A_START + AT_REST)

    assert len(packets(decoded)) == 5
    assert packets(decoded)[0].acc_ms2[0] == pytest.approx(0x6155 * ACC_STEP_MS2)


def test_a_long_first_sample_that_looks_like_a_header_inside_is_kept_with_its_time():
    first = LOOKS_LIKE_TWO + long_frame(0)[20:]

    decoded = WitMotionDecoder().feed(first + long_frame(10))

    assert decoded[0].device_time_s is not None
    assert decoded[1].device_time_s - decoded[0].device_time_s == pytest.approx(0.010, abs=1e-6)


def test_noise_behind_the_first_sample_leaves_the_frame_size_open():
    decoder = WitMotionDecoder()

    decoded = decoder.feed(AT_REST + b"\xff\xff" + LONG_1 + LONG_2)

    assert len(packets(decoded)) == 3
    assert decoder.frame_size == 28


def test_eight_frames_in_one_notification_are_eight_samples():
    assert len(WitMotionDecoder().feed(AT_REST * 8)) == 8


@given(
    parts=st.lists(
        st.sampled_from(
            [
                AT_REST, PUBLISHED, WHOLE_NUMBERS, BATTERY, LONG_1, LONG_2, PUBLISHED[:7],
                PUBLISHED[:19], LONG_1[:23], BATTERY[:11], LOOKS_LIKE_TWO, ENDS_LIKE_A_START,
                b"\x55", b"\x55\x61",
            ]
        )
        | st.binary(max_size=9),
        max_size=12,
    ),
    cuts=st.sets(st.integers(0, 250)),
)  # fmt: skip
def test_what_comes_out_does_not_depend_on_where_the_bytes_are_cut(parts, cuts):
    stream = b"".join(parts)
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    decoder, decoded = WitMotionDecoder(), []

    for start, end in pairwise(edges):
        decoded += decoder.feed(stream[start:end])

    assert decoded == WitMotionDecoder().feed(stream)


@given(
    parts=st.lists(st.binary(max_size=300) | st.sampled_from([b"\x55" * 90, LONG_1, b"Ua" * 40]))
)
def test_any_bytes_are_survived_in_bounded_memory(parts):
    decoder = WitMotionDecoder()

    for part in parts:
        for item in decoder.feed(part):
            assert not isinstance(item, DamagedFrame) or 1 <= len(item.dropped) <= 64

        assert len(decoder._reader._buffer) + len(decoder._reader._dropped) < 64 + 32


def test_every_byte_of_long_noise_is_counted_as_dropped():
    decoded = WitMotionDecoder().feed(bytes(1000) + AT_REST)

    assert sum(len(item.dropped) for item in decoded[:-1]) == 1000


finite = st.floats(-150, 150)


@given(acc=st.tuples(finite, finite, finite), gyr=st.tuples(finite, finite, finite))
def test_what_is_encoded_is_decoded_to_within_half_a_step(acc, gyr):
    gyr = tuple(value / 5 for value in gyr)

    (packet,) = WitMotionDecoder().feed(encode_witmotion(acc, gyr) + AT_REST)[:1]

    assert packet.acc_ms2 == pytest.approx(acc, abs=ACC_STEP_MS2 / 2 + 1e-9)
    assert packet.gyr_rads == pytest.approx(gyr, abs=GYR_STEP_RADS / 2 + 1e-9)


@given(raw=st.lists(st.integers(-32768, 32767), min_size=6, max_size=6))
def test_encoding_what_was_decoded_gives_the_same_bytes(raw):
    acc = [value * ACC_STEP_MS2 for value in raw[:3]]
    gyr = [value * GYR_STEP_RADS for value in raw[3:]]
    frame = encode_witmotion(acc, gyr)

    (packet,) = WitMotionDecoder().feed(frame + AT_REST)[:1]

    assert encode_witmotion(packet.acc_ms2, packet.gyr_rads) == frame


def test_a_kick_of_20_g_is_clipped_to_16():
    (packet,) = WitMotionDecoder().feed(encode_witmotion((20 * G, -20 * G, 0), (99, -99, 0)))

    assert np.array(packet.acc_ms2) / G == pytest.approx((16, -16, 0), abs=1e-3)
    assert np.degrees(packet.gyr_rads) == pytest.approx((2000, -2000, 0), abs=0.1)


def test_a_number_that_is_none_cannot_be_encoded():
    with pytest.raises(UnencodableValueError):
        encode_witmotion((math.nan, 0, 0), (0, 0, 0))


def test_a_100_hz_capture_decodes_to_its_expected_values():
    folder, name = "computed", "witmotion_20byte_100hz"
    capture = read_capture(captures.content(folder, f"{name}.packets.jsonl").decode())
    decoder = WITMOTION.new_decoder(capture.settings)

    decoded = [item for note in capture.notifications for item in decoder.feed(note.data)]

    expected = np.array(captures.rows(folder, f"{name}.expected.csv"))
    assert len(decoded) == 300
    assert [item.acc_ms2 for item in decoded] == pytest.approx(expected[:, 1:4], abs=2e-6)
    assert [item.gyr_rads for item in decoded] == pytest.approx(expected[:, 4:7], abs=2e-6)


def test_it_is_started_at_100_hz_with_waits_between_the_commands():
    written = [command.data.hex(" ") for command in WITMOTION.start]

    assert written == ["ff aa 69 88 b5", "ff aa 03 09 00", "ff aa 96 00 00", "ff aa 00 00 00"]
    assert all(command.then_wait_s >= 0.1 and command.with_response for command in WITMOTION.start)
    assert WITMOTION.ask_battery.data.hex(" ") == "ff aa 27 64 00"
    assert WITMOTION.data_uuids == {WITMOTION.notify_uuid}


SERVICE = "0000FFE5-0000-1000-8000-00805F9A34FB"


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("WT901BLE68", [SERVICE]),
        ("WT901BLE67", []),
        ("WitMotion WT901BLE68", [SERVICE]),
        ("WTSDCL-0042", [SERVICE]),
        ("BWT901BLE5.0", []),
        (None, [SERVICE]),
    ],
)
def test_its_advertisements_are_known(name, services):
    assert WITMOTION.matches(name, services) > 0


@pytest.mark.parametrize(
    ("name", "services"),
    [
        ("WTVB01-BT50", [SERVICE]),
        ("BWT901CL", [SERVICE]),
        ("Movesense 000000000000", []),
        ("Heart rate", [SERVICE]),
        ("SWTCH", []),
        (None, ["0000ffe5-0000-1000-8000-00805f9b34fb"]),
        (None, []),
    ],
)
def test_other_devices_are_not_taken_for_it(name, services):
    assert WITMOTION.matches(name, services) == 0


def test_a_name_with_the_service_is_surer_than_either_alone():
    both = WITMOTION.matches("WT901BLE68", [SERVICE])

    assert both > WITMOTION.matches("WT901BLE68", []) > WITMOTION.matches(None, [SERVICE])
