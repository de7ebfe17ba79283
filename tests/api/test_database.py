import sqlite3
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from api import knows_tables, migrate, newest_tables, open_engine
from api.db import BrokenReferenceError, NewerDatabaseError, transaction
from api.deps import Db
from api.engines import as_told
from api.errors import NoRoomError
from api.models import RepRow, Row, SessionRow, SetRow, TraceRow
from tests.api.builders import exercise_set, session

pytestmark = pytest.mark.both_databases


def tables(url):
    engine = open_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_migrations_go_back_to_nothing_and_forward_again(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    migrate(url)

    migrate(url, "base")
    left = tables(url)
    migrate(url)
    migrate(url)

    assert left == set()
    assert tables(url) == set(Row.metadata.tables)


def test_a_migration_that_leaves_rows_pointing_at_nothing_changes_nothing(tmp_path):
    path = tmp_path / "broken.db"
    migrate(f"sqlite:///{path}", "0001")
    with sqlite3.connect(path) as loose:
        loose.execute("INSERT INTO trace (set_id, packed) VALUES (7, x'00')")
    loose.close()

    with pytest.raises(BrokenReferenceError, match="1 rows point at nothing, in: trace"):
        migrate(f"sqlite:///{path}")

    assert "enrolment" not in tables(f"sqlite:///{path}")


@pytest.mark.sqlite_only
def test_a_stored_session_survives_a_power_cut_by_these_settings(api):
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")

    with api.app.state.engine.connect() as connection:
        found = [connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in pragmas]

    assert found == ["wal", 2, 1, 5_000]


@pytest.mark.sqlite_only
def test_a_commit_that_fails_is_not_answered_as_success(clinic):
    @clinic.app.get("/late-failure")
    def store_an_orphan(db: Db):
        db.execute(text("PRAGMA defer_foreign_keys = ON"))
        db.execute(text("INSERT INTO trace (set_id, packed) VALUES (7, x'00')"))
        return "stored"

    answer = clinic.client.get("/late-failure")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_request_that_fails_half_way_stores_nothing(clinic):
    @clinic.app.put("/half-way")
    def store_and_fail(db: Db):
        db.execute(text("UPDATE patient SET name = 'changed'"))
        raise ValueError("half-way")

    answer = clinic.client.put("/half-way")

    assert answer.status_code == 500
    assert "half-way" not in answer.text.replace("/half-way", "")
    assert clinic.client.get("/api/v1/patients").json()["patients"][0]["name"] != "changed"


@pytest.mark.sqlite_only
def test_a_locked_database_asks_for_patience(clinic):
    impatient = clinic.app.state.engine = open_engine(clinic.url)
    event.listen(impatient, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout = 0"))
    other = open_engine(clinic.url)

    with transaction(other, writes=True) as db:
        db.connection()
        _, answer = clinic.put_session(session())

    impatient.dispose()
    other.dispose()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["type"] == "urn:tempo90:problem:database-unavailable"


@pytest.mark.sqlite_only
def test_a_full_disk_is_told_as_such_and_with_room_again_the_session_is_stored(clinic):
    def leave(n_pages):
        def limit(raw, *_):
            used = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.execute(f"PRAGMA max_page_count = {used + n_pages}")

        return limit

    session_id, body = uuid4(), session(exercise_sets=[exercise_set((3.0,) * 15)] * 20)
    full, own = open_engine(clinic.url), clinic.app.state.engine
    event.listen(full, "checkout", leave(0))
    clinic.app.state.engine = full
    refused = clinic.client.put(f"/api/v1/sessions/{session_id}", json=body)
    clinic.app.state.engine = own
    stored = clinic.client.put(f"/api/v1/sessions/{session_id}", json=body)

    full.dispose()
    assert refused.status_code == 507
    assert refused.headers["retry-after"] == "60"
    assert refused.json()["type"] == "urn:tempo90:problem:no-room"
    assert "free some space" in refused.json()["detail"]
    assert stored.status_code == 201


def test_a_database_server_without_room_is_told_as_such():
    error = OperationalError("INSERT", {}, psycopg.errors.DiskFull("could not extend file"))

    assert isinstance(as_told(error), NoRoomError)


def test_a_deleted_session_takes_its_sets_and_repetitions_along(clinic):
    session_id, _ = clinic.put_session(session())

    with transaction(clinic.app.state.engine, writes=True) as db:
        db.delete(db.get(SessionRow, session_id))

    with transaction(clinic.app.state.engine, writes=False) as db:
        left = [db.exec(select(model)).all() for model in (SetRow, RepRow, TraceRow)]
    assert left == [[], [], []]


def test_health_names_the_revision_of_the_tables(api):
    answer = api.client.get("/health")

    assert answer.status_code == 200
    assert answer.json()["revision"] == newest_tables()


@pytest.mark.sqlite_only
def test_health_is_a_problem_when_the_database_is_gone(api):
    engine = open_engine(f"sqlite:///{api.folder / 'missing' / uuid4().hex}.db")
    api.app.state.engine = engine

    answer = api.client.get("/health")

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


def test_tables_of_a_newer_version_are_refused_with_a_sentence_and_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path / 'newer.db'}"
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(NewerDatabaseError, match="newer tempo90"):
        migrate(url)

    with engine.begin() as db:
        assert db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"
    engine.dispose()


def test_the_newest_tables_are_those_that_a_new_database_gets(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    migrate(url)
    engine = open_engine(url)

    with engine.begin() as db:
        current = db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()

    engine.dispose()
    assert current == newest_tables()
    assert knows_tables(current)
    assert not knows_tables("9999")
