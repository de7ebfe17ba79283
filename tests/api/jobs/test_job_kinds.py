"""What jobs do: reports of many patients, re-analysis, erasing what is older than is kept."""

import io
import zipfile
from uuid import uuid4

import pytest
from sqlmodel import select

from analysis import ENGINE_VERSION, load_catalogue
from api.access import Role, Scope, consents
from api.db import transaction
from api.jobs.retention import ask_if_due, read_retention
from api.jobs.rows import JobRow
from api.review import versions
from api.review.reanalysis import Reanalysed
from api.schemas import SetBody
from tests.api.access.test_consent import put_recording
from tests.api.builders import exercise_set, session

MONTH_S = 30 * 24 * 3600.0


def zipped(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_reports_of_all_patients_in_reach_come_as_one_file(desk):
    desk.clinic.add(Role.PATIENT, "carla")  # treated by somebody else
    desk.clinic.session_of(desk.anna)
    asked = desk.physio.client.post(
        "/jobs/reports", data={"reader": "clinician"}, follow_redirects=False
    )
    job_id = desk.newest().id

    desk.run(job_id)

    files = zipped(desk.physio.client.get(f"/jobs/{job_id}/reports.zip"))
    assert asked.status_code == 303
    assert len(files) == 2
    assert all(data.startswith(b"%PDF") for data in files.values())
    assert {name.rpartition("/")[2][-40:-4] for name in files} == {
        str(desk.anna.patient_id),
        str(desk.bert.patient_id),
    }


def test_who_withdraws_consent_is_not_in_the_file_any_more(desk):
    desk.physio.client.post("/jobs/reports", data={"reader": "patient"})
    job_id = desk.newest().id
    desk.run(job_id)

    with transaction(desk.clinic.engine, writes=True) as db:
        [care] = consents.list_care(db, desk.bert.patient_id)
        consents.end_care(db, desk.bert.patient_id, care.id, now=desk.clinic.now)

    files = zipped(desk.physio.client.get(f"/jobs/{job_id}/reports.zip"))
    assert [str(desk.anna.patient_id) in name for name in files] == [True]


def test_a_job_is_seen_by_who_asked_for_it_alone(desk):
    other, job_id = desk.clinic.add(Role.CLINICIAN, "other"), desk.ask(1)

    assert "Reports of patients" in desk.physio.client.get("/jobs").text
    assert str(job_id) not in other.client.get("/jobs").text
    assert other.client.get(f"/jobs/{job_id}/reports.zip").status_code == 404
    assert desk.step(job_id, "cancel", other).status_code == 404
    assert desk.anna.client.get("/jobs").status_code in {403, 404}


def old_session(patient, started_at="2026-05-10T08:30:00Z"):
    body = session(
        sets=[exercise_set((3.0, 3.0))],
        patient_id=str(patient.patient_id),
        started_at=started_at,
        engine="0.0.1",
    )
    session_id = uuid4()
    assert patient.client.put(f"/api/v1/sessions/{session_id}", json=body).status_code == 201
    assert put_recording(patient.client, session_id).status_code == 201
    return session_id


def found_again(*_):
    return Reanalysed(
        engine=ENGINE_VERSION,
        catalogue=load_catalogue().version,
        sets=[SetBody.model_validate(exercise_set((3.0, 3.0, 3.0)))],
    )


def states(desk, session_id):
    with transaction(desk.clinic.engine, writes=False) as db:
        return [one.state for one in versions.list_results(db, session_id)]


def test_sessions_in_reach_are_analysed_again_once_and_wait_for_a_decision(desk):
    ids = [old_session(patient) for patient in (desk.anna, desk.bert)]
    desk.clinic.api.app.state.reanalyse = found_again
    assert "An older engine measured 2 sessions" in desk.physio.client.get("/jobs").text
    desk.physio.client.post("/jobs/reanalysis")

    desk.run(desk.newest().id)

    again = desk.physio.client.post("/jobs/reanalysis")
    assert [states(desk, one) for one in ids] == [["proposed", "current"]] * 2
    assert again.status_code == 409
    assert "nothing to do" in again.text


def test_a_recording_whose_patient_withdrew_it_meanwhile_is_not_analysed(desk):
    session_id = old_session(desk.anna)
    desk.clinic.api.app.state.reanalyse = found_again
    desk.physio.client.post("/jobs/reanalysis")
    with transaction(desk.clinic.engine, writes=True) as db:
        [care] = consents.list_care(db, desk.anna.patient_id)
        consents.set_consent(
            db, desk.anna.patient_id, care.id, {Scope.RESULTS}, now=desk.clinic.now
        )
    job_id = desk.newest().id

    desk.run(job_id)

    assert states(desk, session_id) == []
    assert "no consent" in desk.reasons(job_id)[0]


@pytest.fixture
def admin(desk):
    return desk.clinic.add(Role.ADMINISTRATOR, "admin")


def look(desk):
    """What a runner does from time to time; the job that it asked for, if any."""
    with transaction(desk.clinic.engine, writes=True) as db:
        return ask_if_due(db, desk.clinic.now)


def test_recordings_are_kept_for_ever_unless_a_clinic_says_otherwise(desk):
    old_session(desk.anna, "2020-05-12T08:30:00Z")

    assert not look(desk)


def test_old_recordings_go_after_a_months_notice_and_results_stay(desk, admin):
    old = old_session(desk.anna, "2026-01-10T08:30:00Z")
    new = old_session(desk.bert)
    files = desk.clinic.api.app.state.recordings
    answer = admin.client.post("/jobs/retention", data={"keep_days": "90"})
    assert answer.status_code == 200
    assert "As of today that would be 1." in answer.text
    assert not look(desk), "nothing goes before the month is over"

    desk.later(MONTH_S)
    assert look(desk)
    assert not look(desk), "one job at a time"
    desk.run(job_of_service(desk))

    assert (files.has(old), files.has(new)) == (False, True)
    assert desk.anna.log_in().status_code == 303
    assert len(desk.anna.client.get(f"/api/v1/sessions/{old}").json()["exercise_sets"]) == 1
    log = desk.anna.client.get("/api/v1/audit").json()["lines"]
    assert any(one["route"] == "JOB retention" for one in log)


def test_a_longer_time_set_meanwhile_keeps_what_was_to_go(desk, admin):
    old = old_session(desk.anna, "2026-01-10T08:30:00Z")
    admin.client.post("/jobs/retention", data={"keep_days": "90"})
    desk.later(MONTH_S)
    assert look(desk)
    assert admin.log_in().status_code == 303

    admin.client.post("/jobs/retention", data={"keep_days": "3650"})
    desk.run(job_of_service(desk))

    assert desk.clinic.api.app.state.recordings.has(old)


def test_a_shorter_time_begins_with_a_notice_of_its_own(desk, admin):
    admin.client.post("/jobs/retention", data={"keep_days": "365"})
    desk.later(MONTH_S)
    assert admin.log_in().status_code == 303

    admin.client.post("/jobs/retention", data={"keep_days": "90"})

    with transaction(desk.clinic.engine, writes=False) as db:
        held = read_retention(db)
    assert (held.starts_at - desk.clinic.now).days == 30


def test_a_time_that_is_too_short_is_refused_beside_its_field(admin):
    answer = admin.client.post("/jobs/retention", data={"keep_days": "3"})

    assert answer.status_code == 422
    assert 'id="keep_days-wrong"' in answer.text


def job_of_service(desk):
    with transaction(desk.clinic.engine, writes=False) as db:
        return db.exec(select(JobRow.id).where(JobRow.kind == "retention")).one()
