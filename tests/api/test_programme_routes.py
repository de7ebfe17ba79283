from datetime import timedelta
from uuid import uuid4

import pytest

from api.course_examples import ENROLMENT
from tests.api.builders import PATIENT_ID, session
from tests.api.course_builders import (
    INJURY_ID,
    MONDAY,
    Patient,
    at,
    day,
    enrolled_patient,
)

pytestmark = pytest.mark.both_databases

BLOCK_1 = [
    "stretch_hamstring",
    "stretch_adductor",
    "mob_knee_chest",
    "mob_knee_across",
    "ecc_prone_helper",
    "iso_prone_raise",
]


@pytest.fixture
def patient(database):
    with enrolled_patient(database=database) as enrolled:
        yield enrolled


def exercises(today):
    return [one["exercise"] for one in today["exercises"]]


@pytest.mark.parametrize("path", ["today", "calendar", "enrolment", "rest-days", "diary"])
def test_nobody_is_found_under_an_id_that_was_never_stored(api, path):
    answer = api.client.get(f"/api/v1/patients/{uuid4()}/{path}")

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:tempo90:problem:not-found"


def test_the_first_day_holds_the_first_block_twice(patient):
    today = patient.move(at(day(1))).today()

    assert (today["kind"], today["day"], today["week"]) == ("training", 1, 1)
    assert exercises(today) == BLOCK_1
    assert (today["sessions_due"], today["sessions_left"], today["minutes"]) == (2, 2, 22)
    core = today["exercises"][4]
    assert (core["sets"], core["reps"], core["sets_due"], core["sets_left"]) == (3, 15, 6, 6)
    assert today["side"] == "left"


def test_a_sitting_of_three_sets_is_a_session_with_its_dose(patient):
    patient.move(at(day(1))).train()

    today = patient.move(at(day(1), 12)).today()

    assert (today["sessions_done"], today["sessions_left"]) == (1, 1)
    assert today["dose"] == {
        "reps_due": 90,
        "reps_done": 45,
        "eccentric_due_s": 270.0,
        "eccentric_done_s": 135.0,
        "percent": 50.0,
    }


def test_one_set_is_shown_as_part_of_a_session(patient):
    patient.move(at(day(1))).train(sets=1)

    today = patient.move(at(day(1), 12)).today()

    assert (today["sessions_done"], today["sessions_partial"]) == (0, 1)


def test_what_is_done_later_than_now_is_not_seen(patient):
    patient.move(at(day(1), 18)).train()

    assert patient.move(at(day(1), 12)).today()["sessions_done"] == 0
    assert patient.move(at(day(1), 19)).today()["sessions_done"] == 1


def test_rest_days_shift_the_programme_and_can_be_taken_back(patient):
    patient.move(at(day(10)))

    taken = patient.post("rest-days", {"from_on": str(day(10)), "days": 3}).json()
    resting = patient.today()
    after = patient.move(at(day(13))).today()
    for n in (10, 11, 12):
        assert patient.delete(f"rest-days/{day(n)}").status_code == 204

    assert taken == {"rest_days": [str(day(n)) for n in (10, 11, 12)]}
    assert (resting["kind"], resting["sessions_due"]) == ("rest", 0)
    assert (after["kind"], after["day"]) == ("training", 10)
    assert patient.today()["day"] == 13


def test_after_a_tear_the_programme_begins_after_five_days(patient):
    patient.injure(cause="tear", injured_on=str(MONDAY - timedelta(days=2)))

    resting, begun = patient.move(at(day(3))).today(), patient.move(at(day(4))).today()

    assert (resting["kind"], resting["day"]) == ("rest_after_tear", None)
    assert begun["day"] == 1
    assert patient.get("enrolment").json()["first_training_on"] == str(day(4))


def test_an_overload_has_no_days_of_rest_before_it(patient):
    patient.injure(cause="overload", injured_on=str(MONDAY - timedelta(days=2)))

    assert patient.move(at(day(1))).today()["day"] == 1


def test_a_prescription_replaces_the_numbers_of_its_days(patient):
    body = {
        "patient_id": str(PATIENT_ID),
        "exercise": "ecc_prone_helper",
        "sets": 2,
        "reps": 10,
        "starts_on": str(day(3)),
        "ends_on": str(day(4)),
    }
    patient.api.client.post("/api/v1/prescriptions", json=body)

    due = [patient.move(at(day(n))).today()["exercises"][4]["sets_due"] for n in (2, 3, 4, 5)]

    assert due == [6, 4, 4, 6]


def test_another_injury_takes_the_place_of_the_first_and_may_give_it_back(patient):
    other_id = uuid4()
    patient.injure(other_id, side="right")

    moved = patient.enrol(injury_episode_id=str(other_id), start_on=str(day(8)))
    right = patient.move(at(day(8))).today()
    back = patient.enrol()

    assert (moved.status_code, back.status_code) == (201, 200)
    assert (right["side"], right["day"]) == ("right", 1)
    assert (patient.today()["side"], patient.today()["day"]) == ("left", 8)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"time_zone": "Europe/Atlantis"}, "write it as Europe/Amsterdam"),
        ({"programme": "elbow"}, "There is no programme 'elbow'"),
        ({"choices": ["squat_single"]}, "no variant of this programme: ['squat_single']"),
        ({"sport": "chess"}, "it has: running, cycling"),
        ({"sport_from": "2026-06-15"}, "sport_from needs sport"),
        ({"sport": "cycling", "accepted_levels": {"sprint": 1}}, "no day of this sport"),
    ],
)
def test_an_enrolment_that_cannot_be_is_refused_in_words(patient, fields, said):
    answer = patient.enrol(**fields)

    assert answer.status_code == 422
    assert said in answer.json()["errors"][0]["detail"]


def test_a_programme_needs_an_injury_of_the_same_patient(patient):
    answer = patient.enrol(injury_episode_id=str(uuid4()))

    assert answer.status_code == 404
    assert patient.get("enrolment").json()["injury_episode_id"] == str(INJURY_ID)


def test_the_seated_variant_takes_the_place_of_the_one_with_a_helper(patient):
    patient.enrol(choices=["ecc_seated_solo"])

    assert exercises(patient.today())[4] == "ecc_seated_solo"


def test_a_calendar_of_twelve_weeks_holds_plan_dose_and_pain(patient):
    patient.move(at(day(1))).train(pain={"before": 1, "worst": 3}, soreness=2)
    patient.move(at(day(1), 18)).train(pain={"before": 2, "worst": 2})

    shown = patient.move(at(day(3))).get("calendar").json()

    first, second, last = shown["days"][0], shown["days"][1], shown["days"][-1]
    assert (shown["first_training_on"], len(shown["days"])) == (str(MONDAY), 84)
    assert (first["sessions_done"], first["dose"]["percent"]) == (2, 100.0)
    assert (first["pain"], first["soreness"]) == (3, 2)
    assert (second["sessions_due"], second["sessions_done"], second["pain"]) == (2, 0, None)
    assert (last["on"], last["week"]) == (str(day(84)), 12)


@pytest.mark.parametrize(
    ("first", "last"), [("2026-05-04", "2026-05-03"), ("2026-01-01", "2027-02-05")]
)
def test_a_span_without_days_or_too_long_is_refused(patient, first, last):
    answer = patient.get("calendar", **{"from": first, "to": last})

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:tempo90:problem:bad-span"


def test_rest_days_keep_a_streak_and_a_day_left_out_ends_it(patient):
    for n in (1, 2, 4, 7, 8):
        patient.move(at(day(n))).train()
    patient.post("rest-days", {"from_on": str(day(5)), "days": 2})

    streaks = [patient.move(at(day(n), 8)).today()["streak_days"] for n in (2, 3, 4, 5, 7, 8, 9)]

    assert streaks == [1, 2, 0, 1, 1, 2, 3]


def test_a_programme_of_long_ago_is_over_and_is_told_at_once(patient):
    patient.enrol(start_on="1900-01-01")

    today = patient.today()

    assert (today["kind"], today["streak_days"]) == ("finished", 0)


def test_the_example_of_an_enrolment_is_accepted(clinic):
    patient = Patient(clinic)
    patient.injure()

    answer = patient.put("enrolment", ENROLMENT)

    assert answer.status_code == 201
    assert answer.json()["sport"] == "running"


def test_a_session_of_long_ago_is_no_visit_of_this_programme(patient):
    body = session(started_at="2025-05-01T08:00:00Z", pain={"worst": 9})
    patient.api.put_session(body)

    assert patient.advice().keys().isdisjoint({"rest_days", "ask_warning_signs"})


def test_another_sport_leaves_the_steps_of_the_first_behind(patient):
    patient.enrol(sport="running", accepted_levels={"jog": 2})

    changed = patient.enrol(sport="cycling")
    back = patient.enrol(sport="running")

    assert changed.json()["accepted_levels"] == {}
    assert back.json()["accepted_levels"] == {"jog": 2}


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_holds_is_refused(patient, on):
    at_noon = {"id": str(uuid4()), "at": f"{on}T12:00:00Z"}

    answers = [
        patient.enrol(start_on=on),
        patient.injure(injured_on=on),
        patient.post("rest-days", {"from_on": on, "days": 14}),
        patient.delete(f"rest-days/{on}"),
        patient.get("calendar", **{"from": on, "to": on}),
        patient.post("check-ins", at_noon),
        patient.post("diary", at_noon),
        patient.open(f"/patients/{PATIENT_ID}/calendar/{on}"),
        patient.open(f"/patients/{PATIENT_ID}/self-report?on={on}"),
    ]

    assert {answer.status_code for answer in answers} == {422}
