import math
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    SENSORS,
    DamagedFrame,
    ImuPacket,
    UartDecoder,
    UnencodableValueError,
    UnreadableFormatError,
    encode_text,
    read_text_format,
    text_format_of,
    uart_family,
)

G = 9.80665
SIX = '["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]'
LINE = b"0.1,0.2,0.9,1,2,3\r\n"
TIMED = '["time", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]'


def described(*lines, columns=SIX, rate_hz=100):
    return read_text_format("\n".join([f"rate_hz = {rate_hz}", f"columns = {columns}", *lines]))


def decode(text_format, *lines):
    return UartDecoder(text_format).feed(b"".join(line + b"\r\n" for line in lines))


def test_columns_of_g_and_degrees_are_read():
    (packet,) = decode(described(), b"0.5,-1,0,90,0,-180")

    assert packet.acc_ms2 == pytest.approx((0.5 * G, -G, 0))
    assert np.degrees(packet.gyr_rads) == pytest.approx((90, 0, -180))


@pytest.mark.parametrize(
    ("separator", "line"),
    [
        (",", b"1, 0, 0, 90, 0, 0"),
        (";", b"1;0;0;90;0;0"),
        ("tab", b"1\t0\t0\t90\t0\t0"),
        ("space", b"  1 0  0 90 0   0 "),
    ],
)
def test_columns_may_be_separated_in_four_ways(separator, line):
    (packet,) = decode(described(f'separator = "{separator}"'), line)

    assert packet.acc_ms2[0] == pytest.approx(G)
    assert math.degrees(packet.gyr_rads[0]) == pytest.approx(90)


@pytest.mark.parametrize(("unit", "one"), [("g", G), ("mg", G / 1000), ("m/s2", 1.0)])
def test_accelerations_may_come_in_three_units(unit, one):
    (packet,) = decode(described(f'acc_unit = "{unit}"'), b"1,0,0,0,0,0")

    assert packet.acc_ms2[0] == pytest.approx(one)


@pytest.mark.parametrize(
    ("unit", "one_deg"), [("deg/s", 1.0), ("mdeg/s", 0.001), ("rad/s", 57.29578)]
)
def test_angular_rates_may_come_in_three_units(unit, one_deg):
    (packet,) = decode(described(f'gyr_unit = "{unit}"'), b"0,0,0,1,0,0")

    assert math.degrees(packet.gyr_rads[0]) == pytest.approx(one_deg)


def test_a_gain_mends_a_library_that_reads_too_low():
    (packet,) = decode(described("gyr_gain = 1.14688"), b"0,0,1,100,0,0")

    assert math.degrees(packet.gyr_rads[0]) == pytest.approx(114.688)


def test_gains_turn_raw_numbers_into_units():
    raw = described("acc_gain = 0.000122", "gyr_gain = 0.07")

    (packet,) = decode(raw, b"0,0,8192,1000,0,0")

    assert packet.acc_ms2[2] == pytest.approx(8192 * 0.000122 * G)
    assert math.degrees(packet.gyr_rads[0]) == pytest.approx(70)


def test_columns_that_nobody_needs_are_passed_over():
    columns = '["-", "gyr_x", "gyr_y", "gyr_z", "acc_x", "acc_y", "acc_z", "-"]'

    (packet,) = decode(described(columns=columns), b"x7,1,2,3,4,5,6,99")

    assert packet.acc_ms2 == pytest.approx((4 * G, 5 * G, 6 * G))


@pytest.mark.parametrize(
    ("unit", "stamps", "expected_s"),
    [
        ("ms", (10, 20, 31), (0.010, 0.020, 0.031)),
        ("us", (10_000, 20_000), (0.010, 0.020)),
        ("s", (0.01, 0.02), (0.010, 0.020)),
        ("us", (2**32 - 5_000, 5_000), (4294.962296, 4294.972296)),
    ],
)
def test_the_clock_of_the_sensor_is_carried_on(unit, stamps, expected_s):
    text_format = described(f'time_unit = "{unit}"', columns=TIMED)

    decoded = decode(text_format, *(f"{stamp},0,0,1,0,0,0".encode() for stamp in stamps))

    assert [packet.device_time_s for packet in decoded] == pytest.approx(expected_s)


def test_a_clock_of_16_bits_starts_again_every_65_seconds():
    text_format = described("time_bits = 16", columns=TIMED)

    decoded = decode(text_format, b"65530,0,0,1,0,0,0", b"4,0,0,1,0,0,0")

    assert decoded[1].device_time_s == pytest.approx(65.540)


@pytest.mark.parametrize(
    ("lines", "columns", "index"),
    [
        ((), SIX, "none"),
        ((), TIMED, "device_time"),
        (("counter_bits = 8",), SIX.replace("]", ', "counter"]'), "counter8"),
        (("counter_bits = 8",), TIMED.replace("]", ', "counter"]'), "device_time"),
    ],
)
def test_a_clock_or_a_counter_tells_what_is_missing(lines, columns, index):
    assert described(*lines, columns=columns).index == index


def test_a_counter_is_kept_within_its_bits():
    text_format = described("counter_bits = 8", columns=SIX.replace("]", ', "counter"]'))

    (packet,) = decode(text_format, b"0,0,1,0,0,0,258")

    assert packet.counter == 2


def test_fields_of_json_are_found_by_their_path():
    text_format = text_format_of(
        {
            "rate_hz": 50,
            "fields": {
                "acc_x": "imu.a.0", "acc_y": "imu.a.1", "acc_z": "imu.a.2",
                "gyr_x": "gx", "gyr_y": "gy", "gyr_z": "gz",
            },
        }
    )  # fmt: skip

    (packet,) = decode(text_format, b'> {"imu":{"a":[0,0,1]},"gx":1,"gy":2,"gz":3}')

    assert packet.acc_ms2[2] == pytest.approx(G)
    assert np.degrees(packet.gyr_rads) == pytest.approx((1, 2, 3))


@pytest.mark.parametrize("line", [b"Ready.", b"ax,ay,az,gx,gy,gz", b"", b">"])
def test_greetings_and_headings_are_passed_over(line):
    assert decode(described(), line) == []


@pytest.mark.parametrize(
    "line", [b"1,2,3,4,5", b"1,2,3,4,5,6,7", b"1,2,3,4,5,x", b"1,2,nan,4,5,6", b"inf,0,0,0,0,0"]
)
def test_a_line_that_is_not_whole_is_damage(line):
    damage, packet = decode(described(), line, b"0,0,1,0,0,0")

    assert isinstance(damage, DamagedFrame)
    assert isinstance(packet, ImuPacket)


entries = st.sampled_from(
    ["rate_hz", "columns", "fields", "separator", "acc_unit", "gyr_gain", "time_bits",
     "counter_bits", "name", "start", "service", "speed"]
)  # fmt: skip
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.dictionaries(entries, anything))
def test_any_description_is_used_or_refused_and_nothing_else(changes):
    table = dict(described().table) | changes

    with suppress(UnreadableFormatError):
        assert len(UartDecoder(text_format_of(table)).feed(LINE)) <= 1


@given(st.text(max_size=60))
def test_any_text_is_a_description_or_refused(text):
    with pytest.raises(UnreadableFormatError):
        read_text_format(text)


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [
        ("rate_hz = ", "TOML", "cannot be read"),
        (f"columns = {SIX}", "rate_hz", "is missing"),
        ("rate_hz = 100", "columns", "is missing"),
        (f"rate_hz = 5\ncolumns = {SIX}", "rate_hz", "20 to 1000"),
        (f'rate_hz = "fast"\ncolumns = {SIX}', "rate_hz", "20 to 1000"),
        (f"rate_hz = true\ncolumns = {SIX}", "rate_hz", "20 to 1000"),
        (f"rate_hz = 100\ncolumns = {SIX}\nspeed = 1", "speed", "not known"),
        ('rate_hz = 100\ncolumns = "acc"', "columns", "no list"),
        ('rate_hz = 100\ncolumns = ["ax"]', "columns", "'ax'"),
        ('rate_hz = 100\ncolumns = ["acc_x", "acc_y", "acc_z"]', "columns", "gyroscope"),
        ('rate_hz = 100\ncolumns = ["acc_x", "gyr_x"]', "columns", "lacks acc_y"),
        (f"rate_hz = 100\ncolumns = {SIX.replace('acc_y', 'acc_x')}", "columns", "more than once"),
        (f'rate_hz = 100\ncolumns = {SIX}\nacc_unit = "furlong"', "acc_unit", "none of: g"),
        (f"rate_hz = 100\ncolumns = {SIX}\ngyr_gain = 0", "gyr_gain", "is 0"),
        (f"rate_hz = 100\ncolumns = {SIX}\ngyr_gain = inf", "gyr_gain", "beyond measure"),
        (f'rate_hz = 100\ncolumns = {SIX}\ngyr_gain = "x"', "gyr_gain", "no number"),
        (f"rate_hz = 100\ncolumns = {SIX}\ncounter_bits = 9", "counter_bits", "none of 8"),
        (f'rate_hz = 100\ncolumns = {SIX}\nnotify = "ffe1"', "notify", "128 bits"),
        (f'rate_hz = 100\ncolumns = {SIX}\nstart = "go"', "start", "no list"),
        (f"rate_hz = 100\ncolumns = {SIX}\nname = 7", "name", "no text"),
        (f'rate_hz = 100\ncolumns = {SIX}\nseparator = "|"', "separator", "none of"),
        (f"rate_hz = 100\ncolumns = {SIX}\n[fields]\nacc_x = 'a'", "fields", "JSON"),
        ("rate_hz = 100\nfields = 7", "fields", "no table"),
        ("rate_hz = 100\n[fields]\nax = 'a'", "fields", "'ax'"),
        ("rate_hz = 100\n[fields]\nacc_x = 'a..b'", "fields.acc_x", "no path"),
        ("rate_hz = 100\n[fields]\nacc_x = 'a'", "fields", "lacks"),
    ],
)
def test_a_description_that_is_wrong_is_answered_with_the_entry(text, key, problem):
    with pytest.raises(UnreadableFormatError) as caught:
        read_text_format(text)

    assert caught.value.key == key
    assert problem in caught.value.problem
    assert f"`{key}`" in str(caught.value)


def test_a_capture_may_carry_its_description():
    table = {"rate_hz": 50, "columns": described().table["columns"], "acc_unit": "m/s2"}
    uart = SENSORS["uart"]

    family = uart.as_captured({"rate_hz": 50, "format": table}, [])
    (packet,) = uart.new_decoder({"format": table}).feed(b"1,2,3,0,0,0\n")

    assert family.nominal_rate_hz == 50
    assert packet.acc_ms2 == (1.0, 2.0, 3.0)


def test_a_description_in_a_capture_that_makes_no_sense_is_not_believed():
    family = SENSORS["uart"].as_captured({"format": {"columns": 7}}, [])

    assert family is SENSORS["uart"]


def test_a_sensor_is_known_by_its_name_or_else_by_its_service():
    named, nameless = (uart_family(described(*one)) for one in (['name = "Leg"'], []))
    service = [named.service_uuid]

    assert named.matches("Leg 7", []) > 0
    assert named.matches("Arm 7", service) == 0
    assert nameless.matches("Arm 7", service) > 0
    assert nameless.matches("Arm 7", []) == 0


def test_its_lines_are_written_in_pieces_that_any_link_takes():
    family = uart_family(described('start = ["imu --stream --rate 100"]', 'stop = ["halt"]'))

    assert [one.data for one in family.start] == [b"imu --stream --rate ", b"100\n"]
    assert [one.data for one in family.stop] == [b"halt\n"]


values = st.tuples(*[st.floats(-150, 150)] * 3)
FORMATS = st.sampled_from(
    [
        described(),
        described('separator = "space"', 'acc_unit = "mg"', "gyr_gain = 1.14688"),
        described('time_unit = "us"', columns=TIMED),
        text_format_of(
            {"rate_hz": 50, "fields": {name: f"s.{name}" for name in described().table["columns"]}}
        ),
    ]
)


@given(acc=values, gyr=values, text_format=FORMATS)
def test_what_is_encoded_is_decoded_to_five_digits(acc, gyr, text_format):
    (packet,) = UartDecoder(text_format).feed(encode_text(text_format, acc, gyr, clock_s=1.5))

    assert packet.acc_ms2 == pytest.approx(acc, rel=1e-5, abs=1e-4)
    assert packet.gyr_rads == pytest.approx(gyr, rel=1e-5, abs=1e-4)
    assert packet.device_time_s in (None, pytest.approx(1.5))


def test_a_number_that_is_none_cannot_be_encoded():
    with pytest.raises(UnencodableValueError):
        encode_text(described(), (0, 0, math.nan), (0, 0, 0))


pieces = st.lists(
    st.sampled_from([LINE, b"Ready\r\n", LINE[:9], b"1,2\n", b"x" * 300]) | st.binary(max_size=5),
    max_size=12,
)


@given(parts=pieces, cuts=st.sets(st.integers(0, 600)))
def test_what_comes_out_does_not_depend_on_where_the_text_is_cut(parts, cuts):
    stream = b"".join(parts)
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    decoder, decoded = UartDecoder(described()), []

    for start, end in pairwise(edges):
        decoded += decoder.feed(stream[start:end])

    assert decoded == UartDecoder(described()).feed(stream)
