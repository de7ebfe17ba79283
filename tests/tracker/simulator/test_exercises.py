from dataclasses import replace

import numpy as np
import pytest

from tracker.simulator import (
    RepKind,
    Scenario,
    SensorRange,
    Start,
    WearLevel,
    perfect_wear,
    simulate,
)

PEAKS_DEG = {
    "conc_seated": (65.0, 115.0),
    "iso_prone_raise": (9.0, 28.0),
    "plank_leg_raise": (5.0, 22.0),
    "bridge_leg_raise": (83.0, 128.0),
    "iso_stand_ext": (9.0, 33.0),
    "squat_single": (13.0, 44.0),
    "step_up": (25.0, 60.0),
}
FLAWLESS = SensorRange(acc_g=None, gyr_dps=None)


def reps_of(exercise_id, *, seed=1, reps=8, **changes):
    return simulate(Scenario(exercise_id=exercise_id, reps=reps, **changes), seed=seed).truth.reps


@pytest.mark.parametrize(("exercise_id", "bounds_deg"), PEAKS_DEG.items())
def test_people_reach_what_the_exercise_allows(exercise_id, bounds_deg):
    low_deg, high_deg = bounds_deg

    for seed in range(4):
        for rep in reps_of(exercise_id, seed=seed):
            assert low_deg < rep.peak_deg < high_deg


@pytest.mark.parametrize("exercise_id", ["conc_seated", "iso_stand_ext"])
def test_where_both_ways_are_timed_both_take_three_seconds(exercise_id):
    reps = reps_of(exercise_id, reps=20, tempo_s=3.0)

    assert np.mean([rep.eccentric_s for rep in reps]) == pytest.approx(2.85, abs=0.25)
    assert np.mean([rep.concentric_s for rep in reps]) == pytest.approx(2.85, abs=0.25)


def test_the_way_down_of_a_squat_is_the_eccentric_one_and_comes_first():
    reps = reps_of("squat_single", reps=20, tempo_s=3.0)

    assert np.mean([rep.eccentric_s for rep in reps]) == pytest.approx(2.85, abs=0.25)
    assert all(rep.eccentric == rep.lift and rep.concentric == rep.back for rep in reps)
    assert max(rep.concentric_s for rep in reps) < 2.1


def test_a_helper_who_lifts_does_no_concentric_work_of_the_patient():
    (rep, *_) = reps_of("ecc_prone_helper")

    assert rep.concentric is None
    assert rep.concentric_s is None


@pytest.mark.parametrize("exercise_id", ["iso_prone_raise", "plank_leg_raise", "bridge_leg_raise"])
def test_who_keeps_the_tempo_holds_for_about_two_seconds(exercise_id):
    held_s = [rep.hold_scored_s for rep in reps_of(exercise_id, reps=15, tempo_s=3.0)]

    assert 2.0 < np.mean(held_s) < 3.4


def test_who_is_too_fast_holds_too_briefly():
    reps = reps_of("iso_prone_raise", reps=15, profile="beginner_too_fast")

    assert np.mean([rep.hold_scored_s for rep in reps]) < 2.0


def test_a_raised_leg_stays_straight_at_the_knee():
    recording = simulate(Scenario(exercise_id="iso_prone_raise", reps=3), seed=2)

    assert np.ptp(recording.true_knee_deg) < 0.01


def test_a_squat_bends_the_knee_by_the_tilts_of_shank_and_thigh_together():
    scenario = Scenario(exercise_id="squat_single", reps=3, limits=FLAWLESS, has_thigh_sensor=True)
    recording = simulate(scenario, seed=3, wear=perfect_wear())

    shank_deg, thigh_deg = (
        np.degrees(np.arccos(np.clip(up @ up[0], -1.0, 1.0)))
        for up in (recording.truth.up, recording.thigh.up)
    )
    bent_deg = recording.true_knee_deg - recording.true_knee_deg[0]
    deep = recording.true_angle_deg > 5.0
    assert bent_deg[deep] == pytest.approx((shank_deg + thigh_deg)[deep], abs=1.5)
    assert 50.0 < recording.true_knee_deg.max() < 100.0


def test_seated_and_worn_hard_the_thigh_moves_by_7_to_17_degrees():
    for seed in range(4):
        scenario = Scenario(
            exercise_id="conc_seated", reps=3, wear=WearLevel.HARD, has_thigh_sensor=True
        )
        recording = simulate(scenario, seed=seed)
        knee_deg = recording.true_knee_deg - recording.true_knee_deg[0]
        thigh_deg = np.abs(knee_deg - recording.true_angle_deg).max()
        assert 4.0 < thigh_deg < 22.0


def test_who_swings_the_thigh_still_brings_the_foot_where_it_should_be():
    firm = Scenario(exercise_id="ecc_seated_solo", reps=3)
    loose = replace(firm, wear=WearLevel.HARD)

    still, swinging = (simulate(one, seed=9, wear=perfect_wear()) for one in (firm, loose))

    assert swinging.true_angle_deg == pytest.approx(still.true_angle_deg, abs=1e-6)
    assert np.abs(swinging.true_knee_deg - still.true_knee_deg).max() > 5.0


@pytest.mark.parametrize("exercise_id", ["iso_stand_ext", "squat_single", "plank_leg_raise"])
def test_who_stands_or_planks_is_never_quite_still(exercise_id):
    lying, standing = (
        simulate(Scenario(exercise_id=one, reps=1), seed=4)
        for one in ("iso_prone_raise", exercise_id)
    )

    def unrest_dps(recording):
        gyr = recording.gyr_rads[recording.time_s < 2.4]
        return np.degrees(np.linalg.norm(gyr - gyr.mean(axis=0), axis=1)).mean()

    assert unrest_dps(standing) > 3.0 * unrest_dps(lying)


def test_some_seated_curls_go_beyond_ninety_degrees():
    reps = [rep for seed in range(8) for rep in reps_of("conc_seated", seed=seed, reps=20)]

    beyond = [rep for rep in reps if RepKind.BEYOND_LIMIT in rep.kinds]

    assert 0 < len(beyond) < 0.2 * len(reps)
    assert all(rep.peak_deg > 90.0 for rep in beyond)


def test_steps_get_quicker_and_harder_from_slow_to_springing():
    slow, springing = (
        simulate(Scenario(exercise_id="step_up", reps=6, spring=spring), seed=5).truth.reps
        for spring in (0.0, 1.0)
    )

    def cycle_s(reps):
        return np.mean(np.diff([rep.start_s for rep in reps]))

    def impact_g(reps):
        return np.median([impact.peak_g for rep in reps for impact in rep.impacts])

    assert cycle_s(slow) > 2.5
    assert cycle_s(springing) < 1.6
    assert impact_g(springing) > 2.0 * impact_g(slow)
    assert all(RepKind.SPRINGING in rep.kinds for rep in springing)
    assert all(len(rep.impacts) == 2 for rep in slow)


def test_with_alternating_legs_every_second_step_is_led_by_the_other():
    scenario = Scenario(exercise_id="step_up", reps=20, is_alternating=True)

    truth = simulate(scenario, seed=6).truth

    assert len(truth.reps) == 10
    assert sum(one.kind == "other_leg_step" for one in truth.disturbances) == 10


@pytest.mark.parametrize("exercise_id", ["stretch_hamstring", "mob_knee_chest"])
def test_a_stretch_is_held_for_half_a_minute(exercise_id):
    scenario = Scenario(exercise_id=exercise_id, reps=4, tempo_s=3.0, rate_hz=25.0)

    recording = simulate(scenario, seed=7)

    held_s = [hold.end_s - hold.start_s for hold in recording.truth.holds]
    assert len(held_s) == 4
    assert np.mean(held_s) == pytest.approx(30.0, abs=2.5)
    hold = next(hold for hold in recording.truth.holds if not hold.interruptions)
    inside = (recording.time_s > hold.start_s + 1) & (recording.time_s < hold.end_s - 1)
    assert np.ptp(recording.true_angle_deg[inside]) < 4.0


def test_the_restless_interrupt_their_stretches():
    scenario = Scenario(exercise_id="stretch_adductor", reps=8, profile="erratic", rate_hz=25.0)

    holds = simulate(scenario, seed=8).truth.holds

    spans_s = [span for hold in holds for span in hold.interruptions]
    assert spans_s
    assert all(1.0 < end_s - start_s < 4.0 for start_s, end_s in spans_s)


@pytest.mark.parametrize(
    "exercise_id", ["ecc_prone_helper", "iso_prone_raise", "bridge_leg_raise", "squat_single"]
)
def test_who_is_never_still_gives_no_second_of_rest(exercise_id):
    scenario = Scenario(exercise_id=exercise_id, reps=2, start=Start.NEVER_STILL)
    still = replace(scenario, start=Start.STILL)

    for seed in range(3):
        recording = simulate(scenario, seed=seed)
        rate_dps = np.degrees(recording.gyr_rads - recording.gyr_rads.mean(axis=0))
        loudest = np.linalg.norm(rate_dps, axis=1)
        n = int(scenario.rate_hz)
        quietest = min(loudest[i : i + n].max() for i in range(0, len(loudest) - n, n // 4))
        assert quietest > 3.0
    assert len(simulate(still, seed=0).truth.reps) == 2


def test_who_starts_early_leaves_less_than_two_seconds_to_calibrate():
    for seed in range(5):
        reps = reps_of("bridge_leg_raise", seed=seed, reps=2, start=Start.EARLY)
        assert 0.7 < reps[0].start_s < 1.8
