"""Recordings in an object store, over its real protocol."""

import hashlib
import io
import zipfile
from itertools import pairwise
from uuid import UUID

import boto3
import obstore
import pytest

from api.errors import ContentConflictError
from api.object_recordings import BadObjectStoreError, ObjectRecordings, open_object_store
from api.recording_store import note_whole
from tests.api.builders import PATIENT_ID, digest, service, session
from tests.api.test_recordings import DATA, LAST, WHOLE, break_off
from tests.object_store import known_to_clients, s3_service, silent_service

BUCKET = "recordings"
IN_EUROPE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
LIMIT_BYTES = 200_000


@pytest.fixture(scope="module")
def bucket():
    with s3_service() as url, known_to_clients(url):
        boto3.client("s3", endpoint_url=url).create_bucket(Bucket=BUCKET, **IN_EUROPE)
        yield


@pytest.fixture(scope="module")
def api(bucket):  # noqa: ARG001  (it must be there)
    given = {"object_store": f"s3://{BUCKET}/clinic", "max_recording_bytes": LIMIT_BYTES}
    with service(**given) as opened:
        opened.put_patient()
        yield opened


@pytest.fixture
def path(api):
    session_id, _ = api.put_session(session(started_at="2026-05-12T08:30:00Z"))
    return f"/api/v1/sessions/{session_id}/recording"


def session_of(path):
    return UUID(path.split("/")[4])


def keys(api, folder=""):
    store = api.app.state.recordings._store
    return sorted(one["path"] for some in obstore.list(store, folder or None) for one in some)


def test_a_recording_comes_back_byte_for_byte_and_nothing_else_is_left(api, path):
    first = api.client.put(path, content=DATA, headers=WHOLE)
    again = api.client.put(path, content=DATA, headers=WHOLE)

    answer = api.client.get(path)
    name = session_of(path)
    assert (first.status_code, again.status_code) == (201, 200)
    assert answer.content == DATA
    assert answer.headers["repr-digest"] == digest(DATA)
    assert f"{name.hex[:2]}/{name}.mcap" in keys(api)
    assert keys(api, f"incoming/{name}") == []


@pytest.mark.parametrize(
    ("field", "status", "span"),
    [
        ("bytes=10-19", 206, slice(10, 20)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=102390-", 206, slice(102_390, None)),
        ("bytes=0-999999", 206, slice(None)),
        ("bytes=5-4", 200, slice(None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("bytes=102400-", 416, None),
    ],
)
def test_a_part_of_a_recording_can_be_asked_for(api, path, field, status, span):
    api.client.put(path, content=DATA, headers=WHOLE)

    answer = api.client.get(path, headers={"Range": field})

    assert answer.status_code == status
    if span is None:
        assert answer.headers["content-range"] == f"bytes */{len(DATA)}"
    else:
        assert answer.content == DATA[span]


@pytest.mark.parametrize("cuts", [(), (1,), (50_000,), (1, 2, 3, 102_399)])
def test_a_recording_does_not_depend_on_where_it_was_cut(api, path, cuts):
    edges = [0, *cuts, len(DATA)]

    for start, end in pairwise(edges):
        headers = {"Upload-Offset": str(start)} | (LAST if end == len(DATA) else {})
        assert api.client.head(path).headers["upload-offset"] == str(start)
        answer = api.client.patch(path, content=DATA[start:end], headers=headers)
        assert answer.status_code == (201 if end == len(DATA) else 204)

    assert api.client.head(path).headers["upload-complete"] == "?1"
    assert api.client.get(path).content == DATA


def test_another_process_goes_on_where_the_first_one_stopped(api, path):
    api.client.patch(path, content=DATA[:500], headers={"Upload-Offset": "0"})

    other = ObjectRecordings(open_object_store(f"s3://{BUCKET}/clinic", 10.0), LIMIT_BYTES)

    assert other.offset_bytes(session_of(path)) == 500


def test_what_came_before_the_line_broke_can_be_gone_on_from(api, path):
    headers = [(b"host", b"localhost"), (b"content-digest", digest(DATA).encode())]

    break_off(api.app, "PUT", path, headers, DATA[:700])
    arrived = int(api.client.head(path).headers["upload-offset"])
    rest = {"Upload-Offset": str(arrived)} | LAST
    answer = api.client.patch(path, content=DATA[arrived:], headers=rest)

    assert (arrived, answer.status_code) == (700, 201)
    assert api.client.get(path).content == DATA


def test_damaged_bytes_are_refused_and_leave_nothing(api, path):
    answer = api.client.put(path, content=DATA[:-1] + b"\x00", headers=WHOLE)

    assert answer.json()["type"] == "urn:tempo90:problem:digest-mismatch"
    assert api.client.head(path).headers["upload-offset"] == "0"
    assert api.client.get(path).status_code == 404
    assert keys(api, f"incoming/{session_of(path)}") == []


def test_a_recording_over_the_limit_is_refused_and_forgotten(api, path):
    long = bytes(LIMIT_BYTES + 1)

    answer = api.client.put(path, content=long, headers={"Content-Digest": digest(long)})

    assert answer.status_code == 413
    assert keys(api, f"incoming/{session_of(path)}") == []


def test_a_piece_that_a_shorter_one_replaced_is_not_counted_twice(api, path):
    api.client.patch(path, content=DATA[:500], headers={"Upload-Offset": "0"})
    api.client.patch(path, content=DATA[500:900], headers={"Upload-Offset": "500"})
    incoming = api.app.state.recordings._incoming(session_of(path))
    incoming._known = []

    incoming.append(DATA[:300])

    assert api.client.head(path).headers["upload-offset"] == "300"


def left_without_a_note(api, path, data):
    """Let the process die after a recording came into its place and before it was noted."""
    with api.app.state.recordings.receive(session_of(path)) as incoming:
        incoming.append(data)
        incoming.check(hashlib.sha256(data).hexdigest())
        incoming.settle()


def test_what_was_counted_is_counted_still_after_a_crash_before_the_note(api, path):
    left_without_a_note(api, path, DATA)

    arrived = api.client.head(path).headers["Upload-Offset"]
    answer = api.client.patch(path, headers={**LAST, "Upload-Offset": arrived})

    assert (arrived, answer.status_code) == (str(len(DATA)), 201)
    assert api.client.get(path).content == DATA


@pytest.mark.parametrize("more", [b"", b"of another"])
def test_another_recording_than_the_one_nobody_noted_starts_over(api, path, more):
    left_without_a_note(api, path, b"synthetic, of another")
    arrived = api.client.head(path).headers["Upload-Offset"]

    refused = api.client.patch(path, content=more, headers={**LAST, "Upload-Offset": arrived})
    again = api.client.head(path).headers["Upload-Offset"]
    answer = api.client.patch(path, content=DATA, headers={**LAST, "Upload-Offset": again})

    assert (refused.is_client_error, again, answer.status_code) == (True, "0", 201)
    assert api.client.get(path).content == DATA


def test_of_two_workers_with_other_content_the_one_that_is_noted_first_stays(api, path):
    other, state, session_id = b"synthetic, of another", api.app.state, session_of(path)
    sha256 = hashlib.sha256(other).hexdigest()
    later = ObjectRecordings(open_object_store(f"s3://{BUCKET}/clinic", 5.0), LIMIT_BYTES)
    with later.receive(session_id) as incoming:
        incoming.append(other)
        incoming.check(sha256)
        api.client.put(path, content=DATA, headers=WHOLE)
        with pytest.raises(ContentConflictError):
            note_whole(state.engine, incoming, session_id, sha256, len(other))

    assert api.client.get(path).content == DATA


def test_an_empty_recording_is_one_too(api, path):
    answer = api.client.put(path, content=b"", headers={"Content-Digest": digest(b"")})

    assert answer.status_code == 201
    assert api.client.get(path).content == b""


def test_a_local_copy_holds_the_whole_and_goes_away(api, path):
    api.client.put(path, content=DATA, headers=WHOLE)

    with api.app.state.recordings.local_copy(session_of(path)) as file:
        copied = file.read_bytes()

    assert copied == DATA
    assert not file.exists()


@pytest.mark.usefixtures("bucket")
def test_an_export_holds_it_and_an_erasure_removes_it():
    with service(object_store=f"s3://{BUCKET}/other") as api:
        api.put_patient()
        (whole, _), (part, _) = api.put_session(session()), api.put_session(session())
        path = f"/api/v1/sessions/{whole}/recording"
        api.client.put(path, content=DATA, headers=WHOLE)
        unfinished = f"/api/v1/sessions/{part}/recording"
        api.client.patch(unfinished, content=b"part", headers={"Upload-Offset": "0"})

        packed = api.client.get(f"/api/v1/patients/{PATIENT_ID}/export").content
        erased = api.client.delete(f"/api/v1/patients/{PATIENT_ID}").json()

        assert zipfile.ZipFile(io.BytesIO(packed)).read(f"recordings/{whole}.mcap") == DATA
        assert erased["recordings"] == 2
        assert keys(api) == []


def test_a_store_that_refuses_is_told_and_what_was_confirmed_is_still_there(api, path):
    api.client.patch(path, content=DATA[:500], headers={"Upload-Offset": "0"})
    working = api.app.state.recordings
    api.app.state.recordings = ObjectRecordings(open_object_store("s3://missing", 2.0), LIMIT_BYTES)

    refused = api.client.patch(path, content=DATA[500:], headers={"Upload-Offset": "500"} | LAST)

    api.app.state.recordings = working
    assert refused.status_code in {409, 503}
    assert api.client.head(path).headers["upload-offset"] == "500"


def test_a_store_that_does_not_answer_is_told_in_time_and_nothing_is_lost(api, path):
    api.client.patch(path, content=DATA[:500], headers={"Upload-Offset": "0"})
    working = api.app.state.recordings
    with silent_service() as silent, known_to_clients(silent):
        slow = ObjectRecordings(open_object_store(f"s3://{BUCKET}/clinic", 0.2), LIMIT_BYTES)
        api.app.state.recordings = slow
        answers = [
            api.client.patch(path, content=DATA[500:], headers={"Upload-Offset": "500"} | LAST),
            api.client.put(path, content=DATA, headers=WHOLE),
            api.client.head(path),
        ]
    api.app.state.recordings = working

    rest = api.client.patch(path, content=DATA[500:], headers={"Upload-Offset": "500"} | LAST)

    assert [one.status_code for one in answers] == [503] * 3
    assert answers[0].headers["retry-after"] == "5"
    assert answers[0].json()["type"] == "urn:tempo90:problem:recordings-unavailable"
    assert "127.0.0.1" not in answers[0].text
    assert rest.status_code == 201
    assert api.client.get(path).content == DATA


@pytest.mark.parametrize("url", ["http://bucket", "s3:///folder", "bucket", "file:///tmp"])
def test_another_kind_of_address_is_refused(url):
    with pytest.raises(BadObjectStoreError, match="s3://bucket"):
        open_object_store(url, 1.0)
