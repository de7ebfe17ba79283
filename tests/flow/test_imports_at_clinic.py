"""A clinician hands in files of a patient; a job makes sessions of them, each once."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from api.access import Scope, consents
from api.access.rows import AuditRow
from api.db import transaction
from api.jobs.rows import JobItemRow
from api.models import RecordingRow, SessionRow
from tests.api.access.people import open_clinic
from tests.api.jobs.conftest import Desk
from tests.browser import accessibility_problems, open_browser, open_page, serve
from tests.flow.test_clinic_pages import enter
from tests.flow.test_permissions import whole_app
from tests.flow.test_session_pages import SMALL_TARGETS, TOO_WIDE
from tracker.sample_data import csv_text
from tracker.simulator import Scenario, simulate

EXERCISE = "ecc_prone_helper"
NOISE = ("noise.csv", b"\x00\x01 this is no recording", "text/csv")


def recording(reps=2, seed=4):
    made = simulate(Scenario(exercise_id=EXERCISE, reps=reps, rate_hz=50.0), seed=seed)
    return (f"synthetic-{seed}.csv", csv_text(made).encode(), "text/csv")


RECORDING = recording()


@pytest.fixture
def desk(tmp_path):
    with open_clinic(make=whole_app(tmp_path)) as clinic:
        yield Desk(clinic)


def hand_in(desk, *files, **fields):
    """Send the form, and return the answer."""
    given = {"exercise": EXERCISE, "side": "left", "on": "2026-05-11"} | fields
    return desk.physio.client.post(
        f"/clinic/patients/{desk.anna.patient_id}/import/recording",
        data=given,
        files=[("files", one) for one in files],
        follow_redirects=False,
    )


def stored(desk):
    with transaction(desk.clinic.engine, writes=False) as db:
        sessions = db.exec(select(SessionRow)).all()
        recordings = set(db.exec(select(RecordingRow.session_id)).all())
        return [(one.patient_id, one.started_at.date(), one.id in recordings) for one in sessions]


def test_each_file_becomes_a_session_and_what_cannot_be_used_is_named_with_its_reason(desk):
    asked = hand_in(desk, RECORDING, NOISE, recording(seed=5))
    job_id = desk.newest().id

    desk.run(job_id)

    job, page = desk.job(job_id), desk.physio.client.get("/jobs").text
    assert (asked.status_code, asked.headers["location"]) == (303, "/jobs")
    assert (job.state, job.n_done, job.n_failed) == ("done", 2, 1)
    assert {(whose, str(on), whole) for whose, on, whole in stored(desk)} == {
        (desk.anna.patient_id, "2026-05-11", True)
    }
    assert len(stored(desk)) == 2
    assert "<strong>noise.csv</strong>" in page
    assert f"/sessions?patient_id={desk.anna.patient_id}" in page


def test_a_session_that_was_imported_counts_its_repetitions_and_is_noted(desk):
    hand_in(desk, RECORDING)

    desk.run(desk.newest().id)

    with transaction(desk.clinic.engine, writes=False) as db:
        session_id = db.exec(select(SessionRow.id)).one()
        noted = db.exec(select(AuditRow).where(AuditRow.route == "JOB import")).all()
        about = [one.object_id for one in noted]
    session = desk.anna.client.get(f"/api/v1/sessions/{session_id}").json()
    assert [len(one["reps"]) for one in session["exercise_sets"]] == [2]
    assert session["exercise_sets"][0]["side"] == "left"
    assert about == [session_id]


def test_a_file_that_is_handed_in_twice_or_worked_on_twice_is_one_session(desk):
    hand_in(desk, RECORDING, RECORDING)
    first = desk.newest().id
    desk.run(first)
    desk.later(60)
    hand_in(desk, RECORDING)

    desk.run(desk.newest().id)

    assert desk.newest().id != first
    assert (desk.newest().state, desk.newest().n_done) == ("done", 1)
    assert len(stored(desk)) == 1


def test_a_worker_that_is_killed_after_storing_leaves_nothing_doubled(desk, monkeypatch):
    hand_in(desk, RECORDING)
    job_id, place = desk.newest().id, desk.place

    class KilledError(BaseException):
        pass

    def die(*_):
        raise KilledError

    monkeypatch.setattr("api.jobs.running._store", die)
    with pytest.raises(KilledError):
        desk.run(job_id)
    monkeypatch.undo()
    desk.later(120)  # the claim runs out

    desk.place = place
    desk.run(job_id)

    assert desk.job(job_id).state == "done"
    assert len(stored(desk)) == 1


def test_who_withdraws_consent_to_recordings_before_the_job_runs_is_left_out(desk):
    hand_in(desk, RECORDING)
    job_id = desk.newest().id
    with transaction(desk.clinic.engine, writes=True) as db:
        [care] = consents.list_care(db, desk.anna.patient_id)
        consents.set_consent(
            db, desk.anna.patient_id, care.id, {Scope.RESULTS}, now=desk.clinic.now
        )

    desk.run(job_id)

    assert desk.job(job_id).state == "failed"
    assert "no consent" in desk.reasons(job_id)[0]
    assert stored(desk) == []


def test_a_file_is_forgotten_when_its_session_is_stored(desk):
    hand_in(desk, RECORDING, NOISE)
    job_id = desk.newest().id

    desk.run(job_id)

    with transaction(desk.clinic.engine, writes=False) as db:
        kept = {one.file_name: one.content for one in items(db, job_id)}
    assert kept == {"synthetic-4.csv": None, "noise.csv": NOISE[1]}


def items(db, job_id):
    return db.exec(select(JobItemRow).where(JobItemRow.job_id == job_id)).all()


@pytest.mark.parametrize(
    ("files", "fields", "said"),
    [
        ((), {}, "Choose one file or more."),
        ((("empty.csv", b"", "text/csv"),), {}, "Choose one file or more."),
        ((RECORDING,), {"on": "2099-01-01"}, "This day is still to come."),
        ((RECORDING,), {"exercise": "elbow"}, 'id="exercise-wrong"'),
    ],
)
def test_a_form_that_cannot_be_used_is_shown_again_and_asks_for_nothing(desk, files, fields, said):
    answer = hand_in(desk, *files, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    with transaction(desk.clinic.engine, writes=False) as db:
        assert db.exec(select(SessionRow)).all() == []


def test_too_many_files_and_too_long_ones_are_refused(desk):
    path = f"/clinic/patients/{desk.anna.patient_id}/import/recording"
    many = hand_in(desk, *[RECORDING] * 21)
    long = desk.physio.client.post(path, content=b"", headers={"Content-Length": str(2**31)})

    assert (many.status_code, long.status_code) == (400, 413)


def test_a_clinician_hands_in_a_file_in_a_browser_and_sees_what_became_of_it(desk, tmp_path):
    file = tmp_path / "synthetic.csv"
    file.write_bytes(RECORDING[1])
    with (
        serve(desk.clinic.api.app) as url,
        open_browser() as browser,
        open_page(browser, width=390, locale="en-GB") as page,
    ):
        enter(page, url, desk.physio)
        page.goto(f"{url}/clinic/patients/{desk.anna.patient_id}")
        page.get_by_role("link", name="Import recordings").click()
        assert accessibility_problems(page) == []
        assert page.evaluate(TOO_WIDE) == 0
        assert page.evaluate(SMALL_TARGETS) == []
        page.get_by_label("Files").set_input_files(file)
        page.get_by_label("Exercise").select_option(EXERCISE)
        page.get_by_role("button", name="Import").click()
        expect(page.get_by_role("heading", name="Recordings imported")).to_be_visible()
        desk.run(desk.newest().id)
        page.reload()
        page.get_by_role("link", name="To the sessions").click()
        expect(page.locator("main")).to_contain_text("2 of")
