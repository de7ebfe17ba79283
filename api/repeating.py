"""Writing requests run again when another one beside them came between.

PostgreSQL lets writers run side by side and breaks one off when the two do not fit (see
`api.engines`). Nothing of it was kept then, so the same request is simply handed to the app again.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.db import TRIES, wait_after

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
COLLIDED: Final = "has_collided"


class Repeat:
    """Hand a request to an app until it did not collide; the body is kept the while.

    Parameters
    ----------
    app : ASGIApp
        Notes a collision by setting `COLLIDED` in the state of the request before it answers.
    exempt : tuple of str
        How paths end whose bodies are too long to be kept.

    """

    def __init__(self, app: ASGIApp, exempt: tuple[str, ...]) -> None:
        self._app = app
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, some more times if need be."""
        is_request = scope["type"] == "http" and scope["method"] not in READING
        if not is_request or scope["path"].endswith(self._exempt):
            await self._app(scope, receive, send)
            return
        body: list[Message] = []
        for attempt in range(1, TRIES):
            attempted = {**scope, "state": {**scope.get("state", {})}}
            await self._app(attempted, _kept(body, receive), _unless_collided(attempted, send))
            if not attempted["state"].get(COLLIDED):
                return
            await asyncio.sleep(wait_after(attempt))
        await self._app(scope, _kept(body, receive), send)


def _kept(body: list[Message], receive: Receive) -> Receive:
    """Give the messages that came before, then new ones; those of the body are kept."""
    before: Sequence[Message] = tuple(body)
    given = iter(before)

    async def receive_kept() -> Message:
        message = next(given, None)
        if message is None:
            message = await receive()
            if message["type"] == "http.request":
                body.append(message)
        return message

    return receive_kept


def _unless_collided(scope: Scope, send: Send) -> Send:
    async def send_unless_collided(message: Message) -> None:
        if not scope["state"].get(COLLIDED):
            await send(message)

    return send_unless_collided
