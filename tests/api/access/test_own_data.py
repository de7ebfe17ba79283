import io
import json
import zipfile
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from api.access import Role
from api.belongings import belongs, path_to_patient, tables_of_patients
from api.db import transaction
from api.models import Row
from api.own_data import NOT_EXPORTED, erase_patient, export_patient
from tests.api.access.people import PASSWORD
from tests.api.access.test_consent import RECORDING, put_recording
from tests.api.builders import session

NOBODYS = {
    "audit",
    "job",
    "login_try",
    "need_threshold",
    "prescription_template",
    "retention",
    "sensor",
}


def count_rows(clinic, patient_id):
    """How many rows of each table are a patient's."""
    with transaction(clinic.engine, writes=False) as db:
        return {
            table.name: db.execute(
                select(func.count())
                .select_from(table)
                .where(belongs(table, lambda column: column == patient_id))
            ).scalar_one()
            for table in tables_of_patients()
        }


def fill(clinic, patient, clinician):
    clinic.treat(clinician, patient)
    clinic.token(patient)
    session_id = clinic.session_of(patient)
    assert put_recording(patient.client, session_id).status_code == 201
    entry = {"sport_on": "2026-05-12", "kind": "walk", "minutes": 20}
    patient.client.post(f"/api/v1/patients/{patient.patient_id}/diary", json=entry)
    return session_id


def unpack(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_every_table_is_a_patients_or_known_to_be_nobodys():
    strange = [table.name for table in Row.metadata.sorted_tables if path_to_patient(table) is None]

    assert set(strange) == NOBODYS


def test_an_export_holds_every_table_and_the_recordings_and_nobody_elses(
    clinic, anna, bert, physio
):
    session_id, other = fill(clinic, anna, physio), fill(clinic, bert, physio)

    answer = anna.client.get(f"/api/v1/patients/{anna.patient_id}/export")

    files = unpack(answer.content)
    tables = {table.name for table in tables_of_patients()} - NOT_EXPORTED
    assert answer.headers["content-type"] == "application/zip"
    assert {name for name in files if name.startswith("data/")} == {
        f"data/{name}.json" for name in tables
    }
    assert files[f"recordings/{session_id}.mcap"] == RECORDING
    everything = b"".join(files.values())
    assert str(other).encode() not in everything
    assert str(bert.patient_id).encode() not in everything
    assert json.loads(files["data/session.json"])[0]["pain_worst"] == 3
    assert len(json.loads(files["data/rep.json"])) == 2


def test_an_export_holds_no_secret_of_the_log_in(clinic, anna, physio):
    fill(clinic, anna, physio)

    files = unpack(anna.client.get(f"/api/v1/patients/{anna.patient_id}/export").content)

    account = json.loads(files["data/account.json"])[0]
    assert account["login"] == "anna"
    assert not {"password_hash", "totp_secret"} & set(account)
    assert b"argon2" not in b"".join(files.values())


def test_an_export_comes_in_pieces_and_never_whole_in_memory(clinic, anna, physio):
    session_id = fill(clinic, anna, physio)
    files = clinic.api.app.state.recordings
    files.path(session_id).write_bytes(bytes(range(256)) * 40_000)

    with transaction(clinic.engine, writes=False) as db:
        pieces = [len(piece) for piece in export_patient(db, files, anna.patient_id)]

    assert len(pieces) > 40
    assert max(pieces) < 400_000


def test_an_erasure_leaves_nothing_of_one_patient_and_all_of_the_other(clinic, anna, bert, physio):
    session_id, other = fill(clinic, anna, physio), fill(clinic, bert, physio)
    others_rows = count_rows(clinic, bert.patient_id)
    files = clinic.api.app.state.recordings
    with files.receive(UUID(int=7)) as half:
        half.append(b"of nobody")

    answer = anna.client.delete(f"/api/v1/patients/{anna.patient_id}")

    assert answer.status_code == 200
    assert answer.json()["recordings"] == 1
    assert answer.json()["rows"]["rep"] == 2
    assert set(count_rows(clinic, anna.patient_id).values()) == {0}
    assert count_rows(clinic, bert.patient_id) == others_rows
    assert not files.path(session_id).exists()
    assert files.path(other).exists()
    assert anna.log_in().status_code == 403


def test_a_recording_that_arrived_in_part_is_erased_too(clinic, anna):
    session_id = clinic.session_of(anna)
    files = clinic.api.app.state.recordings
    with files.receive(session_id) as half:
        half.append(b"the first half")

    with transaction(clinic.engine, writes=True) as db:
        report = erase_patient(db, files, anna.patient_id)

    assert report.recordings == 1
    assert files.offset_bytes(session_id) == 0


@pytest.mark.usefixtures("admin")
def test_the_log_of_an_erased_patient_stays_and_names_nobody(clinic, anna, physio):
    fill(clinic, anna, physio)

    anna.client.delete(f"/api/v1/patients/{anna.patient_id}")

    with transaction(clinic.engine, writes=False) as db:
        rows = db.execute(text("SELECT name, role, route FROM audit")).all()
    assert ("", "patient", "DELETE /api/v1/patients/{patient_id}") in [tuple(row) for row in rows]
    assert "anna" not in str(rows)


def test_everything_is_removed_on_a_page_only_with_the_password(clinic, anna, physio):
    fill(clinic, anna, physio)

    wrong = anna.client.post("/account/erase", data={"password": "wrong"})
    kept = count_rows(clinic, anna.patient_id)["session"]
    right = anna.client.post("/account/erase", data={"password": PASSWORD}, follow_redirects=False)

    assert (wrong.status_code, kept) == (403, 1)
    assert right.headers["location"] == "/log-in"
    assert set(count_rows(clinic, anna.patient_id).values()) == {0}


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ADMINISTRATOR])
def test_nobody_else_exports_or_erases(clinic, anna, role):
    other = clinic.add(role, "other")
    if role is Role.CLINICIAN:
        clinic.treat(other, anna)

    exported = other.client.get(f"/api/v1/patients/{anna.patient_id}/export")
    erased = other.client.delete(f"/api/v1/patients/{anna.patient_id}")

    assert (exported.status_code, erased.status_code) == (403, 403)


@pytest.mark.usefixtures("clinic")
def test_the_owner_of_a_computer_exports_and_erases_without_a_log_in(api):
    patient_id = UUID(int=3)
    api.put_patient(patient_id)

    exported = api.client.get(f"/api/v1/patients/{patient_id}/export")
    erased = api.client.delete(f"/api/v1/patients/{patient_id}")
    again = api.client.delete(f"/api/v1/patients/{patient_id}")

    assert "data/patient.json" in unpack(exported.content)
    assert (erased.status_code, again.status_code) == (200, 404)


def test_what_is_erased_is_overwritten_in_the_file(clinic, anna):
    note = "only anna knows this note"
    body = session(patient_id=str(anna.patient_id), notes=note)
    anna.client.put("/api/v1/sessions/44444444-4444-4444-8444-444444444444", json=body)
    path = clinic.api.folder / "tempo90.db"
    empty_log(clinic)
    before = note.encode() in path.read_bytes()

    anna.client.delete(f"/api/v1/patients/{anna.patient_id}")

    empty_log(clinic)
    assert before
    assert note.encode() not in path.read_bytes()


def empty_log(clinic):
    """Let SQLite bring its write-ahead file into the database."""
    with clinic.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
