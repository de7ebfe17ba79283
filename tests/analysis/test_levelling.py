from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import ImuSamples, SetAnalyzer
from analysis.levelling import LONGEST_S, bridge_doubt_deg
from analysis.orientation import UpFilter
from tests.analysis.same_results import differences
from tests.builders import cut_at, packets_of, without
from tracker.simulator import Scenario, simulate

RATE_HZ = 100.0
STEPS = Scenario(exercise_id="step_up", reps=4, spring=0.4)
HOLE_S = 0.3


@cache
def steps():
    return simulate(STEPS, seed=3)


def samples_of(recording):
    return ImuSamples(recording.time_s, recording.acc_ms2, recording.gyr_rads)


def swing_s():
    """Return when the foot swings onto the step in the second repetition."""
    return steps().truth.reps[1].start_s + 0.05


def followed(samples, start_s, *, is_told=True, holds_back=True):
    """Follow the vertical over a hole of `HOLE_S`; return it on the rows that came, and parts."""
    start, end = np.searchsorted(samples.time_s, [start_s, start_s + HOLE_S])
    steps_in = end - start + 1
    share = (np.arange(1, steps_in) / steps_in)[:, None]
    bridge = [
        one[start - 1] + share * (one[end] - one[start - 1])
        for one in (samples.gyr_rads, samples.acc_ms2)
    ]
    follower = UpFilter(RATE_HZ, holds_back=holds_back)
    ones = np.ones(len(samples))
    parts = follower.update(samples.gyr_rads[:start], samples.acc_ms2[:start], ones[:start])
    take = follower.bridge if is_told else follower.update
    parts += take(*bridge, ones[start:end])
    parts += follower.update(samples.gyr_rads[end:], samples.acc_ms2[end:], ones[end:])
    parts += follower.flush()
    return np.concatenate([part.up for part in parts]), parts


def off_deg(up):
    """Return how far the vertical is off, against the true one."""
    return np.degrees(np.arccos(np.clip((up * steps().truth.up).sum(axis=1), -1.0, 1.0)))


def test_a_leg_that_turned_evenly_leaves_no_doubt_across_a_hole():
    even = np.tile([0.0, 0.5, 0.0], (300, 1))

    assert bridge_doubt_deg(even, even[:30], RATE_HZ) == pytest.approx(0.0, abs=1e-9)


def test_a_leg_that_swung_to_and_fro_leaves_as_much_as_a_straight_line_misses():
    swing = 4.0 * np.sin(2.0 * np.pi * np.arange(300) / 60.0)  # 76 degrees in 0.3 s and back
    rates = np.stack([np.zeros(300), swing, np.zeros(300)], axis=1)
    still = np.zeros((29, 3))

    doubt_deg = bridge_doubt_deg(rates, still + rates[-1], RATE_HZ)

    assert 20.0 < doubt_deg < 76.0


def test_standing_after_a_lost_swing_shows_the_vertical_again_within_a_second():
    samples, start_s = samples_of(steps()), swing_s()
    later = (steps().time_s > start_s + 1.0) & (steps().time_s < start_s + 3.0)

    found, _ = followed(samples, start_s)
    by_the_filter_alone, _ = followed(samples, start_s, is_told=False)

    assert off_deg(by_the_filter_alone)[later].mean() > 8.0
    assert off_deg(found)[later].mean() < 5.0


def test_rows_held_back_are_mended_from_the_end_of_the_hole_on():
    samples, start_s = samples_of(steps()), swing_s()
    first = (steps().time_s > start_s + HOLE_S) & (steps().time_s < start_s + HOLE_S + 0.2)

    held, _ = followed(samples, start_s)
    at_once, _ = followed(samples, start_s, holds_back=False)

    assert off_deg(at_once)[first].min() > 10.0
    assert off_deg(held)[first].max() < 7.0


def test_rows_are_held_back_no_longer_than_said_and_all_come():
    samples = samples_of(steps())

    up, parts = followed(samples, swing_s())

    assert len(up) == len(samples)
    assert any(part.is_late for part in parts)
    assert max(len(part) for part in parts if part.is_late) < (HOLE_S + LONGEST_S) * RATE_HZ + 1


def test_a_hole_while_the_leg_stands_still_changes_nothing():
    samples = samples_of(steps())

    told, parts = followed(samples, 1.0)
    untold, _ = followed(samples, 1.0, is_told=False)

    assert not any(part.is_late for part in parts)
    assert np.array_equal(told, untold)


@given(cuts=st.sets(st.integers(1, 1500), max_size=12), at_s=st.sampled_from([0.05, 0.6, 1.1]))
@settings(max_examples=12)
def test_the_vertical_after_a_hole_does_not_depend_on_where_the_rows_are_cut(cuts, at_s):
    samples = samples_of(steps())[:1500]
    start_s = steps().truth.reps[1].start_s + at_s
    holed = without(samples, start_s, start_s + HOLE_S)
    whole = SetAnalyzer("step_up")
    due_events = whole.update(holed)
    due = whole.finish()
    analyzer = SetAnalyzer("step_up")

    events = [one for piece in cut_at(holed, cuts) for one in analyzer.update(piece)]

    assert not differences(events, due_events)
    assert not differences(analyzer.finish(), due)


@pytest.mark.parametrize("packet", [1, 5])
def test_a_step_report_after_a_hole_says_when_it_was_known(packet):
    holed = without(samples_of(steps()), swing_s(), swing_s() + HOLE_S)
    analyzer = SetAnalyzer("step_up")

    for piece in packets_of(holed, packet):
        events = analyzer.update(piece)
        assert all(event.at_s <= piece.time_s[-1] for event in events)
        assert all(a.at_s <= b.at_s for a, b in pairwise(events))
