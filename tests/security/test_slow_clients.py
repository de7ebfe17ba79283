"""Bodies and heads that come in a trickle or without end, bodies too deep or in too many parts."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from api.slow_bodies import Patience, SlowBodies
from tests.api.access.people import ORIGIN
from tests.api.builders import service
from tracker.slow_heads import LimitedHeads
from tracker.virtual_radio import run_virtually

SHORT = Patience(rest_s=0.05, grace_s=0.05, slowest_bytes_per_s=1_000.0)
WAIT_S = 30.0
SCOPE = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}


async def app(scope, receive, send):
    body = await Request(scope, receive).body() if scope["method"] == "POST" else b""
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def ask(pieces, patience):
    """What becomes of a body whose pieces come after pauses: (seconds, bytes)."""
    waiting, sent = iter(pieces), []

    async def receive():
        pause_s, piece = next(waiting)
        await asyncio.sleep(pause_s)
        return {"type": "http.request", "body": piece, "more_body": piece != b""}

    async def send(message):
        sent.append(message)

    run_virtually(SlowBodies(app, patience)(SCOPE, receive, send))
    return sent[0]["status"]


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([(0.0, b"a" * 500), (0.0, b"")], 200),
        ([(0.0, b"a"), (WAIT_S, b"b"), (0.0, b"")], 408),
        ([(0.03, b"a")] * 20 + [(0.0, b"")], 408),
        ([(0.03, b"a" * 1000)] * 4 + [(0.0, b"")], 200),
    ],
    ids=["at once", "a rest without end", "a trickle", "slow but steady"],
)
def test_a_body_is_waited_for_while_it_gets_on(pieces, status):
    assert ask(pieces, SHORT) == status


def test_what_a_defect_does_to_an_app_is_not_hidden_by_the_timing():
    async def broken(_, receive, send):  # noqa: ARG001
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError):
        asyncio.run(SlowBodies(broken, SHORT)(SCOPE, None, None))


class ShortHeads(LimitedHeads):
    head_limit_s = 0.2
    max_head_bytes = 2_000


@asynccontextmanager
async def serving():
    config = uvicorn.Config(app, http=ShortHeads, log_level="critical", lifespan="off", port=0)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # it sends no event
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def all_of(reader):
    """What came until the other side hung up, in order or in the middle of what was sent."""
    pieces = []
    with suppress(ConnectionResetError):
        while piece := await reader.read(65_536):
            pieces.append(piece)
    return b"".join(pieces)


async def talk(port, *pieces, pause_s=0.0):
    """Send pieces, with pauses; returns all that comes back until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.create_task(all_of(reader))
    for piece in pieces:
        if reading.done():
            break
        writer.write(piece)
        await asyncio.sleep(pause_s)
    async with asyncio.timeout(WAIT_S):
        got = await reading
    writer.close()
    return got


FILLER = b"X-Filler: " + b"x" * 500 + b"\r\n"
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_heads_that_do_not_get_on_or_do_not_end_are_given_up():
    async def attack():
        async with serving() as port:
            return await asyncio.gather(
                talk(port),
                talk(port, *[b"G", b"E", b"T", b" "] * 10, pause_s=0.05),
                talk(port, b"GET / HTTP/1.1\r\n", *[FILLER] * 20, pause_s=0.02),
                talk(port, WHOLE, b"GET / HT", pause_s=0.02),
            )

    silent, trickle, endless, second = asyncio.run(attack())

    assert silent.startswith(b"HTTP/1.1 408")
    assert trickle.startswith((b"HTTP/1.1 408", b"HTTP/1.1 400"))
    assert endless.startswith(b"HTTP/1.1 431")
    assert second.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408" in second


def test_an_honest_client_keeps_its_connection_over_several_requests():
    async def use():
        async with serving() as port:
            last = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"
            return await talk(port, WHOLE, WHOLE, last + b"abc", pause_s=0.1)

    assert asyncio.run(use()).count(b"HTTP/1.1 200") == 3


@pytest.fixture(scope="module")
def api():
    with service() as opened:
        yield opened


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"1" * 100_000,
        b"NaN",
        b"1e999",
        b'"\\ud800"',
        b"\xff\xfe",
        json.dumps({"name": "x" * 5_000_000}).encode(),
    ],
    ids=["deep list", "deep object", "number", "nan", "huge", "half", "bytes", "long"],
)
def test_a_body_that_is_malformed_deep_or_long_is_refused_without_a_defect(api, body):
    path = "/api/v1/patients/7d1c9f7e-0000-4000-8000-000000000001"

    answer = api.client.put(
        path, content=body, headers={"Content-Type": "application/json", **ORIGIN}
    )

    assert answer.status_code in {400, 403, 413, 422}, answer.text


def test_a_form_with_thousands_of_parts_is_refused(api):
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\nx\r\n' for n in range(5_000)
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Origin": "http://localhost"}

    answer = api.client.post("/settings", content=parts + "--b--\r\n", headers=headers)

    assert answer.status_code in {400, 413, 422}


def test_a_length_of_thousands_of_digits_is_too_large_and_no_defect(api):
    headers = {"Content-Length": "9" * 5_000, "Origin": "http://localhost"}

    answer = api.client.post("/settings", content=b"", headers=headers)

    assert answer.status_code == 413
