import numpy as np
import pytest

from analysis.lever import STANDARD_GRAVITY_MS2, block_means, fit_swing, mean_jolt_ms2
from tests.builders import leg_signal, random_rotation, rep, still, up_in_shank

AXIS = np.array([0.0, -1.0, 0.0])


def swing(lever_m, *, seed=None, rate_hz=100.0):
    """Return acceleration, up and rate of a point on a circle: to 90 degrees and back."""
    time_s = np.arange(round(4 * rate_hz)) / rate_hz
    omega = 2 * np.pi / 4.0
    angle = np.radians(45.0) * (1 - np.cos(omega * time_s))
    speed = np.radians(45.0) * omega * np.sin(omega * time_s)
    change = np.radians(45.0) * omega**2 * np.cos(omega * time_s)
    up = up_in_shank(AXIS, angle)
    acc = STANDARD_GRAVITY_MS2 * up
    acc[:, 0] -= lever_m * speed**2
    acc[:, 2] += lever_m * change
    gyr = np.outer(speed, AXIS)
    if seed is None:
        return acc, up, gyr, AXIS
    turn = random_rotation(seed)
    return acc @ turn, up @ turn, gyr @ turn, AXIS @ turn


@pytest.mark.parametrize("lever_m", [0.0, 0.05, 0.35, 0.8])
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_the_radius_of_a_known_circle_is_found_within_two_percent(lever_m, seed):
    fit = fit_swing(*swing(lever_m, seed=seed), 100.0)

    assert fit.lever_m == pytest.approx(lever_m, rel=0.02, abs=0.01)
    assert fit.rest_ms2 < 0.1


def test_a_slow_swing_tells_less_of_its_radius_than_a_quick_one():
    acc, up, gyr, axis = swing(0.35)

    quick, slow = fit_swing(acc, up, gyr, axis, 100.0), fit_swing(acc, up, gyr * 0.2, axis, 100.0)

    assert slow.lever_u_m > 5 * quick.lever_u_m


def test_shaking_is_what_a_swing_does_not_explain():
    acc, up, gyr, axis = swing(0.35)
    time_s = np.arange(len(acc)) / 100.0
    shaken = acc + 8.0 * np.sin(2 * np.pi * 1.0 * time_s)[:, None] * axis

    assert fit_swing(shaken, up, gyr, axis, 100.0).rest_ms2 > 3.0


def test_a_few_rows_are_too_few_to_tell():
    acc, up, gyr, axis = swing(0.35)

    fit = fit_swing(acc[:5], up[:5], gyr[:5], axis, 100.0)

    assert (fit.lever_m, fit.lever_u_m, fit.rest_ms2) == (0.0, np.inf, 0.0)


def test_a_leg_at_rest_or_lowered_slowly_has_no_jolts():
    signal = leg_signal([still(1.0), *rep()], noise_seed=1)

    assert mean_jolt_ms2(signal.acc_ms2, 100.0) < 0.5


def test_a_tremor_is_no_jolt_and_steps_are():
    time_s = np.arange(500) / 100.0
    gravity = np.tile([0.0, 0.0, STANDARD_GRAVITY_MS2], (500, 1))
    tremor, steps = gravity.copy(), gravity.copy()
    tremor[:, 2] += 5.0 * np.sin(2 * np.pi * 9.0 * time_s)
    steps[:, 2] += 8.0 * np.sin(2 * np.pi * 1.5 * time_s)

    assert mean_jolt_ms2(tremor, 100.0) < 1.5
    assert mean_jolt_ms2(steps, 100.0) > 3.0


def test_too_little_to_average_has_no_jolt():
    assert mean_jolt_ms2(np.full((3, 3), 40.0), 100.0) == 0.0


def test_means_are_of_whole_blocks():
    values = np.arange(14.0).reshape(7, 2)

    assert block_means(values, 3).tolist() == [[2.0, 3.0], [8.0, 9.0]]
