from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    Calibrated,
    ImuSamples,
    PhaseChanged,
    PhaseKind,
    SetAnalyzer,
    SetFinished,
    analyse_recording,
    feedback_text,
)
from tests.analysis.same_results import differences
from tests.builders import (
    Stretch,
    cut_at,
    leg_signal,
    packets_of,
    random_rotation,
    still,
    with_turned_sensor,
    without,
)
from tracker.simulator import Scenario, random_scenario, simulate

STRETCH = "stretch_hamstring"
KNEE = "mob_knee_chest"
EDGE_S = 0.5  # how far an edge found may be from the one drawn: ways of 2 s, 5 % rule


def stretched(*moves, pose_deg=40.0, before_s=4.0, after_s=5.0, **signal):
    """Return the signal of resting, taking a pose, what `moves` are, and resting again."""
    way = [Stretch(pose_deg, 2.0), *moves, Stretch(0.0, 2.0)]
    return leg_signal([still(before_s), *way, still(after_s)], noise_seed=1, **signal)


def samples_of(made):
    return ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads)


def holds_in(samples, exercise=STRETCH):
    return [hold for one in analyse_recording(samples, exercise).sets for hold in one.holds]


def test_a_stretch_of_30_seconds_is_one_hold_of_30_seconds():
    samples = stretched(still(30.0, 40.0))

    (hold,) = holds_in(samples)

    assert hold.start_s == pytest.approx(6.0, abs=EDGE_S)
    assert hold.end_s == pytest.approx(36.0, abs=EDGE_S)
    assert hold.still_s == pytest.approx(hold.end_s - hold.start_s)
    assert hold.pose_deg == pytest.approx(40.0, abs=2.0)
    assert hold.interruptions == 0


def test_lying_still_before_and_after_is_no_hold():
    samples = leg_signal([still(60.0)], noise_seed=2)

    assert holds_in(samples) == []


def test_letting_go_and_taking_the_pose_again_is_an_interruption_of_the_same_hold():
    let_go = [Stretch(15.0, 0.7), still(0.5, 15.0), Stretch(40.0, 0.7)]
    samples = stretched(still(10.0, 40.0), *let_go, still(18.0, 40.0))

    (hold,) = holds_in(samples)

    assert hold.interruptions == 1
    assert hold.end_s - hold.start_s == pytest.approx(29.9, abs=2 * EDGE_S)
    assert hold.still_s == pytest.approx(28.0, abs=2 * EDGE_S)


def test_a_twitch_is_an_interruption():
    twitch = [Stretch(46.0, 0.15), Stretch(40.0, 0.15)]
    samples = stretched(still(10.0, 40.0), *twitch, still(20.0, 40.0))

    (hold,) = holds_in(samples)

    assert hold.interruptions == 1


def test_two_rests_apart_are_two_holds():
    samples = stretched(
        still(30.0, 40.0), Stretch(0.0, 2.0), still(4.0), Stretch(40.0, 2.0), still(30.0, 40.0)
    )

    assert [hold.interruptions for hold in holds_in(samples)] == [0, 0]


def test_a_stretch_that_sinks_five_degrees_deeper_stays_one_hold():
    samples = stretched(Stretch(45.0, 30.0, "constant"))

    (hold,) = holds_in(samples)

    assert hold.interruptions == 0
    assert hold.still_s == pytest.approx(30.0, abs=2 * EDGE_S)


def test_breathing_and_a_tremor_are_part_of_the_hold():
    breath = [Stretch(40.0 + deg, 1.8) for deg in (1.0, -1.0) * 8]
    samples = stretched(*breath)
    rng = np.random.default_rng(3)
    tremor_rads = np.radians(0.3) * 2 * np.pi * 8.0 * np.cos(2 * np.pi * 8.0 * samples.time_s)
    samples.gyr_rads[:] += tremor_rads[:, None] * rng.normal(size=3)

    (hold,) = holds_in(samples)

    assert hold.interruptions == 0
    assert hold.still_s == pytest.approx(28.8, abs=1.5)


def test_five_seconds_in_a_pose_are_no_hold_and_ten_are_a_short_one():
    assert holds_in(stretched(still(4.0, 40.0))) == []

    (short,) = holds_in(stretched(still(10.0, 40.0)))

    assert short.still_s == pytest.approx(10.0, abs=2 * EDGE_S)


@pytest.mark.parametrize("seed", range(4))
def test_how_the_sensor_is_turned_makes_no_difference(seed):
    samples = stretched(still(30.0, 40.0))
    (plain,) = holds_in(samples)

    (turned,) = holds_in(with_turned_sensor(samples, random_rotation(seed)))

    assert turned.start_s == pytest.approx(plain.start_s, abs=0.02)
    assert turned.end_s == pytest.approx(plain.end_s, abs=0.02)


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 400.0])
def test_the_rate_makes_no_difference(rate_hz):
    (hold,) = holds_in(stretched(still(30.0, 40.0), rate_hz=rate_hz))

    assert hold.start_s == pytest.approx(6.0, abs=EDGE_S)
    assert hold.end_s == pytest.approx(36.0, abs=EDGE_S)


def test_three_seconds_without_signal_do_not_end_a_hold_and_are_not_counted():
    samples = without(stretched(still(30.0, 40.0)), 15.0, 18.0)

    (hold,) = holds_in(samples)

    assert hold.interruptions == 0
    assert hold.still_s == pytest.approx(27.0, abs=2 * EDGE_S)
    assert hold.still_s_u > 3.0


def test_a_leg_that_rests_a_little_off_after_the_stretch_is_at_rest():
    moved = [Stretch(14.0, 2.0), still(40.0, 14.0)]
    samples = leg_signal([still(4.0), Stretch(60.0, 2.0), still(30.0, 60.0), *moved], noise_seed=4)

    assert len(holds_in(samples)) == 1


def test_a_forward_fold_that_the_shank_does_not_follow_is_timed_with_a_warning():
    fold = [Stretch(2.0, 0.4), Stretch(0.5, 0.4)]
    samples = leg_signal(
        [still(6.0), *fold, still(30.0, 0.5), *fold, still(6.0, 0.5)], noise_seed=5
    )

    result = analyse_recording(samples, STRETCH)

    (hold,) = result.sets[0].holds
    assert hold.still_s == pytest.approx(30.0, abs=1.5)
    assert hold.pose_deg is None
    assert "kept its rest pose" in hold.absent["pose_deg"]
    assert "hold_pose_unseen" in result.warnings
    assert holds_in(samples, KNEE) == []  # there the leg has to be seen to move


def test_a_long_hold_is_praised_and_a_short_one_asked_to_be_longer():
    long = analyse_recording(stretched(still(30.0, 40.0)), STRETCH).sets[0]
    short = analyse_recording(stretched(still(15.0, 40.0)), STRETCH).sets[0]

    assert [feedback.code for feedback in long.feedback] == ["stretch_held"]
    assert feedback_text(long.feedback[0], "nl").startswith("De rek 30 seconden")
    assert [feedback.code for feedback in short.feedback] == ["stretch_longer"]
    assert "15 seconden" in feedback_text(short.feedback[0], "nl")


def test_the_quality_of_a_set_counts_holds_and_their_stillness():
    quality = analyse_recording(stretched(still(30.0, 40.0)), STRETCH).sets[0].quality

    assert (quality.reps, quality.reps_prescribed) == (1, 1)
    assert quality.hold_mean_s == pytest.approx(30.0, abs=2 * EDGE_S)
    assert quality.holds_long_enough == 1
    assert quality.eccentric_mean_s is None
    assert "no repetitions" in quality.absent["eccentric_mean_s"]


def test_the_ring_fills_while_the_pose_is_held_and_is_empty_before_and_after():
    samples = stretched(still(30.0, 40.0), after_s=16.0)
    analyzer, held_s = SetAnalyzer(STRETCH, keep_trace=False), {}

    for piece in packets_of(samples, 10):
        analyzer.update(piece)
        held_s[round(float(piece.time_s[-1]), 1)] = analyzer.live.held_s

    assert held_s[3.0] is None
    assert held_s[16.0] == pytest.approx(10.0, abs=0.8)
    assert held_s[35.0] == pytest.approx(29.0, abs=0.8)
    assert held_s[45.0] is None
    shown = [value for value in held_s.values() if value is not None]
    assert shown == sorted(shown)


def test_a_pose_that_is_held_and_a_set_that_is_over_are_told_while_it_happens():
    samples = stretched(still(30.0, 40.0), after_s=16.0)
    analyzer, events = SetAnalyzer(STRETCH), []

    for piece in packets_of(samples, 10):
        events += analyzer.update(piece)

    kinds = [type(event) for event in events]
    assert kinds == [Calibrated, PhaseChanged, PhaseChanged, SetFinished]
    assert [event.kind for event in events[1:3]] == [PhaseKind.HOLD, None]
    assert events[1].at_s == pytest.approx(6.0, abs=2.0)
    assert events[3].at_s == pytest.approx(36.0 + 12.0, abs=1.0)


def test_the_button_ends_a_hold_that_goes_on():
    samples = stretched(still(30.0, 40.0))
    analyzer = SetAnalyzer(STRETCH)
    analyzer.update(samples[:2600])

    events = analyzer.end_set()

    finished = next(event for event in events if isinstance(event, SetFinished))
    assert finished.set_result.holds[0].still_s == pytest.approx(20.0, abs=2 * EDGE_S)


@cache
def recording(kind):
    if kind == "restarted":
        scenario = Scenario(exercise_id=KNEE, reps=2, restarts=1, wear="hard", rate_hz=50.0)
        return samples_of(simulate(scenario, seed=3))
    if kind == "folded":
        return leg_signal(
            [still(6.0), Stretch(2.0, 0.4), Stretch(0.5, 0.4), still(20.0, 0.5)], noise_seed=5
        )
    scenario = Scenario(
        exercise_id=STRETCH,
        reps=1,
        sets=2,
        wear="hard",
        profile="erratic",
        between=("stand_and_walk",),
        rate_hz=50.0,
        loss_share=0.02,
    )
    return samples_of(simulate(scenario, seed=4))


KINDS = ("erratic", "restarted", "folded")


def run(kind, pieces):
    analyzer = SetAnalyzer(KNEE if kind == "restarted" else STRETCH)
    events = [event for piece in pieces for event in analyzer.update(piece)]
    return events, analyzer.finish()


@cache
def fed_in_packets(kind):
    return run(kind, packets_of(recording(kind), 7))


@settings(max_examples=15)
@given(data=st.data())
def test_events_and_holds_do_not_depend_on_where_the_samples_are_cut(data):
    kind = data.draw(st.sampled_from(KINDS))
    samples = recording(kind)
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=40))

    events, result = run(kind, cut_at(samples, [*cuts, *(cut + 1 for cut in cuts)]))

    due_events, due_result = fed_in_packets(kind)
    assert differences(events, due_events) == []
    assert differences(result, due_result) == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_sample_at_a_time_and_all_at_once_give_the_same(kind):
    samples = recording(kind)

    whole, single = run(kind, [samples]), run(kind, packets_of(samples, 1))

    assert differences(whole, single) == []


@pytest.mark.parametrize("wear", ["typical", "hard"])
@pytest.mark.parametrize("exercise_id", [STRETCH, "stretch_adductor", KNEE, "mob_knee_across"])
def test_all_simulated_holds_are_found_and_nothing_else(exercise_id, wear):
    scenario = replace(random_scenario(exercise_id, wear, 1), sets=1, reps=3, rate_hz=50.0)
    made = simulate(scenario, seed=1)

    holds = holds_in(samples_of(made), exercise_id)

    assert len(holds) == len(made.truth.holds)
    for hold, true in zip(holds, made.truth.holds, strict=True):
        assert hold.start_s == pytest.approx(true.start_s, abs=1.6)
        assert hold.end_s == pytest.approx(true.end_s, abs=1.6)


def test_memory_does_not_grow_with_the_length_of_the_session():
    analyzer = SetAnalyzer(STRETCH, keep_trace=False)
    minutes = leg_signal([still(5.0), Stretch(40.0, 2.0), still(300.0, 40.0)], noise_seed=6)

    sizes = []
    for piece in packets_of(minutes, 500):
        analyzer.update(piece)
        sizes.append(analyzer._front.rows._table.nbytes)

    assert max(sizes) == sizes[10]
