"""Phases on curves drawn by hand, without an orientation filter before them."""

import numpy as np
import pytest

from analysis.rep_timing import time_rep
from tests.builders import FINE_HZ, Stretch, angle_curve, still


def curve(*stretches, rate_hz=100.0, noise_deg=0.0):
    fine_deg = angle_curve(stretches)
    time_s = np.arange(int(len(fine_deg) / FINE_HZ * rate_hz)) / rate_hz
    angle_deg = fine_deg[np.round(time_s * FINE_HZ).astype(int)]
    noise = np.random.default_rng(0).normal(0.0, noise_deg, len(angle_deg))
    return time_s, angle_deg + noise, rate_hz


def one_rep(eccentric_s=3.0, shape="minimum_jerk", *, top_s=0.6, **options):
    return curve(
        still(0.5),
        Stretch(90.0, 1.0),
        still(top_s, 90.0),
        Stretch(0.0, eccentric_s, shape),
        still(0.4),
        **options,
    )


@pytest.mark.parametrize(
    ("shape", "share"), [("minimum_jerk", 0.881), ("cosine", 0.968), ("constant", 1.0)]
)
@pytest.mark.parametrize("eccentric_s", [1.0, 2.0, 3.0, 5.0])
def test_each_shape_reads_its_share_of_the_whole_way(shape, share, eccentric_s):
    timing = time_rep(*one_rep(eccentric_s, shape))

    # Smoothing widens the corners of a movement at constant speed by some hundredths.
    assert timing.back.length_s == pytest.approx(share * eccentric_s, abs=0.09)


@pytest.mark.parametrize("shape", ["minimum_jerk", "cosine"])
def test_smoothing_does_not_lengthen_a_quick_phase(shape):
    share = {"minimum_jerk": 0.881, "cosine": 0.968}[shape]

    timing = time_rep(*one_rep(0.6, shape))

    assert timing.back.length_s == pytest.approx(share * 0.6, abs=0.04)


@pytest.mark.parametrize("noise_deg", [0.02, 0.1, 0.3])
def test_noise_moves_a_duration_by_less_than_a_tenth_of_a_second(noise_deg):
    timing = time_rep(*one_rep(noise_deg=noise_deg))

    assert timing.back.length_s == pytest.approx(2.64, abs=0.12)
    assert timing.peak_deg == pytest.approx(90.0, abs=0.5)


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 200.0])
def test_the_rate_hardly_matters(rate_hz):
    timing = time_rep(*one_rep(rate_hz=rate_hz))

    assert timing.back.length_s == pytest.approx(2.64, abs=0.05)
    assert timing.outward.length_s == pytest.approx(0.88, abs=0.05)


def test_levels_and_instants_are_those_of_the_curve():
    timing = time_rep(*one_rep())

    assert timing.peak_deg == pytest.approx(90.0, abs=0.1)
    assert timing.start_deg == pytest.approx(0.0, abs=1.0)
    assert timing.end_deg == pytest.approx(0.0, abs=1.0)
    assert timing.outward.start_s == pytest.approx(0.56, abs=0.02)
    assert timing.outward.end_s == pytest.approx(1.44, abs=0.02)
    assert timing.back.start_s == pytest.approx(2.28, abs=0.03)
    assert timing.back.end_s == pytest.approx(4.92, abs=0.03)
    assert timing.hold_s == pytest.approx(0.84, abs=0.04)
    assert timing.back_speed_degs.max() == pytest.approx(56.25, abs=1.0)


def test_without_a_hold_the_phases_meet():
    timing = time_rep(*one_rep(top_s=0.0))

    assert timing.hold_s < 0.35
    assert timing.outward.end_s <= timing.back.start_s


def test_a_pause_belongs_to_the_phase_and_is_told_apart():
    lowering = [Stretch(45.0, 1.0), still(1.0, 45.0), Stretch(0.0, 1.0)]

    timing = time_rep(*curve(still(0.5), Stretch(90.0, 1.0), *lowering, still(0.4)))

    assert timing.back.length_s == pytest.approx(2.88, abs=0.1)
    assert timing.pause_s == pytest.approx(1.15, abs=0.2)
    assert timing.moving_s + timing.pause_s == pytest.approx(timing.back.length_s)


def test_a_leg_that_drops_and_is_caught_keeps_the_drop():
    drop = [Stretch(60.0, 0.4), still(0.3, 60.0), Stretch(0.0, 2.0)]

    timing = time_rep(*curve(still(0.5), Stretch(90.0, 1.0), still(0.5, 90.0), *drop, still(0.4)))

    assert timing.back.start_s == pytest.approx(2.03, abs=0.06)
    assert timing.back.length_s == pytest.approx(2.6, abs=0.15)


def test_a_foot_that_dangles_after_landing_does_not_lengthen_the_phase():
    dangle = [Stretch(5.0, 0.3), Stretch(0.0, 0.3)]

    timing = time_rep(
        *curve(still(0.5), Stretch(90.0, 1.0), Stretch(0.0, 3.0), still(0.3), *dangle, still(0.3))
    )

    assert timing.back.end_s == pytest.approx(4.32, abs=0.05)


def test_a_curve_cut_at_its_edges_is_timed_to_the_edge():
    time_s, angle_deg, rate_hz = one_rep()
    part = (time_s > 0.9) & (time_s < 4.0)

    timing = time_rep(time_s[part], angle_deg[part], rate_hz)

    assert timing.outward.start_s == pytest.approx(0.91, abs=0.03)
    assert timing.back.end_s == pytest.approx(3.99, abs=0.03)


def test_a_curve_that_only_falls_has_a_way_out_of_no_length():
    time_s = np.arange(200) / 100.0

    timing = time_rep(time_s, np.linspace(90.0, 0.0, 200), 100.0)

    assert timing.outward.length_s == pytest.approx(0.0, abs=0.05)
    assert timing.back.length_s == pytest.approx(2.0, abs=0.1)


def test_a_curve_that_only_rises_has_a_way_back_of_no_length():
    time_s = np.arange(200) / 100.0

    timing = time_rep(time_s, np.linspace(0.0, 90.0, 200), 100.0)

    assert timing.back.length_s == pytest.approx(0.0, abs=0.05)
    assert (timing.pause_s, timing.moving_s) == (0.0, pytest.approx(timing.back.length_s))


def test_tremor_at_rest_asks_for_more_smoothing_and_moves_the_edges_little():
    time_s, angle_deg, rate_hz = one_rep()
    tremor_deg = 0.15 * np.sin(2 * np.pi * 8.0 * time_s)

    timing = time_rep(time_s, angle_deg + tremor_deg, rate_hz)

    assert timing.back.length_s == pytest.approx(2.64, abs=0.15)
