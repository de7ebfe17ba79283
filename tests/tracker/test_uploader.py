import base64
import hashlib
import json
import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest

from tracker.delivery import patients_of
from tracker.profile import Profile
from tracker.settings import DataFolder
from tracker.uploader import Uploader, UploadError, move_durably, write_durably

FIRST = UUID("00000000-0000-4000-8000-000000000001")
SECOND = UUID("00000000-0000-4000-8000-000000000002")


class Service:
    """A small stand-in for the service: keeps what is put, refuses what it is told to."""

    def __init__(self):
        self.kept = {}
        self.refused = {}
        self.is_mute = False

    def put(self, path, body):
        if path in self.refused:
            return 409, {"type": "about:blank", "title": "Conflict", "detail": self.refused[path]}
        is_new = path not in self.kept
        self.kept[path] = body
        return (201 if is_new else 200), {}


@contextmanager
def serving(service):
    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            assert self.headers["Content-Digest"] == f"sha-256=:{digest}:"
            if service.is_mute:
                self.close_connection = True
                return
            status, answer = service.put(self.path, body)
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def a_folder(tmp_path, *session_ids):
    folder = DataFolder(tmp_path).make()
    for session_id in session_ids:
        write_durably(folder.outbox / f"{session_id}.json", {"patient_id": str(UUID(int=9))})
        (folder.outbox / f"{session_id}.mcap").write_bytes(b"\x89MCAP0\r\n")
    return folder


def test_a_session_and_its_recording_arrive_and_move_to_sent(tmp_path):
    folder, service = a_folder(tmp_path, FIRST), Service()

    with serving(service) as url:
        report = Uploader(url, folder).send_all()

    assert report.sent == (FIRST,)
    assert set(service.kept) == {
        f"/api/v1/sessions/{FIRST}", f"/api/v1/sessions/{FIRST}/recording",
    }  # fmt: skip
    assert (folder.sent / f"{FIRST}.json").exists()
    assert not list(folder.outbox.iterdir())


def test_what_is_refused_stays_with_the_reason_and_the_others_go(tmp_path):
    folder, service = a_folder(tmp_path, FIRST, SECOND), Service()
    service.refused[f"/api/v1/sessions/{FIRST}"] = "Other content is stored."

    with serving(service) as url:
        report = Uploader(url, folder).send_all()

    assert report.sent == (SECOND,)
    assert report.failed[0][0] == FIRST
    assert "Other content is stored." in report.failed[0][1]
    assert (folder.outbox / f"{FIRST}.mcap").exists()


def test_a_power_cut_after_the_recording_was_sent_does_no_harm(tmp_path):
    folder, service = a_folder(tmp_path, FIRST), Service()

    with serving(service) as url:
        Uploader(url, folder).send(FIRST)
        again = a_folder(tmp_path, FIRST)
        report = Uploader(url, again).send_all()

    assert report.sent == (FIRST,)
    assert len(service.kept) == 2


def test_without_a_service_everything_stays_for_next_time(tmp_path):
    folder = a_folder(tmp_path, FIRST)
    with serving(Service()) as url:
        pass

    report = Uploader(url, folder, timeout_s=1.0).send_all()

    assert "sent next time" in report.failed[0][1]
    assert (folder.outbox / f"{FIRST}.json").exists()


def test_a_service_that_hangs_up_is_told_as_not_reached(tmp_path):
    folder, service = a_folder(tmp_path, FIRST), Service()
    service.is_mute = True

    with serving(service) as url, pytest.raises(UploadError, match="cannot be reached"):
        Uploader(url, folder, timeout_s=1.0).send(FIRST)


def test_other_files_in_the_outbox_are_left_alone(tmp_path):
    folder, service = a_folder(tmp_path), Service()
    (folder.outbox / "notes.json").write_text("{}")

    with serving(service) as url:
        report = Uploader(url, folder).send_all()

    assert report.sent == report.failed == ()
    assert patients_of(folder) == {}


def test_the_patient_is_introduced_by_name(tmp_path):
    folder, service = a_folder(tmp_path), Service()
    profile = Profile(patient_id=UUID(int=9), name="Ik", language="nl")

    with serving(service) as url:
        Uploader(url, folder).introduce(profile, is_synthetic=True)

    body = json.loads(service.kept[f"/api/v1/patients/{UUID(int=9)}"])
    assert body == {"name": "Ik", "language": "nl", "is_synthetic": True}


def test_the_injury_is_told_before_the_programme_for_it(tmp_path):
    folder, service = a_folder(tmp_path), Service()
    injury_id = str(UUID(int=3))

    with serving(service) as url:
        Uploader(url, folder).enrol(
            UUID(int=9),
            {"side": "left"},
            {"injury_episode_id": injury_id, "start_on": "2026-05-04"},
        )

    base = f"/api/v1/patients/{UUID(int=9)}"
    assert list(service.kept) == [f"{base}/injury-episodes/{injury_id}", f"{base}/enrolment"]


def test_what_json_cannot_say_is_refused_before_the_file_changes(tmp_path):
    path = tmp_path / "one.json"
    write_durably(path, {"reps": 15})

    with pytest.raises(ValueError, match="JSON"):
        write_durably(path, {"reps": float("nan")})

    assert json.loads(path.read_text()) == {"reps": 15}


def test_a_file_that_moves_keeps_its_old_name_until_the_new_one_is_safe(tmp_path, monkeypatch):
    folder = DataFolder(tmp_path).make()
    path = folder.outbox / "synthetic.json"
    path.write_text("{}")
    target, names, sync = folder.sent / path.name, [], os.fsync
    target.write_text("of before")
    monkeypatch.setattr(
        os, "fsync", lambda file: (names.append((path.exists(), target.exists())), sync(file))
    )

    moved = move_durably(path, folder.sent)

    assert names == [(True, True), (False, True)]
    assert (moved, target.read_text()) == (target, "{}")
