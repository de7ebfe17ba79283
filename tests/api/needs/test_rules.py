"""The rules as data: which reasons hold, and from when on they are new."""

from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest

from api.needs.facts import judge
from api.needs.rules import COMPARISONS, arising, load_rules

NOW = datetime(2026, 5, 12, 10, tzinfo=UTC)
EARLIER = NOW - timedelta(days=3)
LIMITS = load_rules().limits({}) | {"first_weeks": 3}
NOTHING = judge(None, [], heard_at=None, limits=LIMITS)


def needs(standing=None, moment=NOW, limits=LIMITS, **facts):
    moments = dict.fromkeys(NOTHING.moments, moment)
    return arising(NOTHING.facts | facts, moments, limits, standing or {})


def codes(**facts):
    return [need.code for need in needs(**facts)]


def test_no_data_is_no_reason():
    assert codes() == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"warning_signs": 1}, "warning_signs"),
        ({"pain_max": 6}, "pain_severe"),
        ({"pain_rise": 2, "week": 4}, "pain_up"),
        ({"sport_unconfirmed": 1}, "sport_unconfirmed"),
        ({"sport_awaited": 1}, "sport_awaited"),
        ({"sessions_missed": 5}, "missed_sessions"),
        ({"dose_fall_percent": 20}, "falling_dose"),
        ({"tempo_even_s": 1.9}, "tempo_low"),
        ({"tempo_even_s": 2.2, "tempo_fall_s": 0.4, "tempo_under_band": 1}, "tempo_drift"),
        ({"coverage_percent": 89.9}, "poor_signal"),
    ],
)
def test_each_rule_holds_at_its_threshold(facts, code):
    assert codes(**facts) == [code]


@pytest.mark.parametrize(
    "facts",
    [
        {"warning_signs": 0},
        {"pain_max": 5},
        {"pain_rise": 1.9, "week": 4},
        {"pain_rise": 4, "week": 3},  # more complaints in the first weeks are common
        {"sessions_missed": 4},
        {"dose_fall_percent": 19.9},
        {"tempo_even_s": 2.6, "tempo_fall_s": 0.6, "tempo_under_band": 0},
        {"tempo_even_s": 2.2, "tempo_fall_s": 0.3, "tempo_under_band": 1},
        {"coverage_percent": 90},
    ],
)
def test_nothing_holds_just_before_its_threshold(facts):
    assert codes(**facts) == []


def test_the_most_urgent_reason_comes_first():
    found = codes(coverage_percent=50, pain_max=9, warning_signs=1)

    assert found == ["warning_signs", "pain_severe", "poor_signal"]


def test_a_state_that_goes_on_is_not_new_again_and_an_event_is():
    standing = {"missed_sessions": EARLIER, "pain_severe": EARLIER}

    found = {one.code: one.since for one in needs(standing, sessions_missed=8, pain_max=8)}

    assert found == {"missed_sessions": EARLIER, "pain_severe": NOW}


def test_a_clinic_sets_a_threshold_and_no_other_number():
    limits = load_rules().limits({"pain_severe_from": 8, "unknown": 1}) | {"first_weeks": 3}

    assert needs(limits=limits, pain_max=7) == []
    assert "unknown" not in limits


def test_every_rule_speaks_of_facts_and_thresholds_that_exist():
    rules = load_rules()
    known = {*NOTHING.facts, *NOTHING.moments, "judged_on"}
    for rule in rules.rules:
        for fact, comparison, limit in rule.when:
            assert fact in NOTHING.facts
            assert comparison in COMPARISONS
            assert not isinstance(limit, str) or limit in {*rules.thresholds, "first_weeks"}
        assert rule.since in NOTHING.moments
        for words in rule.texts.values():
            assert {name for _, name, _, _ in Formatter().parse(words) if name} <= known


def test_every_threshold_lies_within_its_own_limits():
    assert all(one.allows(one.value) for one in load_rules().thresholds.values())
