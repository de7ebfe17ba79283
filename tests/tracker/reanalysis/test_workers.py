"""More than one worker: processes of this computer, a Dask cluster, an object store."""

import hashlib
import json
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from api.errors import RecordingsUnavailableError
from api.recording_store import open_recordings
from api.settings import ApiSettings
from tests.browser import wait_until
from tests.object_store import known_to_clients, s3_service
from tests.postgres import new_database
from tests.tracker.reanalysis.old_place import Place
from tracker.cli import app
from tracker.data_source import DataSource
from tracker.reanalysis.batches import StoreAwayError, do_sessions
from tracker.reanalysis.one_session import Manner
from tracker.reanalysis.spreading import spread
from tracker.reanalysis.workers import WorkersError, cluster

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def place(tmp_path, sitting):
    with closing(Place(tmp_path, sitting)) as made:
        yield made


def source_of(place):
    return DataSource(
        database_url=place.folder.database_url, recordings_dir=place.folder.recordings
    )


def run(place, *arguments):
    return CliRunner().invoke(app, ["reanalyse", "--data", str(place.folder.root), *arguments])


def test_processes_do_each_session_once_and_a_run_killed_at_once_goes_on(place):
    ids = [place.add() for _ in range(10)]
    command = [sys.executable, "-m", "tracker.cli", "reanalyse", "--all", "--jobs", "2"]
    first = subprocess.Popen(
        [*command, "--data", str(place.folder.root)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_until(lambda: any(place.states(one) for one in ids), within_s=120)
    os.killpg(first.pid, 9)
    first.wait()

    answer = run(place, "--all", "--json")

    counts = json.loads(answer.stdout)["counts"]
    assert answer.exit_code == 0
    assert 0 < counts["analysed"] < len(ids)
    assert [place.states(one) for one in ids] == [["proposed", "current"]] * len(ids)


def test_a_dask_cluster_reads_an_object_store_and_writes_to_postgresql(
    tmp_path, sitting, monkeypatch
):
    distributed = pytest.importorskip("distributed")
    bucket = f"recordings-{uuid4().hex}"  # all services of one process share their buckets
    with (
        s3_service() as endpoint,
        known_to_clients(endpoint),
        new_database() as url,
        closing(Place(tmp_path, sitting, url)) as place,
    ):
        make_bucket(endpoint, bucket)
        monkeypatch.setenv("TEMPO90_DATABASE", url)
        monkeypatch.setenv("TEMPO90_OBJECT_STORE", f"s3://{bucket}/kept")
        ids = [place.add(with_file=False) for _ in range(3)]
        for session_id in ids:
            put_into_store(tmp_path, bucket, session_id, place.recording.read_bytes())
        with distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        ) as dask:
            answer = run(place, "--all", "--json", "--scheduler", dask.scheduler_address)
        states = [place.states(one) for one in ids]

    assert json.loads(answer.stdout)["counts"]["analysed"] == 3
    assert states == [["proposed", "current"]] * 3


def make_bucket(endpoint, bucket):
    request = urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")  # noqa: S310
    urllib.request.urlopen(request).close()  # noqa: S310


def put_into_store(root, bucket, session_id, data):
    settings = ApiSettings(recordings_dir=root, object_store=f"s3://{bucket}/kept")
    with open_recordings(settings).receive(session_id) as incoming:
        incoming.append(data)
        incoming.check(hashlib.sha256(data).hexdigest())
        incoming.settle()
        incoming.restart()


def test_a_scheduler_that_is_not_there_is_told_in_a_sentence(place, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("tracker.reanalysis.workers.ANSWER_S", 0.2)

    with (
        pytest.raises(WorkersError, match=r"No scheduler of Dask answers at tcp:"),
        cluster("tcp://127.0.0.1:1", source_of(place)),
    ):
        pass


def test_without_dask_the_extra_is_named(place, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with (
        pytest.raises(WorkersError, match=r"pip install 'tempo90\[cluster\]'"),
        cluster("tcp://127.0.0.1:1", source_of(place)),
    ):
        pass


def test_a_worker_elsewhere_that_cannot_open_the_files_is_told_so(tmp_path):
    nowhere = tmp_path / "nowhere"
    on_disk = DataSource(database_url=f"sqlite:///{nowhere}.sqlite", recordings_dir=nowhere)
    on_server = DataSource(database_url="postgresql://host/name", recordings_dir=nowhere)

    assert "use PostgreSQL" in on_disk.why_out_of_reach()
    assert "use an object store" in on_server.why_out_of_reach()
    in_store = DataSource(
        database_url="postgresql://host/name", recordings_dir=nowhere, object_store="s3://here"
    )
    assert in_store.why_out_of_reach() is None


def test_no_more_work_is_taken_than_there_is_room_for():
    taken = []

    def pieces():
        for number in range(50):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(2) as pool:
        results = spread(pool, lambda number: number, pieces(), most_on_the_way=4)
        first = next(results)
        n_taken = len(taken)
        rest = list(results)

    assert n_taken <= 5
    assert sorted([first, *rest]) == list(range(50))


class AwayFor:
    """A store of recordings that does not answer the first times."""

    def __init__(self, recordings, n_times):
        self._recordings, self._n_left = recordings, n_times

    def has(self, session_id):
        if self._n_left:
            self._n_left -= 1
            raise RecordingsUnavailableError
        return self._recordings.has(session_id)

    def local_copy(self, session_id):
        return self._recordings.local_copy(session_id)


def test_a_store_that_is_away_for_a_moment_is_waited_for(place):
    session_id, pauses_s = place.add(), []
    away = AwayFor(source_of(place).open_recordings(), 2)

    [done] = do_sessions(place.engine, away, [session_id], Manner(), sleep=pauses_s.append)

    assert done.result is not None
    assert pauses_s == [0.5, 2.0]


def test_a_store_that_stays_away_ends_the_run_with_what_to_do(place):
    session_id = place.add()
    away = AwayFor(source_of(place).open_recordings(), 99)

    with pytest.raises(StoreAwayError, match="start again to go on"):
        do_sessions(place.engine, away, [session_id], Manner(), sleep=lambda _: None)

    assert place.states(session_id) == []


def test_a_database_that_stays_away_is_told_apart(place):
    class Broken:
        def has(self, _):
            raise OperationalError("SELECT 1", None, Exception("gone"))

    with pytest.raises(StoreAwayError, match="from the database"):
        do_sessions(place.engine, Broken(), [place.add()], Manner(), sleep=lambda _: None)


def test_processes_and_a_cluster_exclude_each_other(place):
    assert run(place, "--all", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1").exit_code == 2
