from datetime import UTC, datetime

import numpy as np
import pytest

from analysis import ImuSamples
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.recovery import SET_STARTED, mend
from tracker.simulator import SimulatedPatient

RATE_HZ = 60.0
WRITTEN = {"exercise": "ecc_prone_helper", "step": 1, "set": 1, "reps": []}
PLAN = [{"exercise": "ecc_prone_helper", "side": "left", "sets": 2, "reps": 2}]


@pytest.fixture
def place(tmp_path):
    """What is left of a process that was killed after a set, before the recording said so."""
    header = RecordingHeader(
        session="a-session",
        started_at=datetime.now(UTC),
        anchor_s=0.0,
        sensor="phone",
        sensor_address=None,
        rate_hz=RATE_HZ,
        exercises=("ecc_prone_helper",),
        settings={},
    )
    leg = SimulatedPatient("ecc_prone_helper", seed=5, rate_hz=RATE_HZ)
    lying = leg.next_samples(round(4 * RATE_HZ))
    leg.hear("go", reps=2)
    moving = leg.next_samples(round(20 * RATE_HZ))
    acc_ms2, gyr_rads = (np.concatenate(two) for two in zip(lying, moving, strict=True))
    samples = ImuSamples(np.arange(len(acc_ms2)) / RATE_HZ, acc_ms2, gyr_rads)
    with Recorder(tmp_path / "a-session.mcap", header) as recorder:
        recorder.annotate(0.0, {"event": SET_STARTED, "set": 1, "step": 1})
        recorder.add_samples(samples)
    return tmp_path


def test_a_set_that_was_written_is_not_added_once_more(place):
    document = {"plan": PLAN, "exercise_sets": [WRITTEN]}

    mended, recorded_s = mend(place, document)

    assert mended["exercise_sets"] == [WRITTEN]
    assert recorded_s == pytest.approx(24.0, abs=0.1)


def test_a_set_that_was_not_written_is(place):
    mended, _ = mend(place, {"plan": PLAN, "exercise_sets": []})

    assert [(one["step"], one["set"], len(one["reps"])) for one in mended["exercise_sets"]] == [
        (1, 1, 2)
    ]
