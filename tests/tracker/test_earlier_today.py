import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.tracker.training_builders import PROFILE
from tracker.earlier_today import done_earlier, sets_done
from tracker.settings import DataFolder

NOW = datetime.now(UTC)
STRETCH = {"exercise": "stretch_hamstring", "sets": 2, "side": None}
PRONE = {"exercise": "ecc_prone_helper", "sets": 3, "side": "left"}
OTHER = UUID("00000000-0000-4000-8000-0000000000ff")


def a_session(*, began=NOW, patient=PROFILE.patient_id, plan=(STRETCH, PRONE), **done):
    known = {"exercise_sets": [{"step": 2, "set": 1}, {"step": 2, "set": 1}], "timed": []}
    head = {"patient_id": str(patient), "started_at": began.isoformat(), "plan": list(plan)}
    return head | known | done


def stored(tmp_path, *sessions):
    folder = DataFolder(tmp_path).make()
    for k, session in enumerate(sessions):
        (folder.sent / f"{k}.json").write_text(json.dumps(session))
    return folder


def test_a_set_that_a_gap_cut_in_two_is_one_set():
    assert sets_done(a_session()) == [("ecc_prone_helper", "left", 1)]


def test_what_was_done_before_is_counted_on():
    again = a_session(plan=(STRETCH, PRONE | {"sets_done": 1}))

    assert sets_done(again) == [("ecc_prone_helper", "left", 2)]


def test_an_exercise_that_was_told_is_done():
    told = a_session(self_reported=[{"step": 1}], exercise_sets=[])

    assert sets_done(told) == [("stretch_hamstring", None, 2)]


@pytest.mark.parametrize(
    "session",
    [
        a_session(began=NOW - timedelta(hours=3)),
        a_session(patient=OTHER),
        a_session(plan=(PRONE,)),
        {"patient_id": str(PROFILE.patient_id)},
    ],
)
def test_another_day_another_person_or_a_single_exercise_is_nothing_to_go_on_with(
    tmp_path, session
):
    folder = stored(tmp_path, session)

    assert done_earlier(folder, PROFILE.patient_id, NOW, 7200.0) == []


def test_the_newest_sitting_counts(tmp_path):
    older = a_session(began=NOW - timedelta(hours=1), exercise_sets=[])
    folder = stored(tmp_path, a_session(), older)

    done = done_earlier(folder, PROFILE.patient_id, NOW, 7200.0)

    assert done == [("ecc_prone_helper", "left", 1)]
