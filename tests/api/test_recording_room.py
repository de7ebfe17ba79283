"""How much the recordings of one patient may take, on a disk and in an object store."""

from contextlib import ExitStack
from uuid import UUID, uuid4

import boto3
import pytest

from tests.api.builders import digest, service, session
from tests.object_store import known_to_clients, s3_service

DATA = bytes(range(250)) * 40  # 10 kB
WHOLE = {"Content-Digest": digest(DATA)}
LAST = {"Upload-Complete": "?1", "Repr-Digest": digest(DATA)}
LIMIT_BYTES = 25_000
OTHER_ID = UUID("7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e77")


@pytest.fixture(params=["files", "objects"])
def api(request):
    with ExitStack() as stack:
        given = {"max_patient_recording_bytes": LIMIT_BYTES}
        if request.param == "objects":
            url = stack.enter_context(s3_service())
            stack.enter_context(known_to_clients(url))
            where = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
            bucket = f"room-{uuid4()}"
            boto3.client("s3", endpoint_url=url).create_bucket(Bucket=bucket, **where)
            given["object_store"] = f"s3://{bucket}/clinic"
        opened = stack.enter_context(service(**given))
        opened.put_patient()
        opened.put_patient(OTHER_ID)
        yield opened


def new_path(api, **fields):
    session_id = uuid4()
    _, answer = api.put_session(session(**fields), session_id)
    assert answer.status_code == 201
    return f"/api/v1/sessions/{session_id}/recording"


def put(api, path):
    return api.client.put(path, content=DATA, headers=WHOLE)


def send(api, path, begins, ends, **last):
    fields = {"Upload-Offset": str(begins)} | last
    return api.client.patch(path, content=DATA[begins:ends], headers=fields)


def test_over_the_limit_a_recording_is_refused_and_nothing_that_is_there_goes(api):
    kept = [new_path(api) for _ in range(2)]
    assert [put(api, path).status_code for path in kept] == [201, 201]

    refused = put(api, new_path(api))

    assert refused.status_code == 413
    assert refused.json()["type"] == "urn:tempo90:problem:recordings-full"
    assert [api.client.get(path).content for path in kept] == [DATA, DATA]
    assert [put(api, path).status_code for path in kept] == [200, 200]  # a repeat is no more


def test_recordings_that_never_become_whole_count_as_well(api):
    open_ones = [new_path(api) for _ in range(3)]
    answers = [send(api, path, 0, 8_000).status_code for path in open_ones]

    assert answers == [204, 204, 204]
    assert put(api, new_path(api)).status_code == 413
    assert send(api, open_ones[0], 8_000, 10_000).status_code == 413
    assert send(api, open_ones[0], 8_000, 9_000).status_code == 204


def test_the_last_piece_makes_a_recording_whole_when_it_is_within_the_limit(api):
    put(api, new_path(api))
    path = new_path(api)

    assert send(api, path, 0, 9_000).status_code == 204
    assert send(api, path, 9_000, 10_000, **LAST).status_code == 201
    assert api.client.get(path).content == DATA


def test_one_who_has_no_room_left_takes_none_from_another(api):
    for _ in range(2):
        put(api, new_path(api))
    assert put(api, new_path(api)).status_code == 413

    assert put(api, new_path(api, patient_id=str(OTHER_ID))).status_code == 201
