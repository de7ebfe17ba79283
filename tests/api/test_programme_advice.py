from uuid import uuid4

import pytest

from tests.api.course_builders import at, day, enrolled_patient


@pytest.fixture
def patient():
    with enrolled_patient() as enrolled:
        yield enrolled


def test_severe_pain_offers_rest_days_that_can_be_accepted_and_taken_back(patient):
    patient.move(at(day(5))).train(pain={"before": 2, "worst": 7}, warning_signs_end=False)
    answer_id = uuid4()

    offered = patient.advice()["rest_days"]
    stored, again = (patient.answer("rest_days", answer_id=answer_id) for _ in range(2))
    resting = patient.move(at(day(6))).today()
    undone = patient.delete(f"advice-answers/{answer_id}")

    assert offered["because"] == {"pain": 7.0}
    assert offered["is_stated"] is True
    assert offered["text"]["en"].startswith("That is severe pain.")
    assert offered["offer"] | {"day": None, "level": None} == {
        "do": "rest_days",
        "from_on": str(day(6)),
        "days": 3,
        "day": None,
        "level": None,
    }
    assert (stored.status_code, again.status_code) == (201, 200)
    assert resting["kind"] == "rest"
    assert "rest_days" not in [one["code"] for one in resting["advice"]]
    assert undone.status_code == 204
    assert patient.today()["kind"] == "training"
    assert patient.get("rest-days").json() == {"rest_days": []}


def test_declined_rest_is_offered_again_only_after_the_next_severe_pain(patient):
    patient.move(at(day(5))).train(pain={"worst": 7}, warning_signs_end=False)
    patient.answer("rest_days", "declined")

    same_day = patient.advice()
    next_day = patient.move(at(day(6), 8)).advice()
    patient.move(at(day(6), 9)).train(pain={"worst": 8}, warning_signs_end=False)

    assert "rest_days" not in same_day
    assert "rest_days" not in next_day
    assert "rest_days" in patient.advice()


def test_only_what_is_offered_can_be_accepted(patient):
    not_now, unknown = patient.answer("rest_days"), patient.answer("more_pain", "seen")

    assert (not_now.status_code, unknown.status_code) == (409, 409)
    assert not_now.json()["type"] == "urn:tempo90:problem:not-offered"


def test_a_reminder_that_was_seen_comes_back_when_it_is_due_again(patient):
    patient.move(at(day(1))).train()
    first = patient.advice()
    patient.answer("ice", "seen")
    patient.answer("relative_rest", "seen")

    seen = patient.advice()
    second = patient.move(at(day(1), 18)).train() and patient.advice()
    next_week = patient.move(at(day(8), 8)).advice()

    assert {"ice", "relative_rest"} <= set(first)
    assert not {"ice", "relative_rest"} & set(seen)
    assert "ice" in second
    assert "relative_rest" not in second
    assert "relative_rest" in next_week


def test_warning_signs_stop_everything_else_until_they_are_over(patient):
    patient.move(at(day(5))).train(pain={"worst": 8})
    asked = patient.advice()
    patient.move(at(day(5), 10)).reply("warning_signs", is_yes=True)

    stopped = patient.advice()
    patient.answer("warning_signs", "seen")
    still = patient.advice()
    patient.move(at(day(7))).reply("warning_signs", is_yes=False)

    assert asked["ask_warning_signs"]["question"] == "warning_signs"
    assert set(stopped) == set(still) == {"warning_signs"}
    assert "warning_signs" not in patient.advice()
    assert "rest_days" in patient.advice()


def test_more_complaints_are_called_normal_only_without_warning_signs(patient):
    patient.move(at(day(2))).check_in(pain=2)
    patient.move(at(day(3))).check_in(pain=4)
    before = patient.advice()

    patient.reply("warning_signs", is_yes=False)

    assert "first_weeks" not in before
    assert "first_weeks" in patient.advice()


def test_less_complaints_are_asked_for_after_six_weeks_and_a_no_again_a_week_later(patient):
    early = patient.move(at(day(42))).advice()
    asked = patient.move(at(day(43))).advice()
    patient.reply("improved", is_yes=False)
    told = patient.advice()
    again = patient.move(at(day(50))).advice()
    patient.reply("improved", is_yes=True)

    assert "ask_improvement" not in early
    assert asked["ask_improvement"]["question"] == "improved"
    assert "keep_going" in told
    assert "ask_improvement" not in told
    assert "ask_improvement" in again
    assert "sport_may_start" in patient.advice()
    assert "ask_improvement" not in patient.move(at(day(70))).advice()


def test_a_step_of_sport_is_accepted_and_taken_back(patient):
    patient.enrol(sport="running", sport_from=str(day(43)), sport_confirmed_by="clinician")
    patient.move(at(day(43))).check_in(pain=1)
    sport = patient.today()["sport"]
    patient.move(at(day(43), 18)).play(day="walk_jog", pain_worst=2)
    patient.move(at(day(44))).check_in(pain=1)
    answer_id = uuid4()

    offered = patient.advice()["sport_next_step"]["offer"]
    patient.answer("sport_next_step", answer_id=answer_id)
    more = patient.move(at(day(45))).today()["sport"]
    patient.delete(f"advice-answers/{answer_id}")

    assert [part["duration_s"] for part in sport["parts"]] == [60, 60, 60, 60]
    assert (offered["do"], offered["day"], offered["level"]) == ("sport_level", "walk_jog", 1)
    assert [part["duration_s"] for part in more["parts"]] == [60, 120, 60, 60]
    assert patient.today()["sport"]["level"] == 0


def test_pain_that_is_told_before_the_first_day_is_heard(patient):
    patient.enrol(start_on=str(day(8)))
    patient.move(at(day(2))).check_in(pain=7)

    assert {"ask_warning_signs", "rest_days"} <= set(patient.advice())
