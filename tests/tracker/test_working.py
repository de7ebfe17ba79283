"""`tempo90 work`: another process does what a page asked for, and a killed one is replaced."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api import migrate, open_engine, store, transaction
from api.access.identity import Identity, Role
from api.jobs import queue
from api.jobs.kinds import Kind
from api.jobs.on_postgres import JobsOnPostgres
from api.jobs.queue import Asked, Wanted
from api.jobs.rows import JobItemRow, JobRow
from api.schemas import PatientCreate
from tests.api.builders import PATIENT_ID
from tests.browser import wait_until
from tests.postgres import new_database
from tracker.data_source import DataSource
from tracker.working import WorkingError, open_worker, open_workplace

ROOT = Path(__file__).resolve().parents[2]
OWNER = Identity(role=Role.OWNER, name="Synthetic owner")
N_REPORTS = 4


class Server:
    def __init__(self, url, root):
        self.url, self.root = url, root
        self.source = DataSource(database_url=url, recordings_dir=root)
        self.engine = open_engine(url)

    def ask(self, n_items):
        with transaction(self.engine, writes=True) as db:
            store.put_patient(db, PATIENT_ID, PatientCreate(name="Synthetic patient"))
            wanted = [Wanted(PATIENT_ID)] * n_items
            return queue.ask(db, Asked(Kind.REPORTS, OWNER, datetime.now(UTC)), wanted)

    def job(self, job_id):
        with transaction(self.engine, writes=False) as db:
            row = db.get_one(JobRow, job_id)
            db.expunge(row)
            return row

    def files(self, job_id):
        with transaction(self.engine, writes=False) as db:
            found = [db.get_one(JobItemRow, (job_id, one + 1)).content for one in range(N_REPORTS)]
            return [bytes(one or b"")[:4] for one in found]

    def expire(self, job_id):
        """As if the minute was over for which the killed worker holds the job."""
        with transaction(self.engine, writes=True) as db:
            db.get_one(JobRow, job_id).claimed_until = datetime(2020, 1, 1, tzinfo=UTC)

    def start(self):
        return subprocess.Popen(
            [sys.executable, "-m", "tracker.cli", "work", "--data", str(self.root)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TEMPO90_DATABASE": self.url},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )


@pytest.fixture
def server(tmp_path):
    with new_database() as url:
        made = Server(url, tmp_path)
        yield made
        made.engine.dispose()


def work_off(server):
    """What a worker does until nothing is left, in this process."""
    app, engine = open_worker(server.source)

    async def run():
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(run())
    engine.dispose()


def test_what_is_told_to_a_worker_is_done(server):
    app, engine = open_worker(server.source)
    engine.dispose()
    job_id = server.ask(N_REPORTS)
    place = open_place(server)
    JobsOnPostgres(server.url, place).wake()
    JobsOnPostgres(server.url, place).wake()  # told twice, done once

    work_off(server)

    assert app is not None
    assert (server.job(job_id).state, server.job(job_id).n_done) == ("done", N_REPORTS)
    assert server.files(job_id) == [b"%PDF"] * N_REPORTS
    place.engine.dispose()


def open_place(server):
    return open_workplace(server.source, open_engine(server.url), None)


def test_a_worker_killed_in_mid_job_is_replaced_and_every_report_is_made_once(server):
    first = server.start()
    job_id = server.ask(N_REPORTS)
    place = open_place(server)

    def is_begun():
        JobsOnPostgres(server.url, place).wake()
        return server.job(job_id).n_done > 0

    wait_until(is_begun, within_s=120)
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stderr.close()
    n_done = server.job(job_id).n_done
    server.expire(job_id)
    second = server.start()

    def is_done():
        JobsOnPostgres(server.url, place).wake()
        return server.job(job_id).state == "done"

    wait_until(is_done, within_s=120)
    second.send_signal(signal.SIGTERM)
    said = second.communicate(timeout=60)[1]

    assert n_done < N_REPORTS
    assert server.job(job_id).n_done == N_REPORTS
    assert server.files(job_id) == [b"%PDF"] * N_REPORTS
    assert b"Traceback" not in said
    place.engine.dispose()


def test_on_sqlite_there_is_nothing_for_a_process_of_its_own(tmp_path):
    url = f"sqlite:///{tmp_path / 'tempo90.sqlite'}"
    migrate(url)

    with pytest.raises(WorkingError, match="this command is for PostgreSQL"):
        open_worker(DataSource(database_url=url, recordings_dir=tmp_path))
