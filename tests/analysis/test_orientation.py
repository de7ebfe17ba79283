from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import EmptyRecordingError, ImuSamples, SampleRateError, inclination_deg, vertical
from analysis.orientation import UpFilter, up_from_quaternion
from tests.builders import leg_signal, prone_set, random_rotation, rep, still, without


@given(seed=st.integers(0, 1000))
def test_up_is_the_last_row_of_the_rotation_matrix(seed):
    matrix = random_rotation(seed)
    w = np.sqrt(max(0.0, 1.0 + np.trace(matrix))) / 2.0
    if w < 0.05:
        return
    x, y, z = (
        (matrix[2, 1] - matrix[1, 2]) / (4 * w),
        (matrix[0, 2] - matrix[2, 0]) / (4 * w),
        (matrix[1, 0] - matrix[0, 1]) / (4 * w),
    )

    up = up_from_quaternion(np.array([[w, x, y, z]]))

    assert up[0] == pytest.approx(matrix[2], abs=1e-9)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_rest_the_vertical_is_that_of_gravity(seed):
    turn = random_rotation(seed)
    samples = leg_signal([still(2.0)], mounting=turn)

    assert vertical(samples)[-1] == pytest.approx(turn[2], abs=0.004)


def test_the_vertical_follows_a_leg_that_is_lowered_within_one_degree():
    samples = prone_set(reps=2)

    inclination = inclination_deg(samples)

    at_top = (samples.time_s > 3.1) & (samples.time_s < 3.4)
    assert inclination[at_top] == pytest.approx(90.0, abs=1.0)
    assert np.linalg.norm(vertical(samples), axis=1) == pytest.approx(1.0)


def test_the_vertical_is_known_from_the_past_alone():
    samples = prone_set(reps=1, noise_seed=1)

    assert vertical(samples)[:300] == pytest.approx(vertical(samples[:300]))


@pytest.mark.parametrize("length_s", [0.3, 1.5])
def test_the_vertical_has_a_row_for_every_sample_also_after_a_gap(length_s):
    samples = without(prone_set(reps=2, noise_seed=1), 7.0, 7.0 + length_s)

    up = vertical(samples)

    assert up.shape == (len(samples), 3)
    assert up[-1] == pytest.approx([0.0, 0.0, 1.0], abs=0.02)


def test_too_little_or_too_slow_is_refused():
    with pytest.raises(EmptyRecordingError, match="9 samples"):
        vertical(leg_signal([still(0.5)])[:9])
    with pytest.raises(SampleRateError):
        inclination_deg(leg_signal([still(5.0)], rate_hz=5.0))


@given(cuts=st.sets(st.integers(1, 299), max_size=10))
def test_the_filter_gives_the_same_rows_bit_for_bit_however_it_is_fed(cuts):
    samples = leg_signal([still(1.0), *rep()], noise_seed=2)[:300]
    ones = np.ones(300)
    (whole,) = UpFilter(100.0).update(samples.gyr_rads, samples.acc_ms2, ones)
    edges = [0, *sorted(cuts), 300]

    follower = UpFilter(100.0)
    parts = [
        follower.update(samples.gyr_rads[a:b], samples.acc_ms2[a:b], ones[a:b])[0].up
        for a, b in pairwise(edges)
    ]

    assert np.array_equal(np.concatenate(parts), whole.up)


def test_an_offset_told_at_the_start_is_taken_off_from_the_first_row_on():
    bias_rads = np.radians([8.0, -6.0, 4.0])
    samples = leg_signal([still(1.0), *rep()], bias_degs=(8.0, -6.0, 4.0))
    ones = np.ones(len(samples))

    (rows,) = UpFilter(100.0, bias_rads).update(samples.gyr_rads, samples.acc_ms2, ones)

    assert rows.bias_rads[0] == pytest.approx(bias_rads, abs=np.radians(0.1))
    assert np.degrees(np.arccos(rows.up[230:240, 2])) == pytest.approx(90.0, abs=1.5)


def test_a_clock_that_runs_two_percent_fast_does_not_shorten_the_angle():
    samples = prone_set(reps=1)
    fast = ImuSamples(samples.time_s * 1.02, samples.acc_ms2, samples.gyr_rads / 1.02)

    at_top = np.argmin(np.abs(samples.time_s - 3.3))
    assert inclination_deg(fast)[at_top] == pytest.approx(90.0, abs=0.5)


def test_a_start_in_movement_without_gravity_is_survived():
    nothing = np.zeros((200, 3))
    follower = UpFilter(100.0)

    follower.look_ahead(nothing, nothing)

    (known,) = follower.update(nothing, nothing, np.ones(200))
    assert np.isfinite(known.up).all()
