import json

import numpy as np
import pytest

from firmware_bridge import UnreadableExportError, read_export

G = 9.80665
TIMES_S = np.arange(100) / 100


def records(sensor, x=0.0, y=0.0, z=0.0):
    return [
        {
            "sensor": sensor,
            "time": str(1_698_501_144_401_773_000 + round(t * 1e9)),
            "seconds_elapsed": f"{t:.4f}",
            "z": str(z),
            "y": str(y),
            "x": str(x),
        }
        for t in TIMES_S
    ]


def lying_phone(sign=1.0, **about):
    note = {"sensor": "Annotation", "seconds_elapsed": "0.5", "text": "a } brace and a \\"}
    return [
        {"sensor": "Metadata", **about},
        *records("Accelerometer", x=0.5 * sign),
        note,
        *records("Gravity", z=9.81 * sign),
        *records("Gyroscope", y=1.25),
    ]


def read(document, **layout):
    return read_export({"export.json": json.dumps(document, **layout).encode()})


@pytest.mark.parametrize(
    ("about", "sign"),
    [
        ({"platform": "android"}, 1),
        ({"platform": "ios", "standardisation": "true"}, 1),
        ({"platform": "ios", "standardisation": "false"}, -1),
    ],
)
@pytest.mark.parametrize("layout", [{}, {"indent": 1}])
def test_a_phone_on_a_table_feels_one_g_upwards_whatever_its_platform(about, sign, layout):
    export = read(lying_phone(sign, **about), **layout)

    assert export.format == "sensor-logger-json"
    assert export.acc_ms2 == pytest.approx(np.tile([0.5, 0, 9.81], (100, 1)))
    assert export.gyr_rads == pytest.approx(np.tile([0, 1.25, 0], (100, 1)))
    assert export.time_s == pytest.approx(TIMES_S)
    assert export.notes == ()


def test_without_platform_android_is_assumed_and_said_so():
    assert "Android was assumed" in read(lying_phone()).notes[0]


def test_repeated_samples_are_left_out():
    document = lying_phone(platform="android")

    export = read([*document, document[5]])

    assert export.acc_ms2.shape == (100, 3)
    assert export.notes == ("1 samples of accelerometer repeat a time and are left out.",)


@pytest.mark.parametrize(
    ("part", "instead", "said"),
    [
        ('"9.81"}]', "", "not whole JSON"),
        ('"9.81"', '"high"', "without its numbers"),
        ('"9.81"', '"inf"', "without its numbers"),
        ('"z": "9.81", ', "", "without its numbers"),
        ("Gravity", "Gravel", "has no Gravity: switch on"),
        ("Gyroscope", "Compass", "has no Gyroscope: switch on"),
        ('"sensor": "Annotation"', '"sensor": ' + "}" * 99, "not whole"),
        ('"text": "', '"text": ' + "}" * 9, "not whole"),
    ],
)
def test_what_cannot_be_a_recording_is_refused(part, instead, said):
    text = json.dumps(lying_phone())
    text = text.replace(part, instead) if part in text else text[:-40]

    with pytest.raises(UnreadableExportError, match=said):
        read_export({"export.json": text.encode()})


def test_two_recordings_are_not_guessed_between():
    content = json.dumps(lying_phone()).encode()

    with pytest.raises(UnreadableExportError, match="2 recordings"):
        read_export({"a.json": content, "b.json": content})


def test_more_samples_than_hours_can_hold_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr("firmware_bridge.exports.sensor_logger_json.MAX_OBJECTS", 100)

    with pytest.raises(UnreadableExportError, match="more than 100 samples: cut it"):
        read(lying_phone())
