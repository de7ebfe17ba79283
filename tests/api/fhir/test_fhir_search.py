from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from api.fhir.errors import BadSearchError
from api.fhir.parameters import read_search
from tests.api.builders import PATIENT_ID, exercise_set, service, session

FHIR = "/api/v1/fhir"
OTHER_ID = UUID("5a1d7c80-93b4-4a6e-8f3e-6f0d2b8c4e17")
NOBODY = UUID("0d9b6c1e-2f74-4c58-9a0b-7e41d3c5a682")
N_SESSIONS = 30
FIRST = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture(scope="module")
def filled():
    """Thirty days with a session each, and one session and one answer of another patient."""
    with service() as api:
        api.put_patient()
        api.put_patient(OTHER_ID, name="Synthetic patient 2")
        for day in range(N_SESSIONS):
            at = (FIRST + timedelta(days=day)).isoformat()
            sets = [exercise_set((3.0, 2.9), trace=False)]
            _, answer = api.put_session(session(sets=sets, started_at=at))
            assert answer.status_code == 201
        api.put_session(session(sets=[], patient_id=str(OTHER_ID), pain={"worst": 1}))
        told = {"id": str(uuid4()), "at": "2026-05-10T12:00:00Z", "pain": 4}
        api.client.post(f"/api/v1/patients/{OTHER_ID}/check-ins", json=told)
        yield api


def found(api, address):
    answer = api.client.get(f"{FHIR}/{address}")
    assert answer.status_code == 200, answer.text
    return [one["resource"] for one in answer.json().get("entry", [])]


def pages(api, address):
    """Every page of a search, by its links."""
    url = f"{FHIR}/{address}"
    while url is not None:
        bundle = api.client.get(url).json()
        yield bundle
        links = {one["relation"]: one["url"] for one in bundle["link"]}
        parts = urlsplit(links.get("next", ""))
        url = f"{parts.path}?{parts.query}" if "next" in links else None


@pytest.mark.parametrize("count", [1, 7, 25, 49, 500])
def test_the_pages_of_a_search_give_everything_once_and_newest_first(filled, count):
    if count == 1:  # one resource a page takes long; a month of answers is enough
        address = f"Observation?code=72514-3&date=lt2026-05-12&_count={count}"
        n_due = 2 * 8 + 1
    else:
        address, n_due = f"Observation?_count={count}", 5 * N_SESSIONS + 3

    listed = list(pages(filled, address))

    ids = [one["resource"]["id"] for page in listed for one in page["entry"]]
    assert (len(ids), len(set(ids))) == (n_due, n_due)
    assert all(len(page["entry"]) == count for page in listed[:-1])
    sources = [one.rpartition(".")[2] for one in ids]
    assert len(list(dict.fromkeys(sources))) == len({*sources})


def test_a_page_loads_as_r4b_and_says_where_it_is(filled):
    [first, *_] = pages(filled, f"Procedure?patient=Patient/{PATIENT_ID}&_count=5")

    get_fhir_model_class("Bundle").model_validate(first)
    assert first["link"][0]["url"].endswith(f"Procedure?patient=Patient%2F{PATIENT_ID}&_count=5")
    starts = [one["resource"]["performedPeriod"]["start"] for one in first["entry"]]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize(
    "patient", [str(OTHER_ID), f"Patient/{OTHER_ID}", f"http://localhost{FHIR}/Patient/{OTHER_ID}"]
)
def test_a_search_for_one_patient_finds_nothing_of_another(filled, patient):
    named = {one["subject"]["reference"] for one in found(filled, f"Observation?patient={patient}")}

    assert named == {f"Patient/{OTHER_ID}"}


@pytest.mark.parametrize(
    ("date", "n_due"),
    [
        ("date=2026-05-05", 1),
        ("date=ge2026-05-31", 3),
        ("date=gt2026-05-31", 2),
        ("date=lt2026-05-06", 2),
        ("date=le2026-05-06", 3),
        ("date=ge2026-05-05&date=lt2026-05-08", 3),
        ("date=2026-06", 2),
        ("date=2026", 30),
        ("date=ne2026-05-05", 29),
        ("date=sa2026-06-01", 1),
        ("date=eb2026-05-05", 1),
        ("date=ge2026-05-05T07:00:00Z&date=le2026-05-05T07:00:00Z", 1),
        ("date=ge2026-05-05T09:00:00%2B02:00&date=lt2026-05-06T09:00:00%2B02:00", 1),
        ("date=2025", 0),
    ],
)
def test_dates_find_the_sessions_that_they_mean(filled, date, n_due):
    listed = found(filled, f"Procedure?patient={PATIENT_ID}&{date}")

    assert len(listed) == n_due


def test_a_code_with_and_without_its_system_finds_pain_alone(filled):
    by_code = found(filled, "Observation?code=72514-3&_count=500")
    by_both = found(filled, "Observation?code=http://loinc.org|72514-3&_count=500")
    by_wrong = found(filled, "Observation?code=http://snomed.info/sct|72514-3&_count=500")
    by_two = found(filled, "Observation?code=72514-3,set-quality&_count=500")

    assert len(by_code) == 2 * N_SESSIONS + 2
    assert by_both == by_code
    assert by_wrong == []
    assert len(by_two) == 3 * N_SESSIONS + 2


def test_what_was_told_without_training_is_found_among_the_rest(filled):
    [told] = found(filled, f"Observation?patient={OTHER_ID}&date=2026-05-10")

    assert (told["valueInteger"], told["effectiveDateTime"]) == (4, "2026-05-10T12:00:00Z")


@pytest.mark.parametrize(
    "query",
    [
        "code:text=pain",
        "patient=nobody",
        "date=yesterday",
        "date=2026-02-30",
        "date=ap2026-05-05",
        "date=ge9999-12-31",
        "_count=0",
        "_count=many",
        "_after=elsewhere",
        "_sort=code",
        "_format=xml",
        "_include=Observation:subject",
        f"patient={PATIENT_ID}&patient={OTHER_ID}",
        "code=8867-4&code=72514-3",
    ],
)
def test_a_search_that_is_not_understood_is_refused_with_an_outcome(filled, query):
    answer = filled.client.get(f"{FHIR}/Observation?{query}")

    outcome = get_fhir_model_class("OperationOutcome").model_validate(answer.json())
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/fhir+json"
    assert outcome.issue[0].diagnostics


@pytest.mark.parametrize(
    "path",
    [
        "Observation/unknown",
        f"Procedure/{NOBODY}",
        f"Patient/{NOBODY}/$everything",
        "Device/engine",
        "CodeSystem/unknown",
        "Medication",
    ],
)
def test_what_is_not_there_is_said_with_an_outcome(filled, path):
    answer = filled.client.get(f"{FHIR}/{path}")

    get_fhir_model_class("OperationOutcome").model_validate(answer.json())
    assert answer.status_code == 404


def test_whoever_takes_no_json_is_told_so(filled):
    answer = filled.client.get(f"{FHIR}/metadata", headers={"Accept": "application/fhir+xml"})

    assert answer.status_code == 406
    assert answer.json()["resourceType"] == "OperationOutcome"


def test_nothing_is_written_through_fhir(filled):
    answer = filled.client.post(f"{FHIR}/Observation", json={"resourceType": "Observation"})

    assert answer.status_code == 405
    assert answer.json()["issue"][0]["code"] == "not-supported"


def test_a_page_takes_as_few_statements_as_one_session(filled):
    statements = []

    def note(*given):
        statements.append(given[2])

    def cost(address):
        statements.clear()
        found(filled, address)
        return len(statements)

    engine = filled.app.state.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        one, many = cost("Observation?_count=1"), cost("Observation?_count=100")
        whole = cost(f"Patient/{PATIENT_ID}/$everything")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert many <= one
    assert whole < 70


@given(st.text(max_size=25))
def test_no_text_as_a_date_is_more_than_refused(text):
    try:
        search = read_search([("date", text)], date="date", tokens=(), zone=AMSTERDAM)
    except BadSearchError:
        return

    assert search.spans[0].low < search.spans[0].high


def test_a_day_is_one_of_the_clinic_also_when_the_clock_changes():
    search = read_search([("date", "2026-10-25")], date="date", tokens=(), zone=AMSTERDAM)

    assert search.spans[0].high - search.spans[0].low == timedelta(hours=25)
