import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from rich.console import Console

from analysis import load_catalogue
from tests.tracker.upload.upload_site import a_csv
from tracker import cli
from tracker.import_talk import ask_exercise, ask_side, file_progress

ROOT = Path(__file__).resolve().parents[2]


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["tempo90", "import", *map(str, arguments)])
    try:
        status = cli.main()
    except SystemExit as end:
        status = end.code
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.fixture
def leg(tmp_path):
    path = tmp_path / "leg.csv"
    path.write_bytes(a_csv(reps=3))
    return path


def test_the_signal_is_shown_and_the_session_stored(monkeypatch, capsys, tmp_path, leg):
    data = ["--data", tmp_path / "data", "--lang", "nl"]

    status, out, err = run(monkeypatch, capsys, leg, "--exercise", "ecc_prone_helper", *data)

    assert (status, err) == (0, "")
    assert "█" in out
    assert "1 series, 3 herhalingen" in out
    assert len(list((tmp_path / "data" / "sent").glob("*.json"))) == 1


def test_the_same_file_again_says_so(monkeypatch, capsys, tmp_path, leg):
    arguments = [leg, "--exercise", "free_movement", "--data", tmp_path / "data"]

    run(monkeypatch, capsys, *arguments)
    status, out, _ = run(monkeypatch, capsys, *arguments)

    assert status == 0
    assert "nothing was stored twice" in out
    assert len(list((tmp_path / "data" / "sent").glob("*.json"))) == 1


def test_a_bad_file_among_good_ones_is_named_and_the_others_are_stored(
    monkeypatch, capsys, tmp_path, leg
):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear all,\n")
    arguments = ["--exercise", "free_movement", "--json", "--data", tmp_path / "data"]

    status, out, err = run(monkeypatch, capsys, letter, leg, *arguments)

    document = json.loads(out)
    assert status == 1
    assert [one["reps"] for one in document["imported"]] == [3]
    assert [one["file"] for one in document["refused"]] == [str(letter)]
    assert f"tempo90: {letter}: No known recording" in err
    assert len(err.splitlines()) == 1


def test_a_file_in_degrees_a_second_is_no_session_of_nothing(monkeypatch, capsys, tmp_path, leg):
    header, *rows = leg.read_text().splitlines()
    numbers = [[float(cell) for cell in row.split(",")] for row in rows]
    turned = [[*row[:4], *(180 / math.pi * rate for rate in row[4:])] for row in numbers]
    file = tmp_path / "degrees.csv"
    file.write_text("\n".join([header, *(",".join(map(str, row)) for row in turned), ""]))
    arguments = ["--exercise", "free_movement", "--data", tmp_path / "data"]

    status, out, err = run(monkeypatch, capsys, file, *arguments)

    assert (status, out) == (1, "")
    assert "not to be in rad/s" in err
    assert not list((tmp_path / "data").rglob("*.mcap"))


def test_without_a_keyboard_the_exercise_must_be_given(monkeypatch, capsys, tmp_path, leg):
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    status, _, err = run(monkeypatch, capsys, leg, "--data", tmp_path / "data")

    assert status == 2
    assert "--exercise ecc_prone_helper" in " ".join(err.split())


def in_terminal(question, *typed):
    console = Console(file=io.StringIO(), width=100)
    answers = iter(typed)
    with patch("builtins.input", lambda *_: next(answers)):
        return question(console), console.file.getvalue()


def test_the_exercise_is_asked_by_number_and_asked_again_when_there_is_none():
    answer, shown = in_terminal(lambda console: ask_exercise(console, "nl"), "99", "x", "1")

    assert f"1  {'Excentrische training met helper'}" in shown or answer in shown
    assert answer


@pytest.mark.parametrize(("typed", "side"), [("rechts", "right"), ("onbekend", None), ("", "left")])
def test_the_leg_is_asked_in_words_and_the_usual_one_is_the_default(typed, side):
    answer, _ = in_terminal(lambda console: ask_side(console, "nl", "left"), typed)

    assert answer == side


def test_the_bar_counts_the_files_in_a_terminal_and_is_silent_in_a_pipe():
    shown = []

    for is_terminal in (True, False):
        console = Console(file=io.StringIO(), force_terminal=is_terminal, width=80)
        with file_progress(console, 2) as progress:
            progress.begin(Path("some") / "leg.csv")
            progress.done()
        shown.append(console.file.getvalue())

    assert "leg.csv" in shown[0]
    assert "1/2" in shown[0]
    assert shown[1].strip() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are posix")
def test_in_a_terminal_what_is_not_given_is_asked(tmp_path, leg):
    import pty  # noqa: PLC0415  # posix only

    ours, theirs = pty.openpty()
    arguments = ["import", str(leg), "--lang", "en", "--data", str(tmp_path / "data")]
    number = 1 + list(load_catalogue().exercises).index("ecc_prone_helper")
    os.write(ours, f"{number}\nleft\n".encode())

    done = subprocess.run(
        [sys.executable, "-m", "tracker.cli", *arguments],
        cwd=ROOT, stdin=theirs, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)

    assert done.returncode == 0, done.stderr
    assert "What was done?" in done.stderr
    assert "repetitions" in done.stdout
    (stored,) = (tmp_path / "data" / "sent").glob("*.json")
    assert json.loads(stored.read_text())["exercise_sets"][0]["side"] == "left"
