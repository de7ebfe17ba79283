import asyncio
import json
import re
import ssl
import struct
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from analysis import load_catalogue
from api import ApiSettings
from tests.tracker.live_site import app_on, open_database
from tests.tracker.phone_builders import LOCAL, a_console, a_desk, a_paired_phone, run_quickly
from tracker.live import LiveHub
from tracker.phone import network
from tracker.phone.door import PhoneDoor, terminal_picture
from tracker.phone.family import NotOnAnkleError, check_ankle
from tracker.phone.listener import PhoneListener, find_place
from tracker.phone.numbering import MAX_MESSAGE_BYTES
from tracker.phone.web import create_phone_app
from tracker.serving import ServingError
from tracker.settings import DataFolder

HOST = "192.168.1.20"
CHANNEL = f"wss://{HOST}/ws/phone"


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def client(desk, tmp_path):
    settings = ApiSettings(recordings_dir=tmp_path, hosts=(HOST,), is_loopback_only=False)
    app = create_phone_app(settings, desk, b"-----BEGIN CERTIFICATE-----")
    with TestClient(app, base_url=f"https://{HOST}") as opened:
        yield opened


@pytest.fixture(scope="module")
def engine():
    with open_database() as opened:
        yield opened


def paths(routes):
    """Every path there is, those of included routers too."""
    found = set()
    for route in routes:
        inner = getattr(route, "original_router", None)
        found |= paths(inner.routes) if inner is not None else {route.path}
    return found


def hello(**changes):
    said = {"type": "hello", "stream": "a-page", "platform": "android", "code": ""}
    return json.dumps(said | changes)


def hear_all(line):
    while True:
        line.receive_json()


# -- What the local network may reach ------------------------------------------------------------


def test_the_listener_has_four_routes_and_no_more(client):
    found = paths(client.app.routes)

    assert found == {"/phone", "/ws/phone", "/ca.pem", "/static"}


def test_of_the_whole_app_only_the_page_and_its_files_answer(client, engine):
    whole = paths(app_on(engine).routes)
    asked = [re.sub(r"\{\w+\}", str(uuid4()), path) for path in whole]

    answered = {
        path
        for path in [*asked, "/", "/live", "/pair", "/pair/state", "/health", "/api/v1/patients",
                     "/api/v1/openapi.json", "/docs", "/sessions", "/static/../db.sqlite"]
        for method in ("GET", "POST", "PUT", "DELETE")
        if client.request(method, path).status_code < 400
    }  # fmt: skip

    assert len(asked) > 15
    assert answered == set()
    assert client.get("/phone").status_code == 200


def test_the_page_comes_with_the_strict_policy_and_leave_for_its_sensors(client):
    answer = client.get("/phone", headers={"accept-language": "nl"})

    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    assert "accelerometer=(self), gyroscope=(self)" in answer.headers["permissions-policy"]
    assert '<html lang="nl">' in answer.text
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text


def test_the_authority_can_be_installed(client):
    answer = client.get("/ca.pem")

    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    assert answer.content.startswith(b"-----BEGIN CERTIFICATE-----")


def test_a_name_that_is_not_ours_is_not_answered(client):
    assert client.get("/phone", headers={"host": "elsewhere.example"}).status_code == 421


def test_a_page_of_another_site_is_refused_before_the_line_opens(client, desk):
    code = desk.pairing.code()

    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(CHANNEL, headers={"origin": "https://elsewhere.example"}) as line,
    ):
        line.send_text(hello(code=code))

    assert refused.value.code == 1008
    assert desk.is_free


def test_a_wrong_code_is_refused_with_its_reason(client, desk):
    desk.pairing.code()

    with client.websocket_connect(CHANNEL) as line:
        line.send_text(hello(code="WRONGCODE"))
        said = line.receive_json()

    assert said == {"type": "refused", "reason": "wrong_code"}
    assert desk.is_free


def test_a_used_code_is_refused_with_its_reason(client, desk):
    code = desk.pairing.code()
    with client.websocket_connect(CHANNEL) as line:
        line.send_text(hello(code=code))
        first = line.receive_json()["type"]

    with client.websocket_connect(CHANNEL) as line:
        line.send_text(hello(code=code))
        second = line.receive_json()

    assert first == "welcome"
    assert second == {"type": "refused", "reason": "used_code"}


@pytest.mark.parametrize("first", ["", "[]", "{", "null", '{"type": "worn"}', "[" * 4000])
def test_a_line_that_does_not_begin_with_a_hello_is_ended(client, desk, first):
    with client.websocket_connect(CHANNEL) as line:
        line.send_text(first)

        with pytest.raises(WebSocketDisconnect) as ended:
            line.receive_json()

    assert ended.value.code == 4003
    assert desk.is_free


def test_a_message_of_a_size_that_no_page_sends_ends_the_line(client, desk):
    with client.websocket_connect(CHANNEL) as line:
        line.send_text(hello(code=desk.pairing.code()))
        line.send_bytes(bytes(MAX_MESSAGE_BYTES + 32))

        with pytest.raises(WebSocketDisconnect) as ended:
            hear_all(line)

    assert ended.value.code == 1009


@pytest.mark.parametrize(
    ("send", "flood"),
    [
        ("send_text", ['{"type": "battery", "percent": 50}'] * 400),
        ("send_text", ["", "{", "[1]"] * 200),
        ("send_bytes", [struct.pack("<I", 0) + bytes(MAX_MESSAGE_BYTES - 4)] * 300),
    ],
    ids=["of words", "of nonsense", "of samples"],
)
def test_a_flood_ends_the_line_and_the_next_page_is_welcome(client, desk, send, flood):
    with client.websocket_connect(CHANNEL) as line:
        line.send_text(hello(code=desk.pairing.code()))
        ticket = line.receive_json()["ticket"]
        for message in flood:
            getattr(line, send)(message)

        with pytest.raises(WebSocketDisconnect) as ended:
            hear_all(line)

    with client.websocket_connect(CHANNEL) as line:
        line.send_text(hello(ticket=ticket))
        assert line.receive_json()["type"] == "welcome"
    assert ended.value.code == 1009


def test_the_phone_hears_the_coach_but_not_each_frame(client, desk):
    with client.websocket_connect(CHANNEL) as line:
        line.send_text(hello(code=desk.pairing.code()))
        kinds = [line.receive_json()["type"] for _ in range(2)]
        for k in range(5):
            time_apart = {"t": k, "a": 1.0, "phase_s": 0.0, "reps": k}
            desk.hub.publish({"type": "frame", "phase": "lift", **time_apart})
            desk.hub.publish({"type": "rep", "n": k})
        heard = [line.receive_json() for _ in range(6)]

    assert kinds == ["welcome", "snapshot"]
    assert [one["type"] for one in heard].count("frame") == 1
    assert [one["n"] for one in heard if one["type"] == "rep"] == [0, 1, 2, 3, 4]


# -- The listener itself -------------------------------------------------------------------------


def test_the_listener_speaks_https_with_a_certificate_of_its_own_authority(tmp_path):
    folder = DataFolder(tmp_path).make()

    def look(url, pem):
        trusting = ssl.create_default_context(cadata=pem.decode())
        with urlopen(f"{url}/phone", context=trusting) as answer:  # noqa: S310
            page = answer.status
        try:
            with urlopen(Request(f"{url}/sessions"), context=trusting):  # noqa: S310
                return page, 200
        except HTTPError as error:
            error.close()
            return page, error.code

    async def main():
        async with PhoneListener(folder, a_desk(), LOCAL) as listener:
            seen = await asyncio.to_thread(look, listener.url, listener.certificates.authority_pem)
            return listener.url, seen

    url, seen = run_quickly(main())

    assert url.startswith("https://127.0.0.1:")
    assert seen == (200, 404)


def test_without_a_network_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr(network, "DOCUMENTATION_ADDRESS", ("127.0.0.1", 9))

    with pytest.raises(ServingError, match="on no network"):
        find_place()


# -- The page with the code, and the invitation --------------------------------------------------


def test_only_the_app_of_this_computer_shows_the_code(engine):
    desk = a_desk()
    app = app_on(engine)
    PhoneDoor(desk=desk, listener=None).add_pages(app)

    with TestClient(app, base_url="http://localhost") as opened:
        page = opened.get("/pair").text
        state = opened.get("/pair/state")
        picture = opened.get("/pair/code.svg")

    assert state.json()["code"].replace("-", "") == desk.pairing.code()
    assert state.headers["cache-control"] == "no-store"
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "http://localhost/phone" in page
    assert desk.pairing.code() not in page


def test_the_code_is_shown_until_a_phone_measures_and_a_new_one_when_it_expires(tmp_path):
    console = a_console()

    async def main():
        now_s = asyncio.get_running_loop().time
        desk = a_desk(LiveHub(), now_s=now_s)
        async with PhoneListener(DataFolder(tmp_path).make(), desk, LOCAL) as listener:
            door = PhoneDoor(desk=desk, listener=listener)
            inviting = asyncio.ensure_future(door.invite(console, "nl"))
            await asyncio.sleep(0.2)
            first = desk.pairing.code()
            for _ in range(5):
                desk.pairing.use("wrong")
            await asyncio.sleep(1.5)
            phone = a_paired_phone(desk)
            await asyncio.sleep(0.1)
            phone.lie_flat(arrival_s=now_s())
            await inviting
            return first

    first = run_quickly(main())

    said = console.file.getvalue().splitlines()
    assert first[:4] in said[0]
    assert "/ca.pem" in said[1]
    assert "De nieuwe:" in said[2]
    assert said[-1] == "De telefoon meet, 60 keer per seconde. Maak hem nu vast."


def test_the_square_in_the_terminal_is_as_high_as_wide():
    lines = terminal_picture("https://192.168.1.20:8443/phone#7K3MP0QX").splitlines()

    widths = {len(line) for line in lines}
    assert len(widths) == 1
    assert widths.pop() in {2 * len(lines), 2 * len(lines) - 1}  # a letter is two modules high


# -- What a phone on the ankle is not for --------------------------------------------------------


@pytest.mark.parametrize(
    "exercise", ["run_intervals", "run_continuous", "sprint_sets", "cycling", "step_up"]
)
def test_a_phone_goes_on_no_ankle_that_runs_rides_or_springs(exercise):
    with pytest.raises(NotOnAnkleError, match="Never a phone on the ankle"):
        check_ankle(load_catalogue()[exercise])


def test_a_phone_suits_the_core_exercises():
    for exercise in ("ecc_prone_helper", "ecc_seated_solo", "iso_prone_raise", "squat_single"):
        check_ankle(load_catalogue()[exercise])
