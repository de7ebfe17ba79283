from itertools import pairwise

import numpy as np
import pytest

from analysis import ImuSamples, SetAnalyzer, Warned, analyse_recording
from tests.builders import (
    Stretch,
    joined,
    leg_signal,
    prone_moves,
    prone_set,
    rep,
    rotation,
    still,
    with_turned_sensor,
)

PRONE = "ecc_prone_helper"
SUSPICIONS = {
    "strap_slipped",
    "wrong_segment_suspected",
    "band_escape_suspected",
    "rest_pose_moved",
    "still_pose_missing",
    "gap",
}


def suspected(samples, exercise=PRONE):
    return SUSPICIONS & set(analyse_recording(samples, exercise).warnings)


def slipped(by_deg, reps=5):
    """A set in which the strap turns round the leg half-way."""
    after = with_turned_sensor(prone_set(reps=reps, noise_seed=2), rotation([1, 0, 0], by_deg))
    return joined(prone_set(reps=reps, noise_seed=1), after)


def snapping(rise_s, rise_deg=30.0):
    """Lowered half-way; then the foot goes up again, slowly or at once; then down."""
    moves = [
        Stretch(90.0, 1.0),
        still(0.5, 90.0),
        Stretch(45.0, 1.5),
        Stretch(45.0 + rise_deg, rise_s),
        Stretch(0.0, 1.5),
        still(1.0),
    ]
    return leg_signal([still(2.0), *rep(), *rep(), *moves, *rep(), still(1.0)], noise_seed=1)


def test_a_set_without_anything_wrong_is_suspected_of_nothing():
    assert suspected(prone_set(reps=6, noise_seed=1)) == set()


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_sensor_upside_down_is_suspected_of_nothing(axis):
    half_turn = np.diag(np.where(np.arange(3) == axis, 1.0, -1.0))

    found = suspected(with_turned_sensor(prone_set(reps=6, noise_seed=1), half_turn))

    assert found == set()


@pytest.mark.parametrize("by_deg", [30.0, -30.0])
def test_a_strap_that_turns_round_the_leg_is_noticed(by_deg):
    assert "strap_slipped" in suspected(slipped(by_deg))


def test_a_strap_that_turns_by_ten_degrees_is_not_spoken_of():
    assert "strap_slipped" not in suspected(slipped(10.0))


def test_a_sensor_near_the_knee_is_suspected_of_sitting_wrong():
    samples = leg_signal(prone_moves(6), noise_seed=1, lever_m=0.12)

    assert suspected(samples) == {"wrong_segment_suspected"}


@pytest.mark.parametrize("lever_m", [0.25, 0.35, 0.45])
def test_a_short_or_long_lower_leg_is_not_suspected(lever_m):
    assert suspected(leg_signal(prone_moves(6), noise_seed=1, lever_m=lever_m)) == set()


def test_a_leg_that_shoots_away_on_its_way_back_has_lost_its_band():
    assert "band_escape_suspected" in suspected(snapping(rise_s=0.12))


@pytest.mark.parametrize("rise_s", [0.5, 0.8])
def test_a_second_lift_by_the_helper_is_no_lost_band(rise_s):
    assert "band_escape_suspected" not in suspected(snapping(rise_s=rise_s))


def test_a_leg_that_is_never_still_at_the_start_is_warned_of():
    moves = rep(rest_s=0.05, top_s=0.0, eccentric_s=2.0) * 8

    found = suspected(leg_signal(moves, noise_seed=1))

    assert "still_pose_missing" in found


def test_a_rest_pose_twenty_degrees_from_zero_is_warned_of():
    moved = [Stretch(20.0, 2.0), still(5.0, 20.0)]
    there = [m for _ in range(3) for m in rep(end_deg=20.0)]

    found = suspected(leg_signal([*prone_moves(3), *moved, *there], noise_seed=1))

    assert "rest_pose_moved" in found


def test_a_hole_too_long_to_bridge_is_warned_of_as_a_lost_signal():
    whole = prone_set(reps=4, noise_seed=1)
    kept = (whole.time_s < 8.0) | (whole.time_s > 10.0)

    found = suspected(ImuSamples(whole.time_s[kept], whole.acc_ms2[kept], whole.gyr_rads[kept]))

    assert found == {"gap"}


def test_a_sensor_known_to_have_restarted_is_warned_of_once():
    analyzer = SetAnalyzer(PRONE)
    samples = prone_set(reps=2, noise_seed=1)
    analyzer.update(samples)

    first, second = analyzer.sensor_restarted(), analyzer.sensor_restarted()

    assert first == [Warned(code="sensor_restarted", at_s=samples.time_s[-1])]
    assert second == []
    assert "sensor_restarted" in analyzer.finish().warnings


@pytest.mark.parametrize("size", [1, 7, 130])
def test_suspicions_do_not_depend_on_where_the_samples_are_cut(size):
    samples = slipped(30.0, reps=4)
    analyzer = SetAnalyzer(PRONE)

    events = [
        event
        for start, end in pairwise([*range(0, len(samples), size), len(samples)])
        for event in analyzer.update(samples[start:end])
    ]

    whole = SetAnalyzer(PRONE)
    due = [event for event in whole.update(samples) if isinstance(event, Warned)]
    assert [event for event in events if isinstance(event, Warned)] == due
    assert due
