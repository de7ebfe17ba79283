import os
from collections import namedtuple

import pytest

from tracker import doctor
from tracker.doctor import (
    check_database,
    check_disk,
    check_folder,
    check_outbox,
    check_packages,
    check_python,
    check_unfinished,
)
from tracker.settings import DataFolder

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  # as shutil returns it


def test_this_python_and_its_packages_are_well():
    assert check_python().is_well
    assert check_packages().is_well


def test_a_new_data_folder_is_made_and_well(tmp_path):
    folder = DataFolder(tmp_path / "data")

    findings = [check_folder(folder), check_disk(folder), check_database(folder)]

    assert all(one.is_well for one in findings)
    assert folder.database.exists()


def test_an_open_folder_is_noted_with_the_command_that_closes_it(tmp_path):
    folder = DataFolder(tmp_path / "data").make()
    if os.name == "nt":
        pytest.skip("Windows has other rights")
    folder.root.chmod(0o755)

    finding = check_folder(folder)

    assert not finding.is_well
    assert not finding.is_needed
    assert "chmod go-rwx" in finding.advice


def test_a_folder_that_cannot_be_made_is_a_finding_and_no_crash(tmp_path):
    (tmp_path / "file").write_text("")

    finding = check_folder(DataFolder(tmp_path / "file" / "data"))

    assert not finding.is_well
    assert finding.is_needed


def test_a_file_that_is_no_database_says_what_to_do(tmp_path):
    folder = DataFolder(tmp_path).make()
    folder.database.write_bytes(b"this is no database, whatever it is called" * 100)

    finding = check_database(folder)

    assert not finding.is_well
    assert "Move the file away" in finding.advice


def test_a_full_disk_is_found_before_it_hurts(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Usage(1e9, 1e9, 50e6))

    assert not check_disk(DataFolder(tmp_path)).is_well


def test_waiting_sessions_are_counted(tmp_path):
    folder = DataFolder(tmp_path).make()
    (folder.unfinished / "one").mkdir()
    (folder.unfinished / "one" / "one.json").write_text("{}")
    (folder.outbox / "two.json").write_text("{}")

    assert check_unfinished(folder).found == "1 sessions"
    assert check_outbox(folder).found == "1 sessions wait"
