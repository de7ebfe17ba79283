from dataclasses import replace

import numpy as np
import pytest

from tracker.simulator import (
    DISTURBANCES,
    PROFILES,
    RepKind,
    Scenario,
    SensorRange,
    Start,
    UnknownDisturbanceError,
    UnknownProfileError,
    UnsimulatedExerciseError,
    WearLevel,
    perfect_wear,
    random_scenario,
    simulate,
    simulated_exercises,
)

LEAST_ROM_DEG = {
    "free_movement": 12.0,
    "iso_prone_raise": 5.0,
    "plank_leg_raise": 5.0,
    "iso_stand_ext": 5.0,
    "squat_single": 8.0,
}
FLAWLESS = SensorRange(acc_g=None, gyr_dps=None)


def test_the_same_seed_gives_the_same_recording():
    scenario = random_scenario("ecc_prone_helper", "hard", 3)

    one, other = simulate(scenario, seed=3), simulate(scenario, seed=3)

    assert (one.acc_ms2 == other.acc_ms2).all()
    assert (one.gyr_rads == other.gyr_rads).all()
    assert (one.time_s == other.time_s).all()
    assert one.truth.reps == other.truth.reps


def test_another_seed_is_another_person():
    one, other = (simulate(Scenario(reps=2), seed=seed) for seed in (1, 2))

    assert one.truth.reps != other.truth.reps


@pytest.mark.parametrize("exercise_id", simulated_exercises())
def test_another_sampling_rate_shows_the_same_movement(exercise_id):
    scenario = Scenario(exercise_id=exercise_id, reps=2, limits=FLAWLESS, rate_hz=400.0, bout_s=6.0)
    fine = simulate(scenario, seed=4, wear=perfect_wear())

    coarse = simulate(replace(scenario, rate_hz=20.0), seed=4, wear=perfect_wear())

    assert coarse.truth.reps == fine.truth.reps
    assert coarse.acc_ms2 == pytest.approx(fine.acc_ms2[::20], abs=1e-9)
    assert coarse.gyr_rads == pytest.approx(fine.gyr_rads[::20], abs=1e-9)


def test_the_true_angle_peaks_where_the_truth_says():
    recording = simulate(Scenario(reps=3, rate_hz=200.0), seed=5)

    for rep in recording.truth.reps:
        inside = (recording.time_s >= rep.start_s) & (recording.time_s <= rep.end_s)
        assert recording.true_angle_deg[inside].max() == pytest.approx(rep.peak_deg, abs=0.01)


def test_a_flawless_sensor_on_a_bone_sees_the_true_angle_in_the_vertical():
    scenario = Scenario(reps=2, limits=FLAWLESS)
    recording = simulate(scenario, seed=6, wear=perfect_wear())

    # With a level hinge the vertical turns by just the angle of the knee.
    up = recording.truth.up
    turned_deg = np.degrees(np.arccos(np.clip(up @ up[100], -1.0, 1.0)))

    assert turned_deg == pytest.approx(np.abs(recording.true_angle_deg), abs=1e-4)


def test_a_recording_that_starts_still_begins_at_zero_degrees():
    recording = simulate(Scenario(reps=2, still_s=2.5), seed=7)

    at_rest = recording.time_s < 2.4
    assert np.abs(recording.true_angle_deg[at_rest]).max() < 0.01
    assert np.degrees(recording.gyr_rads[at_rest].std(axis=0)).max() < 1.0


def test_a_recording_can_start_in_the_middle_of_a_repetition():
    recording = simulate(Scenario(reps=4, start=Start.MID_REP), seed=8)

    first, *others = recording.truth.reps
    assert RepKind.CUT_BY_START in first.kinds
    assert first.start_s < 0.0 < first.end_s
    assert not any(RepKind.CUT_BY_START in rep.kinds for rep in others)
    assert recording.time_s[0] == 0.0


def test_lost_samples_are_missing_and_the_rest_keeps_its_times():
    scenario = Scenario(reps=8, loss_share=0.03, longest_loss_s=0.4)
    recording = simulate(scenario, seed=9)

    whole = simulate(replace(scenario, loss_share=0.0), seed=9)

    lost = 1.0 - len(recording.time_s) / len(whole.time_s)
    assert 0.03 <= lost < 0.05
    assert np.isin(recording.time_s, whole.time_s).all()
    assert np.diff(recording.time_s).max() <= 2 * 0.4 + 0.02  # two bursts may meet


def test_jittered_stamps_stay_in_order():
    recording = simulate(Scenario(reps=3, stamp_jitter_s=0.01), seed=10)

    assert (np.diff(recording.time_s) > 0).all()
    assert np.diff(recording.time_s).std() > 0.002


@pytest.mark.parametrize("kind", DISTURBANCES)
@pytest.mark.parametrize(
    "exercise_id", ["ecc_prone_helper", "free_movement", "plank_leg_raise", "squat_single"]
)
def test_after_a_disturbance_the_leg_lies_near_its_rest_pose(kind, exercise_id):
    scenario = Scenario(exercise_id=exercise_id, sets=0, wear=WearLevel.HARD, before=(kind,))

    recording = simulate(scenario, seed=11)

    (disturbance,) = recording.truth.disturbances
    assert disturbance.kind == kind
    assert disturbance.end_s > disturbance.start_s
    assert abs(recording.true_angle_deg[-1]) <= 8.0 + 0.01
    assert recording.truth.reps == ()


@pytest.mark.parametrize("seed", range(4))
def test_walking_turns_the_shank_and_hits_the_ground_at_the_pace_of_walking(seed):
    scenario = Scenario(sets=0, before=("stand_and_walk",), rate_hz=100.0)
    recording = simulate(scenario, seed=seed)
    walk = recording.truth.disturbances[0]

    during = (recording.time_s > walk.start_s + 4) & (recording.time_s < walk.end_s - 4)
    rate_dps = np.degrees(np.linalg.norm(recording.gyr_rads[during], axis=1))

    assert 150.0 < rate_dps.max() < 600.0  # the swing of a walking shank
    assert np.linalg.norm(recording.acc_ms2[during], axis=1).max() > 12.0


def test_fidgeting_never_moves_the_knee_as_far_as_a_repetition():
    for seed in range(8):
        scenario = Scenario(sets=0, wear=WearLevel.HARD, before=("hard_fidget",))
        recording = simulate(scenario, seed=seed)
        assert np.abs(recording.true_angle_deg).max() < 0.35 * 90.0


@pytest.mark.parametrize("wear", WearLevel)
@pytest.mark.parametrize("exercise_id", simulated_exercises())
def test_random_scenarios_stay_within_what_the_design_defines(exercise_id, wear):
    least_rom_deg = LEAST_ROM_DEG.get(exercise_id, 20.0)
    for seed in range(3):
        scenario = replace(random_scenario(exercise_id, wear, seed), rate_hz=25.0, sets=1)
        recording = simulate(scenario, seed=seed)
        assert (np.diff(recording.time_s) > 0).all()
        assert np.isfinite(recording.acc_ms2).all()
        assert np.linalg.norm(recording.truth.up, axis=1) == pytest.approx(1.0)
        for rep in recording.truth.reps:
            assert rep.lift[0] < rep.lift[1] <= rep.back[0] + 0.3
            assert rep.eccentric_s > 0.3
            assert rep.eccentric_moving_s + rep.pause_s == pytest.approx(rep.eccentric_s)
            assert rep.rom_deg > least_rom_deg
            if RepKind.SHALLOW in rep.kinds:
                assert rep.peak_deg < 0.9 * 90.0


def test_profiles_differ_as_their_names_say():
    durations_s = {}

    for profile in PROFILES:
        reps = simulate(Scenario(reps=20, profile=profile), seed=12).truth.reps
        durations_s[profile] = np.array([rep.eccentric_s for rep in reps])

    assert durations_s["beginner_too_fast"].mean() < 2.0
    assert durations_s["steady"].mean() == pytest.approx(2.8, abs=0.4)
    assert durations_s["careful_slow"].mean() > 3.5
    assert durations_s["fatiguing"][:5].mean() - durations_s["fatiguing"][-5:].mean() > 0.6
    assert durations_s["erratic"].std() > 2 * durations_s["steady"].std()


def test_a_prescribed_tempo_replaces_that_of_the_profile():
    reps = simulate(Scenario(reps=20, tempo_s=5.0), seed=13).truth.reps

    assert np.mean([rep.eccentric_s for rep in reps]) == pytest.approx(4.8, abs=0.3)


@pytest.mark.parametrize(
    ("scenario", "error", "message"),
    [
        (Scenario(exercise_id="swimming"), UnsimulatedExerciseError, "ecc_prone_helper"),
        (Scenario(profile="robot"), UnknownProfileError, "steady"),
        (Scenario(before=("sneeze",)), UnknownDisturbanceError, "scratch"),
    ],
)
def test_unknown_names_are_refused_with_the_known_ones(scenario, error, message):
    with pytest.raises(error, match=message):
        simulate(scenario, seed=1)
