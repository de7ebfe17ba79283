from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analysis import (
    ImuSamples,
    PhaseChanged,
    PhaseKind,
    SetAnalyzer,
    analyse_recording,
    load_catalogue,
    tempo_verdict,
)
from analysis.descent_timing import time_descent
from analysis.foot_gate import foot_stood
from analysis.lever import SwingFit
from analysis.rep_timing import time_rep
from analysis.sway import sway_deg
from tests.analysis.same_results import differences
from tests.builders import packets_of, random_rotation
from tracker.simulator import Scenario, simulate

SQUATS = Scenario(exercise_id="squat_single", reps=5)


@cache
def made(scenario, seed):
    return simulate(scenario, seed=seed)


def samples_of(recording):
    return ImuSamples(recording.time_s, recording.acc_ms2, recording.gyr_rads)


def analysed(scenario=SQUATS, seed=1):
    recording = made(scenario, seed)
    return recording, analyse_recording(samples_of(recording), "squat_single")


def descent(*, down_s, up_s, depth_deg=30.0, rate_hz=100.0):
    """Still for a second, down and up as a cosine, still for a second: time and tilt."""
    time_s = np.arange(round((2.0 + down_s + up_s) * rate_hz)) / rate_hz
    down = np.clip((time_s - 1.0) / down_s, 0.0, 1.0)
    up = np.clip((time_s - 1.0 - down_s) / up_s, 0.0, 1.0)
    tilt_deg = 0.5 * depth_deg * (np.cos(np.pi * up) - np.cos(np.pi * down))
    return time_s, tilt_deg


def test_the_way_down_is_the_eccentric_phase_and_comes_first():
    recording, result = analysed()

    reps = result.sets[0].reps
    assert len(reps) == 5
    for true, found in zip(recording.truth.reps, reps, strict=True):
        kinds = [phase.kind for phase in found.phases if phase.kind is not PhaseKind.HOLD]
        assert kinds == [PhaseKind.ECCENTRIC, PhaseKind.CONCENTRIC]
        assert abs(found.eccentric_s - true.eccentric_s) < found.eccentric_s_u
        assert found.phases[0].end_s <= found.peak_s + 0.5


def test_the_way_up_is_absent_because_it_is_untimed_and_not_for_a_helper():
    _, result = analysed()

    rep = result.sets[0].reps[0]
    assert rep.concentric_s is None
    assert "tempo" in rep.absent["concentric_s"]
    assert "helper" not in rep.absent["concentric_s"].lower()


def test_live_the_phase_goes_from_eccentric_to_concentric():
    analyzer = SetAnalyzer("squat_single")
    events = analyzer.update(samples_of(made(SQUATS, 1)))

    kinds = [event.kind for event in events if isinstance(event, PhaseChanged)]

    first = kinds.index(PhaseKind.ECCENTRIC)
    assert kinds[first + 1] is PhaseKind.CONCENTRIC


@pytest.mark.parametrize("down_s", [1.0, 2.0, 3.0, 4.5])
def test_a_descent_is_timed_by_the_rule_of_every_other_phase(down_s):
    time_s, tilt_deg = descent(down_s=down_s, up_s=1.5)

    timing = time_descent(time_s, tilt_deg, 100.0)

    # A cosine exceeds 5 % of its peak speed for all but 3.2 % of its time.
    assert timing.outward.length_s == pytest.approx(0.968 * down_s, abs=0.03)
    assert timing.moving_s == pytest.approx(timing.outward.length_s, abs=1e-9)
    assert timing.start_deg == pytest.approx(0.0, abs=0.5)


def test_a_slower_descent_never_reads_faster():
    lengths_s = [
        time_descent(*descent(down_s=down_s, up_s=1.2), 100.0).outward.length_s
        for down_s in np.arange(0.8, 5.0, 0.3)
    ]

    assert np.diff(lengths_s).min() > 0.0


def test_a_descent_is_the_way_back_seen_backwards():
    time_s, tilt_deg = descent(down_s=3.0, up_s=1.2)

    timing = time_descent(time_s, tilt_deg, 100.0)

    mirrored = time_rep(time_s, tilt_deg[::-1], 100.0)
    assert timing.outward.length_s == pytest.approx(mirrored.back.length_s, abs=1e-3)
    assert timing.back.length_s == pytest.approx(mirrored.outward.length_s, abs=1e-3)


def test_no_quick_descent_passes_for_one_in_tempo():
    scenario, exercise = replace(SQUATS, tempo_s=1.2), load_catalogue()["squat_single"]

    recording, result = analysed(scenario, seed=3)

    quick = [true.eccentric_s < 1.6 for true in recording.truth.reps]
    verdicts = [tempo_verdict(rep, exercise) for rep in result.sets[0].reps]
    assert sum(quick) == len(verdicts) == 5
    assert verdicts.count("too_fast") >= 4
    assert "in_tempo" not in verdicts


def swaying(size_deg, *, coupled=0.0):
    """A tilt of 30 degrees and back about x, while the shank sways sideways at 0.7 Hz."""
    time_s, tilt_deg = descent(down_s=3.0, up_s=1.5)
    side_deg = np.sqrt(2.0) * size_deg * np.sin(2.0 * np.pi * 0.7 * time_s) + coupled * tilt_deg
    tilt, side = np.radians(tilt_deg), np.radians(side_deg)
    up = np.column_stack([np.sin(side), np.cos(side) * np.sin(tilt), np.cos(side) * np.cos(tilt)])
    return time_s, up, tilt_deg, np.array([1.0, 0.0, 0.0])


@pytest.mark.parametrize("size_deg", [0.5, 2.0, 6.0])
def test_sway_is_the_root_mean_square_of_the_sideways_tilt(size_deg):
    assert sway_deg(*swaying(size_deg)) == pytest.approx(size_deg, rel=0.1)


def test_a_knee_that_moves_inward_as_it_bends_is_no_sway():
    still_deg = sway_deg(*swaying(0.0, coupled=0.3))

    assert still_deg < 0.1


def test_a_set_of_squats_tells_its_sway():
    _, result = analysed()

    sways = [rep.sway_deg for rep in result.sets[0].reps]
    assert result.sets[0].quality.sway_mean_deg == pytest.approx(np.mean(sways))
    assert 0.05 < result.sets[0].quality.sway_mean_deg < 2.0


def test_only_a_shank_that_turns_over_its_foot_squats():
    def fit(lever_m, rest_ms2, lever_u_m=0.02):
        return SwingFit(np.array([lever_m, 0.0, 0.0]), lever_u_m, rest_ms2)

    assert foot_stood(fit(0.1, 0.3), 4.5)
    assert foot_stood(fit(0.5, 0.3, lever_u_m=0.3), 4.5)  # so slow that the lever hardly shows
    assert not foot_stood(fit(0.4, 0.3), 4.5)  # turns about the knee
    assert not foot_stood(fit(0.1, 3.0), 4.5)  # carried along
    assert not foot_stood(fit(0.1, 0.3), 0.7)  # a shuffle


@pytest.mark.parametrize("kind", ["stand_and_walk", "roll_over", "adjust_strap", "talk"])
def test_walking_turning_and_shifting_weight_are_no_squats(kind):
    scenario = replace(SQUATS, reps=2, before=(kind,), after=(kind,), rest_s=15.0)

    _, result = analysed(scenario, seed=4)

    assert result.n_reps == 2


def test_how_the_sensor_is_turned_on_the_leg_does_not_matter():
    recording, due = analysed()
    turn = random_rotation(5)
    turned = ImuSamples(recording.time_s, recording.acc_ms2 @ turn, recording.gyr_rads @ turn)

    result = analyse_recording(turned, "squat_single")

    pairs = list(zip(result.sets[0].reps, due.sets[0].reps, strict=True))
    assert all(
        abs(one.eccentric_s - other.eccentric_s) < other.eccentric_s_u for one, other in pairs
    )


@pytest.mark.parametrize("packet", [1, 7, 100])
def test_events_and_result_do_not_depend_on_the_size_of_the_packets(packet):
    samples = samples_of(made(replace(SQUATS, reps=2, sets=2, rest_s=14.0, wear="hard"), 2))

    def run(pieces):
        analyzer = SetAnalyzer("squat_single")
        events = [event for piece in pieces for event in analyzer.update(piece)]
        return events, analyzer.finish()

    events, result = run(packets_of(samples, packet))

    due_events, due_result = run([samples])
    assert differences(events, due_events) == []
    assert differences(result, due_result) == []
