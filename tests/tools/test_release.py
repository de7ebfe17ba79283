import hashlib
import subprocess

import pytest

from tools.release import ROOT, SUMS, sums_of
from tools.releasing.contents import (
    NEEDED,
    wrong_in_metadata,
    wrong_in_sources,
    wrong_in_wheel,
)
from tools.releasing.notes import wrong_in_notes
from tracker.whats_new.changelog import Release

INFO = "tempo90-0.1.0.dist-info"
METADATA = """Name: tempo90
Version: 0.1.0
Summary: A coach.
License-Expression: Apache-2.0
Requires-Python: >=3.11
Requires-Dist: numpy>=2.0
Description-Content-Type: text/markdown
Classifier: Typing :: Typed
Keywords: imu

# tempo90
"""


def tracked():
    command = ["git", "ls-files"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return listed.stdout.splitlines()


def whole_wheel(names):
    shipped = [
        one
        for one in names
        if one.startswith(("tracker/", "firmware_bridge/", "analysis/", "api/"))
    ]
    samples = [
        one.replace("sample_data", "tracker/recordings")
        for one in names
        if one.startswith("sample_data/")
    ]
    told = [f"{INFO}/licenses/LICENSE", f"{INFO}/entry_points.txt", "tracker/CHANGELOG.md"]
    return [*shipped, *samples, *told]


def test_a_wheel_with_every_file_of_the_packages_is_right():
    names = tracked()

    assert list(wrong_in_wheel(whole_wheel(names), names)) == []


@pytest.mark.parametrize("what", NEEDED)
def test_a_wheel_is_wrong_without_any_kind_of_file(what):
    names = tracked()
    prefix = NEEDED[what].partition("*")[0] or INFO

    kept = [one for one in whole_wheel(names) if not one.startswith(prefix)]

    assert any(f"no {what} " in line for line in wrong_in_wheel(kept, names))


def test_what_is_in_no_repository_and_tests_do_not_belong_into_a_wheel():
    names = tracked()

    found = list(wrong_in_wheel([*whole_wheel(names), "tests/builders.py", "api/.env"], names))

    assert found == [
        "wheel: api/.env does not belong there",
        "wheel: tests/builders.py does not belong there",
    ]


def test_sources_hold_what_is_shipped_and_nothing_of_the_machine():
    names = ["pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "api/db.py"]

    right = list(wrong_in_sources([*names, "PKG-INFO"], names))
    found = list(wrong_in_sources([*names[1:5], "secret.pem"], names))

    assert right == []
    assert found == [
        "sources: secret.pem is not in the repository",
        "sources: api/db.py is missing",
        "sources: pyproject.toml is missing",
    ]


def test_metadata_say_everything_and_the_version_of_the_project():
    silent = METADATA.replace("Summary: A coach.\n", "").partition("# tempo90")[0]

    assert list(wrong_in_metadata(METADATA, "0.1.0")) == []
    assert list(wrong_in_metadata(silent, "0.2.0")) == [
        "metadata: no Summary",
        "metadata: version 0.1.0, and 0.2.0 in pyproject.toml",
        "metadata: no description",
    ]


@pytest.mark.parametrize(
    ("newest", "is_wrong", "is_trial"),
    [("0.2.0", False, False), ("Unreleased", False, True), ("0.1.0", True, False)],
)
def test_the_newest_entry_of_the_changelog_is_the_version_or_says_unreleased(
    newest, is_wrong, is_trial
):
    releases = [Release(newest, ("Something.",)), Release("0.1.0", ("More.",))]

    wrong, said = wrong_in_notes(releases, "0.2.0")

    assert (wrong is not None, said is not None) == (is_wrong, is_trial)


def test_a_changelog_without_a_line_is_wrong():
    assert wrong_in_notes([], "0.1.0")[0]
    assert wrong_in_notes([Release("0.1.0", ())], "0.1.0")[0]


def test_sums_are_of_every_file_but_their_own(tmp_path):
    (tmp_path / "b.whl").write_bytes(b"wheel")
    (tmp_path / "a.tar.gz").write_bytes(b"sources")
    (tmp_path / SUMS).write_text("old")

    lines = sums_of(tmp_path).splitlines()

    assert lines == [
        f"{hashlib.sha256(b'sources').hexdigest()}  a.tar.gz",
        f"{hashlib.sha256(b'wheel').hexdigest()}  b.whl",
    ]
