from dataclasses import replace
from datetime import UTC
from gettext import NullTranslations

from analysis import SeriesBy, load_programme
from api.pages.language import Language
from tracker.pages.interval_plan import interval_plans, legs_of

DAYS = load_programme().sports["running"].days


def minutes_of(kind, legs):
    return sum(leg.duration_s for leg in legs if leg.kind == kind) / 60


def test_the_first_days_are_3_rounds_of_walking_and_jogging_forward_and_backward():
    legs = legs_of(DAYS["walk_jog"], 0)

    assert [leg.kind for leg in legs[:4]] == [
        "walk_forward", "jog_forward", "walk_backward", "jog_backward",
    ]  # fmt: skip
    assert len(legs) == 12
    assert sum(leg.duration_s for leg in legs) == 12 * 60


def test_each_accepted_step_makes_the_jog_a_minute_longer_and_nothing_else():
    legs = legs_of(DAYS["walk_jog"], 2)

    assert minutes_of("jog_forward", legs) == 3 * 3
    assert minutes_of("walk_forward", legs) == 3


def test_after_every_4_minutes_of_jogging_comes_1_minute_backward():
    legs = legs_of(DAYS["jog"], 0)

    assert [leg.duration_s for leg in legs] == [240, 60, 240, 60, 240, 60]
    assert [leg.kind for leg in legs[:2]] == ["jog_forward", "jog_backward"]


def test_the_accepted_step_is_the_one_that_is_chosen_also_beyond_those_that_are_listed():
    english = Language("en", NullTranslations(), UTC)

    plans = interval_plans(english, accepted={"walk_jog": 2, "jog": 7, "sprint": 3})
    chosen = {plan["id"]: plan["levels"][plan["level"]] for plan in plans}

    assert sum(leg["duration_s"] for leg in chosen["walk_jog"]) == (4 + 2) * 3 * 60
    assert sum(leg["duration_s"] for leg in chosen["jog"]) == (15 + 7 * 5) * 60
    assert chosen["sprint"][0]["kind"] == "sprint"


def test_series_of_every_course_once_have_a_rest_between_them():
    legs = legs_of(replace(DAYS["sprint"], series_by=SeriesBy.ROUND), 0)

    assert [leg.course_m for leg in legs[:3:2]] == [(40, 20, 20), (30, 20, 15)]
    assert [leg.kind for leg in legs].count("rest") == 2
    assert [leg.kind for leg in legs].count("sprint") == 12


def test_a_sprint_and_the_walk_back_last_until_the_patient_says_so():
    legs = legs_of(DAYS["sprint"], 0)

    assert [leg.kind for leg in legs[:3]] == ["sprint", "walk_back", "sprint"]
    assert legs[0].course_m == (40, 20, 20)
    assert {leg.duration_s for leg in legs if leg.kind != "rest"} == {None}
    assert {leg.duration_s for leg in legs if leg.kind == "rest"} == {300}
    assert legs[-1].kind == "sprint"
