"""What every request passes before a route sees it, and the header fields every answer carries."""

from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, CrossSiteRequestError, MisdirectedRequestError, TooLargeError
from api.problems import HEADER_FIELDS, from_api_error, problem_response

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types tempo90"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(self), gyroscope=(self), camera=(), microphone=(), geolocation=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A browser that came here once comes over HTTPS for a year, whatever address is typed.
HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ANY_HOST: Final = "*"


class Guard:
    """Refuse requests that a page of another site made, and set the security header fields.

    A page elsewhere can point a name of its own at this computer ("DNS rebinding") or post a
    form to it; the first shows in `Host`, the second in `Sec-Fetch-Site` or `Origin`. Programs
    send neither of the latter and are not browsers that could be misled.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, needs_https: bool = False) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._headers = dict(HEADERS) | (HTTPS_ONLY if needs_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check one request and pass it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})[HEADER_FIELDS] = self._headers
        is_socket = scope["type"] == "websocket"
        guarded_send = send if is_socket else _with_headers(send, self._headers)
        try:
            self._check(Headers(scope=scope), writes=is_socket or scope["method"] not in READING)
        except ApiError as error:
            if is_socket:
                await send({"type": "websocket.close", "code": 1008, "reason": str(error)})
                return
            refusal = problem_response(from_api_error(error, scope["path"]))
            await refusal(scope, receive, guarded_send)
            return
        await self._app(scope, receive, guarded_send)

    def _check(self, headers: Headers, *, writes: bool) -> None:
        host = headers.get("host", "")
        if ANY_HOST not in self._hosts and host_name(host) not in self._hosts:
            raise MisdirectedRequestError(f"This service does not answer to the name {host!r}.")
        if not writes:
            return
        site = headers.get("sec-fetch-site")
        origin = headers.get("origin")
        is_foreign = site not in {"same-origin", "none"} if site else _is_other(origin, host)
        if is_foreign:
            raise CrossSiteRequestError("Only this service's own pages may write to it.")


class BodyLimit:
    """Refuse bodies over a limit, by their declared length or as soon as they grow over it.

    Recordings are longer and count for themselves; `exempt` is how their paths end.
    """

    def __init__(self, app: ASGIApp, limit_bytes: int, exempt: tuple[str, ...]) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and count its body."""
        if scope["type"] != "http" or scope["path"].endswith(self._exempt):
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and _is_over(declared, self._limit_bytes):
            await self._refuse(scope, receive, send)
            return
        await self._count(scope, receive, send)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stop a body that grows over the limit, whatever the app makes of its end."""
        seen_bytes = 0

        async def counted() -> Message:
            nonlocal seen_bytes
            message = await receive()
            seen_bytes += len(message.get("body", b""))
            if seen_bytes > self._limit_bytes:
                raise TooLargeError(self._limit_bytes)
            return message

        async def send_unless_over(message: Message) -> None:
            if seen_bytes <= self._limit_bytes:
                await send(message)

        await self._app(scope, counted, send_unless_over)
        if seen_bytes > self._limit_bytes:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = from_api_error(TooLargeError(self._limit_bytes), scope["path"])
        await problem_response(problem)(scope, receive, send)


def host_name(host: str) -> str:
    """Return the name of a `Host` field, without port and brackets.

    Examples
    --------
    >>> host_name("[::1]:8090"), host_name("LOCALHOST:8090")
    ('::1', 'localhost')

    """
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_over(declared: str, limit: int) -> bool:
    """Compare a number of any length: Python refuses to read one of thousands of digits."""
    digits = declared.lstrip("0")
    return len(digits) > len(str(limit)) or int(digits or "0") > limit


def _is_other(origin: str | None, host: str) -> bool:
    return origin is not None and origin.partition("://")[2].lower() != host.lower()


def _with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            fields = MutableHeaders(scope=message)
            for name, value in headers.items():
                fields.setdefault(name, value)
            if message["status"] >= HTTPStatus.BAD_REQUEST:
                fields.setdefault("Cache-Control", "no-store")
        await send(message)

    return with_headers
