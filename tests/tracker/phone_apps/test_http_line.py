import asyncio
from contextlib import asynccontextmanager

import pytest

from tracker.phone_apps import http_line
from tracker.phone_apps.errors import PhoneAwayError
from tracker.phone_apps.http_line import Answer, HttpLine

WHOLE = b'{"a": [1, 2, 3]}'


@asynccontextmanager
async def a_server(*replies, keeps_open=True):
    """Answer one request after the other; gives the line to it and how often it was called."""
    calls, left = [], list(replies)

    async def serve(reader, writer):
        calls.append("connected")
        try:
            while left:
                await reader.readuntil(b"\r\n\r\n")
                for piece in left.pop(0):
                    if isinstance(piece, float):
                        await asyncio.sleep(piece)
                    else:
                        writer.write(piece)
                        await writer.drain()
                if not keeps_open:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    line = HttpLine("127.0.0.1", server.sockets[0].getsockname()[1], limit_s=0.3)
    try:
        yield line, calls
    finally:
        line.close()
        server.close()
        await asyncio.sleep(0)


def told(*replies, n=1, **how):
    async def ask():
        async with a_server(*replies, **how) as (line, calls):
            return [await line.get("/get?a=full") for _ in range(n)], len(calls)

    return asyncio.run(ask())


def sized(body=WHOLE, status=b"200 OK"):
    return [b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)]


HALVES = [b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 16\r\n\r\n" + WHOLE[:5], 0.05, WHOLE[5:]]
CHUNKED = [
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + WHOLE + b"\r\n0\r\n\r\n"
]
UNTIL_CLOSED = [b"HTTP/1.0 200 OK\r\n\r\n" + WHOLE]


@pytest.mark.parametrize(
    ("reply", "keeps_open"),
    [(sized(), True), (HALVES, True), (CHUNKED, True), (UNTIL_CLOSED, False)],
)
def test_an_answer_is_read_however_its_length_is_told(reply, keeps_open):
    (answer,), _ = told(reply, keeps_open=keeps_open)

    assert answer == Answer(200, WHOLE)
    assert answer.is_ok


def test_a_connection_that_is_kept_open_is_used_again():
    answers, n_connections = told(sized(), sized(), sized(), n=3)

    assert [one.body for one in answers] == [WHOLE] * 3
    assert n_connections == 1


def test_a_connection_that_was_closed_in_between_is_made_anew():
    answers, n_connections = told(sized(), sized(), n=2, keeps_open=False)

    assert [one.body for one in answers] == [WHOLE] * 2
    assert n_connections == 2


def test_an_answer_that_says_no_is_an_answer():
    (answer,), _ = told(sized(b"no", b"404 Not Found"))

    assert (answer.status, answer.is_ok) == (404, False)


@pytest.mark.parametrize(
    "reply",
    [
        [1.0],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n", *[b" ", 0.08] * 10],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"],
        [b"SSH-2.0-OpenSSH_9\r\n\r\n"],
        [b"\x00" * 100_000],
        [b""],
    ],
    ids=["silence", "drop by drop", "half", "another service", "noise", "closed at once"],
)
def test_what_is_no_whole_answer_in_time_is_a_phone_that_is_away(reply):
    with pytest.raises(PhoneAwayError):
        told(reply, keeps_open=False)


def test_an_endless_answer_is_cut_off(monkeypatch):
    monkeypatch.setattr(http_line, "MAX_ANSWER_BYTES", 100_000)

    with pytest.raises(PhoneAwayError):
        told([b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 50_000] * 5], keeps_open=False)


def test_a_port_at_which_nobody_listens_is_a_phone_that_is_away():
    async def ask():
        async with a_server() as (line, _):
            port = line.port
        await HttpLine("127.0.0.1", port, limit_s=0.3).get("/config")

    with pytest.raises(PhoneAwayError, match="cannot be reached"):
        asyncio.run(ask())
