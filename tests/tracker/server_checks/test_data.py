from datetime import UTC, datetime, timedelta

import boto3
import psycopg
import pytest
from alembic.runtime.migration import MigrationContext

from api import migrate, newest_tables, open_engine
from tests.object_store import known_to_clients, s3_service
from tests.postgres import new_database
from tracker.data_source import DataSource
from tracker.server_checks.data import check_database, check_recordings


def now():
    return datetime.now(UTC)


def found(findings):
    return {one.name: one for one in findings}


@pytest.fixture
def on_postgres(tmp_path):
    with new_database() as url:
        yield DataSource(database_url=url, recordings_dir=tmp_path)


def test_a_server_on_postgresql_is_well_with_its_version_tables_and_clock(on_postgres):
    findings = check_database(on_postgres, now)

    assert [one.name for one in findings] == ["Database", "Tables", "Clock"]
    assert all(one.is_well for one in findings)
    assert findings[0].found.startswith("PostgreSQL ")
    assert findings[1].found == f"{newest_tables()}, this version needs {newest_tables()}"


@pytest.mark.parametrize("apart", [timedelta(minutes=-3), timedelta(minutes=3)])
def test_a_clock_that_is_not_that_of_the_database_is_told(on_postgres, apart):
    clock = found(check_database(on_postgres, lambda: now() + apart))["Clock"]

    assert not clock.is_well
    assert "time server" in clock.advice


def test_older_tables_are_told_with_the_command_and_left_as_they_are(tmp_path):
    url = f"sqlite:///{tmp_path / 'clinic.sqlite'}"
    migrate(url, "0006")

    tables = found(check_database(DataSource(database_url=url, recordings_dir=tmp_path), now))

    engine = open_engine(url)
    with engine.connect() as connection:
        left = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    assert not tables["Tables"].is_well
    assert tables["Tables"].advice.endswith("tempo90 migrate")
    assert left == "0006"


def test_tables_of_a_later_version_ask_for_an_update_of_the_program(on_postgres):
    with psycopg.connect(on_postgres.database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    tables = found(check_database(on_postgres, now))["Tables"]

    assert not tables.is_well
    assert "pip install --upgrade tempo90" in tables.advice


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://clinic:secret-of-the-clinic@127.0.0.1:1/tempo90",
        "mysql://clinic:secret-of-the-clinic@127.0.0.1/tempo90",
        "sqlite:////nowhere/secret-of-the-clinic.sqlite",
    ],
)
def test_a_database_that_is_away_is_one_finding_without_its_password(tmp_path, url):
    (finding,) = check_database(DataSource(database_url=url, recordings_dir=tmp_path), now)

    assert not finding.is_well
    assert finding.advice
    assert "secret-of-the-clinic" not in str(finding)


def test_an_object_store_is_written_read_and_left_as_it_was(tmp_path):
    with s3_service() as endpoint, known_to_clients(endpoint):
        store = boto3.client("s3", endpoint_url=endpoint)
        place = {"LocationConstraint": "eu-west-1"}
        store.create_bucket(Bucket="clinic", CreateBucketConfiguration=place)

        findings = {
            name: check_recordings(
                DataSource(
                    database_url="sqlite://", recordings_dir=tmp_path, object_store=f"s3://{name}"
                )
            )
            for name in ("clinic", "elsewhere")
        }
        left = store.list_objects_v2(Bucket="clinic")["KeyCount"]

    assert (findings["clinic"].is_well, left) == (True, 0)
    assert not findings["elsewhere"].is_well
    assert "TEMPO90_OBJECT_STORE" in findings["elsewhere"].advice


def test_recordings_in_a_folder_are_tried_too(tmp_path):
    (tmp_path / "file").write_text("")

    there = check_recordings(DataSource(database_url="sqlite://", recordings_dir=tmp_path / "new"))
    blocked = check_recordings(
        DataSource(database_url="sqlite://", recordings_dir=tmp_path / "file" / "below")
    )

    assert there.is_well
    assert [one for one in (tmp_path / "new").rglob("*") if one.is_file()] == []
    assert not blocked.is_well
