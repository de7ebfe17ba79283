from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from analysis import Enrolment, History, load_programme, plan_today
from tracker.today_plan import SittingWishes, for_a_phone, sitting_of_today, with_done

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROGRAMME = load_programme()


def today_of(week, *, rests=False, sport=None, sport_day=0, **changes):
    sport_from = NOW.date() - timedelta(days=(week - 7) * 7 + sport_day) if sport else None
    enrolment = Enrolment(
        start_on=NOW.date() - timedelta(weeks=week - 1),
        sport_id=sport,
        sport_from=sport_from,
        **changes,
    )
    history = History(rest_days=frozenset({NOW.date()} if rests else ()))
    return plan_today(PROGRAMME, enrolment, history, NOW, UTC)


def sitting(week, *, wishes=None, **day):
    wishes = wishes or SittingWishes(side="right")
    return sitting_of_today(PROGRAMME, today_of(week, **day), wishes)


def test_each_day_of_a_sport_is_led_by_its_own_parts():
    jog, training = (sitting(week, sport="running").steps[-1] for week in (9, 11))

    def minutes(step):
        return [(one.kind, one.duration_s / 60) for one in step.series[0]]

    assert minutes(jog) == [("jog", 4), ("jog_backward", 1)] * 3
    assert minutes(training) == [("jog", 10), ("jog_backward", 5)]


@pytest.mark.parametrize("week", [1, 3, 5])
@pytest.mark.parametrize("side", ["left", "right", None])
def test_the_sensor_moves_at_most_once_and_starts_on_the_affected_leg(week, side):
    plan = sitting(week, wishes=SittingWishes(side=side))

    worn = [step.side for step in plan.steps if step.needs_sensor and step.side is not None]
    n_moves = sum(before != after for before, after in pairwise(worn))

    assert n_moves <= 1
    assert side is None or worn[0] == side


def test_both_legs_train_where_the_programme_says_so():
    plan = sitting(3)

    squats = [step.side for step in plan.steps if step.exercise.id == "squat_single"]
    planks = [step.side for step in plan.steps if step.exercise.id == "plank_leg_raise"]

    assert squats == ["right", "left"]
    assert planks == ["right"]


def test_when_time_is_short_the_core_exercise_comes_first():
    plan = sitting(5, wishes=SittingWishes(side="left", is_short=True))

    assert plan.first.exercise.is_core


def test_the_expected_minutes_are_about_those_of_the_programme():
    minutes = {week: sum(step.minutes for step in sitting(week).steps) for week in (1, 3, 5)}

    assert minutes[1] == pytest.approx(22, abs=5)
    assert minutes[3] == pytest.approx(45, abs=9)
    assert minutes[5] == pytest.approx(42, abs=9)


def test_a_day_of_rest_offers_gentle_stretching_alone():
    plan = sitting(1, rests=True)

    assert {step.movement.value for step in plan.steps} == {"stillness"}


def test_a_day_of_sport_opens_with_its_exercises_and_ends_with_the_sport():
    plan = sitting(7, sport="running")

    ids = [step.exercise.id for step in plan.steps]

    assert ids[:2] == ["stretch_hamstring", "stretch_adductor"]
    assert ids[-1] == "run_intervals"


def test_an_accepted_step_makes_the_jog_longer():
    plan = sitting(7, sport="running", accepted_levels={"walk_jog": 2})

    [series] = plan.steps[-1].series
    jogs = [one.duration_s for one in series if one.kind == "jog"]

    assert jogs == [180.0] * 3


def test_a_training_is_led_by_its_own_times_and_not_by_those_of_the_day_to_jog():
    plan = sitting(11, sport="running", accepted_levels={"jog": 3})

    [series] = plan.steps[-1].series

    assert [(one.kind, one.duration_s) for one in series] == [
        ("jog", 600.0), ("jog_backward", 300.0),
    ]  # fmt: skip


def test_sets_of_a_sitting_that_was_cut_off_are_counted_in():
    plan = sitting(1)

    resumed = with_done(plan, [("ecc_prone_helper", "right", 2), ("stretch_hamstring", None, 2)])

    assert resumed.is_resumed
    done = {step.exercise.id: step.sets_done for step in resumed.steps}
    assert done["ecc_prone_helper"] == 2
    assert done["stretch_hamstring"] == 2
    assert done["iso_prone_raise"] == 0
    assert not resumed.from_the_start().is_resumed


def test_a_sitting_that_was_finished_is_not_gone_on_with():
    plan = sitting(1)
    everything = [(step.exercise.id, step.side, step.sets) for step in plan.steps]

    again = with_done(plan, everything)

    assert not again.is_resumed
    assert again == replace(plan)


def test_with_a_phone_steps_are_left_out_and_a_sport_is_led_by_the_clock():
    late_weeks, left_out = for_a_phone(sitting(5))
    running, _ = for_a_phone(sitting(7, sport="running"))

    assert {one.id for one in left_out} == {"step_up"}
    assert not [step for step in late_weeks.steps if step.exercise.id == "step_up"]
    assert running.steps[-1].exercise.id == "run_intervals"
    assert running.steps[-1].is_unseen
