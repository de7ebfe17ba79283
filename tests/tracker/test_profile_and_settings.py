import os
from pathlib import Path
from uuid import UUID

import pytest

from tracker.profile import (
    Profile,
    ProfileError,
    as_kept,
    load_profile,
    save_profile,
    simulated,
    usual_language,
    with_choices,
)
from tracker.settings import DataFolder, DataFolderError, find_data_folder


def test_the_folder_that_is_given_wins_over_the_environment(tmp_path):
    found = find_data_folder(tmp_path / "given", environment={"TEMPO90_DATA": "/elsewhere"})

    assert found.root == tmp_path / "given"


def test_the_environment_wins_over_the_usual_place():
    found = find_data_folder(environment={"TEMPO90_DATA": "/elsewhere"})

    assert found.root == Path("/elsewhere").absolute()


@pytest.mark.parametrize(
    ("platform", "environment", "ending"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/tempo90"),
        ("linux", {}, ".local/share/tempo90"),
        ("darwin", {}, "Library/Application Support/tempo90"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/tempo90"),
        ("win32", {}, "AppData/Local/tempo90"),
    ],
)
def test_each_platform_has_its_own_place(platform, environment, ending):
    found = find_data_folder(environment=environment, platform=platform)

    assert found.root.as_posix().endswith(ending)


def test_the_data_folder_is_closed_to_other_users(tmp_path):
    folder = DataFolder(tmp_path / "mine").make()

    assert folder.outbox.is_dir()
    if os.name != "nt":
        assert folder.root.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_says_what_to_give(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(DataFolderError, match="--data"):
        DataFolder(tmp_path / "file" / "under").make()


def test_a_profile_keeps_its_patient_from_start_to_start(tmp_path):
    path = tmp_path / "profile.json"

    first = load_profile(path, environment={"LANG": "nl_NL.UTF-8"})
    second = load_profile(path, environment={"LANG": "en_GB.UTF-8"})

    assert second == first
    assert first.language == "nl"


def test_a_profile_that_cannot_be_read_is_not_replaced(tmp_path):
    path = tmp_path / "profile.json"
    path.write_text('{"patient_id": "nobody"}')

    with pytest.raises(ProfileError, match="mend it"):
        load_profile(path)

    assert "nobody" in path.read_text()


def test_simulated_data_belong_to_a_patient_of_their_own():
    own = Profile(patient_id=UUID(int=90))

    synthetic = simulated(own)

    assert synthetic.patient_id != own.patient_id
    assert synthetic == simulated(own)


@pytest.mark.parametrize(
    ("environment", "language"),
    [({"LANG": "nl_BE.UTF-8"}, "nl"), ({"LC_ALL": "C", "LANG": "nl_NL"}, "en"), ({}, "en")],
)
def test_the_language_is_that_of_the_machine(environment, language):
    assert usual_language(environment) == language


def test_a_choice_on_the_command_line_stands_for_this_time():
    profile = Profile(patient_id=UUID(int=90), language="nl", side="left")

    assert with_choices(profile, language="en", side=None).language == "en"
    assert with_choices(profile, language=None, side="right").side == "right"
    assert with_choices(profile, language=None, side=None) == profile


def test_a_program_that_runs_on_knows_the_leg_and_the_band_only_while_the_file_does(tmp_path):
    path = tmp_path / "profile.json"
    begun = Profile(patient_id=UUID(int=1), language="nl", side="left", band="yellow")
    save_profile(path, Profile(patient_id=UUID(int=1), side="right"))

    told_anew = as_kept(begun, path)
    path.write_text("not a profile")
    unreadable = as_kept(begun, path)
    path.unlink()
    deleted = as_kept(begun, path)

    assert told_anew == Profile(patient_id=UUID(int=1), language="nl", side="right")
    assert unreadable == begun
    assert deleted == Profile(patient_id=UUID(int=1), language="nl")
