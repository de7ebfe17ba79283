"""The phone's page and line on a clinic's server: the log-in says whose they are."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from api import transaction
from api.access import AccessControl, identity_of, logins
from api.access.cookies import LOGIN_COOKIE
from api.local_files import LocalFiles
from api.pages import Link, Pages
from api.pages.language import N_
from tracker.at_clinic.forgetting import forget_sittings, is_in_sitting
from tracker.at_clinic.sittings import ClinicSittings, NoRoomError
from tracker.phone.channel import serve_phone
from tracker.phone.web import OWN, PHONE_PATH, add_phone_routes

CHECK_EVERY_S: Final = 60.0  # a log-in that is ended elsewhere ends the line within this
TRY_AGAIN_LATER: Final = 1013
LOGGED_OUT: Final = 1008


def install(app: FastAPI, sittings: ClinicSittings) -> None:
    """Add the page, the line and their clean-up to a clinic's app.

    `app.state.sittings` holds them; they begin and end with the app's lifespan.
    """
    app.state.sittings = sittings
    app.state.local_files = LocalFiles(
        is_training=lambda patient_id: is_in_sitting(sittings.folder_of(patient_id)),
        forget=lambda patient_id: forget_sittings(sittings.folder_of(patient_id)),
    )
    pages: Pages = app.state.pages
    menu = Link(PHONE_PATH, N_("Train with this phone"), 15)
    pages.extend(templates=OWN / "templates", links=(menu,))

    async def serve(socket: WebSocket) -> None:
        await serve_patient(socket, sittings)

    add_phone_routes(app, pages, serve, has_log_in=True)
    _run_with(app, lambda: _kept_up(sittings))


async def serve_patient(socket: WebSocket, sittings: ClinicSittings) -> None:
    """Talk with the page of a logged-in patient until it goes, or the log-in ends."""
    try:
        async with sittings.line(identity_of(socket)) as sitting:
            if sitting is None:
                await _refuse(socket, TRY_AGAIN_LATER)
                return
            checking = asyncio.create_task(_end_with_log_in(socket), name="phone: log-in")
            try:
                await serve_phone(socket, sitting.desk)
            finally:
                checking.cancel()
    except NoRoomError:
        await _refuse(socket, TRY_AGAIN_LATER)


async def _end_with_log_in(socket: WebSocket) -> None:
    while await run_in_threadpool(is_logged_in, socket):  # noqa: ASYNC110  # no event tells it
        await asyncio.sleep(CHECK_EVERY_S)
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(LOGGED_OUT)


def is_logged_in(socket: WebSocket) -> bool:
    """Whether the log-in that opened a line still stands."""
    access: AccessControl = socket.app.state.access
    cookie = socket.cookies.get(LOGIN_COOKIE)
    with transaction(socket.app.state.engine, writes=True, is_serial=False) as db:
        now = access.now()
        return cookie is not None and logins.find(db, cookie, access.settings, now=now) is not None


async def _refuse(socket: WebSocket, code: int) -> None:
    """Answer so that the page tries again: before it is accepted a line has no close code."""
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.accept()
        await socket.close(code)


@asynccontextmanager
async def _kept_up(sittings: ClinicSittings) -> AsyncIterator[None]:
    leftover = asyncio.create_task(sittings.store_left_over(), name="storing what was left over")
    try:
        yield
    finally:
        leftover.cancel()
        await asyncio.gather(leftover, return_exceptions=True)
        await sittings.close()


def _run_with(app: FastAPI, work: Callable[[], Any]) -> None:
    """Let something begin and end with the app, inside whatever does so already."""
    before = app.router.lifespan_context

    @asynccontextmanager
    async def both(served: Any) -> AsyncIterator[Any]:
        async with before(served) as state, work():
            yield state

    app.router.lifespan_context = both
