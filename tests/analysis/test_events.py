from copy import deepcopy

import pytest

from analysis import (
    Calibrated,
    ImuSamples,
    PhaseChanged,
    PhaseKind,
    RepFinished,
    RepStarted,
    SetAnalyzer,
    SetFinished,
    Warned,
)
from tests.analysis.same_results import differences
from tests.builders import (
    clipped,
    leg_signal,
    packets_of,
    prone_set,
    rep,
    still,
    without,
)
from tracker.simulator import Scenario, simulate

PRONE = "ecc_prone_helper"


def events_of(samples, exercise=PRONE, packet=10):
    analyzer = SetAnalyzer(exercise)
    return [event for piece in packets_of(samples, packet) for event in analyzer.update(piece)]


def test_a_set_of_three_tells_its_story_in_order():
    events = events_of(prone_set(reps=3, after_s=14.0))

    assert isinstance(events[0], Calibrated)
    each = [RepStarted, PhaseChanged, PhaseChanged, RepFinished, PhaseChanged]
    assert [type(event) for event in events[1:]] == [*each * 3, SetFinished]
    kinds = [event.kind for event in events if isinstance(event, PhaseChanged)]
    assert kinds == [PhaseKind.LIFT, PhaseKind.ECCENTRIC, None] * 3


def streams():
    hard = simulate(
        Scenario(reps=4, sets=2, wear="hard", profile="erratic", between=("hard_fidget",)), seed=3
    )
    moving = simulate(Scenario(exercise_id="ecc_seated_solo", reps=4, start="moving"), seed=5)
    return {
        "a clean set": prone_set(reps=3, after_s=14.0),
        "hard wear": ImuSamples(hard.time_s, hard.acc_ms2, hard.gyr_rads),
        "a start in movement": ImuSamples(moving.time_s, moving.acc_ms2, moving.gyr_rads),
        "a bridged gap": without(prone_set(reps=2), 4.0, 4.3),
        "a long gap": without(prone_set(reps=3), 4.0, 7.0),
        "out of range": clipped(
            prone_set(reps=2, eccentric_s=0.5, lift_s=1.2, noise_seed=1), gyr_dps=250
        ),
        "a large offset": leg_signal([still(2.0), *rep() * 2], bias_degs=(14.0, 0.0, 0.0)),
        "a slow sensor": prone_set(reps=2, rate_hz=30.0),
    }


@pytest.mark.parametrize("packet", [10, 10_000_000])
@pytest.mark.parametrize("kind", streams())
def test_events_come_in_the_order_of_their_times(kind, packet):
    samples = streams()[kind]

    at_s = [event.at_s for event in events_of(samples, packet=packet)]

    assert at_s == sorted(at_s)
    assert len(at_s) > 5


def test_an_event_is_not_told_before_its_time_has_come():
    analyzer = SetAnalyzer(PRONE)

    for piece in packets_of(prone_set(reps=3), 5):
        for event in analyzer.update(piece):
            assert event.at_s <= piece.time_s[-1]
            # ... and what is decided is told at the end of the packet or the next few.
            assert event.at_s > piece.time_s[-1] - 1.2


def test_a_repetition_is_reported_within_four_tenths_of_a_second_of_its_end():
    events = events_of(prone_set(reps=5, noise_seed=1), packet=5)

    delays_s = [event.at_s - event.rep.end_s for event in events if isinstance(event, RepFinished)]

    assert len(delays_s) == 5
    assert max(delays_s) < 0.4


def test_repetitions_reported_live_are_those_of_the_result():
    samples = prone_set(reps=4, noise_seed=2, after_s=14.0)
    analyzer = SetAnalyzer(PRONE)

    events = [event for piece in packets_of(samples, 5) for event in analyzer.update(piece)]

    result = analyzer.finish()
    told = [event.rep for event in events if isinstance(event, RepFinished)]
    sets = [event.set_result for event in events if isinstance(event, SetFinished)]
    assert differences(tuple(told), result.sets[0].reps) == []
    assert differences(tuple(sets), result.sets) == []


def test_what_was_reported_never_changes_afterwards():
    analyzer = SetAnalyzer(PRONE)
    told, copies = [], []

    for piece in packets_of(prone_set(reps=5, noise_seed=3, after_s=14.0), 20):
        events = analyzer.update(piece)
        told += events
        copies += deepcopy(events)
    analyzer.finish()

    assert differences(told, copies) == []


def test_a_warning_is_told_once():
    events = events_of(clipped(prone_set(reps=3, eccentric_s=0.5, noise_seed=4), gyr_dps=250.0))

    assert [event.code for event in events if isinstance(event, Warned)] == ["saturated"]
