import numpy as np
import pytest

from tracker.simulator import BoutKind, Scenario, simulate

CADENCES_PER_MIN = {
    BoutKind.WALK: (95, 135),
    BoutKind.JOG: (135, 176),
    BoutKind.WALK_BACKWARD: (78, 118),
    BoutKind.JOG_BACKWARD: (125, 168),
}


def intervals(seed=1):
    return simulate(Scenario(exercise_id="run_intervals", reps=4, bout_s=15.0), seed=seed)


def sagittal_dps(recording, bout):
    """Angular rate about the axis it is largest about, and its times, well inside a bout."""
    inside = (recording.time_s > bout.start_s + 2) & (recording.time_s < bout.end_s - 2)
    gyr = np.degrees(recording.gyr_rads[inside])
    axis = np.linalg.svd(gyr - gyr.mean(axis=0), full_matrices=False)[2][0]
    return recording.time_s[inside], gyr @ axis


def test_a_round_is_walk_jog_walk_backward_jog_backward():
    bouts = intervals().truth.bouts

    assert [bout.kind for bout in bouts] == list(CADENCES_PER_MIN)
    assert [bout.end_s - bout.start_s for bout in bouts] == pytest.approx([15.0] * 4)


@pytest.mark.parametrize("seed", range(4))
def test_cadence_is_that_of_the_gait_and_counts_both_feet(seed):
    for bout in intervals(seed).truth.bouts:
        low, high = CADENCES_PER_MIN[bout.kind]
        assert low < bout.cadence_per_min < high
        own_feet = len(bout.contacts_s)
        assert own_feet == pytest.approx(15.0 * bout.cadence_per_min / 120.0, abs=1.01)


def test_the_cadence_of_each_second_is_that_of_the_bout_it_lies_in():
    truth = intervals().truth

    for bout in truth.bouts:
        inside = truth.cadence_per_min[int(bout.start_s) + 2 : int(bout.end_s) - 2]
        assert np.median(inside) == pytest.approx(bout.cadence_per_min, rel=0.12)


def test_each_stride_has_one_large_swing_and_forward_comes_before_the_foot_lands():
    recording = intervals(2)
    walk, jog, back, jog_back = recording.truth.bouts

    for bout in (walk, jog, back, jog_back):
        time_s, rate_dps = sagittal_dps(recording, bout)
        contacts_s = np.array(bout.contacts_s)
        phase = np.interp(time_s, contacts_s, np.arange(len(contacts_s))) % 1.0
        mean_dps = [rate_dps[(phase >= k / 20) & (phase < (k + 1) / 20)].mean() for k in range(20)]
        at = int(np.argmax(np.abs(mean_dps))) / 20
        assert 200.0 < np.abs(mean_dps[int(at * 20)]) < 900.0
        assert 0.4 < at < 0.95


def test_backward_the_shank_swings_the_other_way():
    recording = intervals(3)
    walk, _, back, _ = recording.truth.bouts
    inside = (recording.time_s > walk.start_s + 2) & (recording.time_s < walk.end_s - 2)
    gyr = np.degrees(recording.gyr_rads[inside])
    axis = np.linalg.svd(gyr - gyr.mean(axis=0), full_matrices=False)[2][0]

    def skew(bout):
        during = (recording.time_s > bout.start_s + 2) & (recording.time_s < bout.end_s - 2)
        rate = np.degrees(recording.gyr_rads[during]) @ axis
        return np.mean((rate - rate.mean()) ** 3)

    assert skew(walk) * skew(back) < 0.0


def test_walking_knocks_less_than_jogging_and_backward_less_than_forward():
    recording = intervals(4)

    def knock_g(bout):
        during = (recording.time_s > bout.start_s + 2) & (recording.time_s < bout.end_s - 2)
        size = np.linalg.norm(recording.acc_ms2[during], axis=1)
        return np.percentile(size, 99) / 9.81

    walk, jog, back, jog_back = map(knock_g, recording.truth.bouts)
    assert back < walk < jog
    assert jog_back < jog


def test_a_sprint_has_a_run_up_and_a_run_out_and_is_walked_back():
    bouts = simulate(Scenario(exercise_id="sprint_sets", reps=2, spring=1.0), seed=5).truth.bouts

    kinds = [bout.kind for bout in bouts]
    assert kinds == [BoutKind.RUN_UP, BoutKind.SPRINT, BoutKind.RUN_OUT, BoutKind.WALK] * 2
    run_up, sprint, run_out, walk = (bout.cadence_per_min for bout in bouts[:4])
    assert sprint > run_up > walk
    assert sprint > run_out > walk
    assert 200.0 < sprint < 280.0
    assert bouts[0].end_s == pytest.approx(bouts[1].start_s)


def test_from_run_up_to_sprint_nothing_jumps():
    recording = simulate(Scenario(exercise_id="sprint_sets", reps=1, rate_hz=400.0), seed=6)
    change_s = recording.truth.bouts[1].start_s

    near = np.abs(recording.time_s - change_s) < 0.05
    steps_dps = np.abs(np.diff(np.degrees(recording.gyr_rads[near]), axis=0))
    assert steps_dps.max() < 60.0


def test_cycling_turns_the_shank_once_a_turn_and_coasting_does_not():
    recording = simulate(Scenario(exercise_id="cycling", reps=1, bout_s=20.0), seed=7)
    pedal, coast, stand = recording.truth.bouts

    angle = recording.true_angle_deg
    inside = (recording.time_s > pedal.start_s + 3) & (recording.time_s < pedal.end_s - 3)
    swing = angle[inside] - angle[inside].mean()
    ups = np.count_nonzero((swing[:-1] < 0) & (swing[1:] >= 0))
    assert ups == pytest.approx(14.0 * pedal.cadence_per_min / 60.0, rel=0.15)
    assert 30.0 < np.ptp(swing) < 70.0
    for bout in (coast, stand):
        still = (recording.time_s > bout.start_s + 0.3) & (recording.time_s < bout.end_s - 2.0)
        assert np.ptp(angle[still]) < 0.5
        assert bout.cadence_per_min == 0.0


def test_the_knee_of_a_cyclist_never_straightens_nor_locks():
    for seed in range(4):
        recording = simulate(Scenario(exercise_id="cycling", reps=1), seed=seed)
        pedal = recording.truth.bouts[0]
        inside = (recording.time_s > pedal.start_s) & (recording.time_s < pedal.end_s)
        assert recording.true_knee_deg[inside].min() > 20.0
        assert recording.true_knee_deg[inside].max() < 120.0


def test_the_cadence_truth_of_cycling_is_in_turns_a_minute():
    truth = simulate(Scenario(exercise_id="cycling", reps=1, bout_s=20.0), seed=8).truth
    pedal = truth.bouts[0]

    inside = truth.cadence_per_min[int(pedal.start_s) + 3 : int(pedal.end_s) - 3]

    assert (inside > 55.0).all()
    assert (inside < 115.0).all()
