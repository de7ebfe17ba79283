from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, encode_witmotion, read_export

START = datetime(2024, 5, 3, 9, 7, 1, tzinfo=UTC)
TURNING = (0, np.pi / 2, 0)


def frame(k, *, clock=True):
    stamp = START + timedelta(milliseconds=10 * k) if clock else None
    return encode_witmotion((0, 0, 9.80665), TURNING, clock=stamp)


LOG = b"".join(frame(k) for k in range(100))


@pytest.mark.parametrize("noise", [b"", b"\x00\r\n\x55", b"\x00\x55\x61\x00"])
def test_a_log_is_read_whatever_stands_before_it(noise):
    export = read_export({"WIT12.TXT": noise + LOG})

    assert export.format == "witmotion-log"
    assert export.acc_ms2 == pytest.approx(np.tile([0, 0, 9.80665], (100, 1)), abs=0.005)
    assert export.gyr_rads == pytest.approx(np.tile(TURNING, (100, 1)), abs=0.002)
    assert export.time_s == pytest.approx(np.arange(100) / 100)


def test_a_byte_that_looks_like_a_line_end_is_left_alone():
    assert b"\r" in LOG or b"\n" in LOG

    assert len(read_export({"log.txt": LOG}).time_s) == 100


def test_damage_and_repeated_times_are_counted():
    content = LOG[:280] + b"\xff" * 9 + LOG[280:] + frame(50)

    export = read_export({"log.txt": content})

    assert len(export.time_s) == 100
    assert export.notes == (
        "1 stretches of the log are no samples.",
        "1 samples without a time that advances are left out.",
    )


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.txt": b"".join(frame(k, clock=False) for k in range(9))}, "has no times"),
        ({"a.txt": LOG, "b.txt": LOG}, r"2 WitMotion logs \(a.txt, b.txt\)"),
        ({"a.txt": b"".join(frame(0)[:20] + bytes(8) for _ in range(9))}, "clock .* does not run"),
    ],
)
def test_what_cannot_be_used_is_refused(files, said):
    with pytest.raises(UnreadableExportError, match=said):
        read_export(files)


def test_a_log_of_many_hours_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr("firmware_bridge.exports.witmotion_log.MAX_BYTES", 1000)

    with pytest.raises(UnreadableExportError, match="cut it into shorter recordings"):
        read_export({"log.txt": LOG})
