import json
from uuid import UUID

import pytest

from tracker.recovery import flag_cut_reps
from tracker.session_store import SessionBusyError, SessionStore, recover_sessions
from tracker.settings import DataFolder

SESSION = UUID("00000000-0000-4000-8000-000000000001")
NOTHING = {
    "plan": {"exercise": "ecc_prone_helper"},
    "started_at": "2026-05-04",
    "exercise_sets": [],
}
DOCUMENT = {
    "plan": {"exercise": "ecc_prone_helper"},
    "started_at": "2026-05-04",
    "exercise_sets": [{"reps": [{"eccentric_s": 3.0}]}],
}


def no_mending(place, document):
    return {**document, "mended": place.name}, 12.5


def test_a_finished_session_is_whole_in_the_outbox(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    store.recording.write_bytes(b"signal")

    path = store.finish(DOCUMENT)

    assert path == folder.outbox / f"{SESSION}.json"
    assert path.with_suffix(".mcap").read_bytes() == b"signal"
    assert not list(folder.unfinished.iterdir())


def test_a_session_that_was_cut_off_comes_to_the_outbox_at_the_next_start(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    store.keep(DOCUMENT)
    store.recording.write_bytes(b"signal")
    store.leave()  # what the system does for a program that dies

    recovered = recover_sessions(folder, no_mending)

    assert [one.session_id for one in recovered] == [SESSION]
    assert recovered[0].recovered_s == 12.5
    stored = json.loads((folder.outbox / f"{SESSION}.json").read_text())
    assert stored["mended"] == str(SESSION)
    assert not list(folder.unfinished.iterdir())


def test_a_running_session_is_left_alone(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    store.keep(DOCUMENT)

    recovered = recover_sessions(folder, no_mending)

    assert recovered == []
    assert store.finish(DOCUMENT).exists()


def test_a_session_runs_once_at_a_time(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)

    with pytest.raises(SessionBusyError):
        SessionStore(folder, SESSION)

    store.discard()


def test_a_session_without_a_repetition_leaves_nothing_behind(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    store.keep(DOCUMENT)
    store.recording.write_bytes(b"signal")

    store.discard()

    assert not list(folder.unfinished.iterdir())
    assert not list(folder.outbox.iterdir())
    assert recover_sessions(folder, no_mending) == []


def test_what_a_full_disk_left_unfinished_is_not_thrown_away(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    part = store.recording.with_name(store.recording.name + ".part")
    part.write_bytes(b"signal")

    store.finish(DOCUMENT)

    assert part.read_bytes() == b"signal"


def test_a_session_cut_off_before_its_first_repetition_is_not_stored(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    store.keep(NOTHING)
    store.recording.write_bytes(b"signal")
    (store.recording.parent / f".{SESSION}.json.draft").write_text("{")  # killed while it wrote
    store.leave()

    recovered = recover_sessions(folder, no_mending)

    assert recovered == []
    assert not list(folder.unfinished.iterdir())
    assert not list(folder.outbox.iterdir())


def test_a_repetition_that_the_crash_cut_into_is_flagged():
    sets = [{"reps": [{"end_s": 10.0, "flags": []}, {"end_s": 15.2, "flags": ["too_fast"]}]}]

    flag_cut_reps(sets, 15.4)

    assert [rep["flags"] for rep in sets[0]["reps"]] == [[], ["too_fast", "gap"]]
