import asyncio
import hashlib
import os
import stat
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.errors import UploadBusyError
from api.recordings import RecordingFiles
from tests.api.builders import digest, service, session

DATA = bytes(range(256)) * 400  # 100 kB
WHOLE = {"Content-Digest": digest(DATA)}
ROOT = Path(__file__).parents[2]
LAST = {"Upload-Complete": "?1", "Repr-Digest": digest(DATA)}


def break_off(app, method, path, headers, data):
    """Send a request whose connection breaks after some bytes."""
    messages = iter(
        [{"type": "http.request", "body": data, "more_body": True}, {"type": "http.disconnect"}]
    )
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "http_version": "1.1",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
        "asgi": {"version": "3.0"},
    }

    async def receive():
        return next(messages)

    async def send(message):
        pass

    asyncio.run(app(scope, receive, send))


@pytest.fixture
def path(clinic):
    session_id, _ = clinic.put_session(session())
    return f"/api/v1/sessions/{session_id}/recording"


def files_in(api):
    return sorted(path for path in (api.folder / "recordings").rglob("*") if path.is_file())


@pytest.mark.both_databases
def test_a_recording_comes_back_byte_for_byte(clinic, path):
    first = clinic.client.put(path, content=DATA, headers=WHOLE)
    again = clinic.client.put(path, content=DATA, headers=WHOLE)

    answer = clinic.client.get(path)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["sha256"] == hashlib.sha256(DATA).hexdigest()
    assert answer.content == DATA
    assert answer.headers["repr-digest"] == digest(DATA)
    assert "content-encoding" not in answer.headers
    assert len(files_in(clinic)) == 1


def test_a_part_of_a_recording_can_be_asked_for(clinic, path):
    clinic.client.put(path, content=DATA, headers=WHOLE)

    answer = clinic.client.get(path, headers={"Range": "bytes=10-19"})

    assert answer.status_code == 206
    assert answer.content == DATA[10:20]


def test_the_session_names_its_recording(clinic, path):
    before = clinic.client.get(path.removesuffix("/recording")).json()["recording"]
    clinic.client.put(path, content=DATA, headers=WHOLE)

    after = clinic.client.get(path.removesuffix("/recording")).json()["recording"]
    listed = clinic.client.get("/api/v1/sessions").json()["sessions"][0]

    assert before is None
    assert (after["size_bytes"], after["url"]) == (len(DATA), path)
    assert listed["has_recording"]


@pytest.mark.both_databases
def test_another_recording_does_not_replace_the_first(clinic, path):
    clinic.client.put(path, content=DATA, headers=WHOLE)

    other = clinic.client.put(path, content=b"x", headers={"Content-Digest": digest(b"x")})
    piece = clinic.client.patch(path, content=b"x", headers={"Upload-Offset": "0"})

    assert (other.status_code, piece.status_code) == (409, 409)
    assert clinic.client.get(path).content == DATA


def test_damaged_bytes_are_refused_and_leave_nothing(clinic, path):
    damaged = DATA[:-1] + b"\x00"

    answer = clinic.client.put(path, content=damaged, headers=WHOLE)

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:tempo90:problem:digest-mismatch"
    assert files_in(clinic) == []
    assert clinic.client.get(path).status_code == 404


@pytest.mark.parametrize(
    "field",
    [
        None,
        "",
        "sha-512=:AAAA:",
        "sha-256=:!!!:",
        "sha-256=:AAAA:",
        "sha-256=:AAAAA:",
        "sha-256=AAAA",
    ],
)
def test_a_recording_without_a_readable_digest_is_refused(clinic, path, field):
    headers = {} if field is None else {"Content-Digest": field}

    answer = clinic.client.put(path, content=DATA, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:tempo90:problem:digest-missing"


def test_a_digest_may_stand_among_others(clinic, path):
    field = f"sha-512=:AAAA:, {digest(DATA)}"

    assert clinic.client.put(path, content=DATA, headers={"Content-Digest": field}).is_success


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.sets(st.integers(1, len(DATA) - 1), max_size=4))
def test_a_recording_does_not_depend_on_where_it_was_cut(clinic, cuts):
    session_id, _ = clinic.put_session(session())
    path = f"/api/v1/sessions/{session_id}/recording"
    edges = [0, *sorted(cuts), len(DATA)]

    for start, end in pairwise(edges):
        headers = {"Upload-Offset": str(start)} | (LAST if end == len(DATA) else {})
        offset = clinic.client.head(path).headers["upload-offset"]
        answer = clinic.client.patch(path, content=DATA[start:end], headers=headers)
        assert offset == str(start)
        assert answer.status_code == (201 if end == len(DATA) else 204)

    done = clinic.client.head(path)
    assert clinic.client.get(path).content == DATA
    assert done.headers["upload-complete"] == "?1"
    assert done.headers["repr-digest"] == digest(DATA)


def test_nobody_sees_a_part_of_a_recording(clinic, path):
    clinic.client.patch(path, content=DATA[:500], headers={"Upload-Offset": "0"})

    asked = clinic.client.head(path)

    assert clinic.client.get(path).status_code == 404
    assert asked.headers["upload-offset"] == "500"
    assert asked.headers["upload-complete"] == "?0"


def test_a_piece_at_the_wrong_place_is_told_where_to_go_on(clinic, path):
    clinic.client.patch(path, content=DATA[:500], headers={"Upload-Offset": "0"})

    answer = clinic.client.patch(path, content=DATA[600:], headers={"Upload-Offset": "600"})

    assert answer.status_code == 409
    assert answer.headers["upload-offset"] == "500"
    assert answer.json()["type"] == "urn:tempo90:problem:upload-offset"


def test_a_whole_recording_starts_over_after_pieces(clinic, path):
    clinic.client.patch(path, content=b"left over", headers={"Upload-Offset": "0"})

    answer = clinic.client.put(path, content=DATA, headers=WHOLE)

    assert answer.status_code == 201
    assert clinic.client.get(path).content == DATA


@pytest.mark.both_databases
def test_what_came_before_the_line_broke_can_be_gone_on_from(clinic, path):
    headers = [(b"host", b"localhost"), (b"content-digest", digest(DATA).encode())]

    break_off(clinic.app, "PUT", path, headers, DATA[:700])
    arrived = int(clinic.client.head(path).headers["upload-offset"])
    rest = clinic.client.patch(
        path, content=DATA[arrived:], headers={"Upload-Offset": str(arrived)} | LAST
    )

    assert arrived == 700
    assert rest.status_code == 201
    assert clinic.client.get(path).content == DATA


def test_a_recording_over_the_limit_is_refused_and_forgotten():
    with service(max_recording_bytes=50_000) as api:
        api.put_patient()
        session_id, _ = api.put_session(session())
        path = f"/api/v1/sessions/{session_id}/recording"

        answer = api.client.put(path, content=DATA, headers=WHOLE)

        assert answer.status_code == 413
        assert files_in(api) == []


@pytest.mark.both_databases
def test_a_recording_needs_its_session(clinic):
    path = f"/api/v1/sessions/{uuid4()}/recording"

    answers = [
        clinic.client.put(path, content=DATA, headers=WHOLE),
        clinic.client.patch(path, content=DATA, headers={"Upload-Offset": "0"}),
        clinic.client.head(path),
        clinic.client.get(path),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert files_in(clinic) == []


def test_a_completeness_that_is_no_boolean_is_refused(clinic, path):
    headers = {"Upload-Offset": "0", "Upload-Complete": "yes"}

    answer = clinic.client.patch(path, content=DATA, headers=headers)

    assert answer.json()["type"] == "urn:tempo90:problem:bad-header"


def test_two_senders_of_one_recording_do_not_mix(clinic):
    files, session_id = clinic.app.state.recordings, uuid4()

    with files.receive(session_id), pytest.raises(UploadBusyError), files.receive(session_id):
        pass

    with files.receive(session_id) as incoming:
        assert incoming.offset_bytes == 0


def of_another_process(clinic):
    """The same folder, as another worker of the service has it open."""
    return RecordingFiles(clinic.app.state.recordings._folder, 200_000)


def test_workers_of_one_service_do_not_mix_what_comes_for_one_recording(clinic, path):
    session_id = UUID(path.split("/")[4])
    with of_another_process(clinic).receive(session_id) as incoming:
        incoming.append(DATA[:500])
        refused = clinic.client.patch(path, content=b"more", headers={"Upload-Offset": "500"})
    answer = clinic.client.patch(path, content=DATA[500:], headers={**LAST, "Upload-Offset": "500"})

    assert refused.json()["type"] == "urn:tempo90:problem:upload-busy"
    assert answer.status_code == 201
    assert clinic.client.get(path).content == DATA


HOLDS = """
import sys, time
from pathlib import Path
from uuid import UUID
from api.recordings import RecordingFiles
with RecordingFiles(Path(sys.argv[1]), 1000).receive(UUID(sys.argv[2])) as incoming:
    incoming.append(b"half")
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.sqlite_only
def test_a_worker_that_was_killed_holds_nothing_up(clinic, path):
    session_id = UUID(path.split("/")[4])
    command = [sys.executable, "-c", HOLDS, str(clinic.folder / "recordings"), str(session_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as worker:
        assert worker.stdout.readline() == b"held\n"
        busy = clinic.client.put(path, content=DATA, headers=WHOLE).status_code
        worker.kill()

    stored = clinic.client.put(path, content=DATA, headers=WHOLE).status_code

    assert (busy, stored) == (503, 201)


def test_a_crash_between_file_and_note_is_mended_by_a_repeat(clinic, path):
    session_id = path.split("/")[4]
    files = clinic.app.state.recordings
    place = files.path(UUID(session_id))
    place.parent.mkdir(parents=True)
    place.write_bytes(DATA)

    before = clinic.client.get(path).status_code
    answer = clinic.client.put(path, content=DATA, headers=WHOLE)

    assert (before, answer.status_code) == (404, 201)
    assert clinic.client.get(path).content == DATA


def left_without_a_note(clinic, path, data):
    """Let the power fail after a recording came into its place and before it was noted."""
    with clinic.app.state.recordings.receive(UUID(path.split("/")[4])) as incoming:
        incoming.append(data)
        incoming.settle()


def test_what_was_counted_is_counted_still_after_a_crash_before_the_note(clinic, path):
    left_without_a_note(clinic, path, DATA)

    arrived = clinic.client.head(path).headers["Upload-Offset"]
    answer = clinic.client.patch(path, headers={**LAST, "Upload-Offset": arrived})

    assert (arrived, answer.status_code) == (str(len(DATA)), 201)
    assert clinic.client.get(path).content == DATA


@pytest.mark.parametrize("more", [b"", b"of another"])
def test_another_recording_than_the_one_nobody_noted_starts_over(clinic, path, more):
    left_without_a_note(clinic, path, b"synthetic, of another")
    arrived = clinic.client.head(path).headers["Upload-Offset"]

    refused = clinic.client.patch(path, content=more, headers={**LAST, "Upload-Offset": arrived})
    again = clinic.client.head(path).headers["Upload-Offset"]
    answer = clinic.client.patch(path, content=DATA, headers={**LAST, "Upload-Offset": again})

    assert (refused.is_client_error, again, answer.status_code) == (True, "0", 201)
    assert clinic.client.get(path).content == DATA


def test_bytes_reach_the_disk_before_they_are_counted(clinic, path, monkeypatch):
    synced = []
    real = os.fsync

    def fsync(file):
        about = os.fstat(file)
        if stat.S_ISREG(about.st_mode):  # folders are synced too, for the name
            synced.append(about.st_size)
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)

    clinic.client.patch(path, content=DATA[:500], headers={"Upload-Offset": "0"})

    assert synced == [500]


def test_a_whole_recording_keeps_its_old_name_until_the_new_one_is_safe(clinic, path, monkeypatch):
    files, session_id, seen = clinic.app.state.recordings, UUID(path.split("/")[4]), []
    real = os.fsync

    def fsync(file):
        arrived = [one.name for one in files_in(clinic) if one.stem == str(session_id)]
        seen.append(sorted(name for name in arrived if not name.endswith(".lock")))
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)

    clinic.client.put(path, content=DATA, headers=WHOLE)

    names = [f"{session_id}.mcap", f"{session_id}.part"]
    assert names in seen
    assert [one.name for one in files_in(clinic) if one.stem == str(session_id)] == names[:1]
    assert files.has(session_id)
