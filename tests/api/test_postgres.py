"""What PostgreSQL does otherwise than SQLite, and that nobody notices."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from api import migrate, open_engine, transaction
from api.db import repeated
from api.deps import Db
from api.engines import BadDatabaseUrlError, is_collision
from api.models import PatientRow, Row, SensorRow, SessionRow
from tests import postgres
from tests.api.builders import PATIENT_ID, POSTGRES, service, session

N_AT_ONCE = 8


@pytest.fixture(scope="module")
def shared():
    """A service on PostgreSQL, for tests that leave each other's rows alone."""
    with service(database=POSTGRES) as opened:
        opened.put_patient()
        yield opened


def at_once(work):
    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        return list(pool.map(work, range(N_AT_ONCE)))


def test_of_many_who_store_the_same_new_patient_one_is_first(shared):
    patient_id = uuid4()

    answers = at_once(lambda _: shared.put_patient(patient_id))

    assert sorted(one.status_code for one in answers) == [200] * (N_AT_ONCE - 1) + [201]


def test_of_many_who_send_the_same_session_one_is_first_and_nothing_is_doubled(shared):
    session_id, body = uuid4(), session(sensor={"family": "movesense", "address": "race"})

    answers = at_once(lambda _: shared.put_session(body, session_id)[1])

    assert sorted(one.status_code for one in answers) == [200] * (N_AT_ONCE - 1) + [201]
    with transaction(shared.app.state.engine, writes=False) as db:
        found = db.exec(select(SensorRow).where(SensorRow.address == "race")).all()
    assert len(found) == 1


def test_sessions_with_one_new_sensor_that_come_together_share_it(shared):
    body = session(sensor={"family": "polar", "address": "new"})

    answers = at_once(lambda _: shared.put_session(body)[1])

    assert [one.status_code for one in answers] == [201] * N_AT_ONCE


def test_a_request_that_collides_is_run_again_with_its_whole_body(shared):
    tries = []

    @shared.app.put("/collides")
    def store(body: dict, db: Db):
        tries.append(body)
        name = db.get_one(PatientRow, PATIENT_ID).name
        if len(tries) == 1:
            shared.put_patient(name="changed beside it")
        db.get_one(PatientRow, PATIENT_ID).name = f"{name}, and here"
        return {"tries": len(tries)}

    answer = shared.client.put("/collides", json={"long": "x" * 100_000})

    assert answer.json() == {"tries": 2}
    assert tries == [{"long": "x" * 100_000}] * 2
    stored = shared.client.get(f"/api/v1/patients/{PATIENT_ID}").json()
    assert stored["name"] == "changed beside it, and here"


def test_what_never_fits_is_told_to_come_again_later(shared, monkeypatch):
    monkeypatch.setattr("api.repeating.wait_after", lambda _: 0.0)

    @shared.app.put("/always-collides")
    def collide(db: Db):
        db.execute(text("DO $$ BEGIN RAISE serialization_failure; END $$"))

    answer = shared.client.put("/always-collides")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["type"] == "urn:tempo90:problem:database-unavailable"


def test_reading_changes_nothing_even_by_mistake(shared):
    with (
        pytest.raises(DBAPIError, match="read-only"),
        transaction(shared.app.state.engine, writes=False) as db,
    ):
        db.execute(text("UPDATE patient SET name = 'changed'"))


def test_a_reader_sees_one_moment(shared):
    with transaction(shared.app.state.engine, writes=False) as db:
        before = len(db.exec(select(SessionRow.id)).all())
        shared.put_session()
        after = len(db.exec(select(SessionRow.id)).all())

    assert before == after


def test_only_what_another_writer_caused_is_a_collision(shared):
    engine = shared.app.state.engine
    twice = "INSERT INTO sensor (family, address) VALUES ('x', 'twice')"

    def failing(statement):
        with pytest.raises(DBAPIError) as caught, transaction(engine, writes=True) as db:
            db.execute(text(f"{statement}; {statement}"))
        return caught.value

    assert is_collision(failing(twice))
    assert not is_collision(failing("UPDATE patient SET language = 'xx'"))
    assert not is_collision(failing("SELECT nothing"))
    assert not is_collision(ValueError())


def test_work_is_repeated_until_it_fits(shared):
    tries = []

    def count_up():
        tries.append(1)
        with transaction(shared.app.state.engine, writes=True) as db:
            row = db.get_one(PatientRow, PATIENT_ID)
            if len(tries) == 1:
                shared.put_patient(language="en")
            row.name = "counted"
        return len(tries)

    assert repeated(count_up) == 2


def test_a_server_that_was_restarted_costs_no_request(shared):
    shared.client.get("/api/v1/patients")
    postgres.break_connections(make_url(shared.url).database)

    answer = shared.client.get("/api/v1/patients")

    assert answer.status_code == 200


def test_processes_that_start_at_the_same_time_make_the_tables_once():
    with postgres.new_database(is_migrated=False) as url:
        at_once(lambda _: migrate(url))

        engine = open_engine(url)
        with engine.connect() as connection:
            names = set(engine.dialect.get_table_names(connection))
        engine.dispose()

    assert names == set(Row.metadata.tables) | {"alembic_version"}


def test_a_database_out_of_reach_is_a_problem_and_no_password_is_told(api, caplog):
    secret = "not-to-be-told"  # noqa: S105
    api.app.state.engine = open_engine(f"postgresql://u:{secret}@localhost:1/none")

    answer = api.client.get("/health")

    assert answer.status_code == 503
    assert secret not in answer.text
    assert secret not in caplog.text


@pytest.mark.parametrize(
    "url", ["mysql://u:hidden@h/n", "postgresql:/hidden", "hidden", "", "mongodb+x://hidden"]
)
def test_an_address_of_another_kind_is_refused_without_repeating_it(url):
    with pytest.raises(BadDatabaseUrlError) as caught:
        open_engine(url)

    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_ways_to_write_the_address_all_work(scheme):
    engine = open_engine(f"{scheme}://someone@localhost/name")

    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()
