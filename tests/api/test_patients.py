from uuid import uuid4

import pytest

from api.examples import PRESCRIPTION
from tests.api.builders import PATIENT_ID

pytestmark = pytest.mark.both_databases

PATH = f"/api/v1/patients/{PATIENT_ID}"


def test_a_patient_is_made_once_and_can_be_changed(api):
    first = api.put_patient(programme_starts_on="2026-05-04")
    second = api.put_patient(name="Synthetic patient 1b", language="en")

    assert (first.status_code, second.status_code) == (201, 200)
    stored = api.client.get(PATH).json()
    assert stored["name"] == "Synthetic patient 1b"
    assert stored["language"] == "en"
    assert stored["created_at"] == first.json()["created_at"]


def test_patients_are_listed_by_name(api):
    for name in ("Synthetic C", "Synthetic A", "Synthetic B"):
        api.put_patient(uuid4(), name=name)

    listed = api.client.get("/api/v1/patients").json()["patients"]

    assert [one["name"] for one in listed] == ["Synthetic A", "Synthetic B", "Synthetic C"]


@pytest.mark.parametrize("path", ["", "/sessions", "/injury-episodes"])
def test_an_unknown_patient_is_a_problem_of_type_not_found(api, path):
    answer = api.client.get(PATH + path)

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:tempo90:problem:not-found"


def test_a_patient_may_have_several_injuries(clinic):
    first, second = uuid4(), uuid4()
    torn = {"side": "left", "cause": "tear", "grade": 2, "site": "muscle_tendon"}

    made = clinic.client.put(f"{PATH}/injury-episodes/{first}", json=torn)
    again = clinic.client.put(f"{PATH}/injury-episodes/{first}", json=torn | {"grade": 1})
    clinic.client.put(f"{PATH}/injury-episodes/{second}", json={"side": "right"})

    listed = clinic.client.get(f"{PATH}/injury-episodes").json()["injury_episodes"]
    assert (made.status_code, again.status_code) == (201, 200)
    assert [(one["side"], one["grade"]) for one in listed] == [("right", None), ("left", 1)]


def test_an_injury_cannot_move_to_another_patient(clinic):
    other, episode = uuid4(), uuid4()
    clinic.put_patient(other)
    clinic.client.put(f"{PATH}/injury-episodes/{episode}", json={"side": "left"})

    answer = clinic.client.put(
        f"/api/v1/patients/{other}/injury-episodes/{episode}", json={"side": "left"}
    )

    assert answer.status_code == 409


def test_a_prescription_is_stored_and_listed_newest_first(clinic):
    old = clinic.client.post("/api/v1/prescriptions", json=PRESCRIPTION)
    clinic.client.post("/api/v1/prescriptions", json=PRESCRIPTION | {"starts_on": "2026-06-01"})

    listed = clinic.client.get(f"/api/v1/prescriptions?patient_id={PATIENT_ID}").json()

    assert old.status_code == 201
    assert clinic.client.get(old.headers["location"]).json() == old.json()
    days = [one["starts_on"] for one in listed["prescriptions"]]
    assert days == ["2026-06-01", "2026-05-04"]
    assert clinic.client.get("/api/v1/prescriptions").json() == listed


def test_a_prescription_names_an_injury_of_that_patient(clinic):
    episode = uuid4()
    body = PRESCRIPTION | {"injury_episode_id": str(episode)}

    before = clinic.client.post("/api/v1/prescriptions", json=body)
    clinic.client.put(f"{PATH}/injury-episodes/{episode}", json={"side": "left"})
    after = clinic.client.post("/api/v1/prescriptions", json=body)

    assert (before.status_code, after.status_code) == (404, 201)


@pytest.mark.parametrize(
    "change",
    [{"sets": 0}, {"reps": 0}, {"ends_on": "2026-01-01"}, {"side": "neither"}, {"peak_deg": 200}],
)
def test_a_prescription_that_cannot_be_done_is_refused(clinic, change):
    answer = clinic.client.post("/api/v1/prescriptions", json=PRESCRIPTION | change)

    assert answer.status_code == 422


def test_an_unknown_prescription_is_not_found(clinic):
    assert clinic.client.get(f"/api/v1/prescriptions/{uuid4()}").status_code == 404
