"""The facts of a patient, worked out by hand beside each."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analysis import Enrolment, load_programme
from api.needs.facts import Agreed, Asked, Visit, judge
from api.needs.rules import load_rules

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 5, 4)
LIMITS = load_rules().limits({})


def at(n, hour=9):
    """Day n of a programme that starts on that Monday, from 1."""
    on = MONDAY + timedelta(days=n - 1)
    return datetime(on.year, on.month, on.day, hour, tzinfo=AMSTERDAM)


def agreed(*, rest_days=(), **fields):
    return Agreed(
        programme=load_programme(),
        enrolment=Enrolment(start_on=MONDAY, **fields),
        zone=AMSTERDAM,
        rest_days=frozenset(rest_days),
    )


def trained(n, hour=9, **fields):
    return Visit(at=at(n, hour), has_sets=True, is_measured=True, **fields)


def twice_a_day(days, **fields):
    return [trained(n, hour, **fields) for n in days for hour in (9, 19)]


def facts(visits, plan=None, limits=LIMITS):
    heard_at = visits[-1].at if visits else None
    return judge(plan or agreed(), visits, heard_at=heard_at, limits=limits)


def test_of_two_sessions_a_day_those_not_done_up_to_yesterday_are_missed():
    visits = [*twice_a_day([1, 2, 3, 4]), trained(6), trained(8)]

    found = facts(visits).facts

    assert (found["sessions_due"], found["sessions_missed"]) == (14, 5)


def test_days_after_the_last_sign_of_life_are_not_missed():
    visits = twice_a_day(range(1, 9))

    found = facts(visits).facts

    assert found["sessions_missed"] == 0


def test_rest_days_are_no_missed_days():
    rested = [MONDAY + timedelta(days=n) for n in (2, 3, 4)]
    visits = [*twice_a_day([1, 2, 6, 7]), trained(8)]

    found = facts(visits, agreed(rest_days=rested)).facts

    assert (found["sessions_due"], found["sessions_missed"]) == (8, 0)


def test_what_was_told_without_measuring_is_done_and_counted_apart():
    told = [Visit(at=at(n, hour), has_sets=True) for n in range(1, 8) for hour in (9, 19)]

    found = facts([*told, trained(8)]).facts

    assert (found["sessions_missed"], found["sessions_told"]) == (0, 14)


def test_a_fall_is_that_of_the_last_four_sessions_from_those_before():
    visits = twice_a_day([1, 2, 3], tempo_s=3.0, dose_s=135.0, dose_due_s=135.0)
    visits += twice_a_day([4, 5], tempo_s=2.2, dose_s=81.0, dose_due_s=135.0)

    found = facts(visits).facts

    assert found["tempo_fall_s"] == pytest.approx(0.8)
    assert found["dose_fall_percent"] == pytest.approx(40)
    assert found["tempo_under_band"] == 1


@pytest.mark.parametrize(
    ("asked", "even_s", "under"),
    [(None, 2.0, 1), (Asked(2.0, 1.5), 3.0, 0), (Asked(4.0, 3.5), 1.5, 1)],
)
def test_a_tempo_is_judged_by_the_order_that_the_sessions_followed(asked, even_s, under):
    found = facts(twice_a_day([1, 2], tempo_s=2.0, asked=asked)).facts

    assert found["tempo_s"] == pytest.approx(2.0)
    assert found["tempo_even_s"] == pytest.approx(even_s)
    assert found["tempo_under_band"] == under


def test_more_than_was_due_is_no_more_than_all_of_it():
    found = facts(twice_a_day([1, 2], dose_s=200.0, dose_due_s=135.0)).facts

    assert found["dose_percent"] == 100


def test_two_sessions_are_too_few_to_compare():
    found = facts(twice_a_day([1], tempo_s=1.0, dose_s=10.0, dose_due_s=135.0)).facts

    assert (found["tempo_s"], found["tempo_fall_s"], found["dose_fall_percent"]) == (None,) * 3


def test_pain_is_the_latest_severe_one_of_the_week_else_the_highest():
    mild = [trained(n, pain=pain) for n, pain in ((1, 3), (2, 5), (3, 2))]
    severe = [*mild, trained(4, pain=8), trained(5, pain=6), trained(6, pain=1)]

    highest, latest = facts(mild), facts(severe)

    assert (highest.facts["pain_max"], highest.moments["pain_at"]) == (5, at(2))
    assert (latest.facts["pain_max"], latest.moments["pain_at"]) == (6, at(5))


def test_pain_of_two_weeks_is_compared_by_the_days_highest():
    before = [trained(n, hour, pain=pain) for n in range(1, 8) for hour, pain in ((9, 0), (19, 1))]
    now = [trained(n, pain=4) for n in range(8, 15)]

    found = facts([*before, *now]).facts

    assert (found["pain_before"], found["pain_mean"], found["pain_rise"]) == (1, 4, 3)


def test_the_last_answer_about_warning_signs_counts():
    visits = [
        Visit(at=at(1), has_warning_signs=True),
        trained(2),
        Visit(at=at(3), has_warning_signs=False),
    ]

    before, after = facts(visits[:2]), facts(visits)

    assert (before.facts["warning_signs"], before.moments["warning_at"]) == (1, at(1))
    assert after.facts["warning_signs"] == 0


def test_silence_begins_after_three_days_with_something_to_do():
    visits = twice_a_day([1, 2])
    rested = [MONDAY + timedelta(days=2)]

    plain, rest = facts(visits), facts(visits, agreed(rest_days=rested))

    assert plain.outlook.silent_from == at(6, 0)
    assert rest.outlook.silent_from == at(7, 0)


def test_silence_of_one_who_never_began_counts_from_the_first_day_of_training():
    outlook = facts([]).outlook

    assert outlook.silent_from == at(4, 0)
    assert outlook.runs_from == at(1, 0)
    assert outlook.runs_until == at(12 * 7 + 1, 0)


def test_a_programme_that_is_over_is_never_silent():
    outlook = facts([trained(12 * 7)]).outlook

    assert outlook.silent_from is None


def test_a_patient_without_a_programme_is_judged_by_what_needs_none():
    visits = [Visit(at=datetime(2026, 5, 4, 9, tzinfo=UTC), pain=8, has_sets=True)]

    found = judge(None, visits, heard_at=visits[0].at, limits=LIMITS)

    assert found.facts["pain_max"] == 8
    assert found.facts["sessions_missed"] is None
    assert found.outlook.silent_from is None
