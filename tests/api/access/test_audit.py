import sqlite3
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from api import migrate
from api.access import audit as log
from api.db import transaction
from tests.api.builders import session

pytestmark = pytest.mark.both_databases


def lines_of(person):
    return person.client.get("/api/v1/audit").json()["lines"]


def told(lines):
    return [(one["name"], one["role"], one["action"], one["route"]) for one in lines]


def test_every_look_of_a_clinician_is_told_to_the_patient(clinic, anna, physio):
    clinic.treat(physio, anna)
    session_id = clinic.session_of(anna)
    clinic.later(minutes=5)

    physio.client.get(f"/api/v1/sessions/{session_id}")

    newest = lines_of(anna)[0]
    assert newest | {"id": 0} == {
        "id": 0,
        "at": "2026-05-12T10:05:00Z",
        "name": "Synthetic physio",
        "role": "clinician",
        "action": "read",
        "route": "GET /api/v1/sessions/{session_id}",
        "object_id": str(session_id),
        "patient_id": str(anna.patient_id),
        "is_allowed": True,
    }


def test_a_write_whose_address_names_nobody_is_noted_for_the_patient_in_its_body(
    clinic, anna, physio
):
    clinic.treat(physio, anna)
    order = {"patient_id": str(anna.patient_id), "exercise": "ecc_prone_helper", "sets": 3}

    made = physio.client.post("/api/v1/prescriptions", json=order | {"starts_on": "2026-05-12"})

    assert made.status_code == 201
    newest = lines_of(anna)[0]
    assert (newest["action"], newest["route"]) == ("write", "POST /api/v1/prescriptions")
    assert newest["object_id"] == made.json()["id"]


def test_a_session_that_is_new_is_noted_and_one_that_is_refused_is_not_stored(clinic, anna):
    session_id = clinic.session_of(anna, clinic.app(anna))

    newest = lines_of(anna)[0]

    assert (newest["role"], newest["object_id"]) == ("app", str(session_id))


def test_an_upload_leaves_one_line_however_it_ends(clinic, anna):
    app = clinic.app(anna)
    session_id = clinic.session_of(anna, app)
    body = session(patient_id=str(anna.patient_id))
    sent = (body, body | {"soreness": 9}, {"patient_id": "nonsense"})

    answers = [app.put(f"/api/v1/sessions/{session_id}", json=one) for one in sent]

    assert [answer.status_code for answer in answers] == [200, 409, 422]
    noted = [one for one in lines_of(anna) if one["route"].startswith("PUT")]
    assert [(one["action"], one["object_id"], one["patient_id"]) for one in noted] == [
        ("write", str(session_id), str(anna.patient_id))
    ] * 4


def test_a_session_for_somebody_else_is_noted_without_a_word_of_them(clinic, anna, bert, admin):
    app, session_id = clinic.app(anna), uuid4()

    answer = app.put(
        f"/api/v1/sessions/{session_id}", json=session(patient_id=str(bert.patient_id))
    )

    assert answer.status_code == 404
    newest = next(one for one in lines_of(admin) if one["route"].startswith("PUT"))
    assert (newest["object_id"], newest["patient_id"]) == (str(session_id), None)


def test_a_page_whose_address_names_nobody_is_about_who_asks(anna, physio):
    page = anna.client.get("/today")
    of_another = physio.client.get("/today")

    newest = lines_of(anna)[0]
    assert (page.status_code, of_another.status_code) == (200, 403)
    assert (newest["route"], newest["patient_id"]) == ("GET /today", str(anna.patient_id))


def test_a_patients_first_page_is_their_own_day_and_a_clinicians_a_list(clinic, anna, physio):
    clinic.treat(physio, anna)

    own, list_of_physio = anna.client.get("/").text, physio.client.get("/").text
    of_anna = physio.client.get(f"/patients/{anna.patient_id}/today")

    assert 'href="/calendar"' in own
    assert 'href="/calendar"' not in list_of_physio
    assert of_anna.status_code == 200


def test_what_was_refused_is_noted_too(clinic, anna, bert, physio):
    session_id = clinic.session_of(anna)

    bert.client.get(f"/api/v1/sessions/{session_id}")
    physio.client.get(f"/sessions/{session_id}")

    assert [(one["role"], one["is_allowed"]) for one in lines_of(anna)[:2]] == [
        ("clinician", False),
        ("patient", False),
    ]


def test_a_patient_sees_that_somebody_tried_their_password(clinic, anna):
    form = {"login": "anna", "password": "a wrong guess"}
    clinic.browser().post("/log-in", data=form)

    newest = lines_of(anna)[0]

    assert told([newest]) == [("", "nobody", "account", "log-in")]
    assert newest["is_allowed"] is False


def test_a_patient_sees_that_their_clinician_opened_a_list_and_not_that_others_did(
    clinic, anna, bert, physio
):
    clinic.treat(physio, anna)

    physio.client.get("/api/v1/patients")

    line = ("Synthetic physio", "clinician", "read", "GET /api/v1/patients")
    assert line in told(lines_of(anna))
    assert line not in told(lines_of(bert))


def test_a_patient_sees_their_own_lines_alone_and_an_administrator_all(clinic, anna, bert, admin):
    clinic.session_of(anna)
    clinic.session_of(bert)

    of_anna = {one["patient_id"] for one in lines_of(anna)}
    of_all = {one["patient_id"] for one in lines_of(admin)}

    assert of_anna == {str(anna.patient_id)}
    assert {str(anna.patient_id), str(bert.patient_id)} <= of_all


def test_a_clinician_reads_no_log_and_nobody_logs_without_a_name(clinic, physio):
    assert physio.client.get("/api/v1/audit").status_code == 403
    assert clinic.browser().get("/api/v1/audit").status_code == 401


def test_the_log_holds_no_name_of_a_patient_and_no_measured_value(clinic, anna, physio):
    clinic.treat(physio, anna)
    body = session(patient_id=str(anna.patient_id), notes="a note nobody else reads")
    anna.client.put(f"/api/v1/sessions/{uuid4()}", json=body)

    with transaction(clinic.engine, writes=False) as db:
        rows = db.execute(text("SELECT * FROM audit")).all()

    assert rows
    assert "Synthetic anna" not in str(rows)
    assert "a note nobody else reads" not in str(rows)


@pytest.mark.parametrize("statement", ["UPDATE audit SET route = ''", "DELETE FROM audit"])
def test_the_schema_itself_lets_no_line_be_changed_or_removed(clinic, anna, statement):
    clinic.session_of(anna)

    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction(clinic.engine, writes=True) as db,
    ):
        db.execute(text(statement))


def test_the_migration_goes_back_and_forth(tmp_path):
    path = tmp_path / "clinic.db"
    url = f"sqlite:///{path}"
    migrate(url)

    migrate(url, "0002")
    with sqlite3.connect(path) as loose:
        names = {row[0] for row in loose.execute("SELECT name FROM sqlite_master")}
    loose.close()
    migrate(url)

    assert not {"account", "audit", "audit_no_delete"} & names


def test_the_page_tells_it_in_words_and_goes_on_to_older_lines(clinic, anna, physio):
    clinic.treat(physio, anna)
    session_id = clinic.session_of(anna)
    for _ in range(log.PAGE):
        physio.client.get(f"/sessions/{session_id}")

    page = anna.client.get("/audit?lang=nl").text
    older = page.split('href="/audit?before=')[1].partition('"')[0]
    second = anna.client.get(f"/audit?before={older}").text

    assert page.count("<tr>") == log.PAGE + 1
    assert "Synthetic physio" in page
    assert "bekeken" in page
    assert "sessie" in page
    assert "{session_id}" not in page
    assert 1 < second.count("<tr>") < log.PAGE
