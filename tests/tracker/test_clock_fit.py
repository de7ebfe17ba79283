import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracker.radio_builders import bursts
from tracker.clock_fit import ClockFit, ClockFitParams, SlewedClock, lower_hull, middle_edge_slope


def fitted(arrival_s, **options):
    fit = ClockFit(**options)
    for k, at_s in enumerate(arrival_s):
        fit.add(k * 0.01, at_s)
    return fit


@given(
    st.lists(
        st.tuples(st.integers(0, 10_000), st.floats(-1, 1)),
        min_size=2,
        unique_by=lambda point: point[0],
    )
)
def test_the_hull_lies_under_all_points_and_bends_upward(points):
    points.sort()

    hull = lower_hull(points)

    x, y = np.transpose(hull)
    for px, py in points:
        assert py >= np.interp(px, x, y) - 1e-9
    assert (np.diff(np.diff(y) / np.diff(x)) > -1e-9).all()


def test_the_middle_edge_is_the_one_over_the_middle_of_the_span():
    hull = [(0.0, 0.0), (1.0, -1.0), (9.0, 3.0), (10.0, 9.0)]

    assert middle_edge_slope(hull) == pytest.approx(0.5)


@pytest.mark.parametrize("rate_error", [0.0, 40e-6, -0.01, 0.01])
def test_the_rate_is_found_within_200_ppm_in_a_minute(rate_error):
    _, arrival_s = bursts(6000, rate_error=rate_error)

    fit = fitted(arrival_s)

    assert fit.slope - 1 == pytest.approx(rate_error, abs=200e-6)


def test_a_late_packet_does_not_move_the_line():
    punctual_s = 1000 + np.arange(1000) * 0.01
    late_s = punctual_s.copy()
    late_s[500:530] += 0.4

    punctual, late = fitted(punctual_s), fitted(late_s)

    assert late.time_s(20.0) == pytest.approx(punctual.time_s(20.0), abs=1e-6)


def test_the_line_is_not_above_any_recent_arrival():
    _, arrival_s = bursts(2000, seed=3)

    fit = fitted(arrival_s)

    lines_s = np.array([fit.time_s(k * 0.01) for k in range(1000, 2000)])
    assert (lines_s <= arrival_s[1000:] + 0.0005).all()


def test_the_rate_stays_within_three_percent_of_nominal():
    arrival_s = 1000 + np.arange(1000) * 0.011

    fit = fitted(arrival_s)

    assert fit.slope == pytest.approx(1.03)


def test_memory_is_bounded():
    params = ClockFitParams()

    fit = fitted(1000 + np.arange(30_000) * 0.01, params=params)

    assert len(fit._lowest) <= params.rate_window_s / params.bin_s + 2


def test_time_is_slewed_by_at_most_a_twentieth():
    fit = fitted(1000 + np.arange(100) * 0.01)
    clock = SlewedClock(fit)
    clock.stamp(1.0)
    fit.add(1.01, 1000.95)  # 60 ms earlier than the line: the first ones were all late

    times_s = [clock.stamp(1.01 + k * 0.01) for k in range(300)]

    steps_s = np.diff(times_s)
    assert steps_s.min() >= 0.01 * 0.95 - 1e-9
    assert times_s[-1] == pytest.approx(fit.time_s(1.01 + 299 * 0.01), abs=1e-6)
