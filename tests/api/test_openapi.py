import json
from pathlib import Path
from uuid import uuid4

from api.course_examples import (
    ADVICE_ANSWER,
    CHECK_IN,
    CORRECTION,
    DIARY,
    ENROLMENT,
    INJURY,
    PROGRAMME_ANSWER,
    REST_DAYS,
    SELF_REPORT,
)
from api.examples import PATIENT, PRESCRIPTION, SESSION
from tests.api.builders import PATIENT_ID

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "http.md"
SESSION_FIELDS = {
    "patient_id",
    "started_at",
    "exercise_sets",
    "pain",
    "soreness",
    "rpe",
    "warning_signs_start",
    "warning_signs_end",
    "took_anti_inflammatory",
    "took_paracetamol",
    "band_tight",
    "engine",
    "catalogue",
    "sensor",
    "notes",
}
SET_FIELDS = {
    "exercise",
    "side",
    "band",
    "start_s",
    "end_s",
    "reps",
    "quality",
    "feedback",
    "trace",
}


def schema(api, name):
    return api.client.get("/api/v1/openapi.json").json()["components"]["schemas"][name]


def test_the_examples_of_the_description_are_accepted(api):
    patient, session, prescription = (
        schema(api, name)["examples"][0]
        for name in ("PatientCreate", "SessionCreate", "PrescriptionCreate")
    )

    answers = [
        api.client.put(f"/api/v1/patients/{PATIENT_ID}", json=patient),
        api.client.put(f"/api/v1/sessions/{uuid4()}", json=session),
        api.client.post("/api/v1/prescriptions", json=prescription),
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert (patient, session, prescription) == (PATIENT, SESSION, PRESCRIPTION)


def test_the_examples_of_the_programme_are_accepted(clinic):
    patient = f"/api/v1/patients/{PATIENT_ID}"
    session_id, _ = clinic.put_session()
    shown = {
        name: schema(clinic, name)["examples"][0]
        for name in ("EnrolmentCreate", "InjuryEpisodeCreate", "CorrectionPut")
    }
    told = {
        "rest-days": REST_DAYS,
        "check-ins": CHECK_IN,
        "answers": PROGRAMME_ANSWER,
        "diary": DIARY,
        "self-reports": SELF_REPORT,
    }

    answers = [
        clinic.client.put(
            f"{patient}/injury-episodes/{ENROLMENT['injury_episode_id']}",
            json=shown["InjuryEpisodeCreate"],
        ),
        clinic.client.put(f"{patient}/enrolment", json=shown["EnrolmentCreate"]),
        *(clinic.client.post(f"{patient}/{path}", json=body) for path, body in told.items()),
        clinic.client.post(f"{patient}/advice-answers", json=ADVICE_ANSWER),
        clinic.client.put(
            f"/api/v1/sessions/{session_id}/sets/1/correction", json=shown["CorrectionPut"]
        ),
    ]

    assert [answer.status_code for answer in answers] == [
        201,
        201,
        200,
        201,
        201,
        201,
        201,
        201,
        200,
    ]
    assert list(shown.values()) == [ENROLMENT, INJURY, CORRECTION]


def test_the_fields_of_a_session_are_those_that_clients_rely_on(api):
    session, one_set = schema(api, "SessionCreate"), schema(api, "SetBody")

    assert set(session["properties"]) == SESSION_FIELDS
    assert set(session["required"]) == {"patient_id", "started_at", "exercise_sets", "engine"}
    assert set(one_set["properties"]) == SET_FIELDS
    assert set(one_set["required"]) == {"exercise", "start_s", "end_s"}


def test_the_example_of_the_docs_is_that_of_the_description():
    blocks = DOCS.read_text("utf-8").split("```json\n")[1:]

    shown = json.loads(blocks[0].partition("```")[0])

    assert shown == SESSION


def test_every_answer_of_the_description_names_the_problem_document(api):
    paths = api.client.get("/api/v1/openapi.json").json()["paths"]

    for path, methods in paths.items():
        for method, described in methods.items():
            content = described["responses"]["default"]["content"]
            assert "application/problem+json" in content, (method, path)
