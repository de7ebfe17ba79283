"""Which route of an app a request is for, told before any code of that route runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from re import Pattern
from typing import Final

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, WebSocketRoute, compile_path
from starlette.types import Scope as AsgiScope

SOCKET: Final = "WS"
MOUNT: Final = "MOUNT"


@dataclass(frozen=True, slots=True)
class Found:
    """The route of a request: its name in the permission table, and its ids as written."""

    name: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    method: str
    path: str
    pattern: Pattern[str]


class RouteMap:
    """The routes of an app in the order in which it looks at them."""

    def __init__(self, app: FastAPI) -> None:
        self._entries = list(_entries(app))

    @property
    def names(self) -> list[str]:
        """The names of all routes, as in the permission table."""
        return [f"{entry.method} {entry.path}" for entry in self._entries]

    def find(self, scope: AsgiScope) -> Found | None:
        """Return the route that will answer, or None when none does."""
        method = SOCKET if scope["type"] == "websocket" else scope["method"]
        path = scope["path"]
        for entry in self._entries:
            if entry.method not in {method, MOUNT}:
                continue
            match = entry.pattern.match(path)
            if match is not None:
                return Found(f"{entry.method} {entry.path}", match.groupdict())
        return None


def _entries(app: FastAPI) -> Iterator[_Entry]:
    for route in iter_route_contexts(app.router.routes):
        path, original = str(route.path), route.original_route
        if isinstance(original, Mount):
            pattern, _, _ = compile_path(f"{path}/{{path:path}}")
            yield _Entry(MOUNT, path, pattern)
            continue
        pattern, _, _ = compile_path(path)
        if isinstance(original, WebSocketRoute):
            yield _Entry(SOCKET, path, pattern)
            continue
        for method in sorted(route.methods or ()):
            yield _Entry(method, path, pattern)
