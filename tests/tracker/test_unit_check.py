from pathlib import Path

import numpy as np
import pytest

from analysis import ImuSamples
from tracker.importing import LoadedRecording, load_recording
from tracker.unit_check import UnitError, all_notes, check_units

SAMPLES = Path(__file__).parents[2] / "sample_data"
GOOD = load_recording(SAMPLES / "prone_good.csv").samples


def scaled(acc: float = 1.0, gyr: float = 1.0) -> ImuSamples:
    return ImuSamples(GOOD.time_s, GOOD.acc_ms2 * acc, GOOD.gyr_rads * gyr)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.csv")), ids=lambda path: path.stem)
def test_what_a_leg_does_is_never_taken_for_another_unit(path):
    check_units(load_recording(path).samples)


def test_the_sign_of_an_iphone_is_no_fault():
    check_units(scaled(acc=-1))


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (scaled(acc=1 / 9.80665), "in g"),
        (scaled(acc=1000 / 9.80665), "far above gravity"),
        (scaled(acc=0.001), "lack gravity"),
        (scaled(gyr=0), "stand still"),
        (scaled(gyr=180 / np.pi), "not to be in rad/s"),
        (scaled(gyr=np.pi / 180), "not to be in rad/s"),
        (scaled(gyr=-1), "the other way"),
    ],
)
def test_numbers_in_another_unit_or_sign_are_refused(samples, words):
    with pytest.raises(UnitError, match=words):
        check_units(samples)


def test_a_sensor_that_lies_still_leaves_no_doubt_of_its_gyroscope():
    still = ImuSamples(np.arange(500) / 100, np.tile([0.0, 0, 9.81], (500, 1)), np.zeros((500, 3)))

    check_units(still)


def test_a_doubt_is_told_once():
    recording = LoadedRecording(
        samples=scaled(acc=1 / 9.80665),
        format="generic-csv",
        notes=("Accelerations seem to be in g, not in m/s²: check the export.",),
    )

    assert all_notes(recording) == recording.notes
