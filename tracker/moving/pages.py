"""The page that makes a backup and takes one in: it asks before anything is replaced."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.deps import Fields, Now
from api.pages import Pages
from api.pages.language import Language
from tracker.errors import TrackerError
from tracker.moving.contents import BackupError, Manifest
from tracker.moving.desk import BackupDesk, Held
from tracker.pages.moving_sentences import (
    NO_ROOM,
    NOT_MADE,
    NOT_TAKEN,
    NOT_WHOLE,
    RECORDINGS,
    SESSIONS,
    SIZE,
)

BACKUP_PATH: Final = "/backup"
RESTORE_PATH: Final = "/restore"
MEGABYTE: Final = 1e6
DRAINED_BYTES: Final = 2**30


@dataclass(frozen=True, slots=True)
class Refused:
    """Why it did not work: in the reader's words, and the exact reason."""

    words: str
    reason: str


def install(app: FastAPI, desk: BackupDesk) -> None:
    """Add the pages to an app; with `app.state.start_anew` the program restarts by itself."""
    routes = _Routes(app, desk)
    router = APIRouter(include_in_schema=False)
    router.add_api_route(BACKUP_PATH, routes.show, methods=["GET"])
    router.add_api_route(BACKUP_PATH, routes.make, methods=["POST"])
    router.add_api_route(RESTORE_PATH, routes.receive, methods=["POST"])
    router.add_api_route(f"{RESTORE_PATH}/{{incoming_id}}", routes.ask, methods=["GET"])
    router.add_api_route(f"{RESTORE_PATH}/{{incoming_id}}", routes.take, methods=["POST"])
    app.include_router(router)


class _Routes:
    """What the pages ask for."""

    def __init__(self, app: FastAPI, desk: BackupDesk) -> None:
        self._app, self._desk = app, desk
        self._pages: Pages = app.state.pages

    def show(self, request: Request) -> Response:
        """Show what there is, and the two ways."""
        return self._show(request)

    def make(self, request: Request, now: Now) -> Response:
        """Make a backup and hand it out."""
        try:
            path = self._desk.make(now.astimezone())
        except (BackupError, OSError) as error:
            return self._show(request, self._refused(request, NOT_MADE, error))
        done = BackgroundTask(self._desk.done_with, path)
        return FileResponse(path, filename=path.name, media_type="application/zip", background=done)

    async def receive(self, request: Request) -> JSONResponse:
        """Take in a file, and say where it is asked about."""
        incoming_id, path = await run_in_threadpool(self._desk.begin)
        try:
            await _take_in(request, path, self._desk.room_bytes)
            await run_in_threadpool(self._desk.look, incoming_id)
        except (BackupError, OSError, ClientDisconnect) as error:
            path.unlink(missing_ok=True)
            message = {_TooLongError: NO_ROOM, ClientDisconnect: NOT_WHOLE}.get(type(error))
            refused = self._refused(request, message or NOT_TAKEN, error)
            told = {"refusal": refused.words, "reason": refused.reason}
            return JSONResponse(told, HTTPStatus.UNPROCESSABLE_ENTITY)
        return JSONResponse({"url": f"{RESTORE_PATH}/{incoming_id}"}, HTTPStatus.CREATED)

    def ask(self, request: Request, incoming_id: UUID) -> Response:
        """Tell what a backup holds and what it would replace, and ask."""
        return self._ask(request, incoming_id)

    def take(self, request: Request, incoming_id: UUID, fields: Fields) -> Response:
        """Let a backup take the place of what is here."""
        if fields.get("sure") != "yes":
            return self._ask(request, incoming_id, is_missing_tick=True)
        try:
            self._desk.accept(incoming_id)
        except (TrackerError, OSError) as error:
            refused = self._refused(request, NOT_TAKEN, error)
            return self._ask(request, incoming_id, refused=refused)
        start_anew: Callable[[], None] | None = getattr(self._app.state, "start_anew", None)
        answer = self._pages.show(request, "restored.html", starts_anew=start_anew is not None)
        if start_anew is not None:
            answer.background = BackgroundTask(start_anew)
        return answer

    def _show(self, request: Request, refused: Refused | None = None) -> Response:
        status = HTTPStatus.OK if refused is None else HTTPStatus.INSUFFICIENT_STORAGE
        language = self._pages.language(request)
        here = _held(self._desk.here, language)
        return self._pages.show(request, "backup.html", status=status, here=here, refused=refused)

    def _ask(
        self,
        request: Request,
        incoming_id: UUID,
        *,
        is_missing_tick: bool = False,
        refused: Refused | None = None,
    ) -> Response:
        language = self._pages.language(request)
        try:
            manifest = self._desk.look(incoming_id)
        except BackupError as error:
            return self._show(request, self._refused(request, NOT_TAKEN, error))
        is_wrong = is_missing_tick or refused is not None
        return self._pages.show(
            request,
            "restore.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK,
            made=_made(manifest, language),
            made_by=manifest.version,
            coming=_held(Held.of((one.name, one.n_bytes) for one in manifest.files), language),
            here=_held(self._desk.here, language),
            is_missing_tick=is_missing_tick,
            refused=refused,
        )

    def _refused(self, request: Request, message: str, error: BaseException) -> Refused:
        return Refused(self._pages.language(request).say(message), str(error))


class _TooLongError(OSError):
    """More came in than there is room for."""


async def _take_in(request: Request, path: Path, room_bytes: int) -> None:
    """Write the body to a file; what is too long is heard to its end, else nobody hears why."""
    n_bytes = 0
    with path.open("wb") as file:
        async for piece in request.stream():
            n_bytes += len(piece)
            if n_bytes <= room_bytes:
                await run_in_threadpool(file.write, piece)
            elif n_bytes > room_bytes + DRAINED_BYTES:
                break
        file.flush()
        os.fsync(file.fileno())
    if n_bytes > room_bytes:
        raise _TooLongError(f"It is longer than {room_bytes / MEGABYTE:.0f} MB.")


def _held(held: Held, language: Language) -> list[str]:
    size = language.number(held.n_bytes / MEGABYTE, 1)
    return [
        language.say(SESSIONS, n=held.sessions),
        language.say(RECORDINGS, n=held.recordings),
        language.say(SIZE, size=size),
    ]


def _made(manifest: Manifest, language: Language) -> str:
    with suppress(ValueError):
        at = datetime.fromisoformat(manifest.made_at)
        return f"{language.day(at)}, {language.time(at)}"
    return manifest.made_at
