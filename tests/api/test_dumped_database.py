"""A filled PostgreSQL, dumped and restored with its own tools, is the same row by row."""

import shutil
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import table, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from api import ApiSettings, create_app, open_engine, transaction
from api.models import RecordingRow, Row
from tests.api.builders import (
    PATIENT_ID,
    POSTGRES,
    Service,
    digest,
    exercise_set,
    service,
    session,
)
from tests.postgres import new_database, tool

N_SESSIONS = 12
ORDER = {"exercise": "ecc_prone_helper", "sets": 2, "reps": 8, "starts_on": "2026-05-04"}
MARK = {"kind": "discarded", "reason": "helper", "remark": "Tweede hulp."}


def plain(url):
    """The address as PostgreSQL's own tools take it."""
    return url.replace("+psycopg", "")


def fill(api):
    """Sessions with recordings, an order, a mark, a total, and what was read meanwhile."""
    patient = f"/api/v1/patients/{PATIENT_ID}"
    api.put_patient()
    for n in range(N_SESSIONS):
        at = f"2026-05-{n + 1:02}T08:00:00Z"
        session_id, answer = api.put_session(session(sets=[exercise_set()], started_at=at))
        assert answer.status_code == 201
        data = session_id.bytes * (n + 1)
        url = f"/api/v1/sessions/{session_id}/recording"
        sent = api.client.put(url, content=data, headers={"Content-Digest": digest(data)})
        assert sent.is_success, sent.text
    api.client.put(f"/api/v1/sessions/{session_id}/sets/1/reps/2/mark", json=MARK)
    version = {"based_on": 0, "reason": "calmer", "orders": [ORDER]}
    assert api.client.post(f"{patient}/prescription/versions", json=version).status_code == 201
    total = {"instrument": "fash", "total": 62, "measured_on": "2026-05-12"}
    api.client.put(f"{patient}/questionnaire-totals/{uuid4()}", json=total)


def rows_of(url):
    """Every row of every table, in an order that does not depend on where it lies."""
    engine = open_engine(url)
    try:
        with engine.connect() as db:
            names = [*Row.metadata.tables, "alembic_version"]
            return {
                name: sorted(map(repr, db.execute(select(text("*")).select_from(table(name)))))
                for name in names
            }
    finally:
        engine.dispose()


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A filled service, and one that was restored from its dump."""
    folder = tmp_path_factory.mktemp("restored")
    dump, recordings = str(folder / "tempo90.dump"), folder / "recordings"
    with service(database=POSTGRES) as there, new_database(is_migrated=False) as empty:
        fill(there)
        tool("pg_dump", "--format=custom", "--no-owner", f"--file={dump}", plain(there.url))
        words = ("--exit-on-error", "--no-owner", "--single-transaction")
        tool("pg_restore", *words, f"--dbname={plain(empty)}", dump)
        shutil.copytree(there.app.state.settings.recordings_dir, recordings)
        yield there, empty, recordings


def test_every_row_of_every_table_is_there_and_none_besides(twice):
    there, restored, _ = twice

    before, after = rows_of(there.url), rows_of(restored)

    assert len(before["session"]) == N_SESSIONS
    assert len(before["rep"]) == N_SESSIONS * 15
    for name in ("rep_mark", "prescription_line", "questionnaire_total", "trace"):
        assert before[name], name
    assert after == before


def test_every_recording_has_the_digest_that_its_row_says(twice):
    _, restored, recordings = twice
    engine = open_engine(restored)
    settings = ApiSettings(recordings_dir=recordings)
    files = create_app(engine, settings).state.recordings

    with transaction(engine, writes=False) as db:
        labels = {one.session_id: one.sha256 for one in db.exec(select(RecordingRow))}
    found = {one: sha256(b"".join(files.read(one))).hexdigest() for one in labels}
    engine.dispose()

    assert len(labels) == N_SESSIONS
    assert found == labels


def test_the_restored_service_goes_on_and_keeps_its_rules(twice):
    there, restored, recordings = twice
    engine = open_engine(restored)
    app = create_app(engine, ApiSettings(recordings_dir=recordings))
    again = Service(type(there.client)(app, base_url="http://localhost"), app, recordings, restored)

    _, answer = again.put_session(session(started_at="2026-06-01T08:00:00Z"))
    with pytest.raises(DBAPIError, match="never changed"), engine.begin() as db:
        db.execute(text("UPDATE prescription SET sets = 9"))
    engine.dispose()

    assert answer.status_code == 201
