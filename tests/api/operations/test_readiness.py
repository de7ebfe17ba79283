"""`/ready`: what a load balancer asks before it sends anybody here."""

from collections import namedtuple

import boto3
import pytest
from alembic.runtime.migration import MigrationContext

from api import migrate, open_engine
from api.errors import RecordingsUnavailableError
from api.operations import readiness
from api.operations.readiness import FRESH_S, Watch, check_tables_there
from tests.api.builders import service
from tests.object_store import known_to_clients, s3_service

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  # as shutil returns it


def rows(answer):
    return {one["name"]: one["is_well"] for one in answer.json()["checks"]}


@pytest.mark.both_databases
def test_a_service_that_has_all_it_needs_is_ready(api):
    answer = api.client.get("/ready")

    assert answer.status_code == 200
    assert answer.json()["is_ready"]
    assert rows(answer) == {"database": True, "recordings": True, "disk": True}


def test_a_database_that_is_away_is_told_without_its_address(tmp_path):
    url = f"postgresql://clinic:secret-of-the-clinic@/none?host={tmp_path}"
    with service() as opened:
        opened.app.state.watch._engine = open_engine(url)

        answer = opened.client.get("/ready")

    assert (answer.status_code, rows(answer)["database"]) == (503, False)
    assert "clinic" not in answer.text
    assert str(tmp_path) not in answer.text


def test_older_tables_are_not_ready_and_stay_as_they_are(api):
    migrate(api.url, "0006")

    answer = api.client.get("/ready")

    found = next(one for one in answer.json()["checks"] if one["name"] == "database")
    assert answer.status_code == 503
    assert found["found"].startswith("tables 0006, this version needs ")
    with api.app.state.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0006"


def test_a_database_without_tables_gets_none_by_being_asked(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")

    found = check_tables_there(engine)

    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master").all()
    engine.dispose()
    assert not found.is_well
    assert tables == []


def test_a_folder_of_recordings_that_cannot_be_made_is_not_ready(tmp_path):
    (tmp_path / "taken").write_text("a file")

    with service(recordings_dir=tmp_path / "taken" / "recordings") as opened:
        answer = opened.client.get("/ready")

    assert (answer.status_code, rows(answer)["recordings"]) == (503, False)


def test_a_full_disk_is_not_ready(api, monkeypatch):
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda _: Usage(1e9, 1e9, 50e6))

    answer = api.client.get("/ready")

    assert (answer.status_code, rows(answer)["disk"]) == (503, False)


def test_a_bucket_that_is_there_is_ready_and_one_that_is_not_is_not():
    with s3_service() as url, known_to_clients(url):
        place = {"LocationConstraint": "eu-west-1"}
        store = boto3.client("s3", endpoint_url=url)
        store.create_bucket(Bucket="there", CreateBucketConfiguration=place)

        answers = {}
        for name in ("there", "elsewhere"):
            with service(object_store=f"s3://{name}/clinic") as opened:
                answers[name] = opened.client.get("/ready")

    assert rows(answers["there"])["recordings"]
    assert not rows(answers["elsewhere"])["recordings"]


def test_many_who_ask_at_once_cost_one_look_a_second(api, tmp_path):
    class Counted:
        n_looks = 0

        def reach(self):
            self.n_looks += 1
            raise RecordingsUnavailableError

    recordings, now_s = Counted(), [100.0]
    watch = Watch(api.app.state.engine, recordings, tmp_path, clock_s=lambda: now_s[0])

    first = [watch.look() for _ in range(50)]
    now_s[0] += FRESH_S
    later = watch.look()

    assert recordings.n_looks == 2
    assert not first[0].is_ready
    assert not later.is_ready


def test_who_asks_while_somebody_looks_is_answered_at_once(api, tmp_path):
    class Slow:
        """Somebody else asks while this one is looked at."""

        def reach(self):
            self.said.append(watch.look().is_ready)

    recordings, now_s = Slow(), [100.0]
    recordings.said = []
    watch = Watch(api.app.state.engine, recordings, tmp_path, clock_s=lambda: now_s[0])

    first = watch.look()
    now_s[0] += FRESH_S
    watch.look()

    assert first.is_ready
    assert recordings.said == [False, True]
