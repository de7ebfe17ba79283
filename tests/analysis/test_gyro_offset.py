import numpy as np
import pytest

from analysis import ImuSamples
from analysis.gyro_offset import moving_offset, still_offset
from tests.builders import Stretch, leg_signal, prone_set, random_rotation, rep, still

BIAS_DEGS = (3.0, -2.0, 1.0)


def second(*stretches, bias_degs=BIAS_DEGS):
    return leg_signal(stretches or [still(1.0)], bias_degs=bias_degs, noise_seed=0)


def test_at_rest_the_gyroscope_reads_its_offset():
    offset = still_offset(second(), 100.0)

    assert np.degrees(offset.rads) == pytest.approx(BIAS_DEGS, abs=0.1)
    assert np.degrees(offset.doubt_rads) < 1.0


def test_the_stillest_half_second_tells_the_offset():
    offset = still_offset(second(still(0.7), *rep()[:1]), 100.0)

    assert np.degrees(offset.rads) == pytest.approx(BIAS_DEGS, abs=0.5)


@pytest.mark.parametrize("first", range(400, 650, 10))
def test_a_slow_part_of_a_lowering_is_no_rest_or_is_doubted(first):
    moving = prone_set(reps=2, noise_seed=4)[first : first + 100]

    offset = still_offset(moving, 100.0)

    # There is no offset in truth: what is read of one must lie within two and a half deviations.
    if offset is not None:
        assert np.linalg.norm(offset.rads) < 2.5 * offset.doubt_rads


def test_a_leg_that_moves_all_the_time_tells_no_offset():
    moving = leg_signal(rep(lift_s=1.0)[:1])[20:80]

    assert still_offset(moving, 100.0) is None


def test_an_even_rotation_is_not_taken_for_an_offset():
    turning = leg_signal(rep(eccentric_s=6.0, shape="constant", top_s=0.0))[150:350]

    assert still_offset(turning, 100.0) is None


def test_an_offset_beyond_any_sensor_is_not_believed():
    assert still_offset(second(bias_degs=(30.0, 0.0, 0.0)), 100.0) is None


def test_less_than_half_a_second_tells_nothing():
    assert still_offset(second()[:30], 100.0) is None


def test_a_sensor_without_gravity_tells_no_offset():
    nothing = ImuSamples(np.arange(100) / 100.0, np.zeros((100, 3)), np.zeros((100, 3)))

    assert still_offset(nothing, 100.0) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("bias_degs", [(0.0, 0.0, 0.0), (8.0, -5.0, 3.0)])
def test_five_seconds_of_movement_tell_the_offset_within_two_degrees_a_second(seed, bias_degs):
    moving = leg_signal(
        [Stretch(90.0, 0.8), Stretch(0.0, 2.5), Stretch(80.0, 0.8), Stretch(0.0, 2.0)],
        mounting=random_rotation(seed),
        bias_degs=bias_degs,
        noise_seed=seed,
    )

    offset = moving_offset(moving, 100.0)

    assert np.degrees(offset.rads) == pytest.approx(bias_degs, abs=2.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hole_in_the_movement_does_not_spoil_the_offset(seed):
    bias_degs = (8.0, -5.0, 3.0)
    moving = leg_signal(
        [Stretch(90.0, 0.8), Stretch(0.0, 2.5), Stretch(80.0, 0.8), Stretch(0.0, 2.0)],
        mounting=random_rotation(seed),
        bias_degs=bias_degs,
        noise_seed=seed,
    )
    unseen = slice(20, 60)  # half of the lift
    holed = ImuSamples.joined([moving[: unseen.start], moving[unseen.stop :]])

    offset = moving_offset(holed, 100.0)

    assert np.degrees(offset.rads) == pytest.approx(bias_degs, abs=2.0)


def test_a_few_samples_of_movement_tell_no_offset():
    offset = moving_offset(second()[:4], 100.0)

    assert offset.rads.tolist() == [0.0, 0.0, 0.0]
    assert np.degrees(offset.doubt_rads) > 5.0
