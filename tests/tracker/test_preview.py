import numpy as np
import pytest

from analysis import ImuSamples
from tests.tracker.upload.upload_site import a_recording
from tracker.importing import LoadedRecording
from tracker.preview import preview_of, thinned, tilt_deg


def samples_of(recording, rotation=None):
    turn = np.eye(3) if rotation is None else rotation
    return ImuSamples(recording.time_s, recording.acc_ms2 @ turn, recording.gyr_rads @ turn)


def test_the_tilt_of_a_leg_that_is_lifted_to_90_degrees_is_90_degrees():
    recording = a_recording(reps=2)

    tilt = tilt_deg(samples_of(recording))

    assert tilt[:100].max() < 3
    assert tilt.max() == pytest.approx(max(rep.peak_deg for rep in recording.truth.reps), abs=4)


def test_the_tilt_does_not_depend_on_how_the_sensor_was_mounted():
    recording = a_recording(reps=1)
    rotation = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    rotation *= np.sign(np.linalg.det(rotation))

    tilts = tilt_deg(samples_of(recording)), tilt_deg(samples_of(recording, rotation))

    np.testing.assert_allclose(*tilts, atol=1.0)


def test_a_thinned_curve_keeps_every_peak_and_lifts_the_pen_at_a_gap():
    time_s = np.concatenate([np.arange(5000) / 100, 60 + np.arange(5000) / 100])
    values = np.zeros(10_000)
    values[1234], values[8765] = 90.0, -5.0

    times, kept = thinned(time_s, values, 100)

    known = [value for value in kept if value is not None]
    assert (max(known), min(known)) == (90.0, -5.0)
    assert kept.count(None) == 1
    assert len(times) == len(kept) <= 201
    assert times == sorted(times)


def test_a_preview_says_how_long_and_how_fast():
    recording = a_recording(reps=1)
    loaded = LoadedRecording(samples=samples_of(recording), format="generic-csv", notes=("a note",))

    document = preview_of(loaded).document()

    assert document["rate_hz"] == pytest.approx(100, rel=0.01)
    assert document["duration_s"] == pytest.approx(
        recording.time_s[-1] - recording.time_s[0], abs=0.1
    )
    assert document["notes"] == ["a note"]
    assert len(document["t"]) == len(document["a"]) <= 1200
