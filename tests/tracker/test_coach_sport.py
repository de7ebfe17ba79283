from dataclasses import replace

import pytest

from analysis import (
    LiveState,
    SeriesBy,
    load_catalogue,
    load_programme,
)
from tests.tracker.coach_builders import Person, a_sitting
from tracker import words
from tracker.coach_cues import CoachState, Key
from tracker.planning import make_plan, make_step

SPRINT_DAY = load_programme().sports["running"].days["sprint"]


def doing(exercise, *, has_sensor=False):
    person = Person(of=a_sitting((exercise, "left")), is_hands_free=True).start()
    if has_sensor:
        person.connect()
    person.key(Key.NEXT)
    return person if has_sensor else person.wait(16)


def cadence(person, per_min, seconds):
    for _ in range(seconds):
        live = LiveState(0.0, None, None, None, 0, activity="ride", cadence_per_min=per_min)
        person.take(person.coach.live(live, person.now_s))
        person.wait(1)
    return person


def test_walking_and_jogging_follow_the_programmes_parts_for_three_rounds():
    person = doing("run_intervals").wait(10)

    person.wait(12 * 60 + 2, step_s=0.5)
    kinds = [bout["kind"] for bout in person.told("bout")]

    assert kinds == ["walk", "jog", "walk_backward", "jog_backward"] * 3
    assert {bout["duration_s"] for bout in person.told("bout")} == {60.0}
    kind, item = person.kept()[0]
    assert (kind, len(item["bouts"])) == ("timed", 12)


def test_the_frame_tells_what_is_on_what_is_left_and_what_comes_next():
    person = doing("run_intervals").wait(10)

    person.wait(75)
    interval = person.coach.frame(person.now_s)["interval"]

    assert interval["kind"] == "jog"
    assert interval["left_s"] == pytest.approx(45, abs=1.5)
    assert interval["next"] == "walk_backward"
    assert (interval["round"], interval["rounds"]) == (1, 3)


def test_the_long_jog_goes_backward_after_every_four_minutes():
    [series] = make_plan("run_continuous").first.series

    parts = [(one.kind, one.duration_s) for one in series]

    assert parts == [("jog", 240.0), ("jog_backward", 60.0)] * 3


def test_sprints_are_four_series_of_three_with_the_walk_back_between_and_rest_after():
    step = make_plan("sprint_sets").first

    first = [one.kind for one in step.series[0]]

    assert first == ["sprint", "rest", "sprint", "rest", "sprint"]
    assert [series[0].course_m for series in step.series] == [
        (40, 20, 20), (30, 20, 15), (20, 20, 10), (10, 20, 5),
    ]  # fmt: skip
    assert (step.sets, step.rest_s) == (4, 300.0)


def test_a_series_of_every_course_once_is_as_many_sprints_with_the_rest_between():
    day = replace(SPRINT_DAY, series_by=SeriesBy.ROUND, rest_s=240.0)
    step = make_step(load_catalogue()["sprint_sets"], day=day)

    courses = [[one.course_m for one in one if one.course_m] for one in step.series]

    assert courses == [[(40, 20, 20), (30, 20, 15), (20, 20, 10), (10, 20, 5)]] * 3
    assert (step.sets, step.exercise.sets, step.rest_s) == (3, 3, 240.0)


@pytest.mark.parametrize("series_by", SeriesBy)
def test_there_are_as_many_sprints_as_the_catalogue_says(series_by):
    known = load_catalogue()["sprint_sets"]
    day = replace(SPRINT_DAY, series_by=series_by)

    step = make_step(known, day=day)

    sprints = [one for series in step.series for one in series if one.course_m]
    assert len(sprints) == known.sets * known.reps
    assert step.rest_s == known.rest_s == day.rest_s


def test_the_rest_of_the_sprint_day_runs_between_its_series():
    person = Person(of=make_plan("sprint_sets", has_questions=False)).start().wait(27)

    for _ in range(5):
        person.wait(5).key(Key.NEXT)
    person.wait(20)
    in_rest = person.coach.state, person.coach.set_number
    person.wait(270)
    still_resting = person.coach.state
    person.wait(15)

    assert in_rest == (CoachState.REST, 1)
    assert still_resting is CoachState.REST
    assert (person.coach.state, person.coach.set_number) == (CoachState.READY, 2)


def test_a_key_ends_a_sprint_when_it_is_over():
    person = doing("sprint_sets").wait(11)

    person.wait(9).key(Key.NEXT)
    frame = person.coach.frame(person.now_s)

    assert person.told("bout")[0]["duration_s"] == pytest.approx(10, abs=1)
    assert frame["interval"]["kind"] == "rest"


def test_a_slow_cadence_is_spoken_of_seldom_and_coasting_does_not_count():
    person = doing("cycling", has_sensor=True).wait(11)

    cadence(person, 70.0, 60)
    n_notes = person.said().count(words.FASTER_CADENCE)
    cadence(person, None, 30)
    cadence(person, 92.0, 60)
    shown = person.coach.frame(person.now_s)["cadence_per_min"]
    person.key(Key.NEXT)

    assert n_notes == 1
    assert person.said().count(words.FASTER_CADENCE) == 1
    assert shown == 92.0
    assert person.told("bout")[0]["cadence_per_min"] == pytest.approx(81, abs=0.5)


def test_a_ride_that_nobody_ends_is_over_ten_minutes_after_the_last_turn():
    person = doing("cycling", has_sensor=True).wait(11)
    cadence(person, 90.0, 30)

    person.wait(700, step_s=5)

    assert person.state() == "done"
