"""A checker of what the standard asks of Motion-BIDS, and data sets that it is run over."""

import csv
import json
import re
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest

from analysis import ImuSamples
from api.schemas import RecordingPublic, SessionPublic
from tests.api.builders import PATIENT_ID, exercise_set, session
from tracker.export.motion_bids import Participant, write_motion_bids
from tracker.export.signal import Signal

NOON = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
TYPES = {"ACCEL", "ANGACCEL", "GYRO", "JNTANG", "LATENCY", "MAGN", "MISC", "ORNT", "POS", "VEL"}
COMPONENTS = {"x", "y", "z", "quat_x", "quat_y", "quat_z", "quat_w", "n/a"}
NEEDED_COLUMNS = ["name", "component", "type", "tracked_point", "units"]
NAME = re.compile(
    r"(?P<subject>sub-[A-Za-z0-9]+)_(?P<session>ses-[A-Za-z0-9]+)_task-(?P<task>[A-Za-z0-9]+)"
    r"_tracksys-[A-Za-z0-9]+_motion\.tsv"
)


def signal(*, sets=None, n_samples=500, gap_s=0.0, rate_hz=100.0):
    times = 7.0 + np.arange(n_samples) / rate_hz
    times[n_samples // 2 :] += gap_s
    acc = np.tile([0.0, 0.0, 9.81], (n_samples, 1))
    gyr = np.random.default_rng(1).normal(size=(n_samples, 3))
    body = session(sets=[exercise_set((3.0, 2.9), trace=False)] if sets is None else sets)
    given = {"id": str(uuid4()), "url": "/", "received_at": NOON.isoformat()}
    return Signal(
        session=SessionPublic.model_validate(body | given),
        recording=RecordingPublic(size_bytes=1, sha256="0" * 64, stored_at=NOON, url="/"),
        samples=ImuSamples(times, acc, gyr),
        sensor="witmotion",
        nominal_rate_hz=rate_hz,
        settings={},
        damage=None,
    )


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


def faults(folder):
    """Give everything that the standard asks and that is not so."""
    described = json.loads((folder / "dataset_description.json").read_text())
    yield from (f"no {key}" for key in ("Name", "BIDSVersion") if not described.get(key))
    subjects = {row[0] for row in rows_of(folder / "participants.tsv")[1:]}
    if rows_of(folder / "participants.tsv")[0][0] != "participant_id":
        yield "participants.tsv does not begin with participant_id"
    found = list(folder.rglob("*_motion.tsv"))
    if not found:
        yield "no motion"
    for path in found:
        match = NAME.fullmatch(path.name)
        if match is None:
            yield f"{path.name}: name"
            continue
        home = folder / match["subject"] / match["session"] / "motion"
        if path.parent != home or match["subject"] not in subjects:
            yield f"{path.name}: place"
        yield from (f"{path.name}: {fault}" for fault in _faults_of(path, match["task"]))


def _faults_of(path, task):
    about = json.loads(path.with_suffix(".json").read_text())
    if about.get("TaskName") != task:
        yield "TaskName"
    if not about.get("SamplingFrequency", 0) > 0:
        yield "SamplingFrequency"
    head, *channels = rows_of(path.with_name(path.name.replace("_motion.tsv", "_channels.tsv")))
    yield from _faults_of_channels(head, channels, about)
    frames = path.with_name(path.name.replace("_motion.tsv", "_channels.json"))
    levels = json.loads(frames.read_text())["reference_frame"]["Levels"]
    if {row[head.index("reference_frame")] for row in channels} - {"n/a"} - set(levels):
        yield "a reference frame that is not described"
    yield from _faults_of_data(rows_of(path), len(channels))
    events = rows_of(next(path.parent.glob(f"*task-{task}_events.tsv")))
    onsets = [float(row[0]) for row in events[1:]]
    if events[0][:2] != ["onset", "duration"] or onsets != sorted(onsets):
        yield "events"


def _faults_of_channels(head, channels, about):
    if head[:5] != NEEDED_COLUMNS:
        yield "columns of the channels"
    if len({row[0] for row in channels}) != len(channels):
        yield "two channels of one name"
    for row in channels:
        given = dict(zip(head, row, strict=True))
        if given["type"] not in TYPES or given["component"] not in COMPONENTS:
            yield f"channel {given['name']}"
    for kind in TYPES:
        if about.get(f"{kind}ChannelCount", 0) != sum(row[2] == kind for row in channels):
            yield f"{kind}ChannelCount"


def _faults_of_data(data, n_channels):
    if any(len(row) != n_channels for row in data):
        yield "columns of the data"
    try:
        np.asarray(data, dtype=float)
    except ValueError:
        yield "a header, or a value that is no number"


def write(folder, *signals):
    write_motion_bids(signals, Participant(label="7b0f5a34", is_synthetic=True), folder)
    return folder


def test_a_data_set_of_two_sessions_is_as_the_standard_asks(tmp_path):
    several = [exercise_set((3.0,), trace=False), exercise_set((3.0,), exercise="squat_single")]

    folder = write(tmp_path, signal(), signal(sets=several, gap_s=2.0))

    assert list(faults(folder)) == []
    tasks = {NAME.fullmatch(path.name)["task"] for path in folder.rglob("*_motion.tsv")}
    assert tasks == {"eccProneHelper", "sitting"}


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("*_motion.json", '"SamplingFrequency": 100.0', '"SamplingFrequency": 0', "Sampling"),
        ("*_channels.tsv", "\tACCEL\t", "\tACC\t", "channel"),
        ("*_channels.json", '"sensor"', '"room"', "frame"),
        ("*_motion.tsv", "0.000000\t", "x\t", "header"),
        ("dataset_description.json", "BIDSVersion", "Version", "BIDSVersion"),
    ],
)
def test_the_checker_finds_what_is_wrong(tmp_path, name, old, new, fault):
    folder = write(tmp_path, signal())
    [path] = folder.rglob(name)
    text = path.read_text()
    assert old in text

    path.write_text(text.replace(old, new, 1))

    assert any(fault in found for found in faults(folder))


def test_the_columns_are_the_samples_and_the_time_since_the_first(tmp_path):
    given = signal(gap_s=2.0)

    folder = write(tmp_path, given)

    [path] = folder.rglob("*_motion.tsv")
    data = np.loadtxt(path, delimiter="\t")
    assert np.allclose(data[:, :3], given.samples.acc_ms2, atol=1e-6)
    assert np.allclose(data[:, 3:6], given.samples.gyr_rads, atol=1e-6)
    assert (data[0, 6], data[-1, 6]) == (0.0, pytest.approx(4.99 + 2.0))


def test_sets_and_repetitions_are_events(tmp_path):
    folder = write(tmp_path, signal())

    [path] = folder.rglob("*_events.tsv")
    kinds = [row[2] for row in rows_of(path)[1:]]
    assert sorted(kinds) == ["repetition", "repetition", "set"]
    assert rows_of(path)[1][:2] == ["2.000", "10.500"]


def test_nobody_is_named(tmp_path):
    folder = write(tmp_path, signal())

    texts = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    assert not any(str(PATIENT_ID) in text or "00:00:5E" in text for text in texts)


def test_a_gap_is_named_and_its_samples_are_counted_as_missing():
    whole, broken = signal(), signal(gap_s=0.5)

    assert (whole.gaps, whole.n_missing) == ([], 0)
    assert broken.gaps == [(2.49, 3.0)]
    assert broken.n_missing == 50
    assert broken.rate_hz == pytest.approx(100.0)
