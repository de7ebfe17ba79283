import pytest

from analysis import LiveState, PhaseChanged, PhaseKind
from tests.tracker.coach_builders import Person, a_sitting
from tracker import words
from tracker.coach_cues import Key

STRETCH, KNEE = "stretch_hamstring", "mob_knee_chest"


def stretching(exercise=STRETCH, side=None, *, has_sensor=False):
    person = Person(of=a_sitting((exercise, side)), is_hands_free=True).start()
    if has_sensor:
        person.connect()
    person.key(Key.NEXT)
    return person if has_sensor else person.wait(16)


def phase(person, kind):
    event = PhaseChanged(kind=kind, at_s=0.0)
    person.take(person.coach.events([event], 0.0, person.now_s))
    return person


def test_without_a_sensor_the_clock_counts_half_a_minute_and_the_hold_is_timed():
    person = stretching().wait(7)

    person.wait(20)
    frame = person.coach.frame(person.now_s)
    person.wait(12)

    assert frame["hold_s"] == pytest.approx(20, abs=2)
    assert person.told("hold")[0]["held_s"] == 30.0
    kind, item = person.kept()[0]
    assert kind == "timed"
    assert (item["exercise"], item["set"], item["held_s"]) == (STRETCH, 1, 30.0)
    assert person.cards()[0]["is_measured"] is False


def test_a_stretch_needs_no_hands_from_the_first_hold_to_the_end():
    person = stretching()

    person.wait(150)

    assert person.state() == "done"
    assert [card["set"] for card in person.cards()] == [1, 2]
    assert len(person.stored) == 0


def test_with_a_sensor_stillness_starts_the_count_and_leaving_the_pose_stops_it():
    person = stretching(has_sensor=True).wait(3)

    phase(person, PhaseKind.HOLD).wait(10)
    phase(person, None).wait(5)
    away = person.coach.frame(person.now_s)
    phase(person, PhaseKind.HOLD).wait(19)
    held = person.told("hold")
    person.wait(2)

    assert away == {"hold_s": 10.0, "is_still": False}
    assert words.BACK_TO_POSE in person.said()
    assert held == []
    assert person.told("hold")[0]["interruptions"] == 1


def test_the_engines_own_time_of_a_hold_counts():
    person = stretching(has_sensor=True)
    phase(person, PhaseKind.HOLD)

    live = LiveState(0.0, 40.0, PhaseKind.HOLD, 0.0, 0, held_s=12.0)
    person.take(person.coach.live(live, person.now_s))

    assert person.coach.frame(person.now_s)["hold_s"] == 12.0


def test_a_pose_that_is_left_for_good_ends_the_hold_with_what_was_held():
    person = stretching(has_sensor=True)

    phase(person, PhaseKind.HOLD).wait(12)
    phase(person, None).wait(13)

    assert person.told("hold")[0]["held_s"] == 12.0


def test_a_sensor_that_goes_away_in_mid_hold_leaves_the_clock_counting():
    person = stretching(has_sensor=True)

    phase(person, PhaseKind.HOLD).wait(10)
    person.take(person.coach.sensor(False, person.now_s))
    person.wait(21)

    assert person.told("hold")[0]["held_s"] == 30.0


def test_the_legs_take_turns_and_the_change_is_said():
    person = stretching(KNEE, "left")

    person.wait(200)

    assert words.SWITCH_LEG in person.said()
    assert [item["side"] for _, item in person.kept()] == ["left"] * 2 + ["right"] * 2
    assert person.said().count(words.SWITCH_LEG) == 1


def test_a_key_ends_the_hold_at_once():
    person = stretching().wait(18)

    person.key(Key.NEXT)

    assert person.state() == "card"
    assert 9 <= person.told("hold")[0]["held_s"] <= 12


def test_a_stretch_says_when_it_is_half_way_and_nearly_over():
    person = stretching().wait(7)

    person.wait(13)
    before_half = person.said()[-1]
    person.wait(3)
    after_half = person.said()[-1]
    person.wait(10)

    assert before_half == words.HOLD_THIS
    assert after_half == words.HALFWAY
    assert person.said()[-1] == words.FIVE_LEFT
    assert person.said().count(words.HALFWAY) == 1
