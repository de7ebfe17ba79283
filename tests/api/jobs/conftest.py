"""A clinic with two patients and the physiotherapist who treats them."""

from datetime import timedelta

import pytest

from api.access import Role
from api.access.identity import Identity
from api.db import transaction
from api.jobs import queue
from api.jobs.kinds import Kind
from api.jobs.queue import Asked, Wanted
from api.jobs.rows import JobItemRow, JobRow
from api.jobs.running import run_job
from api.jobs.site import workplace
from tests.api.access.people import open_clinic


class Desk:
    """A clinic and the jobs in it; nothing works on them but what a test runs."""

    def __init__(self, clinic):
        self.clinic = clinic
        self.clinic.api.app.state.jobs.close()
        self.anna, self.bert = (clinic.add(Role.PATIENT, name) for name in ("anna", "bert"))
        self.physio = clinic.add(Role.CLINICIAN, "physio")
        for patient in (self.anna, self.bert):
            clinic.treat(self.physio, patient)
        self.place = workplace(clinic.api.app)

    @property
    def who(self):
        return Identity(
            role=Role.CLINICIAN, name="Synthetic physio", account_id=self.physio.account_id
        )

    def ask(self, n_items=4, kind=Kind.REPORTS):
        wanted = [Wanted(self.anna.patient_id) for _ in range(n_items)]
        with transaction(self.clinic.engine, writes=True) as db:
            return queue.ask(db, Asked(kind, self.who, self.clinic.now), wanted)

    def run(self, job_id, work=None):
        kinds = {} if work is None else {"kinds": {Kind.REPORTS.value: work}}
        run_job(self.place, job_id, **kinds)

    def job(self, job_id):
        with transaction(self.clinic.engine, writes=False) as db:
            row = db.get_one(JobRow, job_id)
            db.expunge(row)
            return row

    def newest(self):
        with transaction(self.clinic.engine, writes=False) as db:
            rows = queue.list_jobs(db, self.who)
            db.expunge_all()
            return rows[0]

    def reasons(self, job_id):
        with transaction(self.clinic.engine, writes=False) as db:
            return [one.reason for one in queue.list_items(db, job_id, state="failed")]

    def files(self, job_id):
        with transaction(self.clinic.engine, writes=False) as db:
            numbers = range(1, self.job(job_id).n_all + 1)
            return [db.get_one(JobItemRow, (job_id, number)).file_name for number in numbers]

    def step(self, job_id, step, person=None):
        client = (person or self.physio).client
        return client.post(f"/jobs/{job_id}/{step}", follow_redirects=False)

    def later(self, seconds):
        self.clinic.now += timedelta(seconds=seconds)


@pytest.fixture
def desk(database):
    with open_clinic(database=database) as clinic:
        yield Desk(clinic)
