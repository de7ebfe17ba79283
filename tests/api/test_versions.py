"""Two people who edit the same: neither overwrites what they have not seen."""

from uuid import uuid4

import pytest

from tests.api.builders import PATIENT_ID
from tests.api.course_builders import enrolled_patient

pytestmark = pytest.mark.both_databases

PATIENT = f"/api/v1/patients/{PATIENT_ID}"
NAMED = {"name": "Synthetic patient 1", "is_synthetic": True, "language": "nl"}


def put(api, path, body, version=None):
    headers = {} if version is None else {"If-Match": version}
    return api.client.put(path, json=body, headers=headers)


def test_a_change_to_the_version_that_was_read_is_made(clinic):
    read = clinic.client.get(PATIENT)

    changed = put(clinic, PATIENT, NAMED | {"language": "en"}, read.headers["etag"])

    assert (read.headers["etag"], changed.headers["etag"]) == ('"1"', '"2"')
    assert changed.json()["version"] == 2
    assert clinic.client.get(PATIENT).json()["language"] == "en"


def test_a_change_to_a_version_of_before_is_refused_and_changes_nothing(clinic):
    before = clinic.client.get(PATIENT).headers["etag"]
    put(clinic, PATIENT, NAMED | {"name": "changed by the first"}, before)

    late = put(clinic, PATIENT, NAMED | {"name": "changed by the second"}, before)

    assert late.status_code == 412
    assert late.headers["etag"] == '"2"'
    assert late.json()["type"] == "urn:tempo90:problem:version-conflict"
    assert clinic.client.get(PATIENT).json()["name"] == "changed by the first"


def test_the_same_again_is_no_change(clinic):
    first = put(clinic, PATIENT, NAMED | {"language": "en"})

    again = put(clinic, PATIENT, NAMED | {"language": "en"})

    assert first.headers["etag"] == again.headers["etag"] == '"2"'


def test_what_is_not_there_has_no_version_to_change(clinic):
    missing = f"/api/v1/patients/{uuid4()}"

    answers = [put(clinic, missing, NAMED, version) for version in ("*", '"1"')]

    assert [one.status_code for one in answers] == [412, 412]
    assert clinic.client.get(missing).status_code == 404


def test_any_version_may_be_asked_for(clinic):
    assert put(clinic, PATIENT, NAMED | {"language": "en"}, "*").status_code == 200


@pytest.mark.parametrize("field", ["1", '"one"', "", 'W/"1"', '"1", "2"', '"²"'])
def test_a_version_that_cannot_be_read_is_refused(clinic, field):
    answer = clinic.client.put(PATIENT, json=NAMED, headers={"If-Match": field.encode()})

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:tempo90:problem:bad-header"


def test_an_injury_and_a_programme_have_versions_too(database):
    with enrolled_patient(database=database) as patient:
        injury = patient.get("injury-episodes").json()["injury_episodes"][0]
        path = f"{PATIENT}/injury-episodes/{injury['id']}"
        enrolment = patient.get("enrolment")
        agreed = {"injury_episode_id": injury["id"], "start_on": "2026-05-11"}
        agreed |= {"time_zone": "Europe/Amsterdam"}

        answers = [
            put(patient.api, path, {"side": "right"}, f'"{injury["version"]}"'),
            put(patient.api, path, {"side": "left"}, f'"{injury["version"]}"'),
            put(patient.api, f"{PATIENT}/enrolment", agreed, enrolment.headers["etag"]),
            put(patient.api, f"{PATIENT}/enrolment", agreed, enrolment.headers["etag"]),
        ]

    assert [one.status_code for one in answers] == [200, 412, 200, 412]
