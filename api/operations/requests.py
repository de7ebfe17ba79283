"""What became of each request, told when it is over: to the log, and to whoever counts.

A request is known by its route as it stands in the permission table, "/sessions/{session_id}".
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.route_names import IDS, route_of

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"})
OTHER: Final = "OTHER"  # a method that HTTP does not know: anyone can make one up
SOCKET: Final = "WS"
PROBES: Final = frozenset({"/health", "/ready", "/metrics"})
SESSION: Final = "session_id"
MILLISECONDS: Final = 1_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One request that is over, or one line of a page that is closed.

    Parameters
    ----------
    method : str
        Of HTTP, or "WS".
    route : str
        Its route, without ids; "none" where it reached none.
    status : int or None
        What was answered; 101 for a line that was opened, None where the sender went away.
    took_s : float
        From its first byte to the last one of the answer.
    session_id : UUID or None
        The session that the address names.

    """

    method: str
    route: str
    status: int | None
    took_s: float
    session_id: UUID | None = None


Told = Callable[[Answered], None]


class Following:
    """Tell of each request what became of it.

    Parameters
    ----------
    app : ASGIApp
        The gate within it says which route is meant.
    told : sequence of callable
        Read at each request, so that more may be added.

    """

    def __init__(self, app: ASGIApp, told: Sequence[Told]) -> None:
        self._app = app
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Follow one request to its end."""
        if not self._told or scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        begun_s = time.perf_counter()
        status: int | None = None

        async def send_noted(message: Message) -> None:
            nonlocal status
            status = _status_of(message, status)
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except Exception:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        finally:
            answered = _answered(scope, status, time.perf_counter() - begun_s)
            for tell in self._told:
                tell(answered)


def log_answered(answered: Answered) -> None:
    """Write a line about a request; questions of a monitor that went well are left out."""
    is_well = answered.status is not None and answered.status < HTTPStatus.BAD_REQUEST
    if is_well and answered.route in PROBES:
        return
    logger.info(
        "%s %s %s",
        answered.method,
        answered.route,
        answered.status,
        extra={
            "method": answered.method,
            "route": answered.route,
            "status": answered.status,
            "duration_ms": round(answered.took_s * MILLISECONDS, 1),
            SESSION: None if answered.session_id is None else str(answered.session_id),
        },
    )


def method_of(scope: Scope) -> str:
    """Return the method of a request: one of a few words."""
    if scope["type"] == "websocket":
        return SOCKET
    method: str = scope["method"]
    return method if method in METHODS else OTHER


def _answered(scope: Scope, status: int | None, took_s: float) -> Answered:
    return Answered(
        method=method_of(scope),
        route=route_of(scope),
        status=status,
        took_s=took_s,
        session_id=_session_of(scope),
    )


def _session_of(scope: Scope) -> UUID | None:
    """Return the session that an address names: an id, not whatever stands in its place."""
    try:
        return UUID(scope.get("state", {})[IDS][SESSION])
    except (KeyError, ValueError):
        return None


def _status_of(message: Message, before: int | None) -> int | None:
    if message["type"] == "http.response.start":
        return int(message["status"])
    if message["type"] == "websocket.accept":
        return HTTPStatus.SWITCHING_PROTOCOLS
    if message["type"] == "websocket.close" and before is None:
        return HTTPStatus.FORBIDDEN
    return before
