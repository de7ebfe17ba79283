import json
from uuid import uuid4

import pytest

from tracker.forgetting import forget_patient, is_in_training
from tracker.profile import Profile, save_profile
from tracker.session_store import SessionStore
from tracker.settings import DataFolder

PATIENT_ID, OTHER_ID = uuid4(), uuid4()


@pytest.fixture
def folder(tmp_path):
    return DataFolder(tmp_path).make()


def put(place, patient_id):
    session_id = uuid4()
    place.mkdir(exist_ok=True)
    document = place / f"{session_id}.json"
    document.write_text(json.dumps({"patient_id": str(patient_id)}), "utf-8")
    document.with_suffix(".mcap").write_bytes(b"samples")
    return session_id


def names(folder):
    return {path.stem for path in folder.root.rglob("*.json")}


def test_waiting_and_sent_sessions_go_with_their_recordings_and_others_stay(folder):
    put(folder.outbox, PATIENT_ID)
    put(folder.sent, PATIENT_ID)
    other = put(folder.outbox, OTHER_ID)

    n_gone = forget_patient(folder, PATIENT_ID)

    assert n_gone == 2
    assert names(folder) == {str(other)}
    assert len(list(folder.root.rglob("*.mcap"))) == 1


def test_a_session_that_was_cut_off_goes_and_a_running_one_is_left(folder):
    cut_off, running = uuid4(), uuid4()
    stores = [SessionStore(folder, session_id) for session_id in (cut_off, running)]
    for store in stores:
        store.keep({"patient_id": str(PATIENT_ID)})
    stores[0]._lock.release()

    n_gone = forget_patient(folder, PATIENT_ID)
    stores[1]._lock.release()

    assert n_gone == 1
    assert names(folder) == {str(running)}


def test_a_training_is_told_while_it_runs_and_not_after_it_was_cut_off(folder):
    store = SessionStore(folder, uuid4())
    store.keep({"patient_id": str(PATIENT_ID)})

    while_it_runs = [is_in_training(folder, one) for one in (PATIENT_ID, OTHER_ID)]
    store._lock.release()

    assert while_it_runs == [True, False]
    assert not is_in_training(folder, PATIENT_ID)
    assert names(folder) == {str(store._session_id)}


def test_with_the_owner_go_profile_uploads_and_copies_of_the_database(folder):
    save_profile(folder.profile, Profile(patient_id=PATIENT_ID, name="Synthetic", band="yellow"))
    places = (folder.before_update, folder.from_phones, folder.uploads, folder.log)
    kept = [place / "file" for place in places]
    for path in kept:
        path.parent.mkdir()
        path.write_bytes(b"about somebody")

    forget_patient(folder, OTHER_ID)
    before = [folder.profile.exists(), *(path.exists() for path in kept)]
    forget_patient(folder, PATIENT_ID)

    assert all(before)
    assert not folder.profile.exists()
    assert [path.parent.name for path in kept if path.exists()] == ["log"]


def test_what_cannot_be_read_stays(folder):
    for text in ("", "[]", "{"):
        (folder.outbox / f"{uuid4()}.json").write_text(text, "utf-8")

    assert forget_patient(folder, PATIENT_ID) == 0
    assert len(names(folder)) == 3
