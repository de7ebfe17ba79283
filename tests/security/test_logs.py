"""Every line that a server logs, while people, programs and faults fill it with what is private."""

import io
import json
import logging
import re
from concurrent.futures import CancelledError
from contextlib import suppress
from uuid import uuid4

import pytest
from sqlalchemy import text
from starlette.websockets import WebSocketDisconnect

from api.access import Role
from api.access.cookies import LOGIN_COOKIE
from api.access.route_map import RouteMap
from api.operations.json_log import json_lines
from api.operations.requests import log_answered
from api.operations.slow_statements import log_slow_statements
from api.request_id import HEADER
from tests.api.access.people import PASSWORD, open_clinic
from tests.api.builders import session
from tracker.app import create_app
from tracker.live import LiveHub

PLANTED = "geheim7f"
NAMED = f"Wilhelmina {PLANTED}"
FIELDS = (
    "name", "text", "remark", "note", "login", "password", "code", "token", "q", "reason", "email",
    "sport", "label",
)  # fmt: skip
ENDS = {"POST /log-out", "DELETE /api/v1/patients/{patient_id}"}
SENTENCE = f"{NAMED} has pain in the hip since Tuesday"


def app_that_fails(engine, settings):
    """The whole app, and a route that quotes what was sent when it breaks."""
    app = create_app(engine, settings, LiveHub())

    @app.get("/good-to-know/broken")
    def broken(q: str):
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT :told FROM nowhere"), {"told": q})
        except Exception as error:
            raise ValueError(f"{q} could not be read") from error

    app.router.routes.insert(0, app.router.routes.pop())
    return app


@pytest.fixture(scope="module")
def clinic():
    with open_clinic(make=app_that_fails) as opened:
        opened.api.app.state.access.rules.add({"GET /good-to-know/broken": public_rule(opened)})
        opened.api.app.state.told.append(log_answered)
        log_slow_statements(opened.engine, above_ms=0.0)
        yield opened


def public_rule(clinic):
    return clinic.api.app.state.access.rules.rule("GET /good-to-know")


def everything(clinic, client, ids):
    """Ask for every route; where no id is given, a word stands in its place."""
    fields = dict.fromkeys(FIELDS, SENTENCE)
    for name in RouteMap(clinic.api.app).names:
        method, _, template = name.partition(" ")
        path = re.sub(r"{(\w+)}", lambda at: ids.get(at[1], PLANTED), template)
        if method == "WS":
            left = suppress(WebSocketDisconnect, CancelledError)  # refused, or in mid-line
            with left, client.websocket_connect(f"wss://localhost{path}?q={PLANTED}"):
                pass
        elif name not in ENDS:
            kind = (
                {}
                if method in {"GET", "HEAD", "MOUNT"}
                else {"json" if path.startswith("/api/") else "data": fields}
            )
            address = f"{path}?q={PLANTED}&patient={PLANTED}"
            client.request("GET" if method == "MOUNT" else method, address, **kind)


def use(clinic):
    """What happens in a clinic; return all that no line may hold."""
    anna, physio = clinic.add(Role.PATIENT, f"anna-{PLANTED}"), clinic.add(Role.CLINICIAN, "physio")
    clinic.treat(physio, anna)
    session_id = clinic.session_of(anna)
    token = clinic.token(anna)
    of_anna = f"/api/v1/patients/{anna.patient_id}"
    assert anna.client.put(of_anna, json={"name": NAMED}).status_code == 200
    note = {"id": str(uuid4()), "text": SENTENCE}
    assert physio.client.post(f"{of_anna}/notes", json=note).status_code == 201
    ids = {"patient_id": str(anna.patient_id), "session_id": str(session_id), "number": "1"}
    cookie = physio.client.cookies[LOGIN_COOKIE]
    everything(clinic, physio.client, ids)
    everything(clinic, anna.client, {})
    for person in (physio, anna):
        assert person.client.get(f"/sessions/{session_id}").status_code == 200

    nobody = clinic.browser()
    nobody.post("/log-in", data={"login": anna.login, "password": f"{PASSWORD} {PLANTED}"})
    bearer = {"Authorization": f"Bearer {token}", "User-Agent": NAMED, HEADER: f"{PLANTED} {NAMED}"}
    nobody.put(f"/api/v1/sessions/{uuid4()}", json=session(sensor=PLANTED), headers=bearer)
    nobody.request(PLANTED.upper(), f"/{PLANTED}", headers=bearer)
    nobody.get("/health", headers={"Host": f"{PLANTED}.example"})
    assert nobody.get("/good-to-know/broken", params={"q": SENTENCE}).status_code == 500
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\n{SENTENCE}")  # noqa: G004
    logging.getLogger("uvicorn.error").warning("%s was read badly", SENTENCE)
    return session_id, (PLANTED, PASSWORD, token, cookie, str(anna.patient_id), "has pain")


@pytest.fixture(scope="module")
def written(clinic):
    """The lines of the log, what may not be in them, and the session that was asked for."""
    stream = io.StringIO()
    with json_lines(stream):
        session_id, private = use(clinic)
    return stream.getvalue(), private, str(session_id)


def test_no_line_of_the_log_holds_a_name_a_note_a_password_or_a_token(written):
    lines, private, _ = written

    leaks = [
        (word, line[:400])
        for line in lines.splitlines()
        for word in private
        if word.lower() in line.lower()
    ]

    assert leaks == []


def test_each_request_is_a_line_with_its_route_its_status_and_its_id(written):
    told = [json.loads(line) for line in written[0].splitlines()]
    requests = [one for one in told if one["logger"] == "api.operations.requests"]
    page = next(one for one in requests if one["route"] == "/sessions/{session_id}")
    unknown = [one for one in requests if one["method"] == "OTHER"]

    assert len(requests) > 200
    assert all(one["duration_ms"] >= 0 and one["pid"] > 0 for one in requests)
    assert len({one["request_id"] for one in requests}) == len(requests)
    assert (page["status"], page["session_id"]) == (200, written[2])
    assert [one["route"] for one in unknown] == ["none"]
    assert any(one["method"] == "WS" for one in requests)


def test_a_fault_is_told_by_its_kind_and_place_and_by_what_was_behind_it(written):
    told = [json.loads(line) for line in written[0].splitlines()]

    fault = next(one for one in told if "error" in one and "broken" in str(one["error"]["at"]))

    assert fault["message"] == "/good-to-know/broken failed"
    assert fault["error"]["kind"] == "builtins.ValueError"
    assert fault["error"]["because"][0]["kind"].endswith("OperationalError")
    assert "request_id" in fault


def test_each_slow_statement_is_a_line_with_the_request_that_waited_for_it(written):
    told = [json.loads(line) for line in written[0].splitlines()]
    statements = [one for one in told if "statement" in one]
    of_requests = {one["request_id"] for one in told if one["logger"] == "api.operations.requests"}

    asked = [one for one in statements if one.get("request_id") in of_requests]

    assert len(asked) > 200
    assert any(one["statement"].startswith("INSERT INTO clinic_note") for one in asked)
