"""What happens seldom: another axis, too long away, a rest pose that was none."""

import numpy as np
import pytest

from analysis import Calibrated, RepFinished, SetAnalyzer, analyse_recording
from tests.builders import (
    Stretch,
    joined,
    leg_signal,
    packets_of,
    prone_set,
    rep,
    rotation,
    shaken_about,
    still,
    with_turned_sensor,
)

PRONE = "ecc_prone_helper"


def n_reps(samples, exercise=PRONE):
    return analyse_recording(samples, exercise).n_reps


def about_another_axis(samples, turn_deg=90.0):
    """Return the signal of a leg that makes the same movement sideways: up stays up at rest."""
    return with_turned_sensor(samples, rotation([0, 0, 1], turn_deg))


def test_the_same_swing_about_another_axis_is_not_the_exercise():
    good, sideways = prone_set(reps=3, noise_seed=1), prone_set(reps=1, noise_seed=2)

    samples = joined(good, about_another_axis(sideways), good)

    assert n_reps(samples) == 6


def test_a_sensor_put_on_anew_is_learnt_after_some_repetitions():
    before, after = prone_set(reps=3, noise_seed=1), prone_set(reps=10, noise_seed=2)

    found = n_reps(joined(before, about_another_axis(after)))

    assert 3 + 5 <= found <= 3 + 10


def test_a_leg_left_up_for_half_a_minute_is_no_repetition_and_blocks_nothing():
    left_up = [Stretch(60.0, 1.0), still(30.0, 60.0), Stretch(0.0, 1.0), still(3.0)]

    samples = leg_signal([still(2.0), *rep() * 2, *left_up, *rep() * 2], noise_seed=1)

    assert n_reps(samples) == 4


def test_a_leg_that_creeps_up_for_longer_than_any_repetition_blocks_nothing():
    creeping = [Stretch(70.0, 28.0, "constant"), Stretch(0.0, 1.0), still(3.0)]

    samples = leg_signal([still(2.0), *rep() * 2, *creeping, *rep() * 2], noise_seed=1)

    assert n_reps(samples) in (4, 5)


@pytest.mark.parametrize("turn_s", [0.8, 2.0])
def test_lying_on_the_side_first_and_then_down_counts_the_whole_set(turn_s):
    roll = [Stretch(70.0, turn_s), still(4.0, 70.0), Stretch(0.0, turn_s)]
    # Rolled about the length of the leg, the sensor turns in its place.
    rolling = about_another_axis(leg_signal([still(2.0), *roll], noise_seed=1))

    samples = joined(rolling, prone_set(reps=5, noise_seed=2))

    assert n_reps(samples) == 5


def test_after_two_minutes_without_a_moment_of_rest_the_set_still_counts():
    samples = joined(shaken_about(120.0), prone_set(reps=4, noise_seed=2, still_s=4.0))
    analyzer = SetAnalyzer(PRONE)

    for piece in packets_of(samples, 20):
        analyzer.update(piece)

    reps = [one for each in analyzer.finish().sets for one in each.reps]
    # The filter may still be finding the vertical during the first one.
    assert sum(one.start_s > 120.0 for one in reps) in (3, 4)


def test_a_long_rest_in_a_wrong_pose_is_corrected_when_the_leg_lies_right():
    wrong = leg_signal([still(3.0, 60.0), Stretch(0.0, 1.5), still(6.0)], start_deg=60.0)
    samples = joined(wrong, prone_set(reps=5))
    analyzer = SetAnalyzer(PRONE)

    events = [event for piece in packets_of(samples, 20) for event in analyzer.update(piece)]

    assert sum(isinstance(event, Calibrated) for event in events) >= 2
    assert analyzer.finish().n_reps == 5


def test_a_first_pose_whose_angle_was_given_stays_the_zero_though_the_leg_rests_elsewhere():
    bent = leg_signal([still(3.0, 60.0), Stretch(0.0, 1.5), still(6.0)], start_deg=60.0)

    result = analyse_recording(joined(bent, prone_set(reps=5)), PRONE, zero_deg=60.0)

    assert [one.peak_deg for one in result.sets[0].reps] == pytest.approx([90.0] * 5, abs=2.0)


def test_a_rest_pose_that_sinks_by_five_degrees_is_followed_and_zero_stays():
    sinking = [part for i in range(6) for part in rep(end_deg=-1.0 * (i + 1), rest_s=2.0)]

    result = analyse_recording(leg_signal([still(2.0), *sinking], noise_seed=1), PRONE)

    reps = result.sets[0].reps
    assert len(reps) == 6
    assert [one.peak_deg for one in reps] == pytest.approx([90.0] * 6, abs=1.5)
    assert reps[-1].rom_deg == pytest.approx(95.0, abs=2.0)
    assert all(not one.flags for one in reps)


def test_a_repetition_on_its_last_degrees_when_the_recording_ends_counts():
    samples = prone_set(reps=2, rest_s=1.0, after_s=0.0)

    assert n_reps(samples[: len(samples) - 115]) == 2
    assert n_reps(samples[: len(samples) - 300]) == 1


def test_the_trace_of_a_leg_that_never_moved_is_its_tilt():
    result = analyse_recording(leg_signal([still(4.0)], noise_seed=1), PRONE, zero_deg=20.0)

    assert result.angle_deg == pytest.approx(np.full(401, 20.0), abs=0.7)


def test_the_live_angle_before_any_repetition_is_the_tilt():
    analyzer = SetAnalyzer(PRONE, zero_deg=5.0)

    analyzer.update(leg_signal([still(2.0), Stretch(40.0, 1.0), still(1.0, 40.0)]))

    assert analyzer.live.angle_deg == pytest.approx(45.0, abs=1.5)
    assert analyzer.live.time_s == pytest.approx(4.0, abs=0.1)


def test_while_the_rest_pose_is_sought_the_live_view_has_no_angle():
    analyzer = SetAnalyzer(PRONE)

    analyzer.update(shaken_about(10.0))

    assert analyzer.live.angle_deg is None
    assert analyzer.live.time_s == pytest.approx(10.0, abs=0.2)


def test_a_leg_that_swings_in_the_air_for_half_a_minute_blocks_nothing():
    in_the_air = [Stretch(80.0, 1.0), *[Stretch(50.0, 2.0), Stretch(80.0, 2.0)] * 8]
    after = [Stretch(0.0, 1.5), still(3.0), *rep() * 2]
    samples = leg_signal([still(2.0), *rep() * 2, *in_the_air, *after], noise_seed=1)

    assert n_reps(samples) == 4


def test_a_long_stay_in_another_pose_is_left_again():
    elsewhere = [Stretch(-60.0, 1.5), still(15.0, -60.0), Stretch(0.0, 1.5), still(2.0)]

    samples = leg_signal([still(2.0), *rep() * 3, *elsewhere, *rep() * 3], noise_seed=1)

    assert n_reps(samples) == 6


@pytest.mark.parametrize("packet", [1, 10])
def test_every_repetition_is_reported_exactly_once(packet):
    analyzer = SetAnalyzer(PRONE)

    events = [
        event
        for piece in packets_of(prone_set(reps=6, noise_seed=5), packet)
        for event in analyzer.update(piece)
    ]

    starts_s = [event.rep.start_s for event in events if isinstance(event, RepFinished)]
    assert len(starts_s) == 6
    assert np.diff(starts_s) == pytest.approx(5.5, abs=0.1)
