import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import SENSORS, DamagedFrame, ImuPacket, UnencodableValueError, encode_uart

UART = SENSORS["uart"]
G = 9.80665
LINE = b'{"acc":{"x":0,"y":-4096,"z":8192},"gyro":{"x":100,"y":0,"z":-1000}}\r\n'


def test_a_line_gives_force_and_turning_rate():
    (packet,) = UART.new_decoder().feed(LINE)

    assert np.array(packet.acc_ms2) / G == pytest.approx((0, -0.5, 1))
    assert np.degrees(packet.gyr_rads) == pytest.approx((7, 0, -70))


def test_other_ranges_have_other_scales():
    sensor = UART.new_decoder({"acc_range_g": 8, "gyr_range_dps": 250})

    (packet,) = sensor.feed(LINE)

    assert packet.acc_ms2[2] == pytest.approx(2 * G)
    assert math.degrees(packet.gyr_rads[0]) == pytest.approx(0.875)


def test_a_range_that_the_sensor_does_not_have_is_not_believed():
    (packet,) = UART.new_decoder({"acc_range_g": 5, "gyr_range_dps": "fast"}).feed(LINE)

    assert packet.acc_ms2[2] == pytest.approx(G)


def test_prompts_and_echoes_are_passed_over():
    text = b"Puck.accelOn(52)\r\n=undefined\r\n>" + LINE + b">"

    decoded = UART.new_decoder().feed(text)

    assert len(decoded) == 1
    assert isinstance(decoded[0], ImuPacket)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"acc":{"x":0,"y":-40', "breaks off"),
        (b"{" + b"[" * 500, "breaks off"),
        (b'{"x":0.01,"y":-0.02,"z":-1.01,"diff":0.02,"mag":1.01}', "without"),
        (b'{"acc":{"x":1,"y":2,"z":3},"gyro":{"x":1,"y":2}}', "without"),
        (b'{"acc":{"x":NaN,"y":2,"z":3},"gyro":{"x":1,"y":2,"z":3}}', "without"),
        (b'{"acc":{"x":99999,"y":2,"z":3},"gyro":{"x":1,"y":2,"z":3}}', "without"),
        (b"{" + b" " * 600, "without an end"),
    ],
)
def test_what_cannot_be_read_is_reported(line, reason):
    decoded = UART.new_decoder().feed(line + b"\n" + LINE)

    assert reason in decoded[0].reason
    assert len(decoded[0].dropped) <= 64
    assert isinstance(decoded[-1], ImuPacket)


pieces = st.lists(
    st.sampled_from([LINE, b">", b"\r\n", LINE[:30], b"x" * 300, encode_uart((0, 0, G), (1, 2, 3))])
    | st.binary(max_size=5),
    max_size=12,
)


@given(parts=pieces, cuts=st.sets(st.integers(0, 600)))
def test_what_comes_out_does_not_depend_on_where_the_text_is_cut(parts, cuts):
    stream = b"".join(parts)
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    decoder, decoded = UART.new_decoder(), []

    for start, end in pairwise(edges):
        decoded += decoder.feed(stream[start:end])

    assert decoded == UART.new_decoder().feed(stream)


@given(st.lists(st.binary(max_size=600)))
def test_any_bytes_are_survived_in_bounded_memory(parts):
    decoder = UART.new_decoder()

    for part in parts:
        decoder.feed(part)

    assert len(decoder._line) <= 512


values = st.tuples(*[st.floats(-39, 39)] * 3)


@given(acc=values, gyr=values)
def test_what_is_encoded_is_decoded_to_within_half_a_step(acc, gyr):
    (packet,) = UART.new_decoder().feed(encode_uart(acc, gyr))

    assert packet.acc_ms2 == pytest.approx(acc, abs=4 * G / 65536 + 1e-9)
    assert packet.gyr_rads == pytest.approx(gyr, abs=math.radians(0.07) / 2 + 1e-9)


def test_a_number_that_is_none_cannot_be_encoded():
    with pytest.raises(UnencodableValueError):
        encode_uart((0, 0, math.nan), (0, 0, 0))


def test_its_commands_are_typed_in_pieces_that_any_link_takes():
    pieces = [command.data for command in (*UART.start, *UART.stop)]

    assert all(len(piece) <= 20 for piece in pieces)
    typed = b"".join(pieces).decode()
    assert typed.startswith("\x03\x10Puck.removeAllListeners('accel')\n\x10Puck.accelOn(52)\n")
    assert typed.endswith("Puck.accelOff()\n")


@pytest.mark.parametrize(
    ("name", "is_known"), [("Puck.js 1a2b", True), ("Bangle.js 3c4d", False), (None, False)]
)
def test_its_advertisements_are_known(name, is_known):
    services = ["6e400001-b5a3-f393-e0a9-e50e24dcca9e"]

    assert (UART.matches(name, services) > 0) == is_known


def test_damage_is_no_sample():
    assert isinstance(UART.new_decoder().feed(b"{}\n")[0], DamagedFrame)
