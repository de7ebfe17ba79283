"""Everything that is given out is loaded with the R4B classes of fhir.resources."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from fhir.resources.R4B import get_fhir_model_class

from api.fhir.definitions import definitions
from api.fhir.vocabulary import MEASURES, QUALITY
from tests.api.builders import PATIENT_ID, digest, exercise_set, service, session, three_sets

FHIR = "/api/v1/fhir"
EPISODE_ID = uuid4()
ORDER = {
    "patient_id": str(PATIENT_ID),
    "injury_episode_id": str(EPISODE_ID),
    "exercise": "ecc_prone_helper",
    "side": "left",
    "sets": 3,
    "reps": 15,
    "eccentric_s": 3.0,
    "rest_s": 60.0,
    "peak_deg": 90.0,
    "band": "training band, yellow, single",
    "starts_on": "2026-05-04",
}
INJURY = {
    "side": "left",
    "cause": "tear",
    "grade": 2,
    "site": "sit_bone",
    "injured_on": "2026-04-20",
    "injected_on": "2026-04-25",
    "sport": "football",
    "baseline_complaints": 6,
}
UNMEASURED = {"reps": 2, "eccentric_mean_s_absent": "The signal broke off."}


@pytest.fixture(scope="module")
def filled():
    """A service with one patient of whom everything is known, and the id of their session."""
    with service() as api:
        api.put_patient()
        patient = f"/api/v1/patients/{PATIENT_ID}"
        api.client.put(f"{patient}/injury-episodes/{EPISODE_ID}", json=INJURY)
        enrolment = {
            "injury_episode_id": str(EPISODE_ID),
            "programme": "hamstring",
            "start_on": "2026-05-04",
            "time_zone": "Europe/Amsterdam",
        }
        assert api.client.put(f"{patient}/enrolment", json=enrolment).status_code == 201
        assert api.client.post("/api/v1/prescriptions", json=ORDER).status_code == 201
        told = {"id": str(uuid4()), "at": "2026-05-11T07:00:00Z", "pain": 4, "soreness": 2}
        assert api.client.post(f"{patient}/check-ins", json=told).status_code == 201
        sets = [
            *three_sets(),
            exercise_set((3.0,), exercise="squat_single", trace=False),
            exercise_set((3.0, 2.9), trace=False, quality=UNMEASURED, reps=[]),
        ]
        sensor = {"family": "witmotion", "name": "WT901", "rate_hz": 100.0, "firmware": "2.1"}
        body = session(sets=sets, rpe=5, notes="Synthetic.", sensor=sensor)
        session_id, answer = api.put_session(body)
        assert answer.status_code == 201
        signal = b"a recording"
        api.client.put(
            f"/api/v1/sessions/{session_id}/recording",
            content=signal,
            headers={
                "Content-Type": "application/octet-stream",
                "Content-Digest": digest(signal),
            },
        )
        yield api, session_id


def everything(api):
    answer = api.client.get(f"{FHIR}/Patient/{PATIENT_ID}/$everything")
    assert answer.status_code == 200, answer.text
    return answer.json()


def of_kind(bundle, kind):
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def components(observation):
    return {one["code"]["coding"][0]["code"]: one for one in observation["component"]}


def test_everything_of_a_patient_loads_as_r4b(filled):
    api, _ = filled

    bundle = everything(api)

    loaded = get_fhir_model_class("Bundle").model_validate(bundle)
    kinds = {one["resource"]["resourceType"] for one in bundle["entry"]}
    assert loaded.total == len(bundle["entry"])
    assert kinds == {
        "Patient",
        "Condition",
        "ServiceRequest",
        "Procedure",
        "Observation",
        "DocumentReference",
        "Provenance",
        "Device",
    }


def test_what_points_at_something_points_at_something_that_is_there(filled):
    api, _ = filled
    bundle = everything(api)
    there = {
        f"{one['resource']['resourceType']}/{one['resource']['id']}" for one in bundle["entry"]
    }

    def references(value):
        if isinstance(value, dict):
            found = value.get("reference")
            yield from [found] if isinstance(found, str) else []
            for one in value.values():
                yield from references(one)
        elif isinstance(value, list):
            for one in value:
                yield from references(one)

    named = {one for entry in bundle["entry"] for one in references(entry["resource"])}
    assert named
    assert named - there == set()


def test_each_id_is_read_alone_and_is_the_same_as_in_the_bundle(filled):
    api, _ = filled

    for entry in everything(api)["entry"]:
        resource = entry["resource"]
        answer = api.client.get(f"{FHIR}/{resource['resourceType']}/{resource['id']}")
        assert (answer.status_code, answer.json()) == (200, resource)
        assert answer.headers["content-type"] == "application/fhir+json"


def test_a_set_says_its_quality_in_components_with_units(filled):
    api, session_id = filled

    found = api.client.get(f"{FHIR}/Observation/set-1.{session_id}").json()

    parts = components(found)
    mean = parts["eccentric-duration-mean"]
    assert mean["valueQuantity"] == {
        "value": 2.973,
        "unit": "s",
        "system": "http://unitsofmeasure.org",
        "code": "s",
    }
    assert mean["referenceRange"][0]["low"]["value"] == 2.5
    assert parts["repetitions"]["valueQuantity"]["code"] == "{repetitions}"
    assert parts["peak-flexion-mean"]["valueQuantity"]["code"] == "deg"
    assert parts["signal-coverage"]["valueQuantity"]["value"] == 99.8
    assert parts["exercise"]["valueCodeableConcept"]["coding"][0]["code"] == "ecc_prone_helper"
    assert found["basedOn"][0]["reference"].startswith("ServiceRequest/")
    assert found["bodySite"]["coding"][0]["code"] == "7771000"


def test_what_could_not_be_measured_says_why(filled):
    api, session_id = filled

    broken = components(api.client.get(f"{FHIR}/Observation/set-5.{session_id}").json())
    squat = components(api.client.get(f"{FHIR}/Observation/set-4.{session_id}").json())

    missing = broken["eccentric-duration-mean"]["dataAbsentReason"]
    assert missing["text"] == "The signal broke off."
    assert "valueQuantity" not in broken["eccentric-duration-mean"]
    unsupported = squat["peak-flexion-mean"]["dataAbsentReason"]["coding"][0]
    assert unsupported["code"] == "unsupported"


def test_the_repetitions_of_a_set_stand_in_their_order(filled):
    api, session_id = filled

    found = api.client.get(f"{FHIR}/Observation/reps-2.{session_id}").json()

    data = components(found)["eccentric-duration-per-repetition"]["valueSampledData"]["data"]
    assert [float(one) for one in data.split()][:4] == [2.9, 3.0, 2.8, 2.6]
    assert found["derivedFrom"] == [{"reference": f"Observation/set-2.{session_id}"}]


def test_a_repetition_without_a_duration_is_an_error_value_among_the_others():
    reps = exercise_set((3.0, 2.9, 3.1), trace=False)
    reps["reps"][1]["eccentric_s"] = None
    with service() as api:
        api.put_patient()
        session_id, _ = api.put_session(session(sets=[reps]))

        found = api.client.get(f"{FHIR}/Observation/reps-1.{session_id}").json()

    data = components(found)["eccentric-duration-per-repetition"]["valueSampledData"]["data"]
    assert data == "3.000 E 3.100"


def test_pain_has_the_loinc_code_and_the_shape_of_the_zib(filled):
    api, session_id = filled

    pain = api.client.get(f"{FHIR}/Observation/pain-worst.{session_id}").json()

    codes = {(one["system"], one["code"]) for one in pain["code"]["coding"]}
    assert codes == {("http://loinc.org", "72514-3"), ("http://snomed.info/sct", "225908003")}
    assert pain["valueInteger"] == 3
    assert pain["method"]["coding"][0] == {
        "system": "urn:oid:2.16.840.1.113883.2.4.3.11.60.40.4.9.1",
        "code": "NRS",
    }
    assert pain["partOf"] == [{"reference": f"Procedure/{session_id}"}]


def test_an_order_says_its_targets_and_how_often(filled):
    api, _ = filled

    [order] = of_kind(everything(api), "ServiceRequest")

    [targets] = order["extension"]
    values = {one["url"]: one for one in targets["extension"]}
    repeat = order["occurrenceTiming"]["repeat"]
    assert values["repetitions"]["valuePositiveInt"] == 15
    assert values["eccentric-duration"]["valueQuantity"]["value"] == 3.0
    assert (repeat["frequency"], repeat["period"], repeat["periodUnit"]) == (2, 1, "d")
    assert repeat["boundsPeriod"] == {"start": "2026-05-04"}
    assert order["reasonReference"] == [{"reference": f"Condition/{EPISODE_ID}"}]


def test_the_provenance_names_the_engine_and_the_hash_of_the_signal(filled):
    api, session_id = filled

    found = api.client.get(f"{FHIR}/Provenance/{session_id}").json()

    engine = api.client.get(f"{FHIR}/{found['agent'][0]['who']['reference']}").json()
    assert engine["version"][0]["value"] == "0.1.0"
    assert found["entity"][0]["what"]["identifier"]["value"].startswith("urn:sha256:")
    assert {"reference": f"Observation/set-1.{session_id}"} in found["target"]


def test_a_patient_who_was_made_up_is_marked_as_test_data(filled):
    api, _ = filled

    patient = api.client.get(f"{FHIR}/Patient/{PATIENT_ID}").json()

    assert patient["meta"]["security"][0]["code"] == "HTEST"


@pytest.mark.parametrize("kind", ["CodeSystem", "ValueSet", "StructureDefinition"])
def test_our_definitions_load_as_r4b_and_are_found_by_their_url(filled, kind):
    api, _ = filled

    bundle = api.client.get(f"{FHIR}/{kind}").json()

    listed = [one["resource"] for one in bundle["entry"]]
    assert len(listed) == len(definitions()[kind])
    for one in listed:
        get_fhir_model_class(kind).model_validate(one)
        assert api.client.get(f"{FHIR}/{kind}/{one['id']}").json() == one
        by_url = api.client.get(f"{FHIR}/{kind}", params={"url": one["url"]}).json()
        assert [found["resource"]["id"] for found in by_url["entry"]] == [one["id"]]


def test_every_code_profile_and_extension_of_ours_in_use_is_defined(filled):
    api, _ = filled
    known = {one["url"] for kind in definitions().values() for one in kind.values()}
    exercises = {one["code"] for one in definitions()["CodeSystem"]["exercise"]["concept"]}
    codes = {QUALITY: set(MEASURES), QUALITY.replace("exercise-quality", "exercise"): exercises}

    def ours(value):
        if isinstance(value, dict):
            if str(value.get("system", "")).startswith("https://tempo90.example"):
                assert value["code"] in codes[value["system"]], value
                yield value["system"]
            yield from (one for one in value.get("profile", ()) if isinstance(one, str))
            if str(value.get("url", "")).startswith("https://tempo90.example"):
                yield value["url"]
            for one in value.values():
                yield from ours(one)
        elif isinstance(value, list):
            for one in value:
                yield from ours(one)

    used = {one for entry in everything(api)["entry"] for one in ours(entry["resource"])}
    assert len(used) == 7
    assert used - known == set()


def test_every_measure_says_what_it_means_and_durations_say_when_a_phase_begins():
    concepts = definitions()["CodeSystem"]["exercise-quality"]["concept"]

    assert all(one["definition"].endswith(".") for one in concepts)
    timed = [one for one in concepts if one["code"].startswith("eccentric-duration-mean")]
    assert all("5 %" in one["definition"] for one in timed)


def test_the_capability_statement_lists_what_answers(filled):
    api, _ = filled

    statement = api.client.get(f"{FHIR}/metadata").json()

    get_fhir_model_class("CapabilityStatement").model_validate(statement)
    assert statement["fhirVersion"] == "4.0.1"
    for resource in statement["rest"][0]["resource"]:
        names = [one["name"] for one in resource["searchParam"]]
        needs = (
            {"patient": f"Patient/{PATIENT_ID}"}
            if resource["type"] in {"Device", "Consent"}
            else {}
        )
        answer = api.client.get(f"{FHIR}/{resource['type']}", params=needs)
        assert answer.status_code == 200, resource["type"]
        assert names


def test_an_injury_says_its_side_its_cause_and_when(filled):
    api, _ = filled

    injury = api.client.get(f"{FHIR}/Condition/{EPISODE_ID}").json()

    assert injury["onsetDateTime"] == "2026-04-20"
    assert injury["bodySite"][0]["coding"][0]["code"] == "7771000"
    assert injury["code"]["text"] == "Hamstring injury: tear"
    assert datetime.fromisoformat(injury["recordedDate"]).tzinfo == UTC


def test_pain_that_was_told_of_a_sport_is_there_too():
    diary_id = uuid4()
    entry = {"id": str(diary_id), "at": "2026-05-13T16:00:00Z", "sport": "rowing", "pain_worst": 7}
    with service() as api:
        api.put_patient()
        put = api.client.post(f"/api/v1/patients/{PATIENT_ID}/diary", json=entry)
        assert put.status_code == 201, put.text

        (found,) = [
            one["resource"]
            for one in api.client.get(f"{FHIR}/Observation?code=72514-3").json()["entry"]
        ]
        alone = api.client.get(f"{FHIR}/Observation/sport-pain.{diary_id}").json()

    get_fhir_model_class("Observation").model_validate(found)
    assert alone == found
    assert (found["valueInteger"], found["note"]) == (7, [{"text": "worst during sport"}])


def test_a_session_is_based_on_what_stood_when_it_began():
    with service() as api:
        api.put_patient()
        order = {name: value for name, value in ORDER.items() if name != "injury_episode_id"}
        api.app.state.clock = lambda: datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
        first = api.client.post("/api/v1/prescriptions", json=order).json()["id"]
        session_id, _ = api.put_session(session())
        named = exercise_set((3.0,), trace=False, prescription={"id": first, "version": 1})
        api.app.state.clock = lambda: datetime(2026, 5, 14, 7, 0, tzinfo=UTC)
        later = api.client.post("/api/v1/prescriptions", json=order | {"reps": 8}).json()["id"]
        offline_id, _ = api.put_session(session(sets=[named], started_at="2026-05-15T08:00:00Z"))
        online_id, _ = api.put_session(session(started_at="2026-05-16T08:00:00Z"))

        found = [
            api.client.get(f"{FHIR}/Procedure/{one}").json()["basedOn"]
            for one in (session_id, offline_id, online_id)
        ]

    expected = [[{"reference": f"ServiceRequest/{one}"}] for one in (first, first, later)]
    assert found == expected
