"""The schema keeps its rules by itself, on both databases, and on the way there and back."""

from contextlib import contextmanager, suppress

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import IntegrityError

from api import migrate, newest_tables, open_engine, transaction
from api.models import Row
from tests import postgres
from tests.api.builders import POSTGRES, digest, exercise_set
from tests.api.course_builders import enrolled_patient

pytestmark = pytest.mark.both_databases

IMPOSSIBLE = (
    "UPDATE patient SET name = ''",
    "UPDATE patient SET language = 'de'",
    "UPDATE patient SET version = 0",
    "UPDATE injury_episode SET side = 'both'",
    "UPDATE injury_episode SET grade = 4",
    "UPDATE session SET pain_worst = 11",
    "UPDATE session SET patient_id = NULL",
    "UPDATE exercise_set SET number = 0",
    "UPDATE exercise_set SET in_tempo = -1",
    "UPDATE exercise_set SET end_s = start_s - 1",
    "UPDATE rep SET number = -1 WHERE number = 1",
    "UPDATE recording SET sha256 = 'short'",
    "UPDATE recording SET size_bytes = -1",
    "UPDATE check_in SET pain = -1",
    "UPDATE set_correction SET reps = -1",
    "UPDATE sport_diary SET level = -1",
    "UPDATE self_report SET sets = 0",
    "UPDATE enrolment SET sport = NULL, sport_from = '2026-05-12'",
    "DELETE FROM injury_episode",
    "DELETE FROM patient",
)


@contextmanager
def empty_database(database, folder):
    if database == POSTGRES:
        with postgres.new_database(is_migrated=False) as url:
            yield url
        return
    yield f"sqlite:///{folder / 'empty.db'}"


@contextmanager
def connected(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def rules_of(table):
    return {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}


@pytest.fixture
def filled(database):
    """A patient who told and measured something in most tables."""
    with enrolled_patient(database=database) as patient:
        session_id = patient.train(exercise_sets=[exercise_set((3.0, 2.0), trace=True)])
        path = f"/api/v1/sessions/{session_id}"
        headers = {"Content-Digest": digest(b"raw")}
        patient.api.client.put(f"{path}/recording", content=b"raw", headers=headers)
        patient.api.client.put(f"{path}/sets/1/correction", json={"reps": 3})
        patient.report()
        patient.check_in(pain=1)
        patient.reply("improved", is_yes=True)
        patient.play(sport="cycling", pain_worst=0)
        patient.post("rest-days", {"from_on": str(patient.now.date()), "days": 1})
        yield patient


def all_rows(url, tables):
    with connected(url) as connection:
        return {
            name: sorted(str(dict(row)) for row in connection.execute(table.select()).mappings())
            for name, table in Row.metadata.tables.items()
            if name in tables
        }


def test_the_migrations_make_exactly_the_tables_of_the_models(database, tmp_path):
    with empty_database(database, tmp_path) as url:
        migrate(url)

        with connected(url) as connection:
            compared = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=compared)
            differences = compare_metadata(context, Row.metadata)
            looked = inspect(connection)
            stored = {
                name: {str(one["name"]) for one in looked.get_check_constraints(name)}
                for name in Row.metadata.tables
            }

    assert differences == []
    assert stored == {name: rules_of(table) for name, table in Row.metadata.tables.items()}


def test_every_row_survives_the_way_back_to_the_first_of_this_version_and_forth(filled):
    url, tables = filled.api.url, set(Row.metadata.tables)
    before = all_rows(url, tables)
    filled.api.app.state.engine.dispose()

    migrate(url, "0003")
    migrate(url)

    after = all_rows(url, tables)
    made_again = {"patient_summary"}  # from the other rows, when a clinic starts
    assert {name: after[name] for name in tables - made_again} == {
        name: before[name] for name in tables - made_again
    }
    assert sum(bool(rows) for rows in before.values()) >= 12


def test_a_filled_database_goes_back_to_nothing_and_forth(filled):
    url = filled.api.url
    filled.api.app.state.engine.dispose()

    migrate(url, "base")
    migrate(url)

    with connected(url) as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert found == newest_tables()
    assert not any(all_rows(url, set(Row.metadata.tables)).values())


def test_the_schema_itself_refuses_what_cannot_be(filled):
    accepted = []

    with transaction(filled.api.app.state.engine, writes=True) as db:
        for change in IMPOSSIBLE:
            with suppress(IntegrityError), db.begin_nested():
                db.execute(text(change))
                accepted.append(change)

    assert accepted == []
