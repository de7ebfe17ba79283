"""A name for every request, so that a line at the proxy, here and in a report can be matched."""

import re
from contextvars import ContextVar
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "X-Request-ID"
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")  # covers UUIDs and what proxies make

_CURRENT: Final[ContextVar[str | None]] = ContextVar("tempo90_request_id", default=None)


def current_request_id() -> str | None:
    """Return the name of the request that is being answered here, in any of its threads."""
    return _CURRENT.get()


class RequestId:
    """Keep the request id that a proxy gave, or make one; `scope["state"]["request_id"]` holds it.

    An id of another form is not repeated: what is sent could be a name, or break a line of a log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name one request, and say the name in its answer; a line of a page has one too."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        name = given if WELL_FORMED.fullmatch(given) else str(uuid4())
        scope.setdefault("state", {})["request_id"] = name
        _CURRENT.set(name)  # each request is a task with a context of its own: nothing to undo

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        await self._app(scope, receive, send_named)
