import json

import numpy as np
import pytest

from firmware_bridge import (
    UnreadableExportError,
    encode_phyphox,
    encode_sensor_logger,
    read_export,
)
from tests.firmware_bridge import captures


def expected(folder, unit_s):
    """Return time, force and turning rate of each sample that has a partner within 5 ms."""
    acc = np.array(captures.rows("computed_phone", folder, "expected_acc.csv"))
    gyr = np.array(captures.rows("computed_phone", folder, "expected_gyro.csv"))
    nearest = [int(np.argmin(np.abs(gyr[:, 0] - t))) for t in acc[:, 0]]
    keep = np.abs(gyr[nearest, 0] - acc[:, 0]) * unit_s <= 0.00501
    time_s = (acc[keep, 0] - acc[keep, 0][0]) * unit_s
    return time_s, acc[keep, 1:], gyr[nearest][keep, 1:]


@pytest.mark.parametrize(
    ("folder", "names", "unit_s"),
    [
        ("sensorlogger_push_ios", ("messages.jsonl", "meta.json"), 1e-9),
        ("phyphox_get_polls", ("polls.jsonl",), 1.0),
    ],
)
def test_whole_streams_give_their_expected_values(folder, names, unit_s):
    time_s, acc_ms2, gyr_rads = expected(folder, unit_s)

    export = read_export({n: captures.content("computed_phone", folder, n) for n in names})

    assert len(export.time_s) == len(time_s) >= 299
    assert export.time_s == pytest.approx(time_s, abs=1e-6)
    assert export.acc_ms2 == pytest.approx(acc_ms2, abs=2e-6)
    assert export.gyr_rads == pytest.approx(gyr_rads, abs=2e-6)


def still(sign=1.0):
    times_ns = [1_768_464_060_000_000_000 + i * 10_000_000 for i in range(5)]
    samples = {
        "totalacceleration": [(t, (0.0, 0.0, 9.81 * sign)) for t in times_ns],
        "gyroscope": [(t, (0.0, 0.5, 0.0)) for t in times_ns],
    }
    return encode_sensor_logger(1, samples)


@pytest.mark.parametrize(
    ("about", "sign", "n_notes"),
    [
        ({"platform": "ios", "standardised": False}, -1, 0),
        ({"platform": "ios", "standardised": True}, 1, 0),
        ({"platform": "android"}, 1, 0),
        ({"platform": "windows"}, 1, 1),
    ],
)
def test_a_file_beside_the_messages_tells_the_platform(about, sign, n_notes):
    files = {"m.jsonl": still(sign) + b"\n", "meta.json": json.dumps(about).encode()}

    export = read_export(files)

    assert export.acc_ms2[:, 2] == pytest.approx(9.81)
    assert len(export.notes) == n_notes


def test_what_could_not_be_used_is_counted():
    export = read_export({"m.jsonl": still() + b"\n" + still() + b'\n{"broken":\n'})

    assert export.acc_ms2.shape == (5, 3)
    assert export.notes[-1] == "2 messages or samples could not be used."


def test_an_experiment_that_began_again_is_told_in_notes():
    poll = {"accX": [0, 0], "accY": [0, 0], "accZ": [9.81, 9.81], "acc_time": [0.1, 0.11]}
    poll |= {"gyrX": [1, 1], "gyrY": [0, 0], "gyrZ": [0, 0], "gyr_time": [0.1, 0.11]}
    answers = [encode_phyphox(poll, session=one) for one in ("1", "2", "2")]
    lines = [b'{"request":"/get","response":' + answer + b"}" for answer in answers]

    export = read_export({"polls.jsonl": b"\n".join(lines)})

    assert export.acc_ms2.shape == (2, 3)
    assert export.notes == (
        "1 messages or samples could not be used.",
        "2 samples repeat a time and are left out.",
    )


def test_messages_without_samples_are_refused():
    with pytest.raises(UnreadableExportError, match="hold no samples"):
        read_export({"m.jsonl": encode_sensor_logger(1, {})})


def test_two_phones_are_not_guessed_between():
    with pytest.raises(UnreadableExportError, match="2 recordings"):
        read_export({"a.jsonl": still(), "b.jsonl": still()})
