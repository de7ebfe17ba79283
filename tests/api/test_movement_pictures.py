import re
from math import hypot
from xml.etree import ElementTree as ET

import pytest

from analysis import load_catalogue
from api.pages.movement_figure import ANKLES, LENGTHS, PARENTS, movement_of, postures, way_out
from api.pages.movement_svg import movement_svg, posable_svg

EXERCISES = sorted(load_catalogue().exercises)
FOOT_DOWN = 240.0  # the floor, and the thickness of a foot


def movement(exercise):
    return movement_of(load_catalogue()[exercise])


def read(picture):
    return ET.fromstring(picture)  # noqa: S314 (our own)


def test_every_exercise_of_the_catalogue_has_a_posture_and_no_other():
    assert sorted(postures()) == EXERCISES


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_limb_grows_and_no_joint_comes_apart(exercise):
    for frame in movement(exercise).frames:
        for name, parent in PARENTS.items():
            x0, y0 = frame.hip if parent is None else frame.end_of(parent)
            x1, y1 = frame.end_of(name)
            assert hypot(x1 - x0, y1 - y0) == pytest.approx(LENGTHS[name])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nobody_sinks_into_the_floor(exercise):
    lowest = max(frame.end_of(name)[1] for frame in movement(exercise).frames for name in PARENTS)

    assert lowest < FOOT_DOWN


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_round_ends_where_it_began(exercise):
    first, *_, last = movement(exercise).frames

    assert last.hip == pytest.approx(first.hip, abs=0.5)
    assert last.pose == pytest.approx(first.pose, abs=0.5)


@pytest.mark.parametrize(
    "exercise", [name for name, posture in postures().items() if posture.anchor]
)
def test_a_foot_that_carries_the_body_stays_where_it_is(exercise):
    moved = movement(exercise)
    shank = ANKLES[moved.posture.anchor][1]

    for frame in moved.frames:
        assert frame.end_of(shank) == pytest.approx(moved.posture.root)


def test_the_round_takes_the_time_that_is_prescribed():
    prone = movement("ecc_prone_helper")

    n_back = sum(not is_out for is_out in prone.is_out)

    # 3 seconds of return, and half of the hold and the rest with it.
    assert n_back / len(prone.is_out) * prone.round_s == pytest.approx(3.0 + 1.0 + 0.2, abs=0.4)


def test_the_feet_of_who_cycles_stay_on_the_pedals():
    ride = movement("cycling")
    (x, y), radius = ride.posture.crank

    for frame in ride.frames:
        for shank in ("shank", "other_shank"):
            foot_x, foot_y = frame.end_of(shank)
            assert hypot(foot_x - x, foot_y - y) == pytest.approx(radius, abs=0.01)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_picture_is_well_formed_and_says_what_it_shows(exercise):
    picture = read(movement_svg(exercise, "Curl & <lower>"))

    assert picture.find("title").text == "Curl & <lower>"
    assert picture.attrib["role"] == "img"
    assert "style" not in movement_svg(exercise, "Curl")  # the pages' policy refuses it


def test_less_motion_is_a_picture_of_both_ends_that_does_not_move():
    picture = read(movement_svg("squat_single", "Squat"))
    still = picture.find("g[@class='move-still']")

    assert still.findall(".//animateTransform") == []
    assert len(still.findall(".//rect[@class='move-sensor']")) == 2


def test_the_hand_of_the_helper_lets_go_at_the_top():
    moving = movement_svg("ecc_prone_helper", "Curl")

    shown = re.search(r'attributeName="opacity"[^>]*values="([^"]*)"', moving)[1].split(";")

    assert shown == sorted(shown, reverse=True)
    assert {"0", "1"} == set(shown)


def test_the_posable_figure_goes_from_rest_to_the_far_end():
    moved = movement("iso_prone_raise")

    poses = way_out(moved)

    assert poses["turns"]["thigh"][0] == pytest.approx(0.0)
    assert poses["turns"]["thigh"][-1] == pytest.approx(-20.0)
    assert "shank" not in poses["turns"]  # the knee stays straight
    assert 'data-segment="thigh"' in posable_svg("iso_prone_raise", "Raise")


def test_the_posable_figure_of_a_squat_goes_down():
    hips = way_out(movement("squat_single"))["hips"]

    assert hips[-1][1] > hips[0][1] + 40.0
