"""A backup of an earlier version's folder, taken in by this one, is used as if it were its own."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api import ApiSettings, migrate, newest_tables, open_engine
from tests.api.builders import BASE_URL
from tests.api.upgrade.names import PATIENT, RECORDING, SESSION
from tests.api.upgrade.old_database import FIRST, columns_of, contents, insert, put_recording
from tests.api.upgrade.rows_of_0003 import ROWS
from tracker.app import create_app
from tracker.live import LiveHub
from tracker.moving import back_up, restore
from tracker.profile import Profile, load_profile, save_profile
from tracker.settings import DataFolder
from tracker.updating import bring_up_to_date

NOW = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory):
    """The old folder, and a new one into which its backup was restored and brought up to date."""
    place = tmp_path_factory.mktemp("moved")
    old, new = DataFolder(place / "old").make(), DataFolder(place / "new")
    migrate(old.database_url, FIRST)
    insert(old.database_url, ROWS)
    put_recording(old.recordings)
    save_profile(old.profile, Profile(patient_id=UUID(PATIENT), language="nl", side="left"))
    back_up(old, place / "old.zip")
    restore(new, place / "old.zip", now=NOW)
    copy = bring_up_to_date(new)
    return old, new, copy


@pytest.fixture(scope="module")
def client(taken_in):
    _, new, _ = taken_in
    engine = open_engine(new.database_url)
    app = create_app(engine, ApiSettings(recordings_dir=new.recordings), LiveHub())
    with TestClient(app, base_url=BASE_URL) as browser:
        yield browser
    engine.dispose()


def test_every_row_is_there_and_the_tables_are_of_this_version(taken_in):
    old, new, _ = taken_in
    columns = columns_of(old.database_url)

    before, after = (contents(one.database_url, columns) for one in (old, new))

    with closing(sqlite3.connect(new.database)) as db:
        revision = db.execute("SELECT version_num FROM alembic_version").fetchone()
    assert after == before
    assert all(before.values())
    assert revision == (newest_tables(),)
    assert load_profile(new.profile).patient_id == UUID(PATIENT)


def test_the_database_as_it_came_is_kept_beside(taken_in):
    old, _, copy = taken_in
    url, columns = f"sqlite:///{copy}", columns_of(old.database_url)

    kept = contents(url, columns)

    assert columns_of(url) == columns
    assert kept == contents(old.database_url, columns)


def test_its_sessions_open_with_their_recording(client):
    page = client.get(f"/sessions/{UUID(SESSION)}")
    raw = client.get(f"/api/v1/sessions/{UUID(SESSION)}/recording")

    assert page.status_code == 200
    assert raw.content == RECORDING


def test_the_list_by_need_knows_its_patients_at_once(client):
    page = client.get("/clinic")

    assert "Synthetic patient 1" in page.text
