from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import RepFinished, SetAnalyzer, analyse_recording
from tests.analysis.same_results import differences
from tests.builders import Stretch, cut_at, leg_signal, packets_of, still

SWING = "iso_stand_ext"
HANGING_DEG = 90.0
FROM_HIP_M = 0.8


def swings(n, by_deg, *, way_s=3.0, from_deg=HANGING_DEG):
    out = Stretch(from_deg + by_deg, way_s)
    return [out, Stretch(from_deg, way_s), still(0.8, from_deg)] * n


def signal(*stretches):
    moves = [still(2.0, HANGING_DEG), *(one for part in stretches for one in part)]
    return leg_signal(moves, start_deg=HANGING_DEG, lever_m=FROM_HIP_M, noise_seed=3)


@cache
def after_three_swings_the_other_way():
    pause = [still(14.0, HANGING_DEG)]
    return signal(swings(3, -15.0, way_s=2.0), pause, swings(6, 15.0), pause)


@cache
def after_six_the_other_way():
    pause = [still(14.0, HANGING_DEG)]
    return signal(swings(6, -15.0), pause, swings(6, 15.0), pause)


@cache
def from_a_pose_22_degrees_off():
    shifted_deg = HANGING_DEG + 22.0
    shift = [Stretch(shifted_deg, 1.0)]
    return signal(shift, swings(7, 15.0, from_deg=shifted_deg), [still(3.0, shifted_deg)])


def reps_of_sets(samples):
    return [len(one.reps) for one in analyse_recording(samples, SWING).sets]


def test_a_set_is_counted_whole_after_three_swings_that_went_the_other_way():
    assert reps_of_sets(after_three_swings_the_other_way()) == [3, 6]


def test_a_set_the_other_way_is_counted_whole_although_the_axis_is_known_well():
    assert reps_of_sets(after_six_the_other_way()) == [6, 6]


def test_reps_from_another_rest_pose_that_nobody_held_still_are_counted_all_but_one():
    assert sum(reps_of_sets(from_a_pose_22_degrees_off())) >= 6


def test_what_was_missed_is_reported_as_soon_as_the_axis_is_doubted():
    samples = after_three_swings_the_other_way()
    analyzer = SetAnalyzer(SWING)

    events = [event for piece in packets_of(samples, 5) for event in analyzer.update(piece)]

    late_s = [one.at_s - one.rep.end_s for one in events if isinstance(one, RepFinished)][3:]
    assert max(late_s[:2]) < 9.0  # the length of a repetition and its rest
    assert max(late_s[2:]) < 1.0


def test_single_swings_the_other_way_within_a_set_change_nothing():
    between = swings(1, -15.0)
    samples = signal(swings(6, 15.0), between, swings(2, 15.0), between, swings(2, 15.0))

    assert sum(reps_of_sets(samples)) == 10


@pytest.mark.parametrize(
    "made", [after_three_swings_the_other_way, after_six_the_other_way, from_a_pose_22_degrees_off]
)
@given(cuts=st.sets(st.integers(1, 4500), max_size=10))
@settings(max_examples=6)
def test_a_second_look_does_not_depend_on_where_the_samples_are_cut(made, cuts):
    samples = made()
    whole, analyzer = SetAnalyzer(SWING), SetAnalyzer(SWING)

    events = [one for piece in cut_at(samples, cuts) for one in analyzer.update(piece)]

    assert not differences(events, whole.update(samples))
    assert not differences(analyzer.finish(), whole.finish())
