import pytest
from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from api.guard import CONTENT_SECURITY_POLICY, HEADERS
from tests.api.builders import PATIENT_ID, service

PATH = f"/api/v1/patients/{PATIENT_ID}"
BODY = {"name": "Synthetic patient 1"}


@pytest.mark.parametrize("path", ["/", "/health", "/static/tempo90.css", "/nothing"])
def test_every_answer_carries_the_security_headers(api, path):
    answer = api.client.get(path)

    assert {name: answer.headers[name] for name in HEADERS} == dict(HEADERS)
    assert "unsafe" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("host", ["localhost", "localhost:8090", "127.0.0.1:1", "[::1]:8090"])
def test_this_computer_is_answered_by_its_own_names(api, host):
    assert api.client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[::1", "a:b:c"])
def test_a_page_elsewhere_cannot_reach_it_by_a_name_of_its_own(api, host):
    answer = api.client.get("/health", headers={"Host": host})

    assert answer.status_code == 421
    assert answer.json()["type"] == "urn:tempo90:problem:misdirected"


def test_a_clinic_can_give_the_service_other_names():
    with service(hosts=("tempo.clinic.example",)) as api:
        host = {"Host": "tempo.clinic.example"}

        assert api.client.get("/health", headers=host).status_code == 200
        assert api.client.get("/health").status_code == 421

    with service(hosts=("*",)) as api:
        assert api.client.get("/health", headers={"Host": "any.example"}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Origin": "http://localhost"}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:9"}, 403),
    ],
)
def test_only_our_own_pages_and_programs_may_write(api, headers, status):
    assert api.client.put(PATH, json=BODY, headers=headers).status_code == status


def test_a_link_from_elsewhere_may_still_be_followed(api):
    assert api.client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_a_socket_from_a_page_elsewhere_is_closed_before_it_opens(api):
    @api.app.websocket("/ws")
    async def talk(socket: WebSocket):
        await socket.accept()
        await socket.send_text("hello")

    with api.client.websocket_connect(
        "ws://localhost/ws", headers={"Origin": "http://localhost"}
    ) as own:
        heard = own.receive_text()

    foreign = api.client.websocket_connect(
        "ws://localhost/ws", headers={"Origin": "http://evil.example"}
    )
    with pytest.raises(WebSocketDisconnect) as closed, foreign:
        pass
    assert heard == "hello"
    assert closed.value.code == 1008
