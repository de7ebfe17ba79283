from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    Enrolment,
    History,
    Prescription,
    SetRecord,
    Side,
    day_kind,
    load_programme,
    plan_today,
)
from tests.analysis.programme_lives import (
    AMSTERDAM,
    ENROLLED,
    HAMSTRING,
    RUNNER,
    START,
    core,
    morning,
    plan,
    session,
)

ZONES = ["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]


def ids(today):
    return [planned.exercise.id for planned in today.exercises]


def test_after_a_tear_five_days_of_rest_come_first():
    torn = Enrolment(start_on=START.date(), tear_on=START.date())

    kinds = [str(plan(day, enrolment=torn).kind) for day in (1, 5, 6)]

    assert kinds == ["rest_after_tear", "rest_after_tear", "training"]
    assert plan(6, enrolment=torn).day == 1


@pytest.mark.parametrize(
    ("day", "week", "own", "minutes"),
    [
        (1, 1, ["iso_prone_raise"], 22),
        (14, 2, ["iso_prone_raise"], 22),
        (15, 3, ["iso_stand_ext", "squat_single", "plank_leg_raise"], 45),
        (29, 5, ["conc_seated", "bridge_leg_raise", "step_up"], 42),
        (84, 12, ["conc_seated", "bridge_leg_raise", "step_up"], 42),
    ],
)
def test_each_block_brings_its_own_exercises_after_the_five_that_go_on(day, week, own, minutes):
    today = plan(day)

    assert today.week == week
    assert ids(today)[4:] == ["ecc_prone_helper", *own]
    assert today.minutes == minutes


def test_the_programme_ends_after_twelve_weeks():
    assert str(plan(85).kind) == "finished"
    assert plan(85).sessions_left == 0


def test_two_sessions_a_day_are_due_and_a_third_is_no_credit():
    history = History(sessions=tuple(session(2, hour) for hour in (8, 12, 18)))

    today = plan(2, history)

    assert (today.sessions_due, today.sessions_done, today.sessions_left) == (2, 3, 0)
    assert plan(3, history).sessions_left == 2


@pytest.mark.parametrize(("n_sets", "counted"), [(1, 0), (2, 1), (3, 1)])
def test_a_session_counts_from_two_of_its_three_core_sets(n_sets, counted):
    today = plan(1, History(sessions=(session(1, sets=core(n_sets)),)))

    assert (today.sessions_done, today.sessions_partial) == (counted, 1 - counted)


def test_the_dose_is_the_lower_of_repetitions_and_seconds_and_never_above_100():
    quick = History(sessions=(session(1, sets=core(6, eccentric_s=22.5)),))
    ample = History(sessions=(session(1, sets=core(9, eccentric_s=60.0)),))

    assert plan(1).dose.eccentric_due_s == pytest.approx(270.0)
    assert plan(1, quick).dose.percent == pytest.approx(50.0)
    assert plan(1, ample).dose.percent == pytest.approx(100.0)


def test_the_seated_variant_takes_the_place_of_the_prone_one():
    alone = replace(ENROLLED, choices=frozenset({"ecc_seated_solo"}))
    history = History(sessions=(session(1, sets=core(exercise_id="ecc_seated_solo")),))

    assert ids(plan(1, enrolment=alone))[4] == "ecc_seated_solo"
    assert plan(1, history).exercises[4].sets_left == 3


def test_a_prescription_replaces_the_dose_from_its_date_on():
    exercise = replace(HAMSTRING.exercises["ecc_prone_helper"], reps=10)
    order = Prescription(from_on=morning(3).date(), exercise=exercise)
    ordered = replace(ENROLLED, prescriptions=(order,))
    stopped = replace(ENROLLED, prescriptions=(replace(order, is_stopped=True),))

    assert [plan(day, enrolment=ordered).dose.reps_due for day in (2, 3)] == [90, 60]
    assert "ecc_prone_helper" not in ids(plan(3, enrolment=stopped))


def test_of_two_legs_the_one_that_did_less_counts():
    left = (SetRecord(exercise_id="squat_single", reps_done=20, side=Side.LEFT),) * 2
    right = (SetRecord(exercise_id="squat_single", reps_done=20, side=Side.RIGHT),)
    history = History(sessions=(session(15, sets=left + right),))

    squat = next(p for p in plan(15, history).exercises if p.exercise.id == "squat_single")

    assert (squat.sets_done, squat.sets_left) == (1, 3)


def test_a_rest_day_is_rest_and_puts_all_after_it_off_by_one():
    history = History(rest_days=frozenset({morning(3).date()}))

    rested, after = plan(3, history), plan(4, history)

    assert (str(rested.kind), rested.sessions_due, rested.day) == ("rest", 0, 3)
    assert (str(after.kind), after.day) == ("training", 3)


@pytest.mark.parametrize(
    ("extra_weeks", "days"),
    [
        ({}, [14, 15, 21, 22, 28, 29]),
        ({2: 1}, [14, 8, 14, 15, 21, 22]),
        ({2: 2}, [14, 8, 14, 8, 14, 15]),
        ({2: 1, 3: 1}, [14, 8, 14, 15, 21, 15]),
    ],
)
def test_an_extra_week_does_the_last_one_again_and_puts_all_after_it_off(extra_weeks, days):
    longer = replace(ENROLLED, extra_weeks=extra_weeks)

    found = [plan(day, enrolment=longer).day for day in (14, 15, 21, 22, 28, 29)]

    assert found == days


def test_an_extra_week_keeps_its_block_and_its_rest_days_count_once():
    longer = replace(ENROLLED, extra_weeks={2: 1})
    rested = History(rest_days=frozenset({START.date() + timedelta(days=16)}))

    kept, after = plan(21, enrolment=longer), plan(22, enrolment=longer)
    put_off = plan(22, rested, enrolment=longer)

    assert ids(kept)[-1] == "iso_prone_raise"
    assert ids(after)[-1] == "plank_leg_raise"
    assert (put_off.day, put_off.week) == (14, 2)
    assert str(plan(12 * 7 + 7, enrolment=longer).kind) == "training"
    assert str(plan(12 * 7 + 8, enrolment=longer).kind) == "finished"


@pytest.mark.parametrize("day", [1, 40, 43, 44, 60, 85, 120])
def test_the_kind_of_a_day_alone_is_that_of_its_plan(day):
    on = morning(day).date()

    for enrolment in (ENROLLED, RUNNER):
        kind = day_kind(HAMSTRING, enrolment, History(), on)
        assert kind is plan(day, enrolment=enrolment).kind


def test_pain_alone_changes_no_plan():
    history = History(sessions=(session(1, pain=9),))

    assert ids(plan(2, history)) == ids(plan(2))
    assert plan(2, history).sessions_due == 2


@pytest.mark.parametrize(
    ("day", "kind", "day_id"),
    [
        (42, "training", None),
        (43, "sport", "walk_jog"),
        (44, "training", None),
        (57, "sport", "jog"),
        (59, "sport", "sprint"),
        (60, "training", None),
        (71, "sport", "training"),
        (85, "finished", None),
    ],
)
def test_running_follows_its_cycle_of_days(day, kind, day_id):
    today = plan(day, enrolment=RUNNER)

    assert str(today.kind) == kind
    assert (today.sport and today.sport.day.id) == day_id


def test_sport_starts_only_when_it_was_confirmed_and_then_moves_as_a_whole():
    late = replace(RUNNER, sport_from=morning(57).date())
    early = replace(RUNNER, sport_from=morning(10).date())

    assert plan(56, enrolment=late).sport is None
    assert plan(57, enrolment=late).sport_week == 7
    assert plan(42, enrolment=early).sport is None
    assert plan(43, enrolment=replace(RUNNER, sport_from=None)).sport is None


def test_an_accepted_level_adds_a_minute_of_jogging_and_ten_percent_of_speed():
    level = replace(RUNNER, accepted_levels={"walk_jog": 2, "sprint": 5})

    jogging = plan(43, enrolment=level).sport.parts
    sprinting = plan(59, enrolment=level).sport

    assert [part.duration_s for part in jogging] == [60, 180, 60, 60]
    assert sprinting.speed_percent == 100


def test_sprints_are_held_back_for_four_weeks_after_an_injection():
    injected = replace(RUNNER, injection_on=morning(32).date())

    assert plan(59, enrolment=injected).sport.is_held_back
    assert not plan(63, enrolment=injected).sport.is_held_back


def test_heel_drops_are_planned_from_their_file_alone():
    today = plan(1, programme=load_programme("achilles"))

    assert ids(today) == ["heel_drop_straight", "heel_drop_bent"]
    assert today.dose.reps_due == 180
    assert today.dose.eccentric_due_s == pytest.approx(540.0)


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        plan_today(HAMSTRING, ENROLLED, History(), datetime(2026, 3, 2), AMSTERDAM)  # noqa: DTZ001


def test_a_session_just_before_midnight_belongs_to_its_own_date():
    history = History(sessions=(session(27, 23), session(28, 0)))  # the night of summer time

    assert [plan(day, history, hour=23).sessions_done for day in (27, 28)] == [1, 1]


def test_today_is_the_date_on_the_wall_of_the_patient():
    late = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam

    plans = [plan_today(HAMSTRING, ENROLLED, History(), late, zone) for zone in (AMSTERDAM, UTC)]

    assert [today.day for today in plans] == [8, 7]


def test_what_lies_in_the_future_is_not_seen():
    history = History(sessions=(session(1, 18),))

    assert plan(1, history, hour=12).sessions_done == 0


def test_before_the_agreed_start_nothing_is_due():
    today = plan(0)

    assert (str(today.kind), today.day, today.sessions_due) == ("not_started", None, 0)
    assert today.dose.percent is None


def test_sets_of_a_planned_exercise_that_were_not_due_leave_nothing_negative():
    today = plan(1, History(sessions=(session(1, sets=core(9)),)))

    assert today.exercises[4].sets_left == 0


@given(
    zone=st.sampled_from(ZONES),
    start=st.dates(min_value=START.date(), max_value=START.date() + timedelta(days=365)),
    rested=st.sets(st.integers(0, 83), max_size=20),
    hour=st.integers(0, 23),
)
def test_every_life_trains_each_of_its_84_days_once_in_any_time_zone(zone, start, rested, hour):
    place = ZoneInfo(zone)
    rest_days = frozenset(start + timedelta(days=day) for day in rested)
    enrolment, history = Enrolment(start_on=start), History(rest_days=rest_days)
    noons = [
        datetime.combine(start, datetime.min.time(), tzinfo=place).replace(hour=hour)
        + timedelta(days=day)
        for day in range(84 + len(rested) + 1)
    ]

    plans = [
        plan_today(HAMSTRING, enrolment, history, at.astimezone(UTC), place)
        for at in noons
        if (at.astimezone(UTC).astimezone(place).hour == hour)  # an hour that the clock has
    ]

    days = [today.day for today in plans if str(today.kind) == "training"]
    assert days == sorted(set(days))
    assert len(days) >= 83
    assert max(days) == 84
    assert sum(str(today.kind) == "rest" for today in plans) >= len(rested) - 1
