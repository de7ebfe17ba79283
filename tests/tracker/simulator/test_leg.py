import numpy as np
import pytest

from tracker.simulator import Scenario, WearLevel
from tracker.simulator.curves import Curve, Move
from tracker.simulator.leg import Geometry, Pose, random_rotation, sensor_signals
from tracker.simulator.recording import draw_body, perform

RNG = np.random.default_rng(7)


def still(n, value_deg=0.0):
    motion = np.zeros((3, n))
    motion[0] = value_deg
    return motion


def turning(time_s, speed_dps, start_deg=0.0):
    ones = np.ones_like(time_s)
    return np.stack([start_deg + speed_dps * time_s, speed_dps * ones, 0.0 * ones])


def pose(shank_deg, *, roll_deg=0.0, thigh_deg=None):
    n = shank_deg.shape[1]
    return Pose(
        heading_deg=still(n, 40.0),
        roll_deg=still(n, roll_deg),
        thigh_deg=still(n) if thigh_deg is None else thigh_deg,
        shank_deg=shank_deg,
        skin_deg=(still(n), still(n), still(n)),
        push_ms2=np.zeros((3, n)),
    )


def geometry(sensor_m=(0.35, 0.0, 0.0), mounting=None):
    return Geometry(
        thigh_m=0.42, sensor_m=sensor_m, mounting=np.eye(3) if mounting is None else mounting
    )


def test_a_still_leg_feels_gravity_along_the_true_vertical():
    mounted = geometry(mounting=random_rotation(RNG))

    acc, gyr, up = sensor_signals(pose(still(5, 30.0), roll_deg=8.0), mounted)

    assert acc == pytest.approx(9.81 * up)
    assert gyr == pytest.approx(np.zeros((5, 3)))


def test_a_shank_pointing_up_has_the_vertical_along_its_length():
    _, _, up = sensor_signals(pose(still(1, 90.0)), geometry())

    assert up[0] == pytest.approx([1.0, 0.0, 0.0], abs=1e-12)


def test_a_constant_rotation_gives_exactly_its_rate():
    time_s = np.arange(0.0, 1.0, 0.1)
    mounting = random_rotation(RNG)

    _, gyr, _ = sensor_signals(pose(turning(time_s, 30.0)), geometry(mounting=mounting))

    # Raising the shank is a turn about the negative y axis.
    expected = np.tile(mounting @ [0.0, -np.radians(30.0), 0.0], (10, 1))
    assert gyr == pytest.approx(expected)


def test_ninety_degrees_a_second_at_35_cm_pulls_0_86_ms2_towards_the_knee():
    time_s = np.array([0.0])

    acc, _, up = sensor_signals(pose(turning(time_s, 90.0)), geometry())

    assert (acc - 9.81 * up)[0] == pytest.approx([-0.8636, 0.0, 0.0], abs=1e-4)


def test_a_starting_rotation_pushes_along_the_way_of_the_foot():
    shank = still(1)
    shank[2] = 100.0  # degrees/s², speed still zero

    acc, _, up = sensor_signals(pose(shank), geometry())

    assert (acc - 9.81 * up)[0] == pytest.approx([0.0, 0.0, 0.35 * np.radians(100.0)])


def test_a_straight_leg_turning_about_the_hip_pulls_with_its_whole_length():
    time_s = np.array([0.0])
    leg = turning(time_s, 90.0)

    acc, _, up = sensor_signals(pose(leg, thigh_deg=leg), geometry())

    assert np.linalg.norm((acc - 9.81 * up)[0]) == pytest.approx(0.77 * np.radians(90.0) ** 2)


def test_integrating_the_gyroscope_returns_the_angle():
    knee = Curve()
    knee.add(Move(0.5, 3.0, 90.0))
    time_s = np.arange(0.0, 4.0, 0.01)

    _, gyr, _ = sensor_signals(pose(knee.evaluate(time_s)), geometry())

    assert np.degrees(-gyr[:, 1].sum() * 0.01) == pytest.approx(90.0, abs=1e-6)


def axis_rotation(axis, angle_deg):
    i, j = (axis + 1) % 3, (axis + 2) % 3
    angle = np.radians(angle_deg)
    matrix = np.zeros((len(angle), 3, 3))
    matrix[:, axis, axis] = 1.0
    matrix[:, i, i] = matrix[:, j, j] = np.cos(angle)
    matrix[:, i, j], matrix[:, j, i] = -np.sin(angle), np.sin(angle)
    return matrix


def chain(moved, lengths):
    """Orientation and place in the world, link by link: the same leg, thought out once more."""
    turned = axis_rotation(2, moved.heading_deg[0]) @ axis_rotation(0, moved.roll_deg[0])
    turned = turned @ axis_rotation(1, -moved.thigh_deg[0])
    place_m = turned @ [lengths.thigh_m, 0.0, 0.0]
    turned = turned @ axis_rotation(1, moved.thigh_deg[0] - moved.shank_deg[0])
    place_m = place_m + turned @ np.array(lengths.sensor_m)
    for axis in range(3):
        turned = turned @ axis_rotation(axis, moved.skin_deg[axis][0])
    return turned @ lengths.mounting.T, place_m


def test_a_whole_hard_session_obeys_the_laws_of_motion():
    scenario = Scenario(
        reps=4, wear=WearLevel.HARD, profile="erratic", before=("stand_and_walk", "roll_over")
    )
    body = draw_body(scenario, np.random.default_rng(5))
    perform(body.choreography, scenario)
    step_s = 1e-4
    time_s = np.arange(0.01, body.choreography.cursor_s, 0.0317)
    movement = body.choreography.movement

    acc, gyr, up = sensor_signals(movement.pose(time_s), body.geometry)

    (before, before_m), (now, now_m), (after, after_m) = (
        chain(movement.pose(time_s + shift_s), body.geometry) for shift_s in (-step_s, 0.0, step_s)
    )
    world_ms2 = (after_m - 2.0 * now_m + before_m) / step_s**2 + movement.pose(time_s).push_ms2.T
    felt_ms2 = np.einsum("nji,nj->ni", now, world_ms2 + np.array([0.0, 0.0, 9.81]))
    spin = np.einsum("nji,njk->nik", now, (after - before) / (2.0 * step_s))
    turning_rads = np.stack([spin[:, 2, 1], spin[:, 0, 2], spin[:, 1, 0]], axis=1)
    assert felt_ms2 == pytest.approx(acc, abs=0.02)
    assert turning_rads == pytest.approx(gyr, abs=1e-3)
    assert now[:, 2] == pytest.approx(up, abs=1e-9)
