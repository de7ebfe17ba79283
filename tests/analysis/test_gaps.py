"""What is lost on the way to the engine: said, bridged or left out, and never counted twice."""

import numpy as np
import pytest

from analysis import Flag, GapFound, RepFinished, SetAnalyzer, analyse_recording
from tests.builders import packets_of, prone_set, without

PRONE = "ecc_prone_helper"
# Five repetitions of 5.5 s each from 2.0 s on: lift 1 s, top 0.5 s, lowering 3 s, rest 1 s.
CYCLE_S = 5.5


def a_set():
    return prone_set(reps=5, noise_seed=1, after_s=3.0)


def gap_in_the_third_lowering(length_s):
    start_s = 2.0 + 2 * CYCLE_S + 2.5
    return without(a_set(), start_s, start_s + length_s)


def reps_of(samples):
    return [one for each in analyse_recording(samples, PRONE).sets for one in each.reps]


@pytest.mark.parametrize("length_s", [0.2, 0.45])
def test_a_gap_of_under_half_a_second_is_bridged_and_its_repetition_flagged(length_s):
    found = reps_of(gap_in_the_third_lowering(length_s))

    assert [Flag.GAP in one.flags for one in found] == [False, False, True, False, False]
    assert found[2].eccentric_s == pytest.approx(2.64, abs=0.15)
    assert found[2].peak_deg == pytest.approx(90.0, abs=2.0)
    assert found[2].eccentric_s_u > found[1].eccentric_s_u


def test_a_gap_of_under_a_tenth_of_a_second_is_bridged_without_a_flag():
    found = reps_of(gap_in_the_third_lowering(0.06))

    assert [Flag.GAP in one.flags for one in found] == [False] * 5


def test_a_gap_between_two_repetitions_flags_neither():
    found = reps_of(without(a_set(), 6.8, 7.1))

    assert [Flag.GAP in one.flags for one in found] == [False] * 5


@pytest.mark.parametrize("length_s", [0.2, 0.7, 5.0])
def test_every_gap_is_told_and_listed(length_s):
    samples = gap_in_the_third_lowering(length_s)
    analyzer = SetAnalyzer(PRONE)

    events = [event for piece in packets_of(samples, 5) for event in analyzer.update(piece)]

    (found,) = [event for event in events if isinstance(event, GapFound)]
    assert found.start_s == pytest.approx(15.5, abs=0.011)
    assert found.end_s == pytest.approx(15.5 + length_s, abs=0.011)
    assert found.at_s == found.end_s
    recording = analyzer.finish().recording
    assert [(gap.start_s, gap.end_s) for gap in recording.gaps] == [(found.start_s, found.end_s)]
    lost = 1.0 - length_s / recording.duration_s
    assert recording.coverage == pytest.approx(lost, abs=0.002)


def test_the_coverage_of_a_set_counts_only_what_was_lost_in_it():
    result = analyse_recording(without(a_set(), 0.5, 0.9), PRONE)

    assert result.sets[0].quality.coverage == 1.0
    assert result.recording.coverage < 0.99


@pytest.mark.parametrize("length_s", [0.6, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("start_s", [13.2, 14.2, 15.0, 16.0, 17.4, 18.2])
def test_counting_goes_on_after_a_long_gap_wherever_it_falls_and_nothing_counts_twice(
    start_s, length_s
):
    found = reps_of(without(a_set(), start_s, start_s + length_s))

    # Only repetitions that the gap touched may be missing.
    cycles = [(2.0 + i * CYCLE_S, 2.0 + (i + 1) * CYCLE_S) for i in range(5)]
    whole = [
        (begin, end)
        for begin, end in cycles
        if end - 0.7 <= start_s or begin >= start_s + length_s + 0.6
    ]
    for begin, end in whole:
        assert sum(begin < one.peak_s < end for one in found) == 1
    for begin, end in cycles:
        assert sum(begin < one.peak_s < end for one in found) <= 1


@pytest.mark.parametrize("length_s", [0.7, 5.0])
def test_what_comes_after_a_long_gap_is_measured_as_well_as_before(length_s):
    found = reps_of(without(a_set(), 13.5, 13.5 + length_s))

    last = found[-1]
    assert last.peak_deg == pytest.approx(90.0, abs=2.0)
    assert last.eccentric_s == pytest.approx(2.64, abs=0.1)
    assert Flag.GAP not in last.flags


def test_after_a_long_gap_the_phase_that_was_under_way_is_over():
    samples = gap_in_the_third_lowering(2.0)
    analyzer = SetAnalyzer(PRONE)
    analyzer.update(samples[: np.searchsorted(samples.time_s, 15.4)])
    assert analyzer.live.phase is not None

    analyzer.update(samples[np.searchsorted(samples.time_s, 15.4) :][:40])

    assert analyzer.live.phase is None


def test_a_long_gap_before_the_rest_pose_is_known_starts_anew():
    samples = without(prone_set(reps=3, still_s=3.0), 0.6, 1.5)

    result = analyse_recording(samples, PRONE)

    assert result.n_reps == 3
    assert result.calibration.at_s > 1.5


def test_a_link_lost_for_20_seconds_ends_the_set_and_the_next_one_counts():
    samples = prone_set(reps=10, noise_seed=2, after_s=3.0)

    result = analyse_recording(without(samples, 18.1, 34.5), PRONE)

    assert [len(one.reps) for one in result.sets] == [3, 4]


@pytest.mark.parametrize("seed", range(4))
def test_two_percent_lost_in_short_bursts_cost_no_repetition(seed):
    samples = a_set()
    rng = np.random.default_rng(seed)
    for start_s in rng.uniform(1.0, samples.time_s[-1], 8):
        samples = without(samples, start_s, start_s + rng.uniform(0.03, 0.12))

    found = reps_of(samples)

    assert len(found) == 5
    assert [one.eccentric_s for one in found] == pytest.approx([2.64] * 5, abs=0.1)
    assert [one.peak_deg for one in found] == pytest.approx([90.0] * 5, abs=1.0)


def test_the_trace_has_one_angle_for_each_sample_that_came():
    samples = without(gap_in_the_third_lowering(0.3), 22.0, 24.0)

    angle_deg = analyse_recording(samples, PRONE).angle_deg

    assert len(angle_deg) == len(samples)
    assert np.isfinite(angle_deg).all()


def test_repetitions_are_reported_once_though_packets_are_lost():
    analyzer = SetAnalyzer(PRONE)
    packets = packets_of(a_set(), 5)
    kept = [one for i, one in enumerate(packets) if i % 41 != 7]

    events = [event for piece in kept for event in analyzer.update(piece)]

    assert sum(isinstance(event, RepFinished) for event in events) == 5
