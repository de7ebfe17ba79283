import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import (
    CapturedNotification,
    UnreadableCaptureError,
    capture_header,
    capture_line,
    read_capture,
)

UUID = "0000ffe4-0000-1000-8000-00805f9a34fb"
LINE = f'{{"t": 0.5, "char": "{UUID.upper()}", "hex": "5561"}}'


def test_a_notification_keeps_its_arrival_its_characteristic_and_its_bytes():
    capture = read_capture(LINE)

    assert capture.notifications == (CapturedNotification(0.5, UUID, b"\x55\x61"),)
    assert capture.settings == {}
    assert not capture.is_cut_short


def test_a_capture_that_was_written_is_read_back():
    notes = (CapturedNotification(0.0, UUID, b""), CapturedNotification(0.0101, UUID, b"\xff"))
    lines = [capture_header("polar", rate_hz=104.0, acc_range_g=16), *map(capture_line, notes)]

    capture = read_capture("\ufeff" + "\r\n".join(lines) + "\r\n\r\n")

    assert capture.notifications == notes
    assert capture.settings == {"sensor": "polar", "rate_hz": 104.0, "acc_range_g": 16}


def test_a_last_line_that_breaks_off_is_left_out_and_noted():
    capture = read_capture(f"{LINE}\n{LINE[:30]}")

    assert len(capture.notifications) == 1
    assert capture.is_cut_short


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("not json", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is not a JSON object"),
        ('{"char": "x", "hex": ""}', 'no number "t"'),
        ('{"t": true, "char": "x", "hex": ""}', 'no number "t"'),
        ('{"t": NaN, "char": "x", "hex": ""}', 'no number "t"'),
        ('{"t": 1, "hex": ""}', 'no text "char"'),
        ('{"t": 1, "char": "x"}', 'no text "hex"'),
        ('{"t": 1, "char": "x", "hex": "5"}', "no hexadecimal bytes"),
    ],
)
def test_a_line_that_is_no_notification_is_named(bad, problem):
    with pytest.raises(UnreadableCaptureError, match=problem) as caught:
        read_capture(f"{LINE}\n\n{bad}\n{LINE}")

    assert caught.value.line == 3


def test_a_file_of_something_else_is_refused_at_its_first_line():
    with pytest.raises(UnreadableCaptureError):
        read_capture("t_s,acc_x_ms2")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        capture = read_capture(text)
    except UnreadableCaptureError:
        return

    assert all(math.isfinite(note.t_s) for note in capture.notifications)
