import json
import sqlite3
from contextlib import closing

import pytest
from sqlmodel import select

from api import migrate, open_engine, transaction
from api.models import SessionRow
from tests.api.builders import PATIENT_ID

SESSIONS = {
    "1" * 32: {"warning_signs_start": False, "band_tight": True, "plan": {"sets": 3}},
    "2" * 32: {"rpe": 11, "took_paracetamol": "two", "language": "nl"},
    "3" * 32: {"rpe": 7},
    "4" * 32: {},
}
NOW = "2026-05-12 08:30:00.000000"


@pytest.fixture
def filled(tmp_path):
    """A database of the first revision with a patient and four sessions."""
    path = tmp_path / "filled.db"
    migrate(f"sqlite:///{path}", "0001")
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO patient (id, name, is_synthetic, language, created_at)"
            " VALUES (?, 'Synthetic patient 1', 1, 'nl', ?)",
            (PATIENT_ID.hex, NOW),
        )
        db.executemany(
            "INSERT INTO session (id, patient_id, started_at, received_at, engine, soreness,"
            " sensor_extra, extra, content_sha256) VALUES (?, ?, ?, ?, '0.1.0', 2, '{}', ?, 'x')",
            [
                (session_id, PATIENT_ID.hex, NOW, NOW, json.dumps(extra))
                for session_id, extra in SESSIONS.items()
            ],
        )
    return path


def sessions(path):
    engine = open_engine(f"sqlite:///{path}")
    with transaction(engine, writes=False) as db:
        rows = {row.id.hex: row.model_dump() for row in db.exec(select(SessionRow))}
    engine.dispose()
    return rows


def extras(path):
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT id, extra, soreness FROM session")
        return {row_id: (json.loads(extra), soreness) for row_id, extra, soreness in found}


def test_answers_of_old_sessions_move_to_their_columns(filled):
    migrate(f"sqlite:///{filled}")

    first, second, third, fourth = (sessions(filled)[one] for one in SESSIONS)

    assert (first["warning_signs_start"], first["band_tight"]) == (False, True)
    assert first["extra"] == {"plan": {"sets": 3}}
    assert (second["rpe"], second["took_paracetamol"]) == (None, None)
    assert second["extra"] == {"rpe": 11, "took_paracetamol": "two", "language": "nl"}
    assert (third["rpe"], third["extra"]) == (7, {})
    assert (fourth["rpe"], fourth["extra"], fourth["soreness"]) == (None, {}, 2)


def test_going_back_gives_every_session_back_as_it_was(filled):
    before = extras(filled)

    migrate(f"sqlite:///{filled}")
    migrate(f"sqlite:///{filled}", "0001")
    after = extras(filled)
    migrate(f"sqlite:///{filled}")

    assert after == before
    assert sessions(filled)["3" * 32]["rpe"] == 7
