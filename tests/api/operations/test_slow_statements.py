import logging

import pytest
from sqlalchemy import text

from api import open_engine
from api.operations.slow_statements import log_slow_statements
from api.request_id import HEADER
from tests.api.builders import POSTGRES, SQLITE, service
from tests.postgres import new_database

NEVER_MS = 1e9
SLEEPS = "SELECT pg_sleep(0.05), 'a name' AS told, CAST(:other AS text)"


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.WARNING, "api.operations.slow_statements")
    return caplog


def test_a_slow_statement_is_told_without_its_values(lines):
    with new_database(is_migrated=False) as url:
        engine = open_engine(url)
        log_slow_statements(engine, above_ms=40)

        with engine.connect() as connection:
            connection.execute(text(SLEEPS), {"other": "another name"})
            connection.execute(text("SELECT 1"))
        engine.dispose()

    (told,) = lines.records
    assert told.statement == "SELECT pg_sleep(0.05), '?' AS told, CAST(%(other)s AS text)"
    assert told.duration_ms >= 50
    assert "another name" not in lines.text


@pytest.mark.parametrize("kind", [SQLITE, POSTGRES])
def test_the_line_names_the_request_that_waited(lines, kind):
    with service(database=kind) as opened:
        log_slow_statements(opened.app.state.engine, above_ms=0)

        opened.client.get("/api/v1/patients", headers={HEADER: "of-the-proxy-1"})

    asked = [one.getMessage() for one in lines.records if "FROM patient" in one.statement]
    assert len(asked) == 1
    assert "(request of-the-proxy-1)" in asked[0]


def test_what_is_not_slow_is_not_told(lines):
    with service() as opened:
        log_slow_statements(opened.app.state.engine, above_ms=NEVER_MS)

        opened.put_patient()

    assert lines.records == []
