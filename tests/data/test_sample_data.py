import hashlib
import tomllib
from pathlib import Path

import numpy as np
import pytest

from analysis import Flag, ImuSamples, analyse_recording, load_catalogue
from tracker.sample_data import SAMPLES, csv_text, write_sample
from tracker.simulator import simulate

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"
MANIFEST = tomllib.loads((FOLDER / "MANIFEST.toml").read_text("utf-8"))["recordings"]
NAMES = [entry["file"] for entry in MANIFEST]


def samples_of(entry):
    table = np.loadtxt(FOLDER / entry["file"], delimiter=",", skiprows=1)
    return ImuSamples(table[:, 0], table[:, 1:4], table[:, 4:7])


def test_the_manifest_lists_just_the_files_there_are():
    assert set(NAMES) == {path.name for path in FOLDER.glob("*.csv")}
    assert set(NAMES) == {f"{sample.name}.csv" for sample in SAMPLES}


def test_all_samples_together_are_small():
    total_bytes = sum(path.stat().st_size for path in FOLDER.iterdir())

    assert total_bytes < 6_000_000


@pytest.mark.parametrize("entry", MANIFEST, ids=NAMES)
def test_each_file_has_the_checksum_of_the_manifest(entry):
    content = (FOLDER / entry["file"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def test_writing_a_sample_again_gives_the_same_bytes(tmp_path):
    sample = min(SAMPLES, key=lambda one: one.scenario.reps * one.scenario.rate_hz)

    entry = tomllib.loads(write_sample(sample, tmp_path))["recordings"][0]

    written = (tmp_path / entry["file"]).read_bytes()
    assert written == (FOLDER / entry["file"]).read_bytes()
    assert entry == next(one for one in MANIFEST if one["file"] == entry["file"])


def test_the_csv_holds_the_simulated_values_to_four_decimals():
    recording = simulate(SAMPLES[0].scenario, seed=SAMPLES[0].seed)

    rows = csv_text(recording).splitlines()[1:]

    values = np.array([[float(cell) for cell in row.split(",")] for row in rows[:50]])
    assert values[:, 1:4] == pytest.approx(recording.acc_ms2[:50], abs=5.1e-5)
    assert values[:, 4:7] == pytest.approx(recording.gyr_rads[:50], abs=5.1e-5)


def test_every_exercise_has_a_recording():
    assert {entry["exercise"] for entry in MANIFEST} == set(load_catalogue().exercises)


STANDING = {"iso_stand_ext", "squat_single", "step_up"}


def is_measured(entry):
    """Whether the engine measures the exercise: by the mark in the manifest, or by now."""
    return entry.get("measured", True) or load_catalogue()[entry["exercise"]].is_measurable


@pytest.mark.parametrize("entry", MANIFEST, ids=NAMES)
def test_the_engine_finds_what_the_manifest_says(entry):
    if not is_measured(entry):
        pytest.skip(f"the engine does not measure {entry['exercise']} yet: measured = false")

    result = analyse_recording(samples_of(entry), entry["exercise"])

    holds = [hold for one in result.sets for hold in one.holds]
    bouts = [bout for one in result.sets for bout in one.bouts]
    assert_holds(holds, entry.get("holds", []))
    assert_bouts(bouts, [one for one in entry.get("bouts", []) if one["cadence_per_min"]])
    if not (holds or bouts):
        assert_sets(result, entry.get("sets", []))


def assert_holds(found, due):
    assert len(found) == len(due)
    for hold, true in zip(found, due, strict=True):
        assert hold.start_s == pytest.approx(true["start_s"], abs=1.5)
        assert hold.end_s == pytest.approx(true["end_s"], abs=1.5)
        assert hold.interruptions == true["interruptions"]


def assert_bouts(found, due):
    assert len(found) == len(due)
    for bout, true in zip(found, due, strict=True):
        assert bout.start_s == pytest.approx(true["start_s"], abs=2.0)
        assert bout.end_s == pytest.approx(true["end_s"], abs=2.0)
        # Where a run-up ends and a run-out begins is a matter of degree, and the cadence changes.
        within = 0.15 if bout.kind in {"run_up", "run_out"} else 0.1
        assert bout.cadence_per_min == pytest.approx(true["cadence_per_min"], rel=within)


def assert_sets(result, due):
    assert len(result.sets) == len(due)
    for found, true in zip(result.sets, due, strict=True):
        # A repetition that was going on when the recording began may be counted or not.
        spare = len(found.reps) - true["reps"]
        assert 0 <= spare <= true["reps_cut_by_start"]
        reps = found.reps[spare:]
        truths = zip(reps, true["peak_deg"], true["eccentric_s"], strict=True)
        for rep, peak_deg, eccentric_s in truths:
            # What happened in a gap of up to half a second is a guess, and flagged as one.
            doubt = 2.0 if Flag.GAP in rep.flags else 1.0
            assert rep.peak_deg == pytest.approx(peak_deg, abs=min(5.0, 0.25 * peak_deg) * doubt)
            # A body that sways while it stands hides when a slow movement begins and ends.
            within_s = max(0.4 if result.exercise in STANDING else 0.3, rep.eccentric_s_u)
            assert rep.eccentric_s == pytest.approx(eccentric_s, abs=within_s * doubt)
