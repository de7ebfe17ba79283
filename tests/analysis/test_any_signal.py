"""Whatever a sensor sends, the engine says something sensible and the same however it is cut."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import GapFound, ImuSamples, RepFinished, SetAnalyzer
from analysis.patience import LONGEST_BLOCK_S
from tests.analysis.same_results import differences
from tests.builders import (
    Stretch,
    joined,
    leg_signal,
    packets_of,
    prone_set,
    random_rotation,
    shaken_about,
    still_signal,
    with_turned_sensor,
    without,
)

EXERCISES = ("ecc_prone_helper", "ecc_seated_solo", "free_movement")


def made_of(value_ms2, value_rads, seconds=2.0, rate_hz=100.0):
    n = round(seconds * rate_hz)
    return ImuSamples(
        np.arange(n) / rate_hz, np.full((n, 3), value_ms2), np.full((n, 3), value_rads)
    )


PARTS = {
    "rest": still_signal(3.0),
    "three repetitions": prone_set(reps=3, noise_seed=1),
    "a quick repetition": prone_set(reps=1, eccentric_s=0.4, noise_seed=2),
    "no rest": prone_set(reps=2, still_s=0.0, rest_s=0.0, after_s=0.0, noise_seed=3),
    "turned on the leg": with_turned_sensor(prone_set(reps=2, noise_seed=4), random_rotation(1)),
    "another axis": leg_signal(
        [Stretch(70.0, 0.7), Stretch(-30.0, 1.0), Stretch(0.0, 1.0)], axis_tilt_deg=85.0
    ),
    "whirling": leg_signal([Stretch(4000.0, 8.0), Stretch(0.0, 8.0)]),
    "shaken": shaken_about(15.0),
    "a gap": without(prone_set(reps=1), 3.0, 3.4),
    "a long gap": without(prone_set(reps=2), 3.0, 6.0),
    "nothing felt": made_of(0.0, 0.0),
    "at the end of the range": made_of(16 * 9.81, math.radians(2000.0), 0.3),
    "beyond all sense": made_of(1e4, -1e3),
}


def before_the_end(events, samples):
    """Leave out what the very last samples decide: they may wait for more until `finish`."""
    return [event for event in events if event.at_s < samples.time_s[-1] - LONGEST_BLOCK_S]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    names=st.lists(st.sampled_from(sorted(PARTS)), min_size=1, max_size=5),
    exercise=st.sampled_from(EXERCISES),
    packet=st.sampled_from([3, 20, 333]),
)
def test_any_sequence_of_signals_gives_events_in_order_and_one_result(names, exercise, packet):
    samples = joined(*(PARTS[name] for name in names))
    live, whole = SetAnalyzer(exercise), SetAnalyzer(exercise)

    events = [event for piece in packets_of(samples, packet) for event in live.update(piece)]
    due_events = whole.update(samples)

    result = live.finish()
    assert differences(before_the_end(events, samples), before_the_end(due_events, samples)) == []
    assert differences(result, whole.finish()) == []
    at_s = [event.at_s for event in events]
    assert at_s == sorted(at_s)
    assert np.isfinite(result.angle_deg).all()
    for one, following in pairwise([rep for each in result.sets for rep in each.reps]):
        assert one.end_s <= following.start_s + 0.1


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_number_of_a_repetition_makes_sense(name):
    samples = joined(PARTS["three repetitions"], PARTS[name], PARTS["three repetitions"])
    analyzer = SetAnalyzer("ecc_prone_helper")

    reps = [event.rep for event in analyzer.update(samples) if isinstance(event, RepFinished)]

    assert len(reps) >= 3
    for one in reps:
        assert one.start_s < one.peak_s < one.end_s
        assert 25.0 < one.peak_deg < 140.0
        assert 0.0 < one.eccentric_moving_s <= one.eccentric_s
        assert one.pause_s >= 0.0
        assert one.hold_s >= 0.0
        assert one.hold_scored_s >= 0.0
        assert one.eccentric_s_u > 0.0
        assert one.peak_deg_u > 0.0
        assert [phase.start_s < phase.end_s for phase in one.phases] == [True] * len(one.phases)


@pytest.mark.parametrize("name", sorted(set(PARTS) - {"beyond all sense"}))
def test_after_ten_seconds_of_rest_the_next_set_counts_whatever_went_before(name):
    before, after = joined(PARTS["three repetitions"], PARTS[name]), still_signal(10.0)
    samples = joined(before, after, PARTS["three repetitions"])
    analyzer = SetAnalyzer("ecc_prone_helper")

    analyzer.update(samples)

    reps = [rep for each in analyzer.finish().sets for rep in each.reps]
    found = [one for one in reps if one.start_s > before.time_s[-1] + 8.0]
    assert len(found) == 3
    assert [one.peak_deg for one in found] == pytest.approx([90.0] * 3, abs=3.0)


def test_a_sensor_that_sends_every_other_second_is_followed_without_counting():
    samples = prone_set(reps=4, noise_seed=1)
    for start_s in range(1, 24, 2):
        samples = without(samples, float(start_s), start_s + 1.0)
    analyzer = SetAnalyzer("ecc_prone_helper")

    events = analyzer.update(samples)

    assert sum(isinstance(event, GapFound) for event in events) == 12
    assert analyzer.finish().n_reps <= 4
