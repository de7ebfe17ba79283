import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyeyesweb.utils.math_utils import compute_ldlj, compute_sparc
from scipy.integrate import quad, trapezoid

from analysis.errors import SampleRateError, SampleShapeError
from analysis.smoothness import ldlj, sparc, sparc_or_reason

RATE_HZ = 100.0


def minimum_jerk(duration_s, rate_hz=RATE_HZ):
    part = np.linspace(0.0, 1.0, round(duration_s * rate_hz) + 1)
    return part**2 * (1.0 - part) ** 2


def published_sparc(speed, duration_s):
    """The definition as an integral over frequency, without a fast transform and its grid."""
    time_s = np.linspace(0.0, duration_s, len(speed))
    frequency_hz = np.linspace(0.0, 10.0, 4001)
    turns = np.exp(-2j * np.pi * np.outer(frequency_hz, time_s))
    amplitude = np.abs(trapezoid(turns * speed, time_s, axis=1))
    amplitude /= amplitude[0]
    last = np.flatnonzero(amplitude >= 0.05)[-1]
    slope = np.gradient(amplitude[: last + 1], frequency_hz[: last + 1])
    length = np.sqrt((1.0 / frequency_hz[last]) ** 2 + slope**2)
    return -trapezoid(length, frequency_hz[: last + 1])


def test_a_bell_shaped_speed_has_the_arc_length_of_a_bell_shaped_spectrum():
    time_s = np.arange(-4.0, 4.0, 1.0 / RATE_HZ)
    ln20 = np.log(20.0)  # where exp(-x²) has fallen to 0.05
    length, _ = quad(lambda x: np.hypot(1.0, 2.0 * ln20 * x * np.exp(-ln20 * x * x)), 0.0, 1.0)

    found = sparc(np.exp(-0.5 * (time_s / 0.3) ** 2), RATE_HZ)

    assert found == pytest.approx(-length, abs=0.01)


@pytest.mark.parametrize("tremor", [0.0, 0.15, 0.4])
def test_the_value_is_that_of_the_published_definition(tremor):
    speed = minimum_jerk(3.0)
    speed += tremor * speed * np.sin(np.linspace(0.0, 2 * np.pi * 5.0 * 3.0, len(speed)))

    found = sparc(speed, RATE_HZ)

    assert found == pytest.approx(published_sparc(speed, 3.0), abs=0.02)


@given(gain=st.floats(1e-3, 1e3), sign=st.sampled_from([-1.0, 1.0]))
def test_strength_and_direction_of_the_movement_do_not_count(gain, sign):
    speed = minimum_jerk(3.0)

    assert sparc(sign * gain * speed, RATE_HZ) == pytest.approx(sparc(speed, RATE_HZ))


@pytest.mark.parametrize("duration_s", [1.0, 2.0, 3.0, 6.0])
def test_a_slower_stroke_of_the_same_shape_is_as_smooth(duration_s):
    assert sparc(minimum_jerk(duration_s), RATE_HZ) == pytest.approx(-1.40, abs=0.02)


def test_the_rate_of_the_sensor_does_not_count():
    assert sparc(minimum_jerk(3.0, 50.0), 50.0) == pytest.approx(
        sparc(minimum_jerk(3.0, 400.0), 400.0), abs=0.02
    )


def test_each_stop_on_the_way_is_less_smooth():
    strokes = [np.tile(minimum_jerk(3.0 / n), n) for n in (1, 2, 4)]

    values = [sparc(speed, RATE_HZ) for speed in strokes]

    assert values == sorted(values, reverse=True)
    assert values[0] - values[1] > 0.2


def test_under_50_samples_a_second_there_is_no_smoothness():
    with pytest.raises(SampleRateError, match="50 samples a second"):
        sparc(minimum_jerk(3.0, 25.0), 25.0)


def test_a_sensor_that_runs_one_percent_under_50_is_accepted():
    assert sparc(minimum_jerk(3.0, 49.5), 49.5) == pytest.approx(-1.40, abs=0.02)


@pytest.mark.parametrize("speed", [[], [1.0] * 7, [[1.0] * 9] * 2, [0.0] * 20])
def test_without_a_movement_there_is_no_smoothness(speed):
    with pytest.raises(SampleShapeError):
        sparc(speed, RATE_HZ)


def test_the_reason_stands_where_there_is_no_number():
    assert sparc_or_reason(minimum_jerk(3.0), RATE_HZ) == (
        pytest.approx(sparc(minimum_jerk(3.0), RATE_HZ)),
        None,
    )
    assert sparc_or_reason(minimum_jerk(3.0, 25.0), 25.0) == (
        None,
        "Smoothness needs 50 samples a second or more; there are 25.",
    )


# ---- against an implementation by others ------------------------------------------------------


def strokes():
    """Test signals: an even stroke, one with tremor, two halves, a fast drop, noise on it."""
    even = minimum_jerk(3.0)
    tremor = even * (1.0 + 0.4 * np.sin(np.linspace(0.0, 2 * np.pi * 15.0, len(even))))
    noise = np.random.default_rng(1).normal(0.0, 0.002, len(even))
    return {
        "even": even,
        "tremor": tremor,
        "halves": np.tile(minimum_jerk(1.5), 2),
        "drop": minimum_jerk(0.6),
        "noise": even + noise,
    }


@pytest.mark.parametrize("name", strokes())
def test_smoothness_is_what_an_independent_implementation_says(name):
    speed = strokes()[name]
    # Theirs pads to 1024 rows, or to the next power of two if there are more: ours 16 times on.
    padded = np.pad(speed, (0, 16 * 2 ** int(np.ceil(np.log2(len(speed)))) - len(speed)))

    found = sparc(speed, RATE_HZ)

    assert found == pytest.approx(compute_sparc(padded, RATE_HZ, 0.05, 0.0, 10.0), abs=1e-9)


@pytest.mark.parametrize("name", strokes())
def test_log_dimensionless_jerk_is_what_an_independent_implementation_says(name):
    speed = strokes()[name]
    # Theirs counts a duration of n periods, ours the n - 1 between n rows: to the fourth power.
    longer = 4.0 * np.log(len(speed) / (len(speed) - 1))

    found = ldlj(speed, RATE_HZ)

    assert found == pytest.approx(compute_ldlj(speed, RATE_HZ) + longer, abs=1e-9)


@pytest.mark.parametrize("duration_s", [1.0, 3.0])
def test_a_minimum_jerk_movement_has_the_jerk_of_the_paper(duration_s):
    assert ldlj(minimum_jerk(duration_s, 1000.0), 1000.0) == pytest.approx(-np.log(204.8), abs=0.01)


def test_each_stop_on_the_way_has_more_jerk():
    values = [ldlj(np.tile(minimum_jerk(3.0 / n), n), RATE_HZ) for n in (1, 2, 4)]

    assert values == sorted(values, reverse=True)


def test_a_speed_that_never_changes_has_no_jerk_to_speak_of():
    with pytest.raises(SampleShapeError, match="changes"):
        ldlj([1.0] * 20, RATE_HZ)
