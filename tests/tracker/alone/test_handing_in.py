import hashlib
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from api import ApiSettings, migrate, open_engine
from tests.builders import prone_set
from tests.tracker.alone.recordings import phone_set
from tracker.alone.desk import AloneDesk, samples_of
from tracker.alone.key import phone_key
from tracker.alone.pieces import MisplacedPieceError, PieceError, Pieces
from tracker.alone.routes import install
from tracker.app import create_app
from tracker.live import LiveHub
from tracker.settings import DataFolder

SET = phone_set()
ONE = UUID("5b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e10")
ABOUT = {
    "n_bytes": len(SET),
    "sha256": hashlib.sha256(SET).hexdigest(),
    "exercise": "ecc_prone_helper",
    "side": "left",
    "platform": "android",
}


@pytest.fixture
def folder(tmp_path):
    made = DataFolder(tmp_path / "data").make()
    migrate(made.database_url)
    return made


@pytest.fixture
def client(folder):
    yield from client_of(folder, AloneDesk(folder))


def client_of(folder, desk):
    engine = open_engine(folder.database_url)
    settings_ = ApiSettings(recordings_dir=folder.recordings)
    app = create_app(engine, settings_, LiveHub())
    install(app, app.state.pages, desk)
    with TestClient(app, base_url="http://localhost") as opened:
        yield opened
    engine.dispose()


def send(client, data=SET, *, start=0, **options):
    return client.put(f"/alone/{ONE}?offset={start}", content=data[start:], **options)


def finish(client, **changes):
    return client.post(f"/alone/{ONE}/session", json=ABOUT | changes)


def test_a_recording_sent_whole_is_counted_and_waits_for_the_database(client, folder):
    send(client)

    told = finish(client).json()

    assert told["session"] == str(ONE)
    assert [one["reps"] for one in told["sets"]] == [5]
    assert told["sets"][0]["in_tempo"] == 5
    assert (folder.outbox / f"{ONE}.json").exists()
    assert (folder.outbox / f"{ONE}.mcap").exists()
    assert list((folder.root / "from-phones").iterdir()) == []


def test_the_session_began_when_the_phone_says_and_not_when_it_was_sent(client, folder):
    send(client)
    finish(client)

    text = (folder.outbox / f"{ONE}.json").read_text("utf-8")

    assert '"started_at":"2026-05-12T' in text


def test_sent_again_it_is_told_again_and_stored_once(client, folder):
    send(client)
    first = finish(client).json()

    again = client.get(f"/alone/{ONE}").json()
    second = finish(client)

    assert again["stored"] == first
    assert second.json() == first
    assert len(list(folder.outbox.glob("*.json"))) == 1


@settings(deadline=None, max_examples=20)  # each piece waits for the disk
@given(cuts=st.sets(st.integers(1, len(SET) - 1), max_size=6))
def test_what_arrives_does_not_depend_on_where_it_is_cut(cuts):

    edges = [0, *sorted(cuts), len(SET)]
    with TemporaryDirectory() as place:
        pieces = Pieces(Path(place))
        for start, end in pairwise(edges):
            assert pieces.append(ONE, start, SET[start:end]) == end
            with pytest.raises(MisplacedPieceError) as told:  # the answer was lost: sent again
                pieces.append(ONE, start, SET[start:end])
            assert told.value.n_bytes == end

        whole = pieces.whole(ONE, len(SET), ABOUT["sha256"])

        assert whole.read_bytes() == SET


def test_a_piece_that_does_not_fit_is_answered_with_where_to_go_on(client):
    send(client, SET[:3200])

    ahead = client.put(f"/alone/{ONE}?offset=6400", content=b"x")
    early = finish(client)

    assert (ahead.status_code, ahead.json()) == (409, {"n_bytes": 3200})
    assert (early.status_code, early.json()) == (409, {"n_bytes": 3200})


def test_a_recording_damaged_on_its_way_is_thrown_away_and_may_be_sent_again(client):
    send(client, SET[:-1] + bytes([SET[-1] ^ 1]))

    refused = finish(client)
    send(client)
    told = finish(client)

    assert refused.status_code == 422
    assert told.json()["sets"][0]["reps"] == 5


def test_a_phone_never_goes_on_the_ankle_for_running(client):
    send(client)

    refused = finish(client, exercise="run_intervals")

    assert refused.status_code == 422
    assert "phone" in refused.json()["reason"]


@pytest.mark.parametrize("changes", [{"sha256": "0"}, {"n_bytes": 0}, {"more": 1}])
def test_a_description_that_is_not_one_is_refused(client, changes):
    assert finish(client, **changes).status_code == 422


def test_with_a_key_only_a_phone_that_was_paired_hands_in(folder):
    key = phone_key(folder)
    for client in client_of(folder, AloneDesk(folder, key=key)):
        shown = {"Authorization": f"Bearer {key}"}

        assert send(client).status_code == 401
        assert client.get(f"/alone/{ONE}").status_code == 401
        assert finish(client).status_code == 401
        assert send(client, headers={"Authorization": "Bearer x"}).status_code == 401
        assert send(client, headers=shown).status_code == 200


def test_the_key_stays_the_same_and_nobody_else_can_read_it(folder):
    first = phone_key(folder)

    assert phone_key(folder) == first
    assert len(first) > 40
    assert (folder.root / "phone-key").stat().st_mode & 0o077 == 0


def test_a_page_of_another_site_hands_nothing_in(client):
    foreign = {"Sec-Fetch-Site": "cross-site"}

    assert send(client, headers=foreign).status_code == 403


def test_too_many_unfinished_recordings_are_refused(tmp_path):
    pieces = Pieces(tmp_path)
    for n in range(64):
        pieces.append(UUID(int=n), 0, b"x")

    with pytest.raises(PieceError, match="Too many"):
        pieces.append(UUID(int=64), 0, b"x")

    assert pieces.append(UUID(int=3), 1, b"y") == 2


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_the_samples_are_those_of_the_leg_whosever_signs_they_came_with(platform):
    truth = prone_set(5, rate_hz=60.0)

    _, samples = samples_of(phone_set(platform=platform), platform)

    assert np.allclose(samples.acc_ms2, truth.acc_ms2, atol=1e-4)
    assert np.allclose(samples.gyr_rads, truth.gyr_rads, atol=1e-5)
    assert np.allclose(samples.time_s, truth.time_s - truth.time_s[0], atol=1e-3)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_samples_or_refused(data):
    try:
        _, samples = samples_of(data, "android")
    except PieceError:
        return
    assert len(samples) <= len(data) // 32
