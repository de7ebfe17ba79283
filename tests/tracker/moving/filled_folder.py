"""A data folder with something of everything in it, stored by the real service."""

import sqlite3
from contextlib import closing
from uuid import UUID, uuid4

from fastapi.testclient import TestClient

from api import migrate, open_engine
from api.settings import ApiSettings
from tests.api.builders import BASE_URL, PATIENT_ID, session
from tracker.app import create_app
from tracker.live import LiveHub
from tracker.profile import Profile, save_profile
from tracker.settings import DataFolder

WAITING = UUID("5b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e02")


def fill(root, *, sessions=2):
    folder = DataFolder(root).make()
    save_profile(folder.profile, Profile(patient_id=PATIENT_ID, language="nl", side="left"))
    migrate(folder.database_url)
    for _ in range(sessions):
        store_session(folder)
    (folder.recordings / "5b").mkdir()
    (folder.recordings / "5b" / f"{WAITING}.mcap").write_bytes(bytes(range(256)) * 5_000)
    (folder.outbox / f"{WAITING}.json").write_text('{"patient_id": "x"}', "utf-8")
    unfinished = folder.unfinished / str(uuid4())
    unfinished.mkdir()
    (unfinished / "half.mcap").write_bytes(b"\x89MCAP half a recording")
    (unfinished / "lock").write_bytes(b"")
    (unfinished / "reserve").write_bytes(bytes(4096))
    (root / "tls").mkdir()
    (root / "tls" / "ca.pem").write_text("synthetic", "utf-8")
    return folder


def store_session(folder):
    engine = open_engine(folder.database_url)
    app = create_app(engine, ApiSettings(recordings_dir=folder.recordings), LiveHub())
    with TestClient(app, base_url=BASE_URL) as client:
        patient = {"name": "Synthetic patient 1", "is_synthetic": True}
        client.put(f"/api/v1/patients/{PATIENT_ID}", json=patient)
        stored = client.put(f"/api/v1/sessions/{uuid4()}", json=session())
    engine.dispose()
    assert stored.status_code == 201


def rows_of(folder):
    with closing(sqlite3.connect(folder.database)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}  # noqa: S608


def files_of(folder):
    """Every file that is to travel, with its bytes; the database is compared row for row."""
    return {
        str(path.relative_to(folder.root)): path.read_bytes()
        for path in folder.root.rglob("*")
        if path.is_file()
        and not path.name.startswith("tempo90.sqlite")
        and path.name not in {"lock", "reserve", "running.lock"}
    }
