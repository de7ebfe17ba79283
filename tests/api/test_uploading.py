from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import event

from api.db import transaction
from api.schemas import SessionCreate
from api.session_store import put_session
from tests.api.builders import exercise_set, session, three_sets

pytestmark = pytest.mark.both_databases


@contextmanager
def statements_of(engine):
    seen = []

    def keep(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):  # said aloud to SQLite alone
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", keep)
    yield seen
    event.remove(engine, "before_cursor_execute", keep)


def put(clinic, body):
    engine = clinic.app.state.engine
    with statements_of(engine) as statements, transaction(engine, writes=True) as db:
        assert put_session(db, uuid4(), SessionCreate.model_validate(body))
    return statements


def test_a_session_takes_five_statements_however_many_sets_it_has(clinic):
    put(clinic, session())  # the sensor is known from here on

    short = put(clinic, session(sets=[exercise_set((3.0,))]))
    long = put(clinic, session(sets=three_sets() * 3))

    assert len(long) == len(short) == 5


def test_a_character_that_one_document_cannot_carry_still_comes_back(clinic):
    one = exercise_set() | {"remark": "before\x00after"}

    session_id, answer = clinic.put_session(session(sets=[one]))

    assert answer.status_code == 201
    stored = clinic.client.get(f"/api/v1/sessions/{session_id}").json()
    assert stored["exercise_sets"][0]["remark"] == "before\x00after"


def test_numbers_come_back_to_the_last_digit(clinic):
    one = exercise_set()
    exact = [0.1 + 0.2, 1 / 3, 123456.789012345, 5e-324, 1.7976931348623157e308]
    for rep, value in zip(one["reps"], exact, strict=False):
        rep["sparc"] = value

    session_id, _ = clinic.put_session(session(sets=[one]))

    reps = clinic.client.get(f"/api/v1/sessions/{session_id}").json()["exercise_sets"][0]["reps"]
    assert [rep["sparc"] for rep in reps[: len(exact)]] == exact


def test_a_session_of_an_unknown_patient_leaves_nothing(clinic):
    body = session(patient_id=str(uuid4()), sensor={"family": "never seen", "address": "x"})

    _, answer = clinic.put_session(body)

    assert answer.status_code == 404
    with clinic.app.state.engine.connect() as db:
        names = db.exec_driver_sql("SELECT family FROM sensor WHERE family = 'never seen'").all()
    assert names == []


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"patient_id": ', "JSON decode error"),
        (b'{"notes": "\\ud800"}', None),
        (b"\xff\xfe", None),
    ],
    ids=["cut short", "half a character", "no text"],
)
def test_what_is_no_session_is_refused_with_a_problem(clinic, body, detail):
    answer = clinic.client.put(
        f"/api/v1/sessions/{uuid4()}", content=body, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"
    if detail is not None:
        assert answer.json()["errors"][0]["detail"] == detail
