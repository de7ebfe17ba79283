import numpy as np
import pytest

from analysis.stillness import KEPT_TICKS, StillnessWatch
from tests.builders import rotation

UP = np.array([0.0, 0.0, 1.0])


def watched(angles_deg, rows_per_tick=25):
    """Watch an angle about a level axis, tick by tick."""
    watch = StillnessWatch()
    up = np.array([rotation([0, 1, 0], deg) @ UP for deg in angles_deg])
    for start in range(0, len(up), rows_per_tick):
        watch.add(up[start : start + rows_per_tick])
    return watch


def test_a_pose_held_is_found_with_its_vertical():
    pose = watched(np.full(100, 30.0)).pose(4)

    assert pose.up == pytest.approx(rotation([0, 1, 0], 30.0) @ UP)
    assert pose.n_ticks == 4
    assert pose.wander_deg == pytest.approx(0.0, abs=1e-4)


def test_fewer_ticks_than_asked_for_are_no_pose():
    assert watched(np.zeros(75)).pose(4) is None
    assert watched(np.zeros(100)).pose(4) is not None


def test_a_tremor_of_half_a_degree_at_8_hz_is_still():
    time_s = np.arange(100) / 100.0
    tremor_deg = 0.7 * np.sin(2 * np.pi * 8.0 * time_s)  # 35 degrees a second at most

    pose = watched(tremor_deg).pose(4)

    assert pose is not None
    assert pose.up @ UP == pytest.approx(1.0, abs=1e-4)


def test_a_lowering_at_10_degrees_a_second_is_not_still():
    assert watched(np.arange(100) / 100.0 * 10.0).pose(4) is None


def test_a_quick_shake_within_a_tick_is_not_still():
    time_s = np.arange(100) / 100.0

    assert watched(8.0 * np.sin(2 * np.pi * 8.0 * time_s)).pose(4) is None


def test_only_the_last_ticks_count():
    moved_then_still = np.concatenate([np.linspace(0.0, 90.0, 100), np.full(100, 90.0)])

    watch = watched(moved_then_still)

    assert watch.pose(4) is not None
    assert watch.pose(8) is None


def test_what_is_remembered_is_bounded():
    watch = watched(np.zeros(25 * 50))

    assert watch.pose(KEPT_TICKS) is not None
    assert watch.pose(KEPT_TICKS + 1) is None


def ticks(angles_deg, rows_per_tick=25):
    """Return the vertical of an angle about a level axis, (k, rows_per_tick, 3)."""
    up = np.array([rotation([0, 1, 0], deg) @ UP for deg in angles_deg])
    return up.reshape(-1, rows_per_tick, 3)


def test_ticks_taken_in_together_are_the_same_as_one_by_one():
    angles_deg = np.concatenate([np.linspace(0.0, 90.0, 100), np.full(300, 90.0)])

    together = StillnessWatch()
    together.add_ticks(ticks(angles_deg))

    one_by_one = watched(angles_deg)
    for n_ticks in (1, 4, 12, 13, KEPT_TICKS):
        mine, other = together.pose(n_ticks), one_by_one.pose(n_ticks)
        assert (mine is None) == (other is None)
        assert mine is None or mine.up == pytest.approx(other.up)


def test_a_lowering_at_30_degrees_a_second_moves_until_it_stops():
    lowering_deg = np.concatenate([np.arange(200) * 0.3, np.full(100, 60.0)])

    # The tick after the last moving one lies, on average, half a tick's way further still.
    assert watched(np.zeros(25)).n_moving(ticks(lowering_deg)) == 9


def test_no_tick_that_moves_ends_a_still_pose():
    rng = np.random.default_rng(0)
    steps_deg = np.concatenate([rng.uniform(0.14, 0.3, 20), np.zeros(5)])
    angles_deg = 5.0 + np.cumsum(steps_deg.repeat(25))
    watch, coming = watched(np.zeros(100)), ticks(angles_deg)

    n_moving = watch.n_moving(coming)
    poses = []
    for tick in coming[:n_moving]:
        watch.add(tick)
        poses.append(watch.pose(2))

    assert n_moving >= 20
    assert poses == [None] * n_moving


def test_before_the_first_tick_none_is_known_to_move():
    assert StillnessWatch().n_moving(ticks(np.arange(100.0))) == 0
