from fhir.resources.R4B import get_fhir_model_class

from api.access import Role, Scope
from tests.api.access.people import open_clinic

FHIR = "/api/v1/fhir"


def test_a_clinician_finds_their_own_patients_alone_and_the_patient_sees_it_in_the_log():
    with open_clinic() as clinic:
        anna, bert = (clinic.add(Role.PATIENT, name) for name in ("anna", "bert"))
        physio = clinic.add(Role.CLINICIAN, "physio")
        clinic.treat(physio, anna)
        session_id, other_id = clinic.session_of(anna), clinic.session_of(bert)

        mine = physio.client.get(f"{FHIR}/Procedure").json()["entry"]
        asked = physio.client.get(f"{FHIR}/Observation?patient=Patient/{anna.patient_id}")
        strange = physio.client.get(f"{FHIR}/Observation?subject=Patient/{bert.patient_id}")
        one = physio.client.get(f"{FHIR}/Observation/set-1.{other_id}")

        log = anna.client.get("/api/v1/audit").json()["lines"]
        routes = {line["route"] for line in log if line["name"] == "Synthetic physio"}
        assert [entry["resource"]["id"] for entry in mine] == [str(session_id)]
        assert (asked.status_code, strange.status_code, one.status_code) == (200, 404, 404)
        assert strange.json()["resourceType"] == one.json()["resourceType"] == "OperationOutcome"
        assert f"GET {FHIR}/Observation" in routes


def test_without_a_log_in_an_outcome_says_so_and_the_definitions_are_open():
    with open_clinic() as clinic:
        nobody = clinic.browser()

        refused = nobody.get(f"{FHIR}/Patient")
        metadata = nobody.get(f"{FHIR}/metadata")

        assert refused.status_code == 401
        assert refused.json()["issue"][0]["code"] == "login"
        assert metadata.status_code == 200


def test_a_patient_reads_as_consent_whom_they_let_see_what():
    with open_clinic() as clinic:
        anna = clinic.add(Role.PATIENT, "anna")
        physio = clinic.add(Role.CLINICIAN, "physio")
        clinic.treat(physio, anna, (Scope.RESULTS,))

        found = anna.client.get(f"{FHIR}/Consent?patient={anna.patient_id}").json()
        refused = physio.client.get(f"{FHIR}/Consent?patient={anna.patient_id}")

        [consent] = [entry["resource"] for entry in found["entry"]]
        read = anna.client.get(f"{FHIR}/Consent/{consent['id']}")
        provision = consent["provision"]
        assert read.json() == consent
        assert provision["actor"][0]["reference"]["display"] == "Synthetic physio"
        assert provision["code"] == [{"text": "results"}]
        assert refused.status_code == 403


def test_a_consent_loads_as_r4b():
    with open_clinic() as clinic:
        anna = clinic.add(Role.PATIENT, "anna")
        clinic.treat(clinic.add(Role.CLINICIAN, "physio"), anna)

        bundle = anna.client.get(f"{FHIR}/Consent?patient={anna.patient_id}").json()

        loaded = get_fhir_model_class("Bundle").model_validate(bundle)
        assert loaded.entry[0].resource.status == "active"
