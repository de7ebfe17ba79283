from dataclasses import replace

import pytest

from analysis import SetQuality, compare_legs, load_catalogue

CATALOGUE = load_catalogue()
STANDING = CATALOGUE["iso_stand_ext"]
LEFT = SetQuality(
    reps=20, eccentric_mean_s=3.0, concentric_mean_s=2.8, rom_mean_deg=25.0, peak_mean_deg=26.0
)


@pytest.mark.parametrize("exercise", ["iso_stand_ext", "squat_single", "conc_seated"])
def test_a_leg_that_lowers_a_second_quicker_differs(exercise):
    right = replace(LEFT, eccentric_mean_s=2.0)

    found = compare_legs(CATALOGUE[exercise], LEFT, right)

    assert found.eccentric_s == pytest.approx(1.0)
    assert found.differs == ("eccentric_s",)


@pytest.mark.parametrize(
    "exercise", ["ecc_prone_helper", "ecc_seated_solo", "plank_leg_raise", "step_up"]
)
def test_in_the_other_exercises_legs_are_not_compared(exercise):
    found = compare_legs(CATALOGUE[exercise], LEFT, replace(LEFT, rom_mean_deg=60.0))

    assert (found.eccentric_s, found.concentric_s, found.rom_deg) == (None, None, None)
    assert found.differs == ()
    assert dict(found.absent)["rom_deg"].startswith("Legs are compared only")


@pytest.mark.parametrize(("by_s", "by_deg", "differs"), [(0.4, 9.0, 0), (0.6, 11.0, 2)])
def test_half_a_second_and_ten_degrees_are_noise(by_s, by_deg, differs):
    right = replace(LEFT, eccentric_mean_s=3.0 + by_s, rom_mean_deg=25.0 + by_deg)

    found = compare_legs(STANDING, LEFT, right)

    assert found.eccentric_s == pytest.approx(-by_s)
    assert found.rom_deg == pytest.approx(-by_deg)
    assert len(found.differs) == differs


def test_two_repetitions_tell_nothing_of_a_leg():
    found = compare_legs(STANDING, replace(LEFT, reps=2), replace(LEFT, rom_mean_deg=60.0))

    assert found.rom_deg is None
    assert dict(found.absent)["rom_deg"] == "It takes 3 repetitions of each leg."


def test_a_number_that_one_leg_lacks_is_absent_and_the_others_stand():
    found = compare_legs(STANDING, LEFT, replace(LEFT, concentric_mean_s=None))

    assert found.concentric_s is None
    assert dict(found.absent) == {"concentric_s": "One of the legs has no such number."}
    assert found.rom_deg == 0.0


def test_left_and_right_exchanged_change_the_sign_alone():
    right = replace(LEFT, eccentric_mean_s=2.0, rom_mean_deg=40.0)

    one, other = compare_legs(STANDING, LEFT, right), compare_legs(STANDING, right, LEFT)

    assert (one.eccentric_s, one.rom_deg) == (-other.eccentric_s, -other.rom_deg)
    assert one.differs == other.differs
