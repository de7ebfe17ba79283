import re

import pytest

from api.access import Scope
from api.access.app_tokens import list_tokens
from api.db import transaction
from tests.api.builders import digest, session

PERSON = {"Accept": "text/html"}
RECORDING = b"raw signal of nobody"


def put_recording(client, session_id):
    headers = {"Content-Type": "application/octet-stream", "Content-Digest": digest(RECORDING)}
    path = f"/api/v1/sessions/{session_id}/recording"
    return client.put(path, content=RECORDING, headers=headers)


def set_consent(patient, scopes):
    page = patient.client.get("/consent").text
    action = re.search(r'action="(/consent/[0-9a-f-]{36})"', page).group(1)
    return patient.client.post(action, data={"scopes": scopes}, follow_redirects=False)


def test_a_clinician_sees_a_patient_only_with_treatment_and_consent(clinic, anna, physio):
    session_id = clinic.session_of(anna)
    addresses = [
        f"/api/v1/patients/{anna.patient_id}",
        f"/api/v1/patients/{anna.patient_id}/sessions",
        f"/api/v1/sessions/{session_id}",
        f"/sessions/{session_id}",
    ]

    before = [physio.client.get(address).status_code for address in addresses]
    clinic.treat(physio, anna, [])
    without_consent = [physio.client.get(address).status_code for address in addresses]
    clinic.treat(physio, anna, [Scope.RESULTS])
    with_both = [physio.client.get(address).status_code for address in addresses]

    assert before == without_consent == [404] * 4
    assert with_both == [200] * 4


def test_what_is_taken_back_counts_from_the_next_request_on(clinic, anna, physio):
    clinic.treat(physio, anna)
    session_id = clinic.session_of(anna)
    seen = physio.client.get(f"/api/v1/sessions/{session_id}").status_code

    set_consent(anna, [])

    assert seen == 200
    assert physio.client.get(f"/api/v1/sessions/{session_id}").status_code == 404
    assert physio.client.get("/api/v1/sessions").json()["sessions"] == []


def test_recordings_have_a_consent_of_their_own(clinic, anna, physio):
    clinic.treat(physio, anna, [Scope.RESULTS])
    session_id = clinic.session_of(anna)
    assert put_recording(anna.client, session_id).status_code == 201
    path = f"/api/v1/sessions/{session_id}/recording"

    without = physio.client.get(path).status_code
    set_consent(anna, ["results", "recordings"])
    answer = physio.client.get(path)

    assert without == 404
    assert (answer.status_code, answer.content) == (200, RECORDING)


def test_the_end_of_a_treatment_ends_every_consent(clinic, anna, physio):
    clinic.treat(physio, anna)
    page = anna.client.get("/consent").text
    action = re.search(r'action="(/consent/[^"]+/end)"', page).group(1)

    anna.client.post(action)

    assert physio.client.get("/api/v1/patients").json()["patients"] == []
    assert "Nobody sees your data" in anna.client.get("/consent").text
    assert anna.client.post(action).status_code == 404


def test_nobody_changes_the_consent_of_another(clinic, anna, bert, physio):
    clinic.treat(physio, anna, [])
    page = anna.client.get("/consent").text
    action = re.search(r'action="(/consent/[0-9a-f-]{36})"', page).group(1)

    by_bert = bert.client.post(action, data={"scopes": ["results"]})
    by_physio = physio.client.post(action, data={"scopes": ["results"]})

    assert (by_bert.status_code, by_physio.status_code) == (404, 403)
    assert physio.client.get("/api/v1/patients").json()["patients"] == []


@pytest.mark.parametrize("who", ["anna", "physio"])
def test_lists_hold_what_one_may_see_and_nothing_else(clinic, anna, bert, physio, who):
    clinic.treat(physio, anna)
    own, other = clinic.session_of(anna), clinic.session_of(bert)
    client = {"anna": anna, "physio": physio}[who].client
    homes = {"anna": ("/", f"/sessions/{own}"), "physio": ("/clinic?show=all", anna.patient_id)}
    home_url, shown = homes[who]

    patients = client.get("/api/v1/patients").json()["patients"]
    sessions = client.get("/api/v1/sessions").json()["sessions"]
    home = client.get(home_url).text

    assert [one["id"] for one in patients] == [str(anna.patient_id)]
    assert [one["id"] for one in sessions] == [str(own)]
    assert str(shown) in home
    assert str(other) not in home
    assert str(bert.patient_id) not in home


def test_an_administrator_sees_accounts_and_counts_and_nobodys_results(clinic, anna, admin):
    session_id = clinic.session_of(anna)

    users = admin.client.get("/", follow_redirects=True)

    assert "<dt>Sessions</dt><dd>1</dd>" in users.text
    for path in (f"/sessions/{session_id}", "/sessions", f"/api/v1/patients/{anna.patient_id}"):
        assert admin.client.get(path, headers=PERSON).status_code == 403


def test_a_patient_writes_nothing_for_another(clinic, anna, bert):
    stolen = clinic.session_of(bert)
    body = session(patient_id=str(bert.patient_id))

    new = anna.client.put("/api/v1/sessions/11111111-1111-4111-8111-111111111111", json=body)
    known = anna.client.put(f"/api/v1/sessions/{stolen}", json=body)
    renamed = anna.client.put(f"/api/v1/patients/{bert.patient_id}", json={"name": "Mine"})
    recording = put_recording(anna.client, stolen)

    assert [one.status_code for one in (new, known, renamed, recording)] == [404] * 4


def test_nobody_makes_up_a_patient(clinic, anna, physio):
    path = "/api/v1/patients/33333333-3333-4333-8333-333333333333"

    answers = [
        person.put(path, json={"name": "Made up"}).status_code
        for person in (anna.client, physio.client, clinic.app(anna))
    ]

    assert answers == [404, 403, 403]


def test_an_app_sends_sessions_of_its_patient_and_reads_nothing(clinic, anna, bert):
    app = clinic.app(anna)

    session_id = clinic.session_of(anna, app)
    sent = put_recording(app, session_id)
    for_another = app.put(
        "/api/v1/sessions/22222222-2222-4222-8222-222222222222",
        json=session(patient_id=str(bert.patient_id)),
    )
    read = [
        app.get(path).status_code
        for path in (
            f"/api/v1/sessions/{session_id}",
            f"/api/v1/sessions/{session_id}/recording",
            f"/api/v1/patients/{anna.patient_id}",
            "/api/v1/prescriptions",
        )
    ]

    assert (sent.status_code, for_another.status_code) == (201, 404)
    assert read == [403] * 4
    assert app.get("/api/v1/me").json()["role"] == "app"


def test_a_token_that_was_taken_away_opens_nothing(clinic, anna, bert):
    app = clinic.app(anna)
    app.get("/api/v1/me")
    page = anna.client.get("/account").text
    action = re.search(r'action="(/account/tokens/[^"]+/remove)"', page).group(1)

    bert.client.post(action)
    still = app.get("/api/v1/me").status_code
    anna.client.post(action)

    with transaction(clinic.engine, writes=False) as db:
        assert list_tokens(db, anna.patient_id) == []
    assert (still, app.get("/api/v1/me").status_code) == (200, 401)


def test_a_patient_makes_a_token_that_is_shown_once(clinic, anna):
    page = anna.client.post("/account/tokens", data={"label": "laptop"})
    token = re.search(r'class="secret">([^<]+)<', page.text).group(1)

    me = clinic.browser().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

    assert me.json() == {"role": "app", "name": "laptop", "patient_id": str(anna.patient_id)}
    assert token not in anna.client.get("/account").text
    assert "laptop" in anna.client.get("/account").text
