import csv
import json
import sys

import pytest

from firmware_bridge import (
    SENSORS,
    CapturedNotification,
    capture_header,
    capture_line,
    encode_text,
    read_text_format,
)
from tracker import cli
from tracker.simulator import Scenario, simulate

LEG = """
rate_hz = 100
columns = ["time", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
separator = ";"
name = "Leg"
"""
UART = SENSORS["uart"]


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["tempo90", *map(str, arguments)])
    try:
        return cli.main()
    except SystemExit as end:
        return end.code


@pytest.fixture
def files(tmp_path):
    """A description, and a capture of a set of four that does not carry it."""
    recording = simulate(Scenario(reps=4, sets=1, profile="steady", start="still"), seed=5)
    described = read_text_format(LEG)
    lines = [capture_header("uart", rate_hz=100)]
    for k, (acc, gyr) in enumerate(zip(recording.acc_ms2, recording.gyr_rads, strict=True)):
        data = encode_text(described, acc.tolist(), gyr.tolist(), clock_s=k / 100)
        lines.append(capture_line(CapturedNotification(k / 100, UART.notify_uuid, data)))
    toml, capture = tmp_path / "leg.toml", tmp_path / "leg.jsonl"
    toml.write_text(LEG)
    capture.write_text("\n".join(lines) + "\n")
    return toml, capture, len(recording.time_s)


def test_a_capture_is_decoded_by_its_description(monkeypatch, capsys, files):
    toml, capture, n = files

    status = run(monkeypatch, "decode", "uart", capture, "--format", toml)

    said = capsys.readouterr()
    assert status in {0, None}
    assert len(list(csv.reader(said.out.splitlines()))) == n + 1
    assert "no damage" in said.err


def test_a_capture_is_analysed_by_its_description(monkeypatch, capsys, files):
    toml, capture, _ = files

    run(monkeypatch, "analyse", capture, "--sensor", "uart", "--format", toml,
        "--exercise", "ecc_prone_helper", "--json")  # fmt: skip

    document = json.loads(capsys.readouterr().out)
    assert document["summary"]["reps"] == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("decode", "polar", "{capture}", "--format", "{toml}"), "goes with uart"),
        (("decode", "uart", "{capture}", "--format", "nowhere.toml"), "nowhere.toml"),
        (("decode", "uart", "{capture}", "--format", "{capture}"), "`TOML` cannot be read"),
        (("analyse", "{capture}", "--sensor", "polar", "--format", "{toml}",
          "--exercise", "free_movement"), "goes with uart"),
        (("train", "--sensor", "sim:polar", "--format", "{toml}", "--data", "{data}"),
         "goes with uart"),
        (("train", "--sensor", "sim:wt1", "--data", "{data}"), "witmotion"),
        (("train", "--sensor", "sim:witmotion/wt1", "--data", "{data}"), "wt9011dcl-bt50"),
        (("record", "--sensor", "sim:polar", "--format", "{toml}", "-o", "{data}/x.mcap"),
         "goes with uart"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told_in_one_line(monkeypatch, capsys, files, arguments, said):
    toml, capture, _ = files
    known = {"toml": toml, "capture": capture, "data": toml.parent}

    status = run(monkeypatch, *(one.format(**known) for one in arguments))

    error = capsys.readouterr().err
    assert status == 1
    assert said in error
    assert error.count("\n") == 1


def test_a_file_that_is_no_text_is_no_description(monkeypatch, capsys, files, tmp_path):
    (tmp_path / "leg.bin").write_bytes(b"\xff\xfe\x00\x81")

    status = run(monkeypatch, "decode", "uart", files[1], "--format", tmp_path / "leg.bin")

    assert status == 1
    assert "TOML" in capsys.readouterr().err


def test_every_kind_is_listed_with_the_reason_why_one_cannot_be_used(monkeypatch, capsys):
    run(monkeypatch, "sensors", "--sim", "--seconds", "0.5", "--json", "--lang", "nl")

    rows = json.loads(capsys.readouterr().out)["sensors"]
    assert {row["sensor"] for row in rows if row["unusable"] is None} == set(SENSORS)
    [refused] = [row for row in rows if row["unusable"]]
    assert refused["sensor"] is None
    assert "geen gyroscoop" in refused["unusable"]
    strengths = [row["rssi_dbm"] for row in rows]
    assert strengths == sorted(strengths, reverse=True)


def test_the_list_for_people_says_why_below_the_sensor(monkeypatch, capsys):
    run(monkeypatch, "sensors", "--sim", "--seconds", "0.5")

    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if "Polar H10" in line)
    assert "no gyroscope" in lines[at + 1]
