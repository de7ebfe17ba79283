from uuid import uuid4

import pytest

from tests.api.builders import PATIENT_ID, exercise_set
from tests.api.course_builders import at, day, enrolled_patient

pytestmark = pytest.mark.both_databases


@pytest.fixture
def patient(database):
    with enrolled_patient(database=database) as enrolled:
        yield enrolled


def test_a_patient_without_a_programme_is_told_how_to_begin_one(clinic):
    answer = clinic.client.get(f"/api/v1/patients/{PATIENT_ID}/today")

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:tempo90:problem:not-enrolled"
    assert f"PUT /api/v1/patients/{PATIENT_ID}/enrolment" in answer.json()["detail"]


def test_an_exercise_told_is_done_but_gives_no_measured_seconds(patient):
    patient.move(at(day(1))).report()

    today = patient.today()
    days = patient.get("calendar", **{"from": str(day(1)), "to": str(day(1))}).json()["days"]

    assert today["sessions_done"] == 1
    assert today["dose"]["eccentric_done_s"] == 0
    assert today["dose"]["percent"] == 0
    assert days[0]["is_self_reported"] is True


def test_sets_measured_and_told_in_one_sitting_are_one_session(patient):
    session_id = patient.move(at(day(1))).train(sets=1)

    patient.report(sets=1, session_id=str(session_id))

    today = patient.today()
    assert (today["sessions_done"], today["sessions_partial"]) == (1, 0)


def test_what_was_told_can_be_taken_back(patient):
    report = patient.move(at(day(1))).report().json()

    answer = patient.delete(f"self-reports/{report['id']}")
    again = patient.delete(f"self-reports/{report['id']}")

    assert (answer.status_code, again.status_code) == (204, 204)
    assert patient.today()["sessions_done"] == 0


def test_the_patients_own_count_stands_beside_the_measured_one(patient):
    session_id = patient.move(at(day(1))).train(reps=13, sets=1)
    path = f"/api/v1/sessions/{session_id}/sets/1/correction"

    stored = patient.api.client.put(path, json={"reps": 15})
    again = patient.api.client.put(path, json={"reps": 15})

    assert stored.json() == again.json()
    assert (stored.json()["reps"], stored.json()["reps_measured"]) == (15, 13)
    assert patient.today()["dose"]["reps_done"] == 15
    measured = patient.api.client.get(f"/api/v1/sessions/{session_id}").json()
    assert measured["exercise_sets"][0]["quality"]["reps"] == 13
    assert patient.api.client.delete(path).status_code == 204
    assert patient.today()["dose"]["reps_done"] == 13


def test_a_count_of_a_set_that_is_not_there_is_not_stored(patient):
    session_id = patient.train()

    path = f"/api/v1/sessions/{session_id}/sets/9/correction"

    assert patient.api.client.put(path, json={"reps": 15}).status_code == 404
    assert patient.api.client.put(path.replace("9/", "0/"), json={"reps": 1}).status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("check-ins", {"pain": 3}),
        ("answers", {"question": "improved", "is_yes": True}),
        ("diary", {"pain_worst": 0}),
        ("self-reports", {"exercise": "squat_single", "sets": 2}),
    ],
)
def test_what_is_sent_twice_is_stored_once_and_other_content_is_refused(patient, path, body):
    body |= {"id": str(uuid4()), "at": "2026-05-04T09:00:00+02:00"}

    first = patient.post(path, body)
    again = patient.post(path, body | {"at": "2026-05-04T07:00:00Z"})
    other = patient.post(path, body | {"at": "2026-05-04T08:00:00Z"})

    assert [one.status_code for one in (first, again, other)] == [201, 200, 409]


def test_answers_of_a_session_are_stored_and_given_back(patient):
    told = {
        "rpe": 6,
        "warning_signs_start": False,
        "took_anti_inflammatory": True,
        "took_paracetamol": False,
        "band_tight": True,
    }

    session_id = patient.train(**told)

    stored = patient.api.client.get(f"/api/v1/sessions/{session_id}").json()
    assert {name: stored[name] for name in told} == told
    assert stored["warning_signs_end"] is None


def test_repetitions_are_counted_where_no_number_was_sent(patient):
    one = exercise_set((3.0,) * 4, trace=False)
    one["quality"] = {"dose_s": 12.0}

    patient.train(exercise_sets=[one])

    assert patient.today()["dose"]["reps_done"] == 4


def test_a_line_of_the_diary_is_listed_and_taken_back(patient):
    entry = patient.play(sport="swimming", pain_worst=1).json()

    listed = patient.get("diary").json()["diary"]
    patient.delete(f"diary/{entry['id']}")

    assert [(one["sport"], one["pain_worst"]) for one in listed] == [("swimming", 1)]
    assert patient.get("diary").json() == {"diary": []}


def test_what_another_patient_told_cannot_be_taken_back(patient):
    other_id = uuid4()
    patient.api.put_patient(other_id)
    report = patient.report().json()

    answer = patient.api.client.delete(f"/api/v1/patients/{other_id}/self-reports/{report['id']}")

    assert answer.status_code == 204
    assert len(patient.get("self-reports").json()["self_reports"]) == 1


def test_levels_that_a_clinician_sets_count_from_then_on(patient):
    for level in (2, 2, 0):
        patient.enrol(sport="running", accepted_levels={"jog": level})

    stored = patient.get("enrolment").json()
    patient.enrol(sport="running", accepted_levels=None)

    assert stored["accepted_levels"] == {"jog": 0}
    assert patient.get("enrolment").json()["accepted_levels"] == {"jog": 0}


def test_a_second_own_count_takes_the_place_of_the_first(patient):
    session_id = patient.train(reps=13, sets=1)
    path = f"/api/v1/sessions/{session_id}/sets/1/correction"

    counts = [patient.api.client.put(path, json={"reps": n}).json()["reps"] for n in (14, 15)]

    assert counts == [14, 15]
    assert patient.today()["dose"]["reps_done"] == 15
