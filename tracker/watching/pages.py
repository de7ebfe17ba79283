"""The routes of looking along: the page of the clinician, its channel, and that of the patient."""

from functools import partial
from typing import Final
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.websockets import WebSocket

from api import store, transaction
from api.access import AccessControl, Identity, Scope, identity_of, logins
from api.access.cookies import LOGIN_COOKIE
from api.access.ownership import is_within_reach
from api.deps import Db
from api.errors import NotFoundError
from api.pages import Pages
from tracker.pages.exercise_cards import exercise_cards
from tracker.pages.sentences import live_sentences
from tracker.pages.train_sentences import train_sentences
from tracker.pages.watch_sentences import NOT_NAMED, TITLE
from tracker.watching.channels import POLICY, look_on, tell
from tracker.watching.rooms import LiveRooms

PAGE_PATH: Final = "/patients/{patient_id}/live"
LOOK_PATH: Final = "/ws/patients/{patient_id}/live"
TELL_PATH: Final = "/ws/my-live"


def install(app: FastAPI) -> None:
    """Add the page and both channels; `app.state.live_rooms` holds what is told now."""
    rooms = app.state.live_rooms = LiveRooms()
    pages: Pages = app.state.pages

    @app.get(PAGE_PATH, include_in_schema=False)
    def watch_page(request: Request, patient_id: UUID, db: Db) -> HTMLResponse:
        language = pages.language(request)
        name = _name(db, patient_id) or language.say(NOT_NAMED)
        return pages.show(
            request,
            "live.html",
            sentences={**live_sentences(language), **train_sentences(language)},
            channel=LOOK_PATH.format(patient_id=patient_id),
            title=language.say(TITLE, name=name),
            steers=False,
            watched=name,
            cards=exercise_cards(language),
            chosen="",
        )

    @app.websocket(LOOK_PATH)
    async def watch_channel(socket: WebSocket, patient_id: UUID) -> None:
        allowed = partial(run_in_threadpool, _may_still_look, socket, patient_id)
        await look_on(
            socket,
            rooms,
            patient_id,
            name=identity_of(socket).name,
            is_allowed=allowed,
            check_every_s=rooms.check_every_s,
        )

    @app.websocket(TELL_PATH)
    async def tell_channel(socket: WebSocket) -> None:
        patient_id = identity_of(socket).patient_id
        if patient_id is None:  # a local install: there is nobody to tell
            await socket.close(POLICY)
            return
        await tell(socket, rooms, patient_id)


def _name(db: Db, patient_id: UUID) -> str | None:
    """Return the name of a patient; None where only looking along was consented to."""
    try:
        return store.get_patient(db, patient_id).name
    except NotFoundError:
        return None


def _may_still_look(socket: WebSocket, patient_id: UUID) -> bool:
    """Ask again what the gate asked when the channel was opened."""
    access: AccessControl = socket.app.state.access
    if access.local is not None:
        return True
    cookie = socket.cookies.get(LOGIN_COOKIE)
    with transaction(socket.app.state.engine, writes=False) as db:
        found: Identity | None = (
            logins.find(db, cookie, access.settings, now=access.now()) if cookie else None
        )
        db.expunge_all()  # an open page is no use of a log-in: it ends when left alone
        return found is not None and is_within_reach(db, found, patient_id, Scope.LIVE)
