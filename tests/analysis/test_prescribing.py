"""An exercise as it was ordered: its bands move along with its targets."""

from dataclasses import replace

import pytest

from analysis import (
    History,
    Prescription,
    SetRecord,
    Side,
    Targets,
    load_catalogue,
    orderable,
    peak_tolerance_deg,
    prescribed,
    tempo_tolerance_s,
)
from tests.analysis.programme_lives import ENROLLED, morning, plan, session

EXERCISES = load_catalogue().exercises
CORE = EXERCISES["ecc_prone_helper"]


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_an_order_that_says_nothing_changes_nothing(name):
    assert prescribed(EXERCISES[name], Targets()) == EXERCISES[name]


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_ordering_the_programmes_own_numbers_changes_nothing(name):
    exercise = EXERCISES[name]
    plain = ("sets", "reps", "eccentric_s", "concentric_s", "hold_s", "rest_s", "peak_deg")

    same = Targets(**{one: getattr(exercise, one) for one in plain})

    assert prescribed(exercise, same) == exercise


def test_a_slower_return_moves_its_band_and_asks_for_more_movement():
    slower = prescribed(CORE, Targets(eccentric_s=6.0))

    assert (slower.in_tempo_s, slower.accepted_s) == ((5.5, 6.5), (5.0, 7.0))
    assert slower.moving_min_s == pytest.approx(4.0)
    assert slower.fast_drop_s == CORE.fast_drop_s


def test_a_quicker_return_is_no_drop():
    quicker = prescribed(CORE, Targets(eccentric_s=1.5))

    assert quicker.fast_drop_s == pytest.approx(0.5)
    assert quicker.fast_drop_s <= quicker.accepted_s[0] <= quicker.in_tempo_s[0] < 1.5


@pytest.mark.parametrize("target_s", [1.5, 2.0, 3.0, 5.0, 15.0])
@pytest.mark.parametrize("near_s", [0.2, 0.5, 1.0])
def test_the_bands_lie_in_one_another_whatever_is_ordered(target_s, near_s):
    ordered = prescribed(CORE, Targets(eccentric_s=target_s, tempo_tolerance_s=near_s))

    (wide_low, wide_high), (low, high) = ordered.accepted_s, ordered.in_tempo_s
    assert 0 < ordered.fast_drop_s <= wide_low <= low < target_s < high <= wide_high
    assert ordered.moving_min_s <= low


def test_a_tolerance_alone_narrows_the_band_of_the_programmes_time():
    strict = prescribed(CORE, Targets(tempo_tolerance_s=0.25))

    assert strict.in_tempo_s == (2.75, 3.25)
    assert strict.accepted_s == (2.5, 3.5)
    assert tempo_tolerance_s(strict) == pytest.approx(0.25)


def test_a_smaller_angle_moves_what_is_good_enough():
    smaller = prescribed(CORE, Targets(peak_deg=60.0))
    strict = prescribed(CORE, Targets(peak_deg=60.0, peak_tolerance_deg=5.0))

    assert smaller.peak_good_deg == (50.0, 70.0)
    assert strict.peak_good_deg == (55.0, 65.0)
    assert peak_tolerance_deg(strict) == pytest.approx(5.0)
    assert peak_tolerance_deg(EXERCISES["squat_single"]) is None


def test_a_longer_hold_is_accepted_from_the_same_share_of_it():
    longer = prescribed(EXERCISES["iso_prone_raise"], Targets(hold_s=4.0))

    assert (longer.hold_s, longer.hold_accepted_s) == (4.0, 3.0)


def test_what_means_nothing_for_an_exercise_is_left_out():
    plank = EXERCISES["plank_leg_raise"]

    assert prescribed(plank, Targets(peak_deg=90.0, peak_tolerance_deg=5.0)) == plank
    assert not orderable(plank) & {"peak_deg", "concentric_s"}
    assert "legs" not in orderable(EXERCISES["stretch_hamstring"])


@pytest.mark.parametrize(
    ("name", "legs", "side"),
    [
        ("ecc_prone_helper", "both", "both"),
        ("squat_single", "left", "affected"),
        ("step_up", "both", "both"),
        ("mob_knee_chest", "right", "affected"),
        ("mob_knee_chest", "both", "alternate"),
        ("stretch_hamstring", "left", "both"),
    ],
)
def test_the_leg_that_was_ordered_trains(name, legs, side):
    assert prescribed(EXERCISES[name], Targets(legs=legs)).side == side
    assert Targets(legs="left").leg is Side.LEFT
    assert Targets(legs="both").leg is None


def planned(*orders, sets=None):
    enrolment = replace(ENROLLED, prescriptions=orders)
    sessions = () if sets is None else (session(1, sets=sets),)
    return plan(1, History(sessions=sessions), enrolment)


def order(name, **fields):
    return Prescription(from_on=morning(1).date(), exercise=EXERCISES[name], **fields)


def test_an_exercise_of_other_weeks_comes_after_the_block_when_it_is_added():
    added = planned(order("squat_single", is_added=True))
    waiting = planned(order("squat_single"))

    assert [one.exercise.id for one in added.exercises][-1] == "squat_single"
    assert "squat_single" not in [one.exercise.id for one in waiting.exercises]


def test_a_planned_exercise_carries_the_order_that_it_follows():
    one = order("ecc_prone_helper", version=3)

    core = planned(one).exercises[4]

    assert core.prescription is one
    assert planned().exercises[4].prescription is None


def test_a_session_counts_by_what_was_ordered_of_the_core():
    once = replace(order("ecc_prone_helper"), exercise=replace(CORE, sets=1))
    stopped = order("ecc_prone_helper", is_stopped=True)
    one_core = (SetRecord(exercise_id="ecc_prone_helper", reps_done=15),)
    one_raise = (SetRecord(exercise_id="iso_prone_raise", reps_done=20),)

    assert planned(sets=one_core).sessions_done == 0
    assert planned(once, sets=one_core).sessions_done == 1
    assert planned(stopped, sets=one_raise).sessions_done == 1
    assert planned(sets=one_raise).sessions_done == 0
