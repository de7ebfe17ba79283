from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis import ImuSamples, PhaseKind, SetAnalyzer, analyse_recording
from tests.analysis.same_results import differences
from tests.builders import clipped, packets_of, random_rotation, without
from tracker.simulator import Scenario, simulate

STEPS = Scenario(exercise_id="step_up", reps=5, spring=0.3)


@cache
def made(scenario, seed):
    return simulate(scenario, seed=seed)


def samples_of(recording):
    return ImuSamples(recording.time_s, recording.acc_ms2, recording.gyr_rads)


def analysed(scenario, seed=1):
    recording = made(scenario, seed)
    return recording, analyse_recording(samples_of(recording), "step_up")


@pytest.mark.parametrize("spring", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("rate_hz", [25.0, 100.0, 400.0])
def test_slow_and_springing_steps_are_counted_at_any_rate(spring, rate_hz):
    _, result = analysed(replace(STEPS, spring=spring, rate_hz=rate_hz))

    assert result.n_reps == 5


def test_a_step_begins_and_ends_when_the_foot_leaves_the_floor_and_is_back():
    recording, result = analysed(STEPS)

    for true, found in zip(recording.truth.reps, result.sets[0].reps, strict=True):
        assert found.start_s == pytest.approx(true.start_s, abs=0.1)
        assert found.end_s == pytest.approx(true.end_s, abs=0.1)


def test_the_letting_down_is_the_eccentric_phase_and_says_how_sure_it_is():
    recording, result = analysed(replace(STEPS, spring=0.0))

    for true, found in zip(recording.truth.reps, result.sets[0].reps, strict=True):
        assert abs(found.eccentric_s - true.eccentric_s) < found.eccentric_s_u
        assert [phase.kind for phase in found.phases] == [
            PhaseKind.CONCENTRIC,
            PhaseKind.ECCENTRIC,
        ]


def test_no_tempo_is_judged_and_nothing_is_scored_that_is_not_prescribed():
    _, result = analysed(STEPS)

    quality = result.sets[0].quality
    assert quality.in_tempo is None
    assert quality.dose_percent is None
    assert all("tempo" in rep.absent["concentric_s"] for rep in result.sets[0].reps)


def test_the_cadence_is_that_of_the_true_steps():
    recording, result = analysed(STEPS)

    starts_s = [rep.start_s for rep in recording.truth.reps]
    due_per_min = 60.0 / float(np.median(np.diff(starts_s)))
    assert result.sets[0].quality.cadence_per_min == pytest.approx(due_per_min, rel=0.05)


def test_springing_steps_land_harder_than_slow_ones():
    _, slow = analysed(replace(STEPS, spring=0.1))
    _, springing = analysed(replace(STEPS, spring=0.9))

    slow_g = slow.sets[0].quality.impact_mean_g
    assert springing.sets[0].quality.impact_mean_g > 2.0 * slow_g


def test_the_impact_index_is_what_the_place_of_the_sensor_felt():
    recording, result = analysed(replace(STEPS, spring=0.8, rate_hz=400.0))

    for true, found in zip(recording.truth.reps, result.sets[0].reps, strict=True):
        due_g = max(impact.peak_g for impact in true.impacts)
        assert found.impact_g == pytest.approx(due_g, rel=0.25)


def test_a_landing_beyond_the_range_gives_no_index_but_a_step_and_a_flag():
    recording = made(replace(STEPS, spring=0.9), 1)
    small = clipped(samples_of(recording), acc_g=2.0)

    result = analyse_recording(small, "step_up")

    reps = [rep for one in result.sets for rep in one.reps]
    assert len(reps) == 5
    assert all("range" in rep.absent["impact_g"] for rep in reps if "saturated" in rep.flags)
    assert any("saturated" in rep.flags for rep in reps)


@pytest.mark.parametrize("spring", [0.2, 0.6])
def test_the_steps_of_the_other_leg_are_counted_beside_those_of_this_one(spring):
    recording, result = analysed(replace(STEPS, reps=8, spring=spring, is_alternating=True))

    quality = result.sets[0].quality
    assert quality.reps == len(recording.truth.reps) == 4
    assert quality.reps_other_leg in {3, 4}  # the last one may end with the recording


def test_a_set_that_the_legs_shared_is_complete_when_both_together_did_it():
    _, result = analysed(replace(STEPS, reps=20, spring=0.2, is_alternating=True))

    codes = [feedback.code for feedback in result.sets[0].feedback]
    assert "complete_the_set" not in codes


@pytest.mark.parametrize("kind", ["stand_and_walk", "sit_up", "roll_over", "talk", "fidget"])
def test_walking_and_fidgeting_are_no_steps(kind):
    scenario = replace(STEPS, reps=2, before=(kind,), after=(kind,), rest_s=15.0)

    _, result = analysed(scenario, seed=4)

    assert result.n_reps == 2


def test_how_the_sensor_is_turned_on_the_leg_does_not_matter():
    recording, due = analysed(STEPS)
    turn = random_rotation(5)
    turned = ImuSamples(recording.time_s, recording.acc_ms2 @ turn, recording.gyr_rads @ turn)

    result = analyse_recording(turned, "step_up")

    found_s = [rep.start_s for rep in result.sets[0].reps]
    assert found_s == pytest.approx([rep.start_s for rep in due.sets[0].reps], abs=0.02)


@pytest.mark.parametrize("after_s", [0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8])
def test_a_lost_burst_loses_no_step_wherever_it_falls(after_s):
    recording = made(STEPS, 1)
    start_s = recording.truth.reps[2].start_s + after_s
    holed = without(samples_of(recording), start_s, start_s + 0.3)

    result = analyse_recording(holed, "step_up")

    assert result.n_reps == 5


@pytest.mark.parametrize("start", ["mid_rep", "moving"])
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_set_that_is_under_way_when_the_recording_starts_is_counted(start, seed):
    recording, result = analysed(replace(STEPS, reps=8, start=start), seed)

    n_whole = sum("cut_by_start" not in rep.kinds for rep in recording.truth.reps)
    assert n_whole <= result.n_reps <= len(recording.truth.reps)


@pytest.mark.parametrize("packet", [1, 7, 100])
@pytest.mark.parametrize("rate_hz", [50.0, 200.0])
def test_events_and_result_do_not_depend_on_the_size_of_the_packets(packet, rate_hz):
    scenario = replace(STEPS, reps=3, sets=2, rest_s=14.0, rate_hz=rate_hz, wear="hard")
    samples = samples_of(made(scenario, 3))

    def run(pieces):
        analyzer = SetAnalyzer("step_up")
        events = [event for piece in pieces for event in analyzer.update(piece)]
        return events, analyzer.finish()

    events, result = run(packets_of(samples, packet))

    due_events, due_result = run([samples])
    assert differences(events, due_events) == []
    assert differences(result, due_result) == []
