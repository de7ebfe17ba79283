"""Bodies that come in a trickle are given up: each holds a connection, and soon all of them.

A sender may rest for a while, and may be slow, but not both without end: what has come by a moment
must be at least what the slowest honest line would have brought.
"""

import asyncio
from dataclasses import dataclass
from typing import Final, NoReturn

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import SlowBodyError
from api.problems import from_api_error, problem_response

REST_S: Final = 30.0  # a telephone that changes from Wi-Fi to mobile data rests for some seconds
GRACE_S: Final = 60.0
SLOWEST_BYTES_PER_S: Final = 500.0  # a tenth of GPRS


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How slow a sender may be.

    Parameters
    ----------
    rest_s : float
        Longest wait for the next piece.
    grace_s : float
        How long nothing is said about the speed.
    slowest_bytes_per_s : float
        After that, the least that must have come, on average from the start.

    """

    rest_s: float = REST_S
    grace_s: float = GRACE_S
    slowest_bytes_per_s: float = SLOWEST_BYTES_PER_S


class SlowBodies:
    """Answer 408 to a request whose body does not get on.

    Parameters
    ----------
    app : ASGIApp
        What stands behind.
    patience : Patience, optional
        How slow a sender may be.

    """

    def __init__(self, app: ASGIApp, patience: Patience | None = None) -> None:
        self._app = app
        self._patience = patience or Patience()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and time its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(receive, self._patience)
        has_answered = False

        async def send_unless_slow(message: Message) -> None:
            nonlocal has_answered
            if not body.is_slow or has_answered:
                has_answered = True
                await send(message)

        try:
            await self._app(scope, body.receive, send_unless_slow)
        except SlowBodyError:
            if has_answered:
                raise
        if body.is_slow and not has_answered:
            problem = from_api_error(SlowBodyError(), scope["path"])
            await problem_response(problem, {"Connection": "close"})(scope, receive, send)


class _Body:
    """The body of one request, and whether it was given up."""

    def __init__(self, receive: Receive, patience: Patience) -> None:
        self.is_slow = False
        self._receive, self._patience = receive, patience
        self._began_s = _now_s()
        self._n_bytes = 0
        self._is_whole = False

    async def receive(self) -> Message:
        """Return the next message; once the body is whole, wait for as long as it takes."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._patience.rest_s):
                message = await self._receive()
        except TimeoutError:
            self._give_up()
        self._n_bytes += len(message.get("body", b""))
        self._is_whole = message["type"] != "http.request" or not message.get("more_body", False)
        if not self._is_whole and self._is_too_slow():
            self._give_up()
        return message

    def _is_too_slow(self) -> bool:
        for_s, patience = _now_s() - self._began_s, self._patience
        return for_s > patience.grace_s and self._n_bytes < for_s * patience.slowest_bytes_per_s

    def _give_up(self) -> NoReturn:
        self.is_slow = True
        raise SlowBodyError


def _now_s() -> float:
    return asyncio.get_running_loop().time()
