import json
import math
from datetime import UTC, datetime

import pytest

from analysis import ENGINE_VERSION, ImuSamples
from api.review.differences import differences
from api.review.errors import UnreadableRecordingError
from api.schemas import SessionPublic, SetBody
from tests.tracker.coach_builders import a_plan
from tests.tracker.training_builders import a_room
from tracker.file_session import ImportOptions, import_file
from tracker.measuring import SetMeasurement
from tracker.profile import Profile
from tracker.reanalysis.again import analyse_session
from tracker.reanalysis.windows import set_windows
from tracker.recorder import Recorder
from tracker.recording_file import read_mcap
from tracker.recording_format import RecordingHeader
from tracker.recovery import planned_step
from tracker.settings import DataFolder
from tracker.simulator import Scenario, simulate
from tracker.virtual_radio import run_virtually

NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)


def stored(document, path):
    """The session as the service gives it back."""
    added = {"id": path.stem, "url": "", "received_at": NOON.isoformat(), "recording": None}
    return SessionPublic.model_validate(document | added)


def bodies(document):
    return [SetBody.model_validate(one) for one in document["exercise_sets"]]


@pytest.fixture(scope="module")
def sitting(tmp_path_factory):
    """Two sets over the virtual radio: the document and the recording."""
    folder = tmp_path_factory.mktemp("sitting")

    async def train():
        async with a_room(folder, a_plan(sets=2, reps=3, rest_s=20.0)) as room:
            return await room.training.run()

    outcome = run_virtually(train())
    return json.loads(outcome.path.read_text()), outcome.path.with_suffix(".mcap")


def test_the_sets_are_cut_exactly_where_the_coach_cut_them(sitting):
    document, path = sitting
    recorded = read_mcap(path)
    t0_s = float(recorded.samples.time_s[0])
    again = []

    for window in set_windows(recorded):
        step = planned_step(document["plan"], window.step_number)
        measurement = SetMeasurement(step, window.set_number, window.step_number)
        measurement.update(window.cut(recorded.samples))
        pain = document["pain"]["before"]
        again += measurement.close(t0_s=t0_s, language="nl", pain=pain).documents

    assert again == document["exercise_sets"]


def test_the_same_engine_finds_the_same_repetitions_with_better_times(sitting):
    document, path = sitting

    found = analyse_session(path, stored(document, path))

    assert found.engine == ENGINE_VERSION
    assert [len(one.reps) for one in found.sets] == [3, 3]
    for old, new in zip(bodies(document), found.sets, strict=True):
        assert (old.exercise, old.side, old.band) == (new.exercise, new.side, new.band)
        for before, after in zip(old.reps, new.reps, strict=True):
            assert after.eccentric_s == pytest.approx(before.eccentric_s, abs=0.03)
            assert after.peak_deg == pytest.approx(before.peak_deg, abs=0.3)
            assert after.flags == before.flags


def test_a_set_that_an_old_result_missed_is_among_the_differences(sitting):
    document, path = sitting
    poorer = document | {"exercise_sets": document["exercise_sets"][:1]}

    found = analyse_session(path, stored(poorer, path))

    changes = differences(bodies(poorer), found.sets)
    assert [(one.before, one.after) for one in changes if one.before is None] == [(None, 2)]


def test_what_was_told_about_a_set_stays_with_it(sitting):
    document, path = sitting
    first, second = document["exercise_sets"]
    told = document | {"exercise_sets": [first | {"reps_by_patient": 4, "band": "geel"}, second]}

    found = analyse_session(path, stored(told, path))

    assert found.sets[0].model_dump()["reps_by_patient"] == 4
    assert found.sets[0].band == "geel"
    assert "reps_by_patient" not in found.sets[1].model_dump()


def test_a_recording_of_an_earlier_version_tells_the_edges_of_its_sets_by_the_clock(sitting):
    _, path = sitting
    recorded = read_mcap(path)
    older = [
        {name: value for name, value in note.items() if name != "last_sample_s"}
        for note in recorded.annotations
    ]
    object.__setattr__(recorded, "annotations", tuple(older))

    windows = set_windows(recorded)

    starts = [note["at_s"] for note in older if note["event"] == "set_started"]
    assert [window.after_s for window in windows] == starts
    assert [window.set_number for window in windows] == [1, 2]


def test_a_set_that_was_cut_off_lasts_to_the_end_of_the_recording(sitting):
    _, path = sitting
    recorded = read_mcap(path)
    notes = [note for note in recorded.annotations if "set" in note]
    object.__setattr__(recorded, "annotations", tuple(notes[:3]))

    windows = set_windows(recorded)

    assert [math.isinf(window.until_s) for window in windows] == [False, True]
    assert len(windows[1].cut(recorded.samples)) > 1_000


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A seated recording that starts with the foot flat, imported with its angle given."""
    folder = DataFolder(tmp_path_factory.mktemp("imported")).make()
    scenario = Scenario(exercise_id="ecc_seated_solo", sets=1, reps=4)
    signals = simulate(scenario, seed=4)
    path = folder.root / "seated.csv"
    header = "t_s,acc_x_ms2,acc_y_ms2,acc_z_ms2,gyr_x_rads,gyr_y_rads,gyr_z_rads"
    rows = [
        ",".join(f"{value:.9g}" for value in (at_s, *acc, *gyr))
        for at_s, acc, gyr in zip(signals.time_s, signals.acc_ms2, signals.gyr_rads, strict=True)
    ]
    path.write_text("\n".join([header, *rows]))
    options = ImportOptions(exercise="ecc_seated_solo", zero_deg=20.0)
    profile = Profile(patient_id="00000000-0000-4000-8000-00000000000a", language="en")
    done = import_file(path, options, profile, folder)
    document = json.loads((folder.outbox / f"{done.session_id}.json").read_text())
    return document, folder.outbox / f"{done.session_id}.mcap"


def test_an_imported_recording_is_analysed_in_one_piece_with_the_angle_that_was_given(imported):
    document, path = imported

    found = analyse_session(path, stored(document, path))

    assert [len(one.reps) for one in found.sets] == [4]
    assert differences(bodies(document), found.sets) == []
    assert found.sets[0].reps[0].peak_deg > 90
    assert found.sets[0].trace == bodies(document)[0].trace


def test_a_file_that_is_no_recording_is_refused_with_the_reason(sitting, tmp_path):
    document, path = sitting
    broken = tmp_path / path.name
    broken.write_bytes(b"not a recording")

    with pytest.raises(UnreadableRecordingError, match="Its results stay as they are"):
        analyse_session(broken, stored(document, path))


def test_a_recording_without_a_sample_is_refused(sitting, tmp_path):
    document, path = sitting
    empty = tmp_path / path.name
    header = RecordingHeader(session=path.stem, started_at=NOON, anchor_s=0.0, sensor="witmotion")
    with Recorder(empty, header) as recorder:
        recorder.add_samples(ImuSamples([], [], []))

    with pytest.raises(UnreadableRecordingError, match="no sample"):
        analyse_session(empty, stored(document, path))
