"""What belongs to one patient is found from the patient, not by asking each row whose it is."""

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from api.belongings import belongs, path_to_patient, rows_of, tables_of_patients
from api.models import Row
from api.own_data import read_measured
from api.own_tables import MEASURED_TABLES
from tests.api.builders import PATIENT_ID, session, three_sets

# Marks are few, and their index holds only those that stand.
INDEXED = tuple(name for name in MEASURED_TABLES if name != "rep_mark")
OTHER = "00000000-0000-4000-8000-0000000000b2"


def plan(db, table):
    query = select(table).where(rows_of(table, PATIENT_ID))
    text = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return [row[-1] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]


@pytest.mark.parametrize("name", INDEXED)
def test_no_table_of_results_is_read_from_end_to_end_for_one_patient(name):
    engine = create_engine("sqlite://")
    Row.metadata.create_all(engine)

    with engine.connect() as db:
        steps = plan(db, Row.metadata.tables[name])

    engine.dispose()
    assert steps
    assert [step for step in steps if step.startswith("SCAN")] == []


def test_what_hangs_on_an_advice_or_a_link_that_may_be_gone_belongs_to_its_patient_still():
    keys = {
        name: [key.referred_table.name for key in path_to_patient(Row.metadata.tables[name])]
        for name in ("sport_level", "received_order")
    }

    assert keys == {
        "sport_level": ["enrolment", "patient"],
        "received_order": ["prescription_version", "patient"],
    }


@pytest.mark.both_databases
def test_both_ways_of_asking_find_the_same_rows_of_one_patient_and_no_other(clinic):
    clinic.put_session(session(sets=three_sets()))
    clinic.put_patient(OTHER)
    clinic.put_session(session(sets=three_sets()[:1], patient_id=OTHER))

    with Session(clinic.app.state.engine) as db:
        counts = {}
        for table in tables_of_patients():
            each = belongs(table, lambda column: column == PATIENT_ID)
            led = rows_of(table, PATIENT_ID)
            rows = [sorted(map(repr, db.execute(select(table).where(c)))) for c in (each, led)]
            counts[table.name] = len(rows[0])
            assert rows[0] == rows[1], table.name
        measured = read_measured(db, PATIENT_ID)

    assert (counts["session"], counts["exercise_set"], counts["rep"]) == (1, 3, 44)
    assert len(measured["rep"]) == 44
