import json

import pytest

from analysis import ImuSamples, analyse_recording, analysis_document
from tracker.simulator import Scenario, simulate


@pytest.mark.parametrize("exercise_id", ["iso_prone_raise", "stretch_hamstring", "cycling"])
def test_the_document_of_any_kind_of_set_is_plain_json(exercise_id):
    signals = simulate(Scenario(exercise_id=exercise_id, sets=1, reps=3), seed=3)
    samples = ImuSamples(signals.time_s, signals.acc_ms2, signals.gyr_rads)

    result = analyse_recording(samples, exercise_id)
    text = json.dumps(analysis_document(result, exercise=exercise_id, recording_format="csv"))

    assert '"quality"' in text
