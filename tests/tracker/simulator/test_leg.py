from dataclasses import replace

import numpy as np
import pytest

from tracker.simulator import Scenario, WearLevel
from tracker.simulator.curves import Curve, Move
from tracker.simulator.leg import Geometry, Pose, random_rotation, sensor_signals, thigh_signals
from tracker.simulator.session import draw_body, perform

RNG = np.random.default_rng(7)


def still(n, value_deg=0.0):
    motion = np.zeros((3, n))
    motion[0] = value_deg
    return motion


def turning(time_s, speed_dps, start_deg=0.0):
    ones = np.ones_like(time_s)
    return np.stack([start_deg + speed_dps * time_s, speed_dps * ones, 0.0 * ones])


def pose(shank_deg, *, roll_deg=0.0, **changes):
    n = shank_deg.shape[1]
    at_rest = {
        "heading_deg": still(n, 40.0),
        "turn_deg": still(n),
        "roll_deg": still(n, roll_deg),
        "thigh_deg": still(n),
        "shank_deg": shank_deg,
        "strap_deg": still(n),
        "skin_deg": (still(n), still(n), still(n)),
        "push_ms2": np.zeros((3, n)),
        "hip_ms2": np.zeros((3, n)),
    }
    return Pose(**(at_rest | changes))


def geometry(sensor_m=(0.35, 0.0, 0.0), mounting=None, hip_m=(0.0, 0.0, 0.0)):
    return Geometry(
        thigh_m=0.42,
        shank_m=0.42,
        sensor_m=sensor_m,
        hip_m=hip_m,
        mounting=np.eye(3) if mounting is None else mounting,
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


def test_the_thigh_sensor_of_a_straight_leg_feels_its_shorter_lever():
    time_s = np.array([0.0])
    leg = turning(time_s, 90.0)

    acc, gyr, up = thigh_signals(pose(leg, thigh_deg=leg), geometry())

    shift_ms2 = (acc - 9.81 * up)[0]
    assert np.linalg.norm(shift_ms2) == pytest.approx(np.hypot(0.25, 0.06) * np.radians(90.0) ** 2)
    assert gyr[0] == pytest.approx([0.0, -np.radians(90.0), 0.0])


def test_a_shank_over_a_foot_that_stands_pulls_with_the_7_cm_to_the_ankle():
    time_s = np.array([0.0])
    tilting = turning(time_s, 90.0, start_deg=-90.0)
    standing = pose(tilting, thigh_deg=still(1, -90.0), footing=np.ones(1))

    acc, _, up = sensor_signals(standing, geometry())

    assert np.linalg.norm((acc - 9.81 * up)[0]) == pytest.approx(0.07 * np.radians(90.0) ** 2)


def test_the_thigh_over_a_foot_that_stands_is_carried_by_the_knee():
    # The shank tilts about the ankle, the thigh stays upright: the knee goes round the ankle.
    tilting = turning(np.array([0.0]), 90.0, start_deg=-60.0)
    standing = pose(tilting, thigh_deg=still(1, -90.0), footing=np.ones(1))

    acc, gyr, up = thigh_signals(standing, geometry())

    # From knee to ankle, 42 cm; upright, the thigh's x points down and its z forward.
    centripetal_ms2 = 0.42 * np.radians(90.0) ** 2
    along, across = np.sin(np.radians(60.0)), np.cos(np.radians(60.0))
    shift_ms2 = (acc - 9.81 * up)[0]
    assert np.abs(shift_ms2) == pytest.approx(
        [along * centripetal_ms2, 0.0, across * centripetal_ms2]
    )
    assert gyr[0] == pytest.approx(np.zeros(3), abs=1e-12)


def test_rolling_over_carries_the_hip_around_the_body():
    time_s = np.array([0.0])
    rolling = pose(still(1), turn_deg=turning(time_s, 90.0))

    acc, gyr, up = sensor_signals(rolling, geometry(hip_m=(0.0, 0.09, 0.0)))

    assert (acc - 9.81 * up)[0] == pytest.approx([0.0, -0.09 * np.radians(90.0) ** 2, 0.0])
    assert gyr[0] == pytest.approx([np.radians(90.0), 0.0, 0.0])


def test_turning_the_strap_moves_the_sensor_4_cm_from_the_middle_of_the_shank():
    time_s = np.array([0.0])
    turned = pose(still(1), strap_deg=turning(time_s, 90.0))

    acc, gyr, up = sensor_signals(turned, geometry(sensor_m=(0.35, 0.04, 0.0)))

    assert (acc - 9.81 * up)[0] == pytest.approx([0.0, -0.04 * np.radians(90.0) ** 2, 0.0])
    assert gyr[0] == pytest.approx([np.radians(90.0), 0.0, 0.0])


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


def chain(moved, lengths, stands):
    """Orientation and place in the world, link by link: the same leg, thought out once more."""
    turned = axis_rotation(2, moved.heading_deg[0]) @ axis_rotation(0, moved.turn_deg[0])
    along_m, *across_m = lengths.sensor_m
    if stands:
        turned = turned @ axis_rotation(0, moved.roll_deg[0])
        turned = turned @ axis_rotation(1, -moved.shank_deg[0])
        place_m = turned @ [along_m - lengths.shank_m, 0.0, 0.0]
    else:
        place_m = turned @ np.array(lengths.hip_m)
        turned = turned @ axis_rotation(0, moved.roll_deg[0])
        turned = turned @ axis_rotation(1, -moved.thigh_deg[0])
        place_m = place_m + turned @ [lengths.thigh_m, 0.0, 0.0]
        turned = turned @ axis_rotation(1, moved.thigh_deg[0] - moved.shank_deg[0])
        place_m = place_m + turned @ [along_m, 0.0, 0.0]
    turned = turned @ axis_rotation(0, moved.strap_deg[0])
    place_m = place_m + turned @ [0.0, *across_m]
    for axis in range(3):
        turned = turned @ axis_rotation(axis, moved.skin_deg[axis][0])
    return turned @ lengths.mounting.T, place_m


SESSIONS = {
    "prone": Scenario(
        reps=4, profile="erratic", before=("stand_and_walk", "roll_over", "adjust_strap")
    ),
    "on the bicycle": Scenario(exercise_id="cycling", reps=1, bout_s=8.0),
    "squatting": Scenario(exercise_id="squat_single", reps=4),
}


@pytest.mark.parametrize("scenario", SESSIONS.values(), ids=SESSIONS)
def test_a_whole_hard_session_obeys_the_laws_of_motion(scenario):
    scenario = replace(scenario, wear=WearLevel.HARD)
    body = draw_body(scenario, np.random.default_rng(5))
    perform(body.choreography, scenario)
    step_s = 1e-4
    time_s = np.arange(0.01, body.choreography.cursor_s, 0.0317)
    movement = body.choreography.movement
    stands = movement.at_rest.is_on_this_foot

    acc, gyr, up = sensor_signals(movement.pose(time_s), body.geometry)

    (before, before_m), (now, now_m), (after, after_m) = (
        chain(movement.pose(time_s + shift_s), body.geometry, stands)
        for shift_s in (-step_s, 0.0, step_s)
    )
    pushed = movement.pose(time_s)
    push_ms2 = pushed.push_ms2 if stands else pushed.push_ms2 + pushed.hip_ms2
    world_ms2 = (after_m - 2.0 * now_m + before_m) / step_s**2 + push_ms2.T
    felt_ms2 = np.einsum("nji,nj->ni", now, world_ms2 + np.array([0.0, 0.0, 9.81]))
    spin = np.einsum("nji,njk->nik", now, (after - before) / (2.0 * step_s))
    turning_rads = np.stack([spin[:, 2, 1], spin[:, 0, 2], spin[:, 1, 0]], axis=1)
    assert felt_ms2 == pytest.approx(acc, abs=0.02)
    assert turning_rads == pytest.approx(gyr, abs=1e-3)
    assert now[:, 2] == pytest.approx(up, abs=1e-9)
