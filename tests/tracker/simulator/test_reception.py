from dataclasses import replace

import numpy as np
import pytest

from tracker.simulator import STRESSES, Placement, Scenario, simulate

SCENARIO = Scenario(reps=3)


def test_a_sensor_that_restarts_is_silent_for_seconds_and_wakes_with_another_zero():
    whole = simulate(SCENARIO, seed=1)

    restarted = simulate(replace(SCENARIO, restarts=1), seed=1)

    gap_s = np.diff(restarted.time_s)
    assert 1.5 < gap_s.max() < 4.1
    assert np.count_nonzero(gap_s > 0.5) == 1
    before = restarted.time_s < restarted.time_s[np.argmax(gap_s)]
    n = np.count_nonzero(before)
    assert (restarted.gyr_rads[:n] == whole.gyr_rads[:n]).all()
    changed = restarted.gyr_rads[-1] - whole.gyr_rads[-1]
    assert 0.05 < np.degrees(np.linalg.norm(changed)) < 3.0
    assert restarted.truth.reps == whole.truth.reps


def test_two_restarts_leave_two_gaps():
    recording = simulate(replace(SCENARIO, reps=8, restarts=2), seed=2)

    assert np.count_nonzero(np.diff(recording.time_s) > 0.5) == 2


def test_a_sensor_upside_down_sees_the_same_movement_turned_over():
    upright, turned = (
        simulate(replace(SCENARIO, placement=placement), seed=3)
        for placement in (Placement.SHANK, Placement.UPSIDE_DOWN)
    )

    assert turned.truth.up == pytest.approx(upright.truth.up * [1.0, -1.0, -1.0])
    assert turned.truth.reps == upright.truth.reps


def test_a_sensor_on_the_thigh_does_not_see_the_knee_bend():
    shank, thigh = (
        simulate(replace(SCENARIO, placement=placement), seed=4)
        for placement in (Placement.SHANK, Placement.THIGH)
    )

    def largest_dps(recording):
        return np.degrees(np.linalg.norm(recording.gyr_rads, axis=1)).max()

    assert largest_dps(thigh) < 0.25 * largest_dps(shank)


def test_a_sensor_on_the_table_feels_nothing_but_gravity():
    recording = simulate(replace(SCENARIO, placement=Placement.NOT_WORN), seed=5)

    assert np.linalg.norm(recording.acc_ms2, axis=1) == pytest.approx(9.81, abs=0.5)
    assert np.degrees(recording.gyr_rads.std(axis=0)).max() < 0.5


def test_a_second_sensor_changes_nothing_about_the_first():
    alone = simulate(SCENARIO, seed=6)

    both = simulate(replace(SCENARIO, has_thigh_sensor=True), seed=6)

    assert alone.thigh is None
    assert (both.acc_ms2 == alone.acc_ms2).all()
    assert both.thigh.acc_ms2.shape == both.acc_ms2.shape
    assert np.linalg.norm(both.thigh.acc_ms2, axis=1).mean() == pytest.approx(9.81, abs=0.2)


def test_a_burst_is_never_longer_than_asked_for_but_where_two_meet():
    scenario = replace(SCENARIO, reps=10, loss_share=0.01, longest_loss_s=0.5)

    gaps_s = np.diff(simulate(scenario, seed=7).time_s)

    assert 0.04 < gaps_s.max() <= 1.02


@pytest.mark.parametrize("stress", STRESSES)
def test_a_stress_leaves_the_exercise_and_its_count_alone(stress):
    stressed = STRESSES[stress](SCENARIO)

    recording = simulate(stressed, seed=8)

    assert len(recording.truth.reps) == 3
    assert stressed.exercise_id == SCENARIO.exercise_id
    assert stressed != SCENARIO
