import json
from pathlib import Path
from uuid import uuid4

from api import access_schemas, course_schemas, schemas, service_schemas, today_schemas
from api.care import questionnaires, writing
from api.care import schemas as care_schemas
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
from api.linking import programme
from api.linking import schemas as linking_schemas
from api.needs import schemas as need_schemas
from api.openapi.examples import ANSWERS
from api.prescribing import schemas as prescribing_schemas
from api.review import schemas as review_schemas
from tests.api.builders import PATIENT_ID

MODELS = (
    schemas,
    service_schemas,
    course_schemas,
    today_schemas,
    access_schemas,
    review_schemas,
    need_schemas,
    prescribing_schemas,
    writing,
    questionnaires,
    care_schemas,
    linking_schemas,
    programme,
)
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


def test_the_examples_of_the_docs_are_those_of_the_description():
    blocks = DOCS.read_text("utf-8").split("```json\n")[1:]

    shown = [json.loads(block.partition("```")[0]) for block in blocks]

    assert shown == [SESSION, ENROLMENT, SELF_REPORT]


def test_every_refusal_of_the_description_is_a_problem_document_or_an_outcome_of_fhir(api):
    paths = api.client.get("/api/v1/openapi.json").json()["paths"]

    for path, methods in paths.items():
        kind = "application/fhir+json" if "/fhir/" in path else "application/problem+json"
        for method, described in methods.items():
            for status, answer in described["responses"].items():
                if status not in {"200", "201", "204", "206", "416"} and method != "head":
                    assert kind in answer["content"], (method, path, status)


def test_every_operation_has_a_summary_of_its_own_words_and_a_name_of_its_own(api):
    document = api.client.get("/api/v1/openapi.json").json()
    operations = [one for methods in document["paths"].values() for one in methods.values()]

    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
    assert all(len(one["summary"].split()) > 2 for one in operations)
    assert all(set(one["responses"]) > {"503", "default"} for one in operations)


def test_every_body_of_the_description_has_an_example(api):
    document = api.client.get("/api/v1/openapi.json").json()
    bare = []

    for path, methods in document["paths"].items():
        for method, described in methods.items():
            bodies = [described.get("requestBody", {}), *described["responses"].values()]
            for body in bodies:
                for media, content in body.get("content", {}).items():
                    name = content["schema"].get("$ref", "").rpartition("/")[2]
                    shown = document["components"]["schemas"].get(name, content["schema"])
                    is_bytes = shown.get("format") == "binary"
                    if not (is_bytes or "examples" in shown or "example" in content):
                        bare.append((method, path, media, name))

    assert [one for one in bare if one[2] != "application/fhir+json"] == []


def test_every_example_of_an_answer_is_one_and_says_all_that_the_answer_says():
    for name, example in ANSWERS.items():
        model = next(
            found for module in MODELS if (found := getattr(module, name, None)) is not None
        )
        loaded = model.model_validate(example)

        required = {key for key, field in model.model_fields.items() if field.is_required()}
        assert required <= set(example), name
        assert loaded is not None


def test_no_example_lacks_what_its_schema_requires_or_has_what_it_does_not_know(api):
    document = api.client.get("/api/v1/openapi.json").json()

    for name, found in document["components"]["schemas"].items():
        for example in found.get("examples", []):
            assert set(found.get("required", [])) <= set(example), name
            if found.get("additionalProperties") is False:
                assert set(example) <= set(found["properties"]), name


def test_the_description_says_how_to_log_in_and_who_may_call_what(api):
    document = api.client.get("/api/v1/openapi.json").json()

    send = document["paths"]["/api/v1/sessions/{session_id}"]["put"]
    read = document["paths"]["/api/v1/sessions/{session_id}"]["get"]
    health = document["paths"]["/health"]["get"]

    assert set(document["components"]["securitySchemes"]) == {"token", "cookie"}
    assert (send["security"], send["x-roles"]) == (
        [{"cookie": []}, {"token": []}],
        ["app", "patient"],
    )
    assert (read["security"], read["x-roles"]) == ([{"cookie": []}], ["clinician", "patient"])
    assert health["security"] == []


def test_a_generated_client_can_read_every_answer_that_is_a_success(api):
    document = api.client.get("/api/v1/openapi.json").json()
    bare = [
        f"{method.upper()} {path} {status}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for status, answer in operation["responses"].items()
        if status.startswith("2") and status != "204" and method != "head"
        if not all(one.get("schema") for one in answer.get("content", {"none": {}}).values())
    ]

    stored = document["paths"]["/api/v1/sessions/{session_id}"]["put"]["responses"]
    assert bare == []
    assert stored["201"]["content"] == stored["200"]["content"]


def test_every_operation_has_a_name_of_its_own_that_a_language_can_say(api):
    document = api.client.get("/api/v1/openapi.json").json()
    names = [
        operation["operationId"]
        for ways in document["paths"].values()
        for operation in ways.values()
    ]

    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)
