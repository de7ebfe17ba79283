"""The gate: no request reaches a route before it is known who sends it and whether they may.

    who      a cookie, a bearer token, or the owner of a local install
    which    the route that will answer, and its rule in the permission table
    whose    the ids in the address, compared with ownership, treatment and consent
    noted    one line in the audit log, stored before the route runs; where the rule says so
             with what it writes, and at the latest before the answer goes out

What is refused for being somebody else's looks like what does not exist.
"""

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import audit, logins
from api.access.control import AccessControl
from api.access.cookies import LOGIN_COOKIE
from api.access.errors import LoginNeededError, NotAllowedError
from api.access.identity import NOBODY, Identity, Role, Stage
from api.access.open_lines import OpenLines
from api.access.ownership import About, find_owner, is_within_reach
from api.access.route_map import Found, RouteMap
from api.access.rules import Rule
from api.db import repeated, transaction
from api.engines import as_told, reason_of
from api.errors import ApiError, CrossSiteRequestError, NotFoundError
from api.problems import from_api_error, problem_response
from api.route_names import IDS, ROUTE

logger = logging.getLogger(__name__)

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LOGIN_PATH: Final = "/log-in"
STEPS: Final[Mapping[Stage, str]] = {
    Stage.FACTOR: "/log-in/second-factor",
    Stage.ENROL: "/account/second-factor",
}
PLAIN: Final = frozenset(  # asks for nobody
    {"MOUNT /static", "GET /favicon.ico", "GET /health", "GET /ready", "GET /metrics"}
)
CLOSE_CODE: Final = 1008  # policy violation


class Gate:
    """Let requests through to an app, or refuse them."""

    def __init__(self, app: ASGIApp, access: AccessControl) -> None:
        self._app = app
        self._access = access
        self._map: RouteMap | None = None
        self._n_routes = -1
        self._lines = OpenLines()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Decide about one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        local = self._access.local
        found = self._routes(scope["app"]).find(scope)
        if found is not None:
            state[ROUTE], state[IDS] = found.name, found.params
        if local is not None and (found is None or local.role in self._rule(found).roles):
            state["identity"] = local
            await self._app(scope, receive, send)
            return
        with ExitStack() as held:
            try:
                if local is not None:
                    raise NotFoundError("Nobody logs in to a service of one computer.")
                if found is None:
                    raise NotFoundError(f"There is nothing at {scope['path']}.")
                if found.name in PLAIN:
                    state["identity"] = NOBODY
                    await self._app(scope, receive, send)
                    return
                state["route"] = found.name
                await run_in_threadpool(repeated, lambda: self._decide(scope, found))
                if scope["type"] == "websocket":
                    held.enter_context(self._lines.one_more(state["identity"]))
            except (ApiError, OperationalError) as error:
                await _refuse(error, scope, receive, send)
                return
            await self._app(scope, receive, self._noted(scope, _unkept(send)))

    def _rule(self, found: Found) -> Rule:
        return self._access.rules.rule(found.name)

    def _routes(self, app: FastAPI) -> RouteMap:
        """Return the routes of the app; made again after one was added."""
        n_routes = len(app.router.routes)
        if self._map is None or n_routes != self._n_routes:
            self._map, self._n_routes = RouteMap(app), n_routes
        return self._map

    def _decide(self, scope: Scope, found: Found) -> None:
        """Tell the request who sends it; raise if it may not go on."""
        connection = HTTPConnection(scope)
        rule = self._rule(found)
        engine = scope["app"].state.engine
        # It adds lines and notes when something was used last: no order among them matters.
        with transaction(engine, writes=True, is_serial=False) as db:
            identity = self._identify(db, connection, writes=scope.get("method") not in READING)
            given = {**connection.query_params, **found.params}
            about = find_owner(db, given) if rule.scope is not None else []
            if not about and identity.patient_id is not None:
                about = [About(patient_id=identity.patient_id)]  # one's own, unless it says whose
            refusal = _refusal(db, identity, rule, about, scope["path"])
            if rule.is_noted_within and refusal is None:
                scope["state"]["to_note"] = about
            elif rule.scope is not None and identity.role is not Role.NOBODY:
                self._note(db, identity, found, about, scope, is_allowed=refusal is None)
        scope["state"]["identity"] = identity
        is_left = rule.is_noted_within and refusal is None
        scope["state"]["noted"] = set() if is_left else {one.patient_id for one in about}
        if refusal is not None:
            raise refusal

    def _identify(self, db: Session, connection: HTTPConnection, *, writes: bool) -> Identity:
        """Return who a cookie or a token stands for.

        A browser sends the cookie along by itself, so a request that writes must also show that a
        page of this service made it; `api.guard` has refused those that show another site.
        """
        now = self._access.now()
        word, _, token = connection.headers.get("authorization", "").partition(" ")
        if word.lower() == "bearer":
            return logins.find_app(db, token.strip(), now=now) or NOBODY
        cookie = connection.cookies.get(LOGIN_COOKIE)
        found = logins.find(db, cookie, self._access.settings, now=now) if cookie else None
        if found is None:
            return NOBODY
        headers = connection.headers
        if writes and "sec-fetch-site" not in headers and "origin" not in headers:
            raise CrossSiteRequestError("A browser has to say which page writes (Origin).")
        return found

    def _note(
        self,
        db: Session,
        identity: Identity,
        found: Found,
        about: list[About],
        scope: Scope,
        *,
        is_allowed: bool,
    ) -> None:
        action: audit.Action = "read" if scope.get("method", "GET") in READING else "write"
        now = self._access.now()
        listed: list[About | None] = [*about] or [None]
        for one in listed:
            audit.note(db, identity, action, found.name, about=one, is_allowed=is_allowed, now=now)

    def _noted(self, scope: Scope, send: Send) -> Send:
        """Write, before an answer begins, the lines that no transaction of the route has kept."""
        pending: list[About] = scope["state"].get("to_note", [])
        if not pending:
            return send

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start" and pending:
                await run_in_threadpool(self._note_late, scope, pending)
            await send(message)

        return send_noted

    def _note_late(self, scope: Scope, pending: list[About]) -> None:
        state, now = scope["state"], self._access.now()
        engine = scope["app"].state.engine
        try:
            with transaction(engine, writes=True, is_serial=False) as db:
                for one in pending:
                    audit.note(db, state["identity"], "write", state["route"], about=one, now=now)
        except OperationalError as error:  # then the route has written and read nothing either
            logger.warning("A refused request could not be noted: %s", reason_of(error))
        pending.clear()


def _refusal(
    db: Session, identity: Identity, rule: Rule, about: list[About], path: str
) -> ApiError | None:
    """Return why a request may not go on; None when it may."""
    if rule.is_public:
        return None
    if identity.role is Role.NOBODY or identity.stage not in rule.stages:
        return LoginNeededError("Log in first.")
    if identity.role not in rule.roles:
        return NotAllowedError("This is not for your role.")
    for one in about:
        if one.patient_id is None:
            continue  # nothing has this id yet: the route says so, or stores it as one's own
        if not is_within_reach(db, identity, one.patient_id, rule.scope):
            return NotFoundError(f"There is nothing at {path}.")
    return None


async def _refuse(
    error: ApiError | OperationalError, scope: Scope, receive: Receive, send: Send
) -> None:
    if isinstance(error, OperationalError):
        error = as_told(error)
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": CLOSE_CODE, "reason": error.code})
        return
    request = Request(scope)
    await _answer(error, request)(scope, receive, send)


def _answer(error: ApiError, request: Request) -> Response:
    """Return a refusal as a problem, as a page, or as the way to the log-in."""
    problem = from_api_error(error, request.url.path)
    shown: Response | None = request.app.state.pages.show_problem(request, problem)
    if shown is None:
        return problem_response(problem, error.headers)
    if isinstance(error, LoginNeededError):
        return RedirectResponse(_next_step(request), 303)
    shown.headers.update(error.headers)
    return shown


def _next_step(request: Request) -> str:
    here = request.url.path
    if request.url.query:
        here += f"?{request.url.query}"
    if (step := STEPS.get(identity_of(request).stage)) is not None:
        return step
    is_page = request.method == "GET" and here != "/"
    return f"{LOGIN_PATH}?next={quote(here, safe='')}" if is_page else LOGIN_PATH


def _unkept(send: Send) -> Send:
    """Keep answers out of caches: after a log-out "back" must show nothing."""

    async def send_unkept(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "no-store"
        await send(message)

    return send_unkept


def identity_of(request: HTTPConnection) -> Identity:
    """Return who sent a request, as the gate found; nobody where no gate stands."""
    found: Identity = getattr(request.state, "identity", NOBODY)
    return found
