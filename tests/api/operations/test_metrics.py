"""`/metrics`: figures of the service for Prometheus, added up over all of its processes."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api import transaction
from api.errors import RecordingsUnavailableError
from api.jobs.rows import JobRow
from api.operations.count_files import KINDS, forget_process, prepare_folder, take_room
from api.operations.metrics import Metrics
from api.operations.readiness import Watch
from tests.api.builders import BASE_URL, service, session

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "a-token-for-the-monitor"  # noqa: S105  # of a clinic that does not exist
NOW = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
COUNTS_IN_TWO = """
import os
from api.operations.count_files import take_room
from api.operations.metrics import Metrics
from api.operations.requests import Answered
child = os.fork()
take_room()
metrics = Metrics()
for status in [200, 200, 503]:
    metrics.count(Answered(method="GET", route="/clinic", status=status, took_s=0.2))
metrics.sittings.set(4)
if child:
    os.waitpid(child, 0)
    print(child, flush=True)
"""
COUNTS_WITHOUT_ROOM = """
import resource
from api.operations.count_files import take_room
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
take_room()
"""


@pytest.fixture
def counting():
    """A service that counts, with a token for who asks from elsewhere."""
    with service() as opened:
        metrics = Metrics()
        state = opened.app.state
        state.metrics, state.metrics_token, state.clock = metrics, TOKEN, lambda: NOW
        state.told.append(metrics.count)
        metrics.watch_pool(state.engine)
        opened.put_patient()
        yield opened


def figures(text):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def ask(opened, *, host="127.0.0.1", base_url=BASE_URL, **headers):
    """What a program at an address gets; headers with _ for -."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return TestClient(opened.app, base_url=base_url, client=(host, 50_000), headers=fields).get(
        "/metrics"
    )


def test_requests_are_counted_by_their_route_and_never_by_an_address(counting):
    session_id, first = counting.put_session(session())
    counting.put_session(session(), session_id)
    counting.client.get(f"/api/v1/sessions/{session_id}")
    counting.client.get(f"/nowhere/{session_id}")

    text = ask(counting).text

    found = figures(text)
    route = "/api/v1/sessions/{session_id}"
    assert first.status_code == 201
    assert found["tempo90_requests_total", "PUT", route, "201"] == 1
    assert found["tempo90_requests_total", "PUT", route, "200"] == 1
    assert found["tempo90_requests_total", "GET", "none", "404"] == 1
    assert found["tempo90_request_duration_seconds_count", "GET", route] == 1
    assert found["tempo90_uploads_total", "session"] == 1
    assert str(session_id) not in text


def test_jobs_that_wait_and_those_that_failed_are_told(counting):
    def job(state, due_at):
        return JobRow(
            id=uuid4(), kind="reports", state=state, asked_role="clinician", asked_at=NOW,
            not_before=due_at, n_all=1,
        )  # fmt: skip

    with transaction(counting.app.state.engine, writes=True) as db:
        db.add_all(
            [job("waiting", NOW - timedelta(minutes=10)), job("waiting", NOW), job("failed", NOW)]
        )

    found = figures(ask(counting).text)

    assert found["tempo90_jobs", "waiting"] == 2
    assert found["tempo90_jobs", "failed"] == 1
    assert found["tempo90_jobs_late_seconds",] == 600


def test_a_connection_counts_while_somebody_works_with_it(counting):
    before = figures(ask(counting).text)["tempo90_database_connections_in_use",]

    with counting.app.state.engine.connect():
        during = figures(ask(counting).text)["tempo90_database_connections_in_use",]

    assert (before, during) == (0, 1)


def test_each_check_of_readiness_is_a_figure(counting, tmp_path):
    class Away:
        def reach(self):
            raise RecordingsUnavailableError

    well = figures(ask(counting).text)
    counting.app.state.watch = Watch(counting.app.state.engine, Away(), tmp_path)
    ill = figures(ask(counting).text)

    assert [one["tempo90_ready", "database"] for one in (well, ill)] == [1, 1]
    assert [one["tempo90_ready", "recordings"] for one in (well, ill)] == [1, 0]


@pytest.mark.parametrize(
    ("status", "how"),
    [
        (200, {}),
        (200, {"host": "::1"}),
        (404, {"host": "192.0.2.7"}),
        (404, {"x_forwarded_for": "127.0.0.1"}),
        (404, {"forwarded": "for=127.0.0.1"}),
        (404, {"base_url": "http://tempo.clinic.example"}),
        (404, {"host": "192.0.2.7", "authorization": "Bearer another"}),
        (404, {"host": "192.0.2.7", "authorization": f"Basic {TOKEN}"}),
        (200, {"host": "192.0.2.7", "authorization": f"Bearer {TOKEN}"}),
    ],
    ids=str,
)
def test_figures_are_for_this_computer_and_who_has_the_token(status, how):
    with service(hosts=("localhost", "127.0.0.1", "::1", "tempo.clinic.example")) as opened:
        opened.app.state.metrics, opened.app.state.metrics_token = Metrics(), TOKEN

        answer = ask(opened, **how)

    assert answer.status_code == status


def test_without_a_token_in_the_settings_no_token_opens_them():
    with service() as opened:
        opened.app.state.metrics = Metrics()

        answers = [
            ask(opened, host="192.0.2.7", authorization=told) for told in ("Bearer", "Bearer None")
        ]

    assert [one.status_code for one in answers] == [404, 404]


def test_processes_of_one_service_add_up_and_a_dead_one_trains_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    counted = subprocess.run(
        [sys.executable, "-c", COUNTS_IN_TWO],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    both = figures(Metrics().text().decode())
    forget_process(int(counted.stdout))
    after = figures(Metrics().text().decode())

    assert both["tempo90_requests_total", "GET", "/clinic", "200"] == 4
    assert after["tempo90_requests_total", "GET", "/clinic", "200"] == 4
    assert both["tempo90_request_duration_seconds_count", "GET", "/clinic"] == 6
    assert [one["tempo90_sittings_live",] for one in (both, after)] == [8, 4]


def test_all_room_for_counting_is_taken_before_a_process_counts(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    take_room()

    taken = list(tmp_path.iterdir())
    assert sorted(one.name for one in taken) == sorted(f"{kind}_{os.getpid()}.db" for kind in KINDS)
    assert all(one.stat().st_blocks * 512 >= one.stat().st_size > 0 for one in taken)  # no holes
    assert "tempo90_requests_total" not in Metrics().text().decode()


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX does")
def test_a_disk_without_room_for_counting_is_told_and_nothing_is_left(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", COUNTS_WITHOUT_ROOM],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.stderr.splitlines()[-1].startswith("OSError:")
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_died_before_it_counted_leaves_nothing_to_stumble_over(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    (tmp_path / "counter_7.part").write_bytes(b"")

    while_it_lies_there = Metrics().text()
    forget_process(7)

    assert b"tempo90_requests_total" not in while_it_lies_there
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_starts_again_counts_from_nothing(tmp_path):
    (tmp_path / "counter_1.db").write_bytes(b"of the service before")

    prepare_folder(tmp_path)

    assert list(tmp_path.iterdir()) == []
