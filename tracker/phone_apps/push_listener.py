"""A small HTTP listener on the local network that takes the messages of Sensor Logger.

It serves one thing: `POST /push/<token>`, or `POST /push` with the token in the `Authorization`
field. Everything else is not found. The token is compared in constant time, and a wrong one is
answered slowly; bodies are bounded in size and time.
"""

import asyncio
import hmac
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self

import uvicorn
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from tracker.serving import QuietServer, ServingError

PATH: Final = "/push"
DEFAULT_PUSH_PORT: Final = 8191
EVERY_ADDRESS: Final = "0.0.0.0"  # noqa: S104 - a phone is elsewhere; the token guards
MAX_BODY_BYTES: Final = 4 * 2**20  # ten seconds of four sensors at 400 Hz
BODY_LIMIT_S: Final = 20.0
WRONG_TOKEN_S: Final = 0.25
POLL_S: Final = 0.02
MAX_CONNECTIONS: Final = 32

SHOWN_BY_THE_APP: Final = 499
"""Sensor Logger shows the text of an answer with this status to its user, once."""

_SOMEWHERE: Final = ("192.0.2.1", 9)  # reserved for documentation; nothing is sent there


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """What the app is told."""

    status: int = HTTPStatus.OK
    text: str = "ok"


TakePush = Callable[[bytes, str], PushAnswer]
"""Takes a body and the name of the program that sent it."""


class PushListener:
    """Listen for pushes; use as an async context.

    Parameters
    ----------
    token : str
        What a message must know.
    host : str
        Address to listen at; all of this machine by default.
    port : int
        Port to take if it is free; 0 takes any.

    """

    def __init__(
        self, token: str, *, host: str = EVERY_ADDRESS, port: int = DEFAULT_PUSH_PORT
    ) -> None:
        self.take: TakePush | None = None
        self.url = ""
        self._token = token
        self._host, self._port = host, port
        self._server: QuietServer | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start to listen.

        Raises
        ------
        ServingError
            If no port can be had, or the listener does not come up.

        """
        listening = bind(self._host, self._port)
        host = lan_address() if self._host == EVERY_ADDRESS else self._host
        self.url = f"http://{host}:{listening.getsockname()[1]}{PATH}/{self._token}"
        config = uvicorn.Config(
            self._answer,
            log_level="warning",
            access_log=False,  # it would write down the token
            lifespan="off",
            ws="none",
            interface="asgi3",
            limit_concurrency=MAX_CONNECTIONS,
            timeout_graceful_shutdown=1,
        )
        self._server = QuietServer(config)
        self._task = asyncio.create_task(
            self._server.serve(sockets=[listening]), name="push listener"
        )
        while not self._server.started:
            if self._task.done():
                raise ServingError("The listener for the phone could not be started.")
            await asyncio.sleep(POLL_S)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.take = None
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await asyncio.wait({self._task})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = await self._judge(scope, receive)
        await PlainTextResponse(answer.text, answer.status)(scope, receive, send)

    async def _judge(self, scope: Scope, receive: Receive) -> PushAnswer:
        headers = Headers(scope=scope)
        if not self._is_known(scope["path"], headers.get("authorization", "")):
            await asyncio.sleep(WRONG_TOKEN_S)
            return PushAnswer(HTTPStatus.NOT_FOUND, "There is nothing here.")
        if scope["method"] != "POST":
            text = "tempo90 hears you. Enter this address as the push URL in Sensor Logger."
            return PushAnswer(HTTPStatus.OK, text)
        return await self._receive(receive, headers.get("user-agent", ""))

    async def _receive(self, receive: Receive, sender: str) -> PushAnswer:
        body: bytes | None = None
        with suppress(TimeoutError):
            async with asyncio.timeout(BODY_LIMIT_S):
                body = await read_body(receive)
        if body is None:
            return PushAnswer(HTTPStatus.BAD_REQUEST, "The message did not arrive whole.")
        if len(body) > MAX_BODY_BYTES:
            return PushAnswer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Set a shorter batch period.")
        if self.take is None:
            return PushAnswer(HTTPStatus.OK, "No training is running.")
        return self.take(body, sender)

    def _is_known(self, path: str, authorization: str) -> bool:
        given = path.removeprefix(f"{PATH}/")
        if path.rstrip("/") == PATH:
            given = authorization.removeprefix("Bearer ")
        return hmac.compare_digest(given.strip("/ ").encode(), self._token.encode())


async def read_body(receive: Receive) -> bytes | None:
    """Return the body of a request; what comes beyond the limit is heard but not kept.

    None is a body whose sender hung up in its middle. An answer before the end of a body would
    close the connection on bytes under way, and a sender often loses such an answer.
    """
    pieces: list[bytes] = []
    n_bytes = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        if n_bytes <= MAX_BODY_BYTES:
            pieces.append(message.get("body", b""))
            n_bytes += len(pieces[-1])
        if not message.get("more_body"):
            break
    return b"".join(pieces)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket at the port, or at any if it is taken.

    Raises
    ------
    ServingError
        If the address cannot be listened at.

    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if port == 0:
            raise ServingError(f"{host} cannot be listened at ({error.strerror}).") from error
        return bind(host, 0)
    return listening


def lan_address() -> str:
    """Return this machine's address on the local network; its loopback address without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
