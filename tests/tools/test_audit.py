import json
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import PathDistribution

import pytest

from tools.audit import (
    ROOT,
    ages,
    altered_files,
    ask_published,
    check_versions,
    normal,
    read_pins,
)

LOCK = """Example_One==1.2 \\
    --hash=sha256:00
    # via tempo90
example-two==3.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
example-two==3.1 ; sys_platform != 'win32' \\
    --hash=sha256:00
"""


def test_a_lock_is_read_by_the_names_that_indexes_compare():
    pins = read_pins(LOCK)

    assert {name: (pin.versions, pin.is_conditional) for name, pin in pins.items()} == {
        "example-one": (("1.2",), False),
        "example-two": (("3.0", "3.1"), True),
    }
    assert normal("A.b__C") == "a-b-c"


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_every_package_of_our_own_locks_is_found(lock):
    text = (ROOT / f"requirements/{lock}.txt").read_text("utf-8")

    bare = [line.partition("#")[0].partition(";")[0] for line in text.splitlines()]

    n_versions = sum(len(pin.versions) for pin in read_pins(text).values())

    assert n_versions == sum("==" in line for line in bare) > 0


def test_what_is_installed_is_held_against_the_lock():
    installed = {"example-one": "1.1", "stranger": "9", "pip": "26"}

    findings = check_versions(read_pins(LOCK), installed)

    assert sorted(findings.wrong) == [
        "example-one 1.1 is installed, 1.2 is pinned",
        "stranger 9 is installed and not pinned",
    ]
    assert findings.said == []


def test_a_file_that_was_altered_or_is_gone_is_named(tmp_path):
    about = tmp_path / "example-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: example\nVersion: 1.0\n")
    empty = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    (about / "RECORD").write_text("".join(f"{name}.py,{empty},0\n" for name in ("a", "b", "c")))
    (tmp_path / "a.py").write_text("")
    (tmp_path / "b.py").write_text("steal()")

    found = list(altered_files(PathDistribution(about)))

    assert found == ["example: b.py was altered", "example: c.py is gone"]


def answering(tmp_path, text):
    program = tmp_path / "answer.py"
    program.write_text(f"print({text!r})")
    return [sys.executable, str(program)]


def test_published_holes_are_told_with_the_version_that_mends_them(tmp_path):
    hole = {"id": "SYNTHETIC-1", "fix_versions": ["1.3"]}
    said = {"dependencies": [{"name": "example-one", "version": "1.2", "vulns": [hole]}]}

    findings = ask_published(answering(tmp_path, json.dumps(said)), read_pins(LOCK))

    assert findings.wrong == ["example-one 1.2: SYNTHETIC-1, mended in 1.3"]


SKIPPED = '{"dependencies": [{"name": "example-one", "skip_reason": "not found"}]}'


@pytest.mark.parametrize("text", ["", "Traceback", "{}", "[]", SKIPPED])
def test_no_answer_is_said_and_taken_for_no_hole_and_no_proof(tmp_path, text):
    findings = ask_published(answering(tmp_path, text), read_pins(LOCK))

    assert findings.wrong == []
    assert findings.said == ["Published holes could not be asked for: no answer."]


def test_pins_are_listed_by_age_from_the_history_of_the_lock():
    now = datetime(2026, 5, 12, tzinfo=UTC)

    def line(days, text):
        at = int((now - timedelta(days=days)).timestamp())
        return f"author-time {at}\n\t{text}\n"

    blame = line(3, "young==1 \\") + line(3, "    --hash=sha256:0") + line(90, "old==2 \\")

    assert ages(blame, now) == [(90, "old==2"), (3, "young==1")]
