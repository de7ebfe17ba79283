"""The engine on recordings made by others; they lie beside the checkout where they are present."""

from pathlib import Path

import numpy as np
import pytest

from analysis import ImuSamples, analyse_recording, inclination_deg, vertical

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
# Supervised blocks of ten repetitions each; a repetition belongs to the block of its peak.
CORRECT_S, FAST_S = (0.0, 100.0), (100.0, 160.0)
SUBJECTS = ("s3", "s4")
BROAD = (
    "broad_02_undisturbed_slow_rotation_B",
    "broad_07_undisturbed_fast_rotation_B",
    "broad_10_undisturbed_slow_translation_A",
    "broad_15_undisturbed_fast_translation_A",
    "broad_25_disturbed_tapping_B",
)


def load(name):
    path = FOLDER / f"{name}.npz"
    if not path.exists():
        pytest.skip(f"{path.name} is not in shared/data beside the checkout")
    return np.load(path)


def ankle(name):
    data = load(name)
    return ImuSamples(data["t"], data["ankle_acc"], data["ankle_gyr"])


def n_in(result, span_s):
    peaks_s = [rep.peak_s for one in result.sets for rep in one.reps]
    return sum(span_s[0] <= peak_s < span_s[1] for peak_s in peaks_s)


@pytest.mark.parametrize("exercise", ["e1_seated_knee_extension", "e3_supine_straight_leg_raise"])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_ten_correct_and_ten_fast_repetitions_are_counted(subject, exercise):
    result = analyse_recording(ankle(f"pt_{subject}_{exercise}"), "free_movement")

    assert (n_in(result, CORRECT_S), n_in(result, FAST_S)) == (10, 10)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_trunk_that_bends_moves_no_leg(subject):
    result = analyse_recording(ankle(f"pt_{subject}_e2_seated_trunk_bend"), "free_movement")

    assert result.n_reps == 0


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_hold_of_five_seconds_is_told_from_none(subject):
    samples = ankle(f"pt_{subject}_e1_seated_knee_extension")

    result = analyse_recording(samples, "free_movement")

    reps = [rep for one in result.sets for rep in one.reps]
    held_s = [rep.hold_scored_s for rep in reps if rep.peak_s < CORRECT_S[1]]
    fast_s = [rep.hold_scored_s for rep in reps if FAST_S[0] <= rep.peak_s < FAST_S[1]]
    assert min(held_s) > 2.0 > max(fast_s)


@pytest.mark.parametrize("every", [1, 3], ids=["286 Hz", "95 Hz"])
@pytest.mark.parametrize("name", BROAD)
def test_the_vertical_is_that_of_the_cameras_within_1_3_degrees(name, every):
    data = load(name)
    samples = ImuSamples(data["t"][::every], data["acc"][::every], data["gyr"][::every])

    found = vertical(samples)

    w, x, y, z = data["quat"][::every].astype(float).T
    true = np.stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)], axis=1)
    judged = data["movement"][::every] & np.isfinite(true).all(axis=1)
    off_deg = np.degrees(np.arccos(np.clip((found * true).sum(axis=1), -1.0, 1.0)))[judged]
    assert np.sqrt(np.mean(off_deg**2)) < 1.3


def test_the_inclination_is_the_angle_of_the_z_axis():
    data = load(BROAD[0])
    samples = ImuSamples(data["t"][:3000], data["acc"][:3000], data["gyr"][:3000])

    assert np.cos(np.radians(inclination_deg(samples))) == pytest.approx(vertical(samples)[:, 2])


@pytest.mark.parametrize("foot", ["left", "right"])
@pytest.mark.parametrize("exercise", ["ecc_prone_helper", "ecc_seated_solo"])
def test_walking_is_no_leg_curl(exercise, foot):
    data = load("gaitmap_walk_4x10m_foot")
    samples = ImuSamples(data["t"], data[f"{foot}_acc"], data[f"{foot}_gyr"])

    assert analyse_recording(samples, exercise).n_reps == 0


# Optical motion capture labelled strides of 1.12-1.16 s in the middle of the straight stretches.
LABELLED_STEPS_PER_MIN = 105.0


def foot(side):
    data = load("gaitmap_walk_4x10m_foot")
    return ImuSamples(data["t"], data[f"{side}_acc"], data[f"{side}_gyr"])


@pytest.mark.parametrize("side", ["left", "right"])
def test_real_walking_is_walking_forward_at_its_cadence(side):
    walk = foot(side)

    result = analyse_recording(walk, "run_intervals")

    (bout,) = [bout for one in result.sets for bout in one.bouts]
    assert (bout.kind, bout.direction) == ("walk", "forward")
    # With the turns and the first and last steps it is a little slower than what is labelled.
    assert bout.cadence_per_min == pytest.approx(LABELLED_STEPS_PER_MIN, rel=0.05)


@pytest.mark.parametrize("side", ["left", "right"])
def test_every_labelled_stride_is_found_once(side):
    walk = foot(side)
    labels_s = load("gaitmap_walk_4x10m_foot")[f"{side}_stride_s"]

    for start_s, end_s in labels_s:
        until = walk[: int(np.searchsorted(walk.time_s, end_s + 3.0))]
        before = walk[: int(np.searchsorted(walk.time_s, start_s + 3.0))]
        n_strides = [
            n_strides_of(analyse_recording(part, "run_intervals")) for part in (before, until)
        ]
        assert n_strides[1] - n_strides[0] == pytest.approx(1.0, abs=0.55)


def n_strides_of(result):
    bouts = [bout for one in result.sets for bout in one.bouts]
    return sum(bout.cadence_per_min * (bout.end_s - bout.start_s) / 120.0 for bout in bouts)


@pytest.mark.parametrize("side", ["left", "right"])
def test_real_walking_played_in_reverse_is_walking_backward(side):
    walk = foot(side)
    reverse = ImuSamples(walk.time_s, walk.acc_ms2[::-1], -walk.gyr_rads[::-1])

    result = analyse_recording(reverse, "run_intervals")

    bouts = [bout for one in result.sets for bout in one.bouts]
    assert {bout.kind for bout in bouts} == {"walk_backward"}


@pytest.mark.parametrize("exercise", ["iso_prone_raise", "iso_stand_ext", "plank_leg_raise"])
@pytest.mark.parametrize("name", ["e1_seated_knee_extension", "e4_sidelying_leg_raise"])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_another_exercise_than_the_one_done_gives_an_answer_too(subject, name, exercise):
    samples = ankle(f"pt_{subject}_{name}")

    result = analyse_recording(samples, exercise)

    assert result.exercise == exercise
    assert result.n_reps <= 30
