"""The rest pose and the axis: found, followed, and not spoilt by what is no repetition."""

import numpy as np
import pytest

from analysis import vertical
from analysis.axis_memory import AxisMemory
from analysis.exercise import load_catalogue
from analysis.rep_finder import Excursion
from analysis.rest_poses import RestPoses, steadiness
from analysis.rest_seeker import FoundRest, RestSeeker, turning_points
from analysis.rows import Rows
from analysis.stillness import Pose, StillnessWatch
from tests.builders import Stretch, angle_curve, leg_signal, rotation, still, up_in_shank

UP = np.array([0.0, 0.0, 1.0])
LEVEL = np.array([0.0, -1.0, 0.0])
RATE_HZ = 100.0
PRONE = load_catalogue()["ecc_prone_helper"]


def tilted(deg):
    return rotation([0, 1, 0], deg) @ UP


def found_at(deg=0.0, quality=0.9):
    return FoundRest(tilted(deg), "still-pose", quality, 99, 100)


def known(*, zero_deg=0.0, quality=0.9):
    poses = RestPoses(zero_deg)
    poses.find(found_at(quality=quality), 0.99)
    return poses


def rows_of(*stretches, axis=LEVEL, acc_noise_ms2=0.0, from_deg=0.0):
    """Return the rows of a movement about an axis, the vertical taken from the truth."""
    angle = np.radians(angle_curve(stretches, from_deg)[:: round(1000.0 / RATE_HZ)])
    up = up_in_shank(axis, angle)
    gyr = np.outer(np.gradient(angle, 1.0 / RATE_HZ), axis)
    acc = 9.81 * up + np.random.default_rng(0).normal(0.0, 1.0, up.shape) * acc_noise_ms2
    rows = Rows()
    n = len(angle)
    rows.append(np.arange(n) / RATE_HZ, up, gyr, acc, np.zeros(n, dtype=np.uint8))
    return rows


def rows_of_leg(samples):
    """Return the rows of a limb that swings, its vertical estimated."""
    rows = Rows()
    marks = np.zeros(len(samples), dtype=np.uint8)
    rows.append(samples.time_s, vertical(samples), samples.gyr_rads, samples.acc_ms2, marks)
    return rows


# ---- poses -----------------------------------------------------------------------------------


def test_before_any_pose_is_found_there_is_none():
    poses = RestPoses(0.0)

    assert not poses.is_known
    assert poses.calibration.method == "none"
    assert poses.rest_level_deg(LEVEL) == 0.0
    assert not poses.is_back_at_first(UP[None])
    poses.return_to_first()
    assert poses.zero_up is None
    with pytest.raises(RuntimeError, match="rest pose"):
        _ = poses.rest_up


def test_the_first_pose_is_zero_and_rest():
    poses = known(zero_deg=30.0)

    assert poses.is_known
    assert (poses.calibration.method, poses.calibration.zero_deg) == ("still-pose", 30.0)
    assert poses.off_rest_deg(tilted(25.0)[None]) == pytest.approx(25.0)
    assert poses.rest_level_deg(LEVEL) == pytest.approx(0.0)


def test_the_rest_pose_follows_and_zero_stays():
    poses = known()

    poses.follow(tilted(-5.0))

    assert poses.off_rest_deg(UP[None]) == pytest.approx(5.0)
    assert poses.zero_up == pytest.approx(UP)
    assert abs(poses.rest_level_deg(LEVEL)) == pytest.approx(5.0)


def test_a_landing_near_zero_becomes_the_rest_pose():
    poses = known()

    poses.follow_landing(np.array([tilted(4.0), tilted(6.0)]), LEVEL, 8.0)

    assert poses.off_rest_deg(tilted(5.0)[None]) == pytest.approx(0.0, abs=0.01)
    assert poses.zero_up == pytest.approx(UP)


def test_a_landing_far_from_zero_is_not_followed():
    poses = known()

    poses.follow_landing(tilted(20.0)[None], LEVEL, 8.0)

    assert poses.off_rest_deg(UP[None]) == pytest.approx(0.0)


def test_a_doubtful_zero_is_the_lower_envelope_of_the_first_landings():
    poses = known(quality=0.4)

    poses.follow_landing(tilted(5.0)[None], LEVEL, 8.0)
    poses.follow_landing(tilted(7.0)[None], LEVEL, 8.0)

    assert poses.zero_up == pytest.approx(tilted(6.0))
    assert poses.calibration.method == "lower-envelope"
    assert poses.calibration.quality >= 0.7
    poses.follow_landing(tilted(-7.0)[None], LEVEL, 8.0)
    assert poses.zero_up == pytest.approx(tilted(-7.0))


def test_a_good_zero_is_not_moved_by_a_lower_landing():
    poses = known(quality=0.9)

    poses.follow_landing(tilted(-7.0)[None], LEVEL, 8.0)

    assert poses.zero_up == pytest.approx(UP)


def test_where_angles_are_judged_a_zero_must_be_steadier():
    poses = RestPoses(0.0, needs_steady=True)
    poses.find(found_at(quality=0.85), 0.99)

    poses.follow_landing(tilted(-7.0)[None], LEVEL, 8.0)

    assert poses.zero_up == pytest.approx(tilted(-7.0))


def test_a_given_zero_is_kept_though_it_was_not_quite_steady():
    poses = RestPoses(90.0, needs_steady=True)
    poses.find(found_at(quality=0.85), 0.99)

    poses.follow_landing(tilted(-7.0)[None], LEVEL, 8.0)

    assert poses.zero_up == pytest.approx(UP)


def test_without_a_zero_no_landing_is_followed():
    poses = RestPoses(0.0)

    poses.follow_landing(tilted(3.0)[None], LEVEL, 8.0)

    assert not poses.is_known


def test_a_pose_from_which_nothing_was_counted_gives_way_and_may_come_back():
    poses = known()

    moved = poses.replace(Pose(tilted(70.0), 16, 0.4), 12.0)

    assert moved
    assert poses.calibration.at_s == 12.0
    assert poses.zero_up == pytest.approx(tilted(70.0))
    assert poses.is_back_at_first(tilted(5.0)[None])
    assert not poses.is_back_at_first(tilted(40.0)[None])
    poses.return_to_first()
    assert poses.zero_up == pytest.approx(UP)
    assert not poses.is_back_at_first(UP[None])


def test_a_zero_whose_angle_was_given_stays():
    poses = known(zero_deg=90.0)

    moved = poses.replace(Pose(tilted(70.0), 16, 0.4), 12.0)

    assert not moved
    assert poses.zero_up == pytest.approx(UP)
    assert poses.off_rest_deg(tilted(70.0)[None]) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(("wander_deg", "quality"), [(0.0, 1.0), (1.0, 0.75), (8.0, 0.0)])
def test_a_pose_that_wanders_is_worth_less(wander_deg, quality):
    assert steadiness(wander_deg) == pytest.approx(quality)


# ---- seeking ---------------------------------------------------------------------------------


def seek(rows, exercise=PRONE, tick=25):
    seeker, watch = RestSeeker(exercise, RATE_HZ, 0), StillnessWatch()
    for end in range(tick, rows.end + 1, tick):
        watch.add(rows.columns(slice(1, 4), end - tick, end))
        found = seeker.look(rows, end, watch)
        if found is not None:
            return found
    return None


def off_level_deg(found):
    return np.degrees(np.arccos(found.up @ UP))


def test_a_still_second_is_the_rest_pose():
    found = seek(rows_of(still(3.0)))

    assert found.method == "still-pose"
    assert found.quality > 0.9
    assert off_level_deg(found) < 0.1
    assert found.replay_from == found.row + 1


def test_half_a_still_second_before_the_first_lift_is_enough():
    found = seek(rows_of(still(0.6), Stretch(90.0, 1.0), Stretch(0.0, 3.0)))

    assert found.method == "still-pose"
    assert off_level_deg(found) < 1.0
    assert found.replay_from == 0


def test_a_start_in_movement_takes_the_end_that_the_slow_way_leads_to():
    one = [Stretch(90.0, 0.8), Stretch(0.0, 3.0)]

    found = seek(rows_of(Stretch(45.0, 0.4), Stretch(90.0, 0.4), Stretch(0.0, 3.0), *one * 2))

    assert found.method == "lower-envelope"
    assert off_level_deg(found) < 5.0
    assert found.replay_from < 50  # from the first half second on


def test_a_knee_that_swings_tells_straight_from_bent_by_where_the_shank_points():
    # The same both ways: the tempo tells nothing, but a shank that lies level is a straight knee.
    even = [Stretch(90.0, 1.3, "cosine"), Stretch(0.0, 1.3, "cosine")] * 4
    moving = leg_signal([Stretch(90.0, 0.7), *even[1:]], start_deg=45.0, noise_seed=1)

    found = seek(rows_of_leg(moving))

    assert found.method == "lower-envelope"
    assert off_level_deg(found) < 15.0


def test_a_short_pause_on_the_way_back_is_no_rest_pose():
    cut = [still(0.6, 25.0), Stretch(0.0, 1.0), still(0.6)]
    reps = [Stretch(45.0, 0.8), Stretch(0.0, 2.5), still(0.6)] * 3

    found = seek(rows_of_leg(leg_signal([*cut, *reps], start_deg=25.0, noise_seed=1)))

    assert off_level_deg(found) < 5.0
    assert found.replay_from < 50  # the first repetition counts


def test_where_nothing_is_prescribed_the_first_pose_tells_which_end_is_rest():
    free = load_catalogue()["free_movement"]
    swings = [Stretch(60.0, 1.0), Stretch(0.0, 1.0)] * 4

    found = seek(rows_of(*swings), free)

    assert off_level_deg(found) < 8.0


def test_a_free_movement_that_starts_half_way_is_weighed_by_its_tempo():
    free = load_catalogue()["free_movement"]
    one = [Stretch(80.0, 0.7), Stretch(0.0, 3.0)]

    found = seek(rows_of(Stretch(80.0, 1.2), *one[1:], *one * 3, from_deg=40.0), free)

    assert off_level_deg(found) < 8.0


def test_steps_and_jolts_are_no_movement_to_seek_in():
    swings = [Stretch(60.0, 0.5), Stretch(0.0, 0.5)] * 6

    assert seek(rows_of(*swings, acc_noise_ms2=40.0)) is None


def test_a_movement_too_small_to_tell_is_waited_out():
    swings = [Stretch(8.0, 0.5), Stretch(0.0, 0.5)] * 8

    assert seek(rows_of(*swings)) is None


def test_a_movement_about_many_axes_is_waited_out():
    rows = rows_of(*[Stretch(60.0, 1.0), Stretch(0.0, 1.0)] * 5)
    rng = np.random.default_rng(0)
    rows.columns(slice(4, 7), 0, rows.end)[:] = rng.normal(0.0, 1.0, (rows.end, 3))

    assert seek(rows) is None


def test_one_way_alone_does_not_tell_the_rest_pose():
    assert seek(rows_of(Stretch(90.0, 3.0, "constant"))) is None


def test_turning_points_are_the_alternating_extremes():
    curve = np.array([0.0, 5.0, 10.0, 9.0, 10.5, 2.0, 0.0, 1.0, 8.0, 7.5, 0.0])

    assert turning_points(curve, 4.0) == [0, 4, 6, 8]
    assert turning_points(-curve, 4.0) == [0, 4, 6, 8]
    assert turning_points(curve, 9.0) == [0, 4]
    assert turning_points(curve, 50.0) == []


# ---- the axis --------------------------------------------------------------------------------

REP = (still(0.5), Stretch(80.0, 1.0), Stretch(0.0, 2.0), still(0.5))
ENDED = Excursion(50, 0.0, 150, 80.0, 160, 300, 350, 0.0, 390)


def learn(memory, *axes):
    for axis in axes:
        rows = rows_of(*REP, axis=axis)
        found, is_known = memory.axis_of(rows, ENDED, UP)
        memory.learn(rows, ENDED, found, is_known=is_known)
    return memory


def about(deg):
    """Return a level axis turned by so much round the vertical: another way to lift the leg."""
    return rotation(UP, deg) @ LEVEL


@pytest.mark.parametrize("axis", [LEVEL, -LEVEL, about(50.0)])
def test_the_axis_points_so_that_the_way_out_is_positive(axis):
    memory = learn(AxisMemory(RATE_HZ), axis)

    assert memory.axis @ axis == pytest.approx(1.0, abs=1e-3)
    assert [row for row, _ in memory.history] == [ENDED.end_row]


def test_two_repetitions_that_agree_are_trusted_and_one_is_not():
    memory = AxisMemory(RATE_HZ)
    assert not memory.is_trusted

    learn(memory, LEVEL)
    assert not memory.is_trusted

    learn(memory, about(5.0))
    assert memory.is_trusted


def test_a_movement_about_another_axis_is_not_the_known_one():
    memory = learn(AxisMemory(RATE_HZ), LEVEL, LEVEL)

    axis, is_known = memory.axis_of(rows_of(*REP, axis=about(70.0)), ENDED, UP)

    assert not is_known
    assert axis @ about(70.0) == pytest.approx(1.0, abs=1e-3)
    assert memory.axis @ LEVEL == pytest.approx(1.0, abs=1e-3)


def test_a_slipping_strap_is_followed():
    memory = learn(AxisMemory(RATE_HZ), *(about(3.0 * i) for i in range(15)))

    off_deg = np.degrees(np.arccos(memory.axis @ about(42.0)))
    assert off_deg < 15.0


def test_nothing_but_another_movement_is_learnt_in_the_end():
    memory = learn(AxisMemory(RATE_HZ), LEVEL, LEVEL)

    for _ in range(3):
        assert memory.is_trusted
        memory.note_unlike()

    assert not memory.is_trusted
    learn(memory, about(70.0), about(70.0))
    assert memory.is_trusted
    assert memory.axis @ about(70.0) == pytest.approx(1.0, abs=1e-3)


def test_a_leg_that_also_rolls_is_given_the_axis_of_its_shortest_turn():
    rows = rows_of(*REP)
    time_s = np.arange(rows.end) / RATE_HZ
    rows.columns(slice(4, 7), 0, rows.end)[:, 0] += 1.2 * np.sin(2 * np.pi * 0.5 * time_s)
    memory = AxisMemory(RATE_HZ)

    axis, _ = memory.axis_of(rows, ENDED, UP)

    assert axis @ LEVEL == pytest.approx(1.0, abs=1e-3)


def test_an_excursion_of_a_few_rows_has_an_axis_too():
    rows = rows_of(*REP)
    short = Excursion(100, 0.0, 110, 30.0, -1, 112, 114, 0.0, 116)

    axis, is_known = AxisMemory(RATE_HZ).axis_of(rows, short, UP)

    assert abs(axis @ LEVEL) == pytest.approx(1.0, abs=1e-3)
    assert not is_known
