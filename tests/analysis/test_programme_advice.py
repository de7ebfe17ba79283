from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import History, load_programme
from tests.analysis.programme_lives import (
    ENROLLED,
    HAMSTRING,
    RUNNER,
    START,
    core,
    morning,
    plan,
    said,
    session,
    sport,
)


def told(day, *sessions, enrolment=ENROLLED, **history):
    return said(day, History(sessions=sessions, **history), enrolment)


def test_a_warning_sign_is_all_that_is_said():
    assert told(1, session(1, pain=7, has_warning_signs=True)) == {"warning_signs"}


def test_a_warning_sign_stands_until_it_is_answered_no():
    first = session(1, has_warning_signs=True)

    assert "warning_signs" in told(2, first, session(2))
    assert "warning_signs" not in told(2, first, session(2, has_warning_signs=False))


@pytest.mark.parametrize(("pain", "is_asked"), [(5, False), (6, True)])
def test_warning_signs_are_asked_at_any_pain_of_six(pain, is_asked):
    assert ("ask_warning_signs" in told(1, session(1, worst=pain))) is is_asked


@pytest.mark.parametrize(
    ("pain", "expected"),
    [(3, set()), (4, {"not_heavier"}), (5, {"not_heavier"}), (6, {"rest_days"})],
)
def test_pain_of_four_asks_for_no_heavier_band_and_pain_of_six_offers_rest(pain, expected):
    assert told(30, session(30, pain=pain)) & {"not_heavier", "rest_days"} == expected


def test_a_sitting_at_which_nothing_was_asked_hides_no_severe_pain():
    unasked = replace(session(30), pain_start=None, pain_worst=None, soreness_start=None)

    codes = told(30, session(29, worst=7), unasked)

    assert {"rest_days", "ask_warning_signs"} <= codes


def test_severe_pain_of_over_a_week_ago_is_not_that_of_today():
    severe = session(20, worst=8)

    assert "rest_days" in told(27, severe)
    assert "rest_days" not in told(28, severe)
    assert told(80, session(20, has_warning_signs=True)) == {"warning_signs"}


def test_more_pain_in_the_first_three_weeks_is_normal_once_warning_signs_are_excluded():
    asked = session(1, pain=1, has_warning_signs=False)
    unasked = session(1, pain=1)

    assert "first_weeks" in told(2, asked, session(2, pain=4))
    assert "first_weeks" not in told(2, unasked, session(2, pain=4))
    assert "first_weeks" not in told(2, asked, session(2, pain=6))
    assert "first_weeks" not in told(22, asked, session(22, pain=4))


def test_severe_pain_that_outlasts_the_rest_days_asks_for_the_physician():
    rested = frozenset(morning(day).date() for day in (11, 12, 13))
    before = session(10, pain=7)

    assert "ask_physician" in told(14, before, session(14, pain=6), rest_days=rested)
    assert "ask_physician" not in told(14, before, session(14, pain=5), rest_days=rested)
    mixed = (session(14, 7, pain=2), session(14, pain=6))
    assert "ask_physician" not in told(14, before, *mixed, rest_days=rested)
    once = (session(5, pain=7), session(9, pain=1), session(14, pain=6))
    earlier = rested | {morning(6).date()}
    assert "ask_physician" not in told(14, *once, rest_days=earlier)
    assert "ask_physician" not in told(14, before, session(14, pain=6))


def test_a_heavier_band_is_suggested_after_two_easy_days_and_an_easy_next_visit():
    two, confirmed = (session(1), session(2)), (session(1), session(2), session(3))

    assert "heavier_band" not in told(2, *two)
    assert "heavier_band" in told(3, *confirmed)


@pytest.mark.parametrize(
    "spoiled",
    [
        session(2, worst=1),
        session(2, soreness=1),
        session(2, took_paracetamol=True),
        session(2, took_anti_inflammatory=True),
        session(2, sets=core(accepted=5)),
        session(1, 18),
        replace(session(2), pain_worst=None),
    ],
)
def test_no_heavier_band_when_one_condition_fails(spoiled):
    assert "heavier_band" not in told(3, session(1), spoiled, session(3))


def test_no_heavier_band_when_the_next_visit_is_sore():
    assert "heavier_band" not in told(3, session(1), session(2), session(3, soreness=2))


def test_a_day_that_began_with_pain_is_no_easy_day():
    painful = session(1, 8, pain=2)

    assert "heavier_band" not in told(3, painful, session(1, 18), session(2), session(3))
    assert "heavier_band" in told(3, session(1, 8), session(1, 18), session(2), session(3))


def test_a_heavier_band_is_suggested_at_most_once_a_week():
    days = tuple(session(day) for day in range(1, 12))
    history = {"said_on": {"heavier_band/ecc_prone_helper": morning(3).date()}}

    assert "heavier_band" not in told(9, *days, **history)
    assert "heavier_band" in told(10, *days, **history)


def test_concentric_exercise_and_step_get_their_own_suggestion():
    sets = core() + core(2, exercise_id="conc_seated", reps=20, accepted=18)
    sets += core(3, exercise_id="step_up", reps=20, accepted=None)

    codes = told(33, *(session(day, sets=sets) for day in (30, 31, 32)))

    assert {"heavier_concentric", "higher_step"} <= codes


def test_improvement_is_asked_after_week_six_and_not_before():
    assert "ask_improvement" not in told(42)
    assert "ask_improvement" in told(43)


def test_without_improvement_one_goes_on_to_week_twelve_and_then_to_the_physician():
    assert "keep_going" in told(50, is_improved=False)
    assert "ask_physician_at_the_end" in told(85, is_improved=False)
    assert "keep_going" not in told(85, is_improved=False)


def test_with_improvement_the_clinician_is_asked_about_sport_and_prevention_follows():
    assert "sport_may_start" in told(43, is_improved=True)
    assert "sport_may_start" not in told(43, is_improved=True, enrolment=RUNNER)
    assert plan(43, History(is_improved=True)).sport is None
    assert "prevention" in told(85, is_improved=True)


def test_ice_is_for_after_sessions_of_the_first_three_weeks():
    assert "ice" in told(21, session(21))
    assert "ice" not in told(21)
    assert "ice" not in told(22, session(22))


def test_rest_after_a_tear_says_that_stretching_is_harmless():
    torn = replace(ENROLLED, tear_on=START.date())

    assert "rest_after_tear" in told(2, enrolment=torn)


def test_sport_must_not_hurt_in_the_first_six_weeks():
    ride = sport(10, None, pain_worst=1)

    assert {"relative_rest", "sport_hurts"} <= told(10, sport=(ride,))
    assert "sport_hurts" not in told(43, sport=(ride,))


def test_sport_that_hurt_over_a_week_ago_is_not_spoken_of_any_more():
    ride = sport(10, None, pain_worst=1)

    assert "sport_hurts" in told(17, sport=(ride,))
    assert "sport_hurts" not in told(19, sport=(ride,))


@pytest.mark.parametrize(
    ("record", "next_pain", "expected"),
    [
        ({}, 0, {"sport_next_step"}),
        ({"pain_worst": 3}, 0, {"sport_next_step"}),
        ({"pain_worst": 4}, 0, {"sport_repeat"}),
        ({"is_complete": False}, 0, {"sport_repeat"}),
        ({}, 2, {"sport_repeat"}),
        ({"has_returned_complaints": True, "level": 1}, 0, {"sport_step_back"}),
    ],
)
def test_a_sport_session_leads_on_is_repeated_or_leads_back(record, next_pain, expected):
    level = record.get("level", 0)
    runner = replace(RUNNER, accepted_levels={"walk_jog": level})
    visits = (session(43), session(44, pain=next_pain))

    codes = told(44, *visits, enrolment=runner, sport=(sport(43, **record),))

    assert codes & {"sport_next_step", "sport_repeat", "sport_step_back"} == expected


def test_no_next_step_before_the_next_visit_told_how_it_went():
    codes = told(43, session(43), enrolment=RUNNER, sport=(sport(43),))

    assert not codes & {"sport_next_step", "sport_repeat"}


def test_a_sport_session_whose_pain_was_not_told_leads_nowhere():
    visits = (session(43), session(44))

    codes = told(44, *visits, enrolment=RUNNER, sport=(sport(43, pain_worst=None),))

    assert not codes & {"sport_next_step", "sport_repeat"}


def test_an_accepted_step_is_not_offered_again_before_it_was_tried():
    accepted = replace(RUNNER, accepted_levels={"walk_jog": 1})

    codes = told(44, session(43), session(44), enrolment=accepted, sport=(sport(43),))

    assert not codes & {"sport_next_step", "sport_repeat"}


def test_pain_in_a_sprint_is_not_tolerated():
    visits = (session(59), session(60))

    codes = told(60, *visits, enrolment=RUNNER, sport=(sport(59, "sprint", pain_worst=1),))

    assert "sport_repeat" in codes


def test_an_anti_inflammatory_on_a_sport_day_discourages_sport():
    drugged = session(43, took_anti_inflammatory=True)

    assert "sport_discouraged" in told(43, drugged, enrolment=RUNNER)
    assert "sport_discouraged" not in told(43, session(43, took_paracetamol=True), enrolment=RUNNER)


def test_four_weeks_after_an_injection_stay_quiet():
    injected = replace(ENROLLED, injection_on=morning(10).date())

    assert "quiet_after_injection" in told(37, enrolment=injected)
    assert "quiet_after_injection" not in told(38, enrolment=injected)


def test_there_are_no_matches_before_week_thirteen():
    assert "no_matches" in told(71, enrolment=RUNNER)
    assert "no_matches" not in told(70, enrolment=RUNNER)


def test_another_programme_has_its_own_rules():
    heels = load_programme("achilles")
    history = History(sessions=(session(1, pain=7),))

    assert said(1, history, programme=heels) == {"rest_days"}


pains = st.one_of(st.none(), st.integers(0, 10))


@given(
    answers=st.lists(st.tuples(pains, pains, pains, st.booleans()), min_size=1, max_size=84),
    improved=st.sampled_from([None, True, False]),
)
def test_over_twelve_weeks_no_life_is_told_heavier_while_it_hurts(answers, improved):
    sessions = tuple(
        replace(
            session(day),
            pain_start=start,
            soreness_start=soreness,
            pain_worst=worst,
            took_paracetamol=drugged,
        )
        for day, (start, soreness, worst, drugged) in enumerate(answers, start=1)
    )
    history = History(sessions=sessions, is_improved=improved)
    day, last = len(answers), sessions[-1]
    told_of = [
        one
        for one in sessions
        if one.took_paracetamol or one.soreness_start is not None or one.pain is not None
    ]

    codes = said(day, history)

    if last.pain or last.soreness_start or last.took_paracetamol:
        assert not codes & {"heavier_band", "heavier_concentric", "higher_step"}
    severe = bool(told_of) and (told_of[-1].pain or 0) >= 6
    assert ("rest_days" in codes) == severe
    assert not {"rest_days", "not_heavier"} <= codes
    assert plan(day, history).exercises == plan(day, replace(history, sessions=(last,))).exercises
    assert START + timedelta(days=84) > morning(day)
    assert codes <= {rule.code for rule in HAMSTRING.rules}
