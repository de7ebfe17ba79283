import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import SampleShapeError
from analysis.hinge import (
    axis_from_vertical_deg,
    hinge_angle_deg,
    hinge_axis,
    principal_axis,
    tilt_deg,
    turned_up,
)
from tests.builders import random_rotation, rotation

UP = np.array([0.0, 0.0, 1.0])


def seen_by_sensor(axis, angles_deg, mounting):
    """Return "up" in a sensor that was turned about an axis fixed in the world, and that axis."""
    up = np.array([mounting.T @ rotation(axis, deg).T @ UP for deg in angles_deg])
    return up, mounting.T @ axis


@given(
    seed=st.integers(0, 1000),
    tilt=st.floats(-70.0, 70.0),
    angle_deg=st.floats(-179.0, 179.0),
)
def test_the_angle_of_a_hinge_is_exact_however_it_is_tilted(seed, tilt, angle_deg):
    axis = rotation([1, 0, 0], tilt) @ np.array([0.0, 1.0, 0.0])
    up, axis_in_sensor = seen_by_sensor(axis, [0.0, angle_deg], random_rotation(seed))

    found = hinge_angle_deg(up, axis_in_sensor, up[0])

    assert found == pytest.approx([0.0, angle_deg], abs=1e-6)


@pytest.mark.parametrize("angle_deg", [0.0, 0.01, 10.0, 90.0, 179.0])
def test_the_tilt_of_a_level_hinge_is_its_angle_without_a_sign(angle_deg):
    up, _ = seen_by_sensor(np.array([0.0, 1.0, 0.0]), [angle_deg, -angle_deg], np.eye(3))

    assert tilt_deg(up, UP) == pytest.approx([angle_deg, angle_deg], abs=1e-6)


def test_the_tilt_of_a_steep_hinge_is_less_than_its_angle():
    steep = rotation([1, 0, 0], 60.0) @ np.array([0.0, 1.0, 0.0])
    up, _ = seen_by_sensor(steep, [90.0], np.eye(3))

    assert tilt_deg(up, UP)[0] < 60.0


def test_the_other_sign_of_the_axis_gives_the_other_sign_of_the_angle():
    up, axis = seen_by_sensor(np.array([0.0, 1.0, 0.0]), [0.0, 40.0], random_rotation(3))

    assert hinge_angle_deg(up, -axis, up[0])[1] == pytest.approx(-40.0)


@given(seed=st.integers(0, 1000))
def test_the_axis_is_that_of_the_rate(seed):
    rng = np.random.default_rng(seed)
    axis = random_rotation(seed)[:, 0]
    rate = rng.normal(0.0, 1.0, (200, 1)) * axis + rng.normal(0.0, 0.01, (200, 3))

    found, share = hinge_axis(rate)

    assert abs(found @ axis) == pytest.approx(1.0, abs=1e-3)
    assert share > 0.99


def test_a_rate_in_all_directions_has_no_axis():
    _, share = hinge_axis(np.random.default_rng(0).normal(size=(5000, 3)))

    assert share == pytest.approx(1 / 3, abs=0.03)


def test_no_rate_has_no_share():
    assert principal_axis(np.zeros((3, 3)))[1] == 0.0


@pytest.mark.parametrize("shape", [(3,), (5, 2), (2, 2, 3)])
def test_directions_of_another_shape_are_refused(shape):
    with pytest.raises(SampleShapeError, match=r"\(n, 3\)"):
        hinge_angle_deg(np.zeros(shape), np.array([1.0, 0, 0]), UP)


@pytest.mark.parametrize("angle_deg", [0.0, 10.0, 45.0, 90.0])
def test_the_line_of_an_axis_has_no_direction(angle_deg):
    axis = rotation([1, 0, 0], angle_deg) @ UP

    assert axis_from_vertical_deg(axis, UP) == pytest.approx(angle_deg, abs=1e-5)
    assert axis_from_vertical_deg(-axis, UP) == pytest.approx(angle_deg, abs=1e-5)


@pytest.mark.parametrize("turn_deg", [[0, 0, 0], [20, 0, 0], [0, -70, 0], [30, 40, -50]], ids=str)
def test_a_sensor_that_turns_sees_the_vertical_turn_the_other_way(turn_deg):
    angle_deg = float(np.linalg.norm(turn_deg))
    turn = rotation(turn_deg, angle_deg) if angle_deg else np.eye(3)

    assert turned_up(UP, np.array(turn_deg, float)) == pytest.approx(turn.T @ UP, abs=1e-12)
