import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from analysis.smoothing import gaussian_smoothed, smoothed_slope


def wandering(n, seed=0):
    return np.cumsum(np.random.default_rng(seed).normal(size=n))


@pytest.mark.parametrize("sigma", [0.6, 2.5, 8.5])
@pytest.mark.parametrize("n", [5, 40, 700])
def test_smoothing_is_what_scipy_makes_of_it_also_where_the_curve_is_short(sigma, n):
    curve = wandering(n)

    smooth = gaussian_smoothed(curve, sigma)

    assert smooth == pytest.approx(gaussian_filter1d(curve, sigma, mode="nearest"), abs=1e-12)


def test_smoothing_leaves_a_level_curve_as_it_is():
    assert gaussian_smoothed(np.full(20, 90.0), 3.0) == pytest.approx(np.full(20, 90.0))


@pytest.mark.parametrize("jitter_s", [0.0, 0.004])
def test_a_speed_that_grows_with_time_squared_is_not_smeared(jitter_s):
    rng = np.random.default_rng(1)
    time_s = np.arange(300) / 100.0 + rng.uniform(0.0, jitter_s, 300)

    slope = smoothed_slope(time_s**3, time_s, 8.0, 100.0)

    inside = slice(40, -40)
    assert slope[inside] == pytest.approx(3.0 * time_s[inside] ** 2, abs=0.05 if jitter_s else 1e-3)


@pytest.mark.parametrize("sigma", [3.5, 17.0])
def test_a_lowering_of_30_degrees_a_second_has_that_slope(sigma):
    time_s = np.arange(400) / 100.0

    slope = smoothed_slope(90.0 - 30.0 * time_s, time_s, sigma, 100.0)

    assert slope[100:-100] == pytest.approx(np.full(200, -30.0))


def test_a_tremor_of_8_hertz_is_smoothed_away():
    time_s = np.arange(400) / 100.0

    slope = smoothed_slope(0.5 * np.sin(2 * np.pi * 8.0 * time_s), time_s, 11.5, 100.0)

    assert np.abs(slope[100:-100]).max() < 0.1
