"""From rows to the programme's terms, for rows of any kind."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import load_catalogue
from api.course import CourseRows, course_of
from api.course_models import (
    AdviceAnswerRow,
    CheckInRow,
    EnrolmentRow,
    ProgrammeAnswerRow,
    SelfReportRow,
)
from api.models import InjuryEpisodeRow, PrescriptionRow, SessionRow, SetRow
from api.prescribing.standing import Version, prescriptions_of
from api.today import calendar, plan_on

PATIENT_ID = UUID(int=1)
START = date(2026, 3, 2)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EXERCISES = load_catalogue().exercises
CORE = "ecc_prone_helper"
ZONES = (
    "Europe/Amsterdam",
    "America/Santiago",  # its clocks change at midnight: a day without a 00:00
    "Africa/Cairo",
    "Pacific/Apia",
    "Pacific/Honolulu",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # half an hour of summer time
)
moments = st.timedeltas(timedelta(0), timedelta(days=85)).map(
    lambda passed: datetime(2026, 3, 1, tzinfo=UTC) + passed
)
days = st.dates(START, START + timedelta(days=40))


def enrolment(zone="Europe/Amsterdam", **fields):
    return EnrolmentRow(
        injury_episode_id=UUID(int=2),
        patient_id=PATIENT_ID,
        programme="hamstring",
        start_on=START,
        time_zone=zone,
        created_at=NOW,
        changed_at=NOW,
        **fields,
    )


def injury(**fields):
    return InjuryEpisodeRow(
        id=UUID(int=2), patient_id=PATIENT_ID, side="left", created_at=NOW, **fields
    )


def rows(zone="Europe/Amsterdam", **fields):
    return CourseRows(enrolment=enrolment(zone), injury=injury(), **fields)


def sitting(at, **fields):
    return SessionRow(
        id=uuid4(),
        patient_id=PATIENT_ID,
        started_at=at,
        received_at=at,
        engine="0.1.0",
        content_sha256="x",
        **fields,
    )


def measured(session_id, number, reps=15):
    return SetRow(
        id=number,
        session_id=session_id,
        number=number,
        exercise=CORE,
        start_s=0,
        end_s=60,
        reps=reps,
        dose_s=3.0 * reps,
    )


def told(at, *, sets=3, session_id=None):
    return SelfReportRow(
        id=uuid4(),
        patient_id=PATIENT_ID,
        session_id=session_id,
        at=at,
        exercise=CORE,
        sets=sets,
        reps=15,
        received_at=at,
    )


def order(starts_on, n_days, sets, written):
    return PrescriptionRow(
        id=uuid4(),
        patient_id=PATIENT_ID,
        exercise=CORE,
        sets=sets,
        starts_on=starts_on,
        ends_on=None if n_days is None else starts_on + timedelta(days=n_days),
        created_at=NOW + timedelta(seconds=written),
    )


orders = st.lists(
    st.tuples(days, st.none() | st.integers(0, 20), st.integers(1, 9)), max_size=6
).map(lambda drawn: [order(*fields, written=n) for n, fields in enumerate(drawn)])


@given(listed=orders, on=days)
def test_on_any_day_the_latest_order_that_holds_decides(listed, on):
    only = Version(number=1, made_at=NOW, made_by="", reason="", orders=tuple(listed))

    found = prescriptions_of([only], EXERCISES, UTC)

    holding = [
        one for one in listed if one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)
    ]
    latest = max(holding, key=lambda one: (one.starts_on, one.created_at), default=None)
    so_far = [one for one in found if one.from_on <= on]
    in_force = max(so_far, key=lambda one: one.from_on, default=None)
    sets = EXERCISES[CORE].sets if in_force is None else in_force.exercise.sets
    assert sets == (EXERCISES[CORE].sets if latest is None else latest.sets)


@given(
    sessions=st.lists(st.tuples(moments, st.integers(0, 3)), max_size=8),
    reports=st.lists(st.tuples(moments, st.integers(1, 3)), max_size=5),
    zone=st.sampled_from(ZONES),
)
def test_every_set_is_on_the_calendar_once_and_told_sets_give_no_seconds(sessions, reports, zone):
    stored = [(sitting(at), n_sets) for at, n_sets in sessions]
    sets = {row.id: [measured(row.id, n + 1) for n in range(count)] for row, count in stored}
    course = course_of(
        rows(
            zone,
            sessions=[row for row, _ in stored],
            sets=sets,
            self_reports=[told(at, sets=count) for at, count in reports],
        ),
        now=NOW,
    )

    shown = calendar(course, START - timedelta(days=3), START + timedelta(days=95), NOW).days

    n_measured, n_told = sum(n for _, n in stored), sum(n for _, n in reports)
    assert sum(day.dose.reps_done for day in shown) == 15 * (n_measured + n_told)
    assert sum(day.dose.eccentric_done_s for day in shown) == 45 * n_measured
    assert {day.on for day in shown if day.is_self_reported} == {
        at.astimezone(ZoneInfo(zone)).date() for at, _ in reports
    }


@given(zone=st.sampled_from(ZONES), rested=st.sets(days, max_size=6))
def test_every_date_has_one_plan_and_a_rest_day_puts_the_others_off(zone, rested):
    course = course_of(rows(zone, rest_days=frozenset(rested)), now=NOW)
    dates = [START + timedelta(days=n) for n in range(90)]

    plans = [plan_on(course, on, NOW) for on in dates]

    assert [plan.on for plan in plans] == dates
    training = [plan.day for plan in plans if plan.kind == "training"]
    assert training == list(range(1, len(training) + 1))
    assert {plan.on for plan in plans if plan.kind == "rest"} == {
        on for on in rested if on >= START
    }


@given(moment=moments, later=st.timedeltas(timedelta(0), timedelta(days=3)), is_yes=st.booleans())
def test_an_answer_about_warning_signs_goes_with_the_visit_before_it(moment, later, is_yes):
    answer = ProgrammeAnswerRow(
        id=uuid4(),
        patient_id=PATIENT_ID,
        at=moment + later,
        question="warning_signs",
        is_yes=is_yes,
        received_at=NOW,
    )
    severe = sitting(moment, pain_worst=8)

    visits = course_of(rows(sessions=[severe], answers=[answer]), now=NOW).history.sessions

    assert [(visit.pain, visit.has_warning_signs) for visit in visits] == [(8, is_yes)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, None),
        (False, None, False),
        (None, True, True),
        (True, False, True),
        (False, False, False),
    ],
)
def test_a_warning_sign_at_the_start_or_the_end_is_one_of_the_session(start, end, expected):
    row = sitting(NOW, warning_signs_start=start, warning_signs_end=end)

    visits = course_of(rows(sessions=[row]), now=NOW).history.sessions

    assert [visit.has_warning_signs for visit in visits] == [expected]


def test_a_check_in_is_a_visit_without_sets():
    row = CheckInRow(
        id=uuid4(),
        patient_id=PATIENT_ID,
        at=NOW,
        pain=4,
        soreness=2,
        took_paracetamol=True,
        received_at=NOW,
    )

    (visit,) = course_of(rows(check_ins=[row]), now=NOW).history.sessions

    assert (visit.pain_start, visit.soreness_start, visit.sets) == (4, 2, ())
    assert (visit.took_paracetamol, visit.took_anti_inflammatory) == (True, False)


def test_advice_was_last_said_on_the_date_of_the_patient():
    late = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)  # already the fifth in Amsterdam
    answers = [
        AdviceAnswerRow(
            id=uuid4(), patient_id=PATIENT_ID, key="ice", answer="seen", answered_at=one
        )
        for one in (late, late - timedelta(days=2))
    ]

    course = course_of(rows(advice=answers), now=NOW)

    assert course.history.said_on == {"ice": date(2026, 5, 5)}


def test_reports_of_one_sitting_that_was_never_stored_are_one_visit():
    session_id = uuid4()
    reports = [told(NOW, sets=1, session_id=session_id) for _ in range(2)]

    course = course_of(rows(self_reports=reports), now=NOW)

    assert [len(visit.sets) for visit in course.history.sessions] == [2]
