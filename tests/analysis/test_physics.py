"""The definitions of docs/reference/measures.md on movements whose truth is plain."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import ImuSamples, PhaseKind, analyse_recording
from tests.builders import (
    Stretch,
    later,
    leg_signal,
    mirrored,
    prone_moves,
    prone_set,
    random_rotation,
    rep,
    still,
    with_turned_sensor,
)

PRONE = "ecc_prone_helper"


def reps_of(samples, exercise=PRONE):
    return [one for each in analyse_recording(samples, exercise).sets for one in each.reps]


def eccentric_s(samples):
    return np.array([one.eccentric_s for one in reps_of(samples)])


@cache
def noisy_set():
    return prone_set(reps=4, noise_seed=1)


# ---- durations and angles --------------------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [50.0, 100.0, 200.0])
@pytest.mark.parametrize(
    ("shape", "reads_s"), [("minimum_jerk", 2.64), ("cosine", 2.90), ("constant", 2.98)]
)
def test_a_lowering_of_three_seconds_reads_what_the_page_of_measures_says(shape, reads_s, rate_hz):
    samples = prone_set(reps=4, eccentric_s=3.0, peak_deg=90.0, shape=shape, rate_hz=rate_hz)

    durations_s = eccentric_s(samples)

    assert durations_s == pytest.approx(np.full(4, reads_s), abs=0.1)


@pytest.mark.parametrize("peak_deg", [45.0, 90.0, 110.0])
@pytest.mark.parametrize("axis_tilt_deg", [0.0, 30.0])
def test_the_peak_is_read_within_one_degree_however_the_hinge_is_tilted(peak_deg, axis_tilt_deg):
    found = reps_of(prone_set(reps=4, peak_deg=peak_deg, axis_tilt_deg=axis_tilt_deg))

    assert [one.peak_deg for one in found] == pytest.approx([peak_deg] * 4, abs=1.0)
    assert [one.rom_deg for one in found] == pytest.approx([peak_deg] * 4, abs=1.0)


def test_the_phases_lie_where_the_leg_moved():
    samples = prone_set(reps=1, still_s=2.0, lift_s=1.0, top_s=1.5, eccentric_s=3.0)

    (one,) = reps_of(samples)

    # Lift from 2.0, held from 3.0, lowered from 4.5 to 7.5; the ends are slower than 5 %.
    assert [phase.kind for phase in one.phases] == [
        PhaseKind.LIFT,
        PhaseKind.HOLD,
        PhaseKind.ECCENTRIC,
    ]
    lift, hold, lowering = one.phases
    assert (lift.start_s, lift.end_s) == pytest.approx((2.06, 2.94), abs=0.05)
    assert (lowering.start_s, lowering.end_s) == pytest.approx((4.68, 7.32), abs=0.05)
    assert (hold.start_s, hold.end_s) == (lift.end_s, lowering.start_s)
    assert one.hold_s == pytest.approx(1.74, abs=0.1)
    assert 3.0 < one.peak_s < 4.6
    assert (one.start_s, one.end_s) == (lift.start_s, lowering.end_s)


def test_the_trace_follows_the_true_angle_within_one_degree():
    samples = prone_set(reps=4)

    angle_deg = analyse_recording(samples, PRONE).angle_deg

    at_top = (samples.time_s > 3.1) & (samples.time_s < 3.4)
    at_rest = samples.time_s < 2.0
    half_way = np.argmin(np.abs(samples.time_s - 5.0))
    assert angle_deg[at_top] == pytest.approx(90.0, abs=1.0)
    assert angle_deg[at_rest] == pytest.approx(0.0, abs=0.3)
    assert angle_deg[half_way] == pytest.approx(45.0, abs=1.0)


def test_the_way_out_is_timed_where_the_patient_makes_it():
    samples = prone_set(reps=3, lift_s=2.0)

    free, prone = reps_of(samples, "free_movement"), reps_of(samples)

    assert [one.concentric_s for one in free] == pytest.approx([1.76] * 3, abs=0.1)
    assert all(one.concentric_s is None and one.absent["concentric_s"] for one in prone)
    assert free[0].phases[0].kind is PhaseKind.CONCENTRIC


def test_a_hold_of_two_seconds_is_read_as_time_near_the_top():
    (one,) = reps_of(prone_set(reps=1, top_s=2.0, lift_s=1.0, eccentric_s=3.0))

    # At or above 85 %: the two seconds and the ends of both ways, 0.27 s and 0.81 s of them.
    assert one.hold_scored_s == pytest.approx(3.1, abs=0.1)


# ---- pauses ----------------------------------------------------------------------------------


def with_pause(pause_s):
    lowering = [Stretch(45.0, 1.5), still(pause_s, 45.0), Stretch(0.0, 1.5)]
    return leg_signal([still(2.0), *rep()[:2], *lowering, still(2.0)] * 2)


@pytest.mark.parametrize("pause_s", [0.5, 1.0, 2.0])
def test_a_pause_half_way_belongs_to_the_eccentric_phase(pause_s):
    found = reps_of(with_pause(pause_s))

    assert len(found) == 2
    for one in found:
        # 3 s of movement less the slow ends, plus the pause.
        assert one.eccentric_s == pytest.approx(2.8 + pause_s, abs=0.12)
        assert one.pause_s == pytest.approx(pause_s, abs=0.35)
        assert one.eccentric_moving_s == pytest.approx(one.eccentric_s - one.pause_s)


def test_one_even_stroke_has_no_pause_and_is_smooth():
    for one in reps_of(noisy_set()):
        assert one.pause_s == 0.0
        assert one.eccentric_moving_s == one.eccentric_s
        assert one.sparc == pytest.approx(-1.4, abs=0.2)


def test_a_lowering_in_steps_is_less_smooth_than_an_even_one():
    even, stepped = reps_of(prone_set(reps=2)), reps_of(with_pause(0.5))

    assert max(one.sparc for one in stepped) < min(one.sparc for one in even)


# ---- what must not matter --------------------------------------------------------------------


def assert_same_reps(found, due, *, durations_within_s=0.02, peaks_within_deg=0.5, by_s=0.0):
    assert len(found) == len(due)
    for one, other in zip(found, due, strict=True):
        assert one.eccentric_s == pytest.approx(other.eccentric_s, abs=durations_within_s)
        assert one.peak_deg == pytest.approx(other.peak_deg, abs=peaks_within_deg)
        assert one.start_s - by_s == pytest.approx(other.start_s, abs=durations_within_s)
        assert one.end_s - by_s == pytest.approx(other.end_s, abs=durations_within_s)
        assert one.flags == other.flags


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), exercise=st.sampled_from([PRONE, "free_movement"]))
def test_how_the_sensor_is_mounted_does_not_matter(seed, exercise):
    turned = with_turned_sensor(noisy_set(), random_rotation(seed))

    assert_same_reps(reps_of(turned, exercise), reps_of(noisy_set(), exercise))


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_sensor_upside_down_reads_the_same(axis):
    half_turn = np.diag(np.where(np.arange(3) == axis, 1.0, -1.0))

    assert_same_reps(reps_of(with_turned_sensor(noisy_set(), half_turn)), reps_of(noisy_set()))


def test_the_other_leg_reads_the_same():
    assert_same_reps(reps_of(mirrored(noisy_set())), reps_of(noisy_set()))


@pytest.mark.parametrize("by_s", [-1000.0, 3600.0, 1.7e9])
def test_another_clock_moves_the_times_and_nothing_else(by_s):
    found = reps_of(later(noisy_set(), by_s))

    assert_same_reps(found, reps_of(noisy_set()), by_s=by_s, durations_within_s=0.001)


@pytest.mark.parametrize("rate_hz", [50.0, 75.0, 104.0, 200.0])
def test_the_sampling_rate_does_not_matter(rate_hz):
    found = reps_of(prone_set(reps=4, rate_hz=rate_hz, noise_seed=1))

    due = reps_of(noisy_set())
    assert_same_reps(found, due, durations_within_s=0.05, peaks_within_deg=0.6)


def test_units_converted_there_and_back_change_nothing():
    samples = noisy_set()
    in_g, in_dps = samples.acc_ms2 / 9.80665, np.degrees(samples.gyr_rads)

    found = reps_of(ImuSamples(samples.time_s, in_g * 9.80665, np.radians(in_dps)))

    due = reps_of(samples)
    assert_same_reps(found, due, durations_within_s=1e-6, peaks_within_deg=1e-6)


def test_jitter_of_the_stamps_of_a_millisecond_does_not_matter():
    samples = noisy_set()
    jitter_s = np.random.default_rng(1).normal(0.0, 0.001, len(samples)).clip(-0.004, 0.004)

    found = reps_of(ImuSamples(samples.time_s + jitter_s, samples.acc_ms2, samples.gyr_rads))

    assert_same_reps(found, reps_of(samples), durations_within_s=0.06)


# ---- order -----------------------------------------------------------------------------------


@settings(max_examples=12)
@given(
    quicker_s=st.floats(1.0, 5.0),
    slower_by_s=st.floats(0.1, 2.0),
    peak_deg=st.floats(60.0, 100.0),
    shape=st.sampled_from(["minimum_jerk", "cosine", "constant"]),
)
def test_a_slower_lowering_never_reads_faster(quicker_s, slower_by_s, peak_deg, shape):
    quick, slow = (
        eccentric_s(prone_set(reps=2, eccentric_s=seconds, peak_deg=peak_deg, shape=shape))
        for seconds in (quicker_s, quicker_s + slower_by_s)
    )

    assert quick.max() < slow.min()


@settings(max_examples=12)
@given(lower_deg=st.floats(40.0, 95.0), higher_by_deg=st.floats(3.0, 20.0))
def test_a_higher_lift_never_reads_lower(lower_deg, higher_by_deg):
    lower, higher = (
        reps_of(prone_set(reps=2, peak_deg=deg)) for deg in (lower_deg, lower_deg + higher_by_deg)
    )

    assert max(one.peak_deg for one in lower) < min(one.peak_deg for one in higher)


def test_each_repetition_of_a_mixed_set_keeps_its_own_tempo():
    tempi_s = [3.0, 1.5, 4.5, 2.2, 3.4]
    moves = [still(2.0), *(part for s in tempi_s for part in rep(eccentric_s=s, shape="cosine"))]

    found = eccentric_s(leg_signal([*moves, *prone_moves(0)]))

    assert found == pytest.approx(np.array(tempi_s) * 2.90 / 3.0, abs=0.08)
