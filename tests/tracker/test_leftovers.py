"""What the dead leave behind is removed, and what somebody works on is not."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from uuid import UUID

import pytest

from analysis import ImuSamples
from tests.tracker.moving.filled_folder import fill
from tracker.file_session import ImportOptions, import_file
from tracker.leftovers import remove_leftovers
from tracker.moving import back_up
from tracker.moving.backing_up import DRAFT_PREFIX
from tracker.moving.drafts import draft_folder, remove_dead_drafts
from tracker.part_file import PartFile, write_text_durably
from tracker.profile import Profile, load_profile
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.sample_data import csv_text
from tracker.session_store import SessionStore
from tracker.settings import DataFolder
from tracker.simulator import Scenario, simulate

SESSION = UUID("3c2f8a52-0000-4000-8000-00000000abcd")
DIES = """
import os, sys
from pathlib import Path
from tracker.moving.drafts import draft_folder
with draft_folder(Path(sys.argv[1]), sys.argv[2]) as draft:
    (draft / "half").write_text("of a backup")
    os._exit(9)
"""


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "synthetic.csv"
    made = simulate(Scenario(exercise_id="ecc_prone_helper", reps=2, rate_hz=50.0), seed=4)
    path.write_text(csv_text(made), "utf-8")
    return path


def imported(path, folder):
    profile = load_profile(folder.profile)
    return import_file(path, ImportOptions(exercise="ecc_prone_helper"), profile, folder)


def test_a_draft_of_a_program_that_died_goes_with_the_next_and_one_in_work_stays(tmp_path):
    subprocess.run([sys.executable, "-c", DIES, tmp_path, DRAFT_PREFIX], check=False)
    left = list(tmp_path.iterdir())

    with draft_folder(tmp_path, DRAFT_PREFIX) as mine:
        n_removed = remove_dead_drafts(tmp_path, DRAFT_PREFIX)
        there = list(tmp_path.iterdir())

    assert len(left) == 1
    assert (n_removed, there) == (0, [mine])
    assert list(tmp_path.iterdir()) == []


def test_the_copy_of_health_data_that_a_killed_backup_left_goes_with_the_next_one(tmp_path):
    folder = fill(tmp_path / "data", sessions=0)
    place = tmp_path / "backups"
    place.mkdir()
    subprocess.run([sys.executable, "-c", DIES, place, DRAFT_PREFIX], check=False)
    left = [one.name for one in place.iterdir()]

    back_up(folder, place / "second.zip")

    assert len(left) == 1
    assert [one.name for one in place.iterdir()] == ["second.zip"]


def test_an_import_that_was_cut_off_in_its_recording_can_be_given_again(tmp_path, recording):
    folder = DataFolder(tmp_path / "data").make()
    first = imported(recording, folder)
    (folder.outbox / f"{first.session_id}.json").unlink()
    whole = folder.outbox / f"{first.session_id}.mcap"
    whole.rename(folder.outbox / f"{first.session_id}.mcap.part")

    again = imported(recording, folder)

    names = sorted(path.name for path in folder.outbox.iterdir())
    assert names == [f"{again.session_id}.json", f"{again.session_id}.mcap"]


def test_a_session_that_waits_keeps_its_recording_while_it_is_imported_again(tmp_path, recording):
    folder = DataFolder(tmp_path / "data").make()
    first = imported(recording, folder)
    before = (folder.outbox / f"{first.session_id}.mcap").stat().st_ino

    imported(recording, folder)

    assert (folder.outbox / f"{first.session_id}.mcap").stat().st_ino == before


def test_recordings_in_the_outbox_go_only_when_nobody_needs_them(tmp_path):
    folder = DataFolder(tmp_path / "data").make()
    for name in ("arrived.mcap", "waiting.mcap", "waiting.json", "alone.mcap", "dead.mcap.part"):
        (folder.outbox / name).write_bytes(b"x")
    (folder.sent / "arrived.json").write_bytes(b"{}")
    writing = PartFile(folder.outbox / "writing.mcap")

    n_removed = remove_leftovers(folder)

    writing.abandon()
    kept = {path.name for path in folder.outbox.iterdir()}
    assert n_removed == 2
    assert kept == {"waiting.mcap", "waiting.json", "alone.mcap", "writing.mcap.part"}


def test_a_small_file_is_on_the_disk_before_it_takes_the_name_of_the_old_one(tmp_path, monkeypatch):
    happened, sync, rename = [], os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: (happened.append("sync"), sync(file)))
    monkeypatch.setattr(os, "replace", lambda *names: (happened.append("name"), rename(*names)))

    write_text_durably(tmp_path / "profile.json", Profile(patient_id=None).as_json())

    assert happened == ["sync", "name", "sync"], "the file, its name, the folder"


def recorder_of(store):
    header = RecordingHeader(
        session=str(SESSION),
        started_at=datetime(2026, 5, 12, 8, 30, tzinfo=UTC),
        anchor_s=0.0,
        sensor="synthetic",
    )
    return Recorder(store.recording, header)


def killed(store, recorder):
    """Leave the files as a killed program does: no name, no lock."""
    recorder.flush()
    recorder._thread.shutdown(wait=True)
    recorder._file.abandon()
    store._lock.release()


def test_a_session_that_was_killed_before_it_began_leaves_nothing(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    killed(store, recorder_of(store))
    (store.recording.parent / f".{SESSION}.json.draft").write_text("{")

    n_removed = remove_leftovers(folder)

    assert (n_removed, list(folder.unfinished.iterdir())) == (1, [])


def test_a_recording_that_lost_its_session_and_holds_samples_stays(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    recorder = recorder_of(store)
    recorder.add_samples(ImuSamples([1.0, 1.01], [[0.0, 0.0, 9.81]] * 2, [[0.0] * 3] * 2))
    killed(store, recorder)

    n_removed = remove_leftovers(folder)

    kept = [path.name for path in folder.unfinished.rglob("*") if path.is_file()]
    assert (n_removed, kept) == (0, [f"{SESSION}.mcap.part"])


def test_a_session_that_runs_is_left_alone_before_its_first_json(tmp_path):
    folder = DataFolder(tmp_path).make()
    store = SessionStore(folder, SESSION)
    draft = store.recording.parent / f".{SESSION}.json.draft"
    draft.write_text("{")

    n_removed = remove_leftovers(folder)
    was_there = draft.exists()
    store.leave()

    assert (n_removed, was_there) == (0, True)
