import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import UnknownExerciseError
from firmware_bridge import FirmwareBridgeError, write_generic_csv
from tracker import cli
from tracker.errors import TrackerError
from tracker.simulator import Scenario, simulate

ROOT = Path(__file__).resolve().parents[2]
SLOW = ("numpy", "scipy", "fastapi", "bleak", "rich", "sqlmodel", "asyncio", "vqf", "uvicorn")
RECORDING_HEAD = "t_s,acc_x_ms2,acc_y_ms2,acc_z_ms2,gyr_x_rads,gyr_y_rads,gyr_z_rads"


def still_csv(seconds=3.0, rate_hz=100):
    rows = [f"{n / rate_hz:.4f},0,0,9.81,0,0,0" for n in range(round(seconds * rate_hz))]
    return "\n".join([RECORDING_HEAD, *rows]) + "\n"


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["tempo90", *map(str, arguments)])
    try:
        return cli.main()
    except SystemExit as end:
        return end.code


def test_help_imports_nothing_that_is_slow():
    code = (
        "import sys\nfrom tracker.cli import app\n"
        "try:\n    app(['--help'], prog_name='tempo90')\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sys.modules)"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    loaded = set(answer.stdout.rsplit("LOADED", 1)[1].split())
    assert loaded.isdisjoint(SLOW)
    assert "Commands:" in answer.stdout


def test_every_command_has_a_line_of_help_that_is_not_cut_off(monkeypatch, capsys):
    run(monkeypatch, "--help")

    listed = re.findall(
        r"^  (\w+) {2,}(\S.*)$", capsys.readouterr().out.split("Commands:")[1], re.MULTILINE
    )

    assert {name for name, _ in listed} == {
        "demo", "train", "sensors", "record", "decode", "analyse", "import", "serve", "open",
        "backup", "restore", "doctor", "link", "sync", "reanalyse", "practice", "export",
        "migrate", "work",
    }  # fmt: skip
    assert not [name for name, line in listed if line.endswith("...") and name != "demo"]


def test_every_command_and_option_has_its_entry_in_the_reference(monkeypatch, capsys):
    page = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    names = ["train", "sensors", "record", "decode", "analyse", "import", "serve", "doctor"]
    names += ["open", "backup", "restore", "link", "sync", "migrate"]

    options = set()
    for name in names:
        run(monkeypatch, name, "--help")
        options |= {(name, one) for one in re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)}

    sections = {part.split("`")[0]: part for part in page.split("## `tempo90 ")[1:]}
    missing = {
        (name, one)
        for name, one in options
        if one != "--help" and one not in sections.get(name.split()[0], "")
    }
    assert not missing


def test_wrong_usage_ends_with_status_2(monkeypatch, capsys):
    status = run(monkeypatch, "analyse")

    assert status == 2
    assert "Usage" in capsys.readouterr().err


def test_a_missing_file_is_one_line_and_status_1(monkeypatch, capsys, tmp_path):
    status = run(monkeypatch, "analyse", tmp_path / "none.csv", "--exercise", "free_movement")

    printed = capsys.readouterr()
    assert status == 1
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "There is no file" in printed.err


@pytest.mark.parametrize(
    "error",
    [
        TrackerError("one\n  two"),
        UnknownExerciseError("x"),
        FirmwareBridgeError("x"),
        OSError("x"),
    ],
)
def test_the_errors_of_every_package_are_told_in_one_line(error):
    assert cli.is_told_in_one_line(error)


def test_a_fault_of_ours_is_not_hidden():
    assert not cli.is_told_in_one_line(ZeroDivisionError())


def test_an_unknown_exercise_names_those_there_are(monkeypatch, capsys, tmp_path):
    path = tmp_path / "still.csv"
    path.write_text(still_csv())

    status = run(monkeypatch, "analyse", path, "--exercise", "leg_curl")

    assert status == 1
    assert "ecc_prone_helper" in capsys.readouterr().err


def test_json_is_the_only_thing_on_stdout(monkeypatch, capsys, tmp_path):
    path = tmp_path / "still.csv"
    path.write_text(still_csv())

    status = run(monkeypatch, "analyse", path, "--exercise", "free_movement", "--json")

    document = json.loads(capsys.readouterr().out)
    assert status == 0
    assert document["schema"] == "tempo90.analysis/1"
    assert document["summary"]["reps"] == 0
    assert document["recording"]["duration_s"] == pytest.approx(2.99)


def test_the_side_goes_into_the_document(monkeypatch, capsys, tmp_path):
    path = tmp_path / "still.csv"
    path.write_text(still_csv())

    run(monkeypatch, "analyse", path, "--exercise", "free_movement", "--side", "left", "--json")

    assert json.loads(capsys.readouterr().out)["side"] == "left"


def test_without_json_a_person_reads_that_nothing_was_found(monkeypatch, capsys, tmp_path):
    path = tmp_path / "still.csv"
    path.write_text(still_csv())

    status = run(monkeypatch, "analyse", path, "--exercise", "free_movement", "--lang", "nl")

    assert status == 0
    assert "Er zijn geen herhalingen gevonden." in capsys.readouterr().out


def test_an_export_is_decoded_to_generic_csv_and_back(monkeypatch, capsys, tmp_path):
    path = tmp_path / "still.csv"
    path.write_text(still_csv(1.0))

    status = run(monkeypatch, "decode", "auto", path)

    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert status == 0
    assert lines[0] == RECORDING_HEAD
    assert len(lines) == 101
    assert "generic-csv" in printed.err


def test_an_unknown_sensor_is_told_before_a_missing_file(monkeypatch, capsys):
    status = run(monkeypatch, "decode", "wristwatch", "none.jsonl")

    assert status == 1
    assert "witmotion" in capsys.readouterr().err


def moving_csv(path):
    recording = simulate(Scenario(reps=3, sets=1, start="still"), seed=4)
    path.write_text(write_generic_csv(recording.time_s, recording.acc_ms2, recording.gyr_rads))
    return path


def test_a_person_reads_a_line_for_each_repetition(monkeypatch, capsys, tmp_path):
    path = moving_csv(tmp_path / "leg.csv")

    run(monkeypatch, "analyse", path, "--exercise", "ecc_prone_helper", "--lang", "nl")

    printed = capsys.readouterr().out
    assert "excentrisch s" in printed
    assert re.findall(r"^ +([123]) +\d+,\d +\d,\d\d ± \d,\d\d", printed, re.MULTILINE) == [*"123"]
    assert "excentrische tijd (gemeten beweging)" in printed
    assert "█" in printed


def test_an_import_answers_with_the_session_it_became(monkeypatch, capsys, tmp_path):
    path, data = moving_csv(tmp_path / "leg.csv"), tmp_path / "data"
    arguments = ["import", path, "--exercise", "ecc_prone_helper", "--data", data]

    status = run(monkeypatch, *arguments, "--json")
    answer = json.loads(capsys.readouterr().out)
    run(monkeypatch, *arguments)

    assert status in {None, 0}
    assert answer["imported"][0]["reps"] == 3
    assert Path(answer["imported"][0]["path"]).exists()
    assert "1 sets, 3 repetitions" in capsys.readouterr().out


def test_the_doctor_answers_with_every_check(monkeypatch, capsys, tmp_path):
    status = run(monkeypatch, "doctor", "--json", "--data", tmp_path / "data")

    answer = json.loads(capsys.readouterr().out)
    assert status == 0
    assert answer["is_well"]
    assert {one["name"] for one in answer["findings"]} >= {"Python", "Bluetooth", "Database"}


def test_the_doctor_says_what_to_do(monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("")

    status = run(monkeypatch, "doctor", "--data", tmp_path / "file" / "data")

    assert status == 1
    assert "--data" in capsys.readouterr().out


def test_the_simulated_sensor_is_listed(monkeypatch, capsys):
    run(monkeypatch, "sensors", "--sim", "--seconds", "0.5", "--json")

    assert json.loads(capsys.readouterr().out)["sensors"][0]["sensor"] == "witmotion"


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyse", "leg.csv", "--exercise", "ecc_prone_helper", "--zero-deg", "nan"),
        ("import", "leg.csv", "--exercise", "ecc_prone_helper", "--zero-deg", "900"),
        ("serve", "--port", "99999"),
        ("open", "--port", "-1"),
        ("train", "--port", "70000"),
        ("demo", "--port", "70000"),
    ],
)
def test_an_angle_or_a_port_that_cannot_be_is_a_fault_of_usage(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "tracker.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert f"Invalid value for '{arguments[-2]}'" in done.stderr


def test_what_the_system_refuses_is_said_without_its_number():
    missing = FileNotFoundError(2, "No such file or directory", "tempo90.zip")

    assert cli.sentence_of(missing) == "tempo90.zip cannot be used: No such file or directory."


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_that_knows_no_bars_gets_marks_for_them(encoding):
    recording = ROOT / "sample_data" / "prone_good.csv"
    command = [sys.executable, "-m", "tracker.cli", "analyse", str(recording)]
    command += ["--exercise", "ecc_prone_helper"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}

    done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)

    assert done.returncode == 0
    assert "12 of 15 took about 3 seconds" in done.stdout.decode(encoding)
