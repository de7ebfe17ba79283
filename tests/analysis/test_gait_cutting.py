from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import ImuSamples, SetAnalyzer
from tests.analysis.same_results import differences
from tests.analysis.sport_signals import Leg, course_signal, stand
from tests.builders import cut_at, packets_of, without
from tracker.simulator import Scenario, simulate

KINDS = ("walk and jog", "with losses", "sprints", "cycling", "cycling, hard wear")


@cache
def recording(kind) -> tuple[str, ImuSamples]:
    """Return a sport and a short recording of it."""
    walk = [stand(3.0), Leg("walk", 9.0, 112.0), stand(2.0), Leg("jog_backward", 9.0, 142.0)]
    if kind == "walk and jog":
        return "run_intervals", course_signal(walk)
    if kind == "with losses":
        samples = without(course_signal(walk, rate_hz=50.0), 6.0, 6.4)
        return "run_intervals", without(samples, 17.0, 17.9)
    scenarios = {
        "sprints": Scenario(exercise_id="sprint_sets", reps=1, rate_hz=200.0),
        "cycling": Scenario(exercise_id="cycling", reps=1, bout_s=10.0, rate_hz=25.0),
        "cycling, hard wear": Scenario(
            exercise_id="cycling", reps=1, bout_s=10.0, wear="hard", loss_share=0.02
        ),
    }
    made = simulate(scenarios[kind], seed=5)
    samples = ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads)
    return scenarios[kind].exercise_id, samples


def run(exercise_id, pieces):
    analyzer = SetAnalyzer(exercise_id)
    events = [event for piece in pieces for event in analyzer.update(piece)]
    return events, analyzer.finish()


@cache
def fed_in_packets(kind):
    exercise_id, samples = recording(kind)
    return run(exercise_id, packets_of(samples, 7))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("packet", [1, 20, 10_000_000])
def test_bouts_do_not_depend_on_the_size_of_the_packets(kind, packet):
    exercise_id, samples = recording(kind)

    events, result = run(exercise_id, packets_of(samples, packet))

    due_events, due_result = fed_in_packets(kind)
    assert due_result.sets
    assert differences(events, due_events) == []
    assert differences(result, due_result) == []


@settings(max_examples=15)
@given(data=st.data())
def test_bouts_do_not_depend_on_where_the_samples_are_cut(data):
    kind = data.draw(st.sampled_from(KINDS))
    exercise_id, samples = recording(kind)
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=40))
    cuts += [cut + 1 for cut in cuts[::2]] + cuts[::3]

    events, result = run(exercise_id, cut_at(samples, cuts))

    due_events, due_result = fed_in_packets(kind)
    assert differences(events, due_events) == []
    assert differences(result, due_result) == []
