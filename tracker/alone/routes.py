"""The page for a phone alone, and the routes by which it hands in what it measured."""

from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, FastAPI, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from analysis import Exercise, load_catalogue
from api.pages import Pages
from tracker.alone.desk import AloneDesk, AloneRecording
from tracker.alone.pieces import MAX_BYTES, MisplacedPieceError
from tracker.file_session import REFUSALS, why_refused
from tracker.pages.alone_sentences import alone_sentences
from tracker.phone.family import suits_ankle
from tracker.planning import COUNTED

ALONE_PATH = "/alone"
MAX_PIECE_BYTES = 2**20
BEARER = "Bearer "


class Finished(BaseModel):
    """What the phone says of a recording that it has sent in full."""

    model_config = ConfigDict(extra="forbid")

    n_bytes: int = Field(gt=0, le=MAX_BYTES)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    exercise: str = Field(max_length=64)
    side: Literal["left", "right"] | None = None
    platform: Literal["android", "ios"] = "android"


def install(app: FastAPI, pages: Pages, desk: AloneDesk) -> None:
    """Add the page and its routes to an app."""
    app.state.pages_alone.append(ALONE_PATH)
    routes = _Routes(pages, desk)
    router = APIRouter(include_in_schema=False, prefix=ALONE_PATH)
    router.add_api_route("", routes.show, methods=["GET"])
    router.add_api_route("/{recording}", routes.look, methods=["GET"])
    router.add_api_route("/{recording}", routes.take, methods=["PUT"])
    router.add_api_route("/{recording}/session", routes.finish, methods=["POST"])
    app.include_router(router)


class _Routes:
    """The page and what its modules ask for."""

    def __init__(self, pages: Pages, desk: AloneDesk) -> None:
        self._pages, self._desk = pages, desk

    def show(self, request: Request) -> HTMLResponse:
        """Show the page. It holds nothing of a person: the service worker keeps it."""
        language = self._pages.language(request)
        return self._pages.show(
            request,
            "alone.html",
            sentences=alone_sentences(language),
            exercises=[_paced(one) for one in paced_exercises()],
        )

    def look(self, recording: UUID, authorization: Annotated[str, Header()] = "") -> Response:
        """Tell how much of a recording is here, and what became of it."""
        if not self._may_enter(authorization):
            return _closed()
        stored = self._desk.stored(recording)
        return JSONResponse({"n_bytes": self._desk.pieces.n_bytes(recording), "stored": stored})

    async def take(
        self,
        request: Request,
        recording: UUID,
        offset: Annotated[int, Query(ge=0, le=MAX_BYTES)],
        authorization: Annotated[str, Header()] = "",
    ) -> Response:
        """Take in a piece."""
        if not self._may_enter(authorization):
            return _closed()
        piece = bytearray()
        async for part in request.stream():
            piece += part
            if len(piece) > MAX_PIECE_BYTES:
                return JSONResponse({}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            n_bytes = await run_in_threadpool(
                self._desk.pieces.append, recording, offset, bytes(piece)
            )
        except MisplacedPieceError as error:
            return JSONResponse({"n_bytes": error.n_bytes}, HTTPStatus.CONFLICT)
        except REFUSALS as error:
            return _refused(error)
        return JSONResponse({"n_bytes": n_bytes})

    async def finish(
        self,
        recording: UUID,
        finished: Finished,
        authorization: Annotated[str, Header()] = "",
    ) -> Response:
        """Count a recording that is here in full."""
        if not self._may_enter(authorization):
            return _closed()
        try:
            about = AloneRecording(**finished.model_dump())
            told = await self._desk.count(recording, about)
        except REFUSALS as error:
            return _refused(error)
        if told is None:
            n_bytes = self._desk.pieces.n_bytes(recording)
            return JSONResponse({"n_bytes": n_bytes}, HTTPStatus.CONFLICT)
        return JSONResponse(told)

    def _may_enter(self, authorization: str) -> bool:
        return self._desk.may_enter(authorization.removeprefix(BEARER))


def paced_exercises() -> list[Exercise]:
    """Return what a page can pace by the clock, with a phone on the ankle."""
    known = load_catalogue().exercises.values()
    return [
        one
        for one in known
        if one.movement in COUNTED and suits_ankle(one) and one.reps and one.eccentric_s
    ]


def _paced(one: Exercise) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": {"en": one.name_en, "nl": one.name_nl},
        "posture": {"en": one.posture_en, "nl": one.posture_nl},
        "reps": one.reps,
        "eccentric_s": one.eccentric_s,
        "concentric_s": one.concentric_s,
        "hold_s": one.hold_s,
    }


def _closed() -> Response:
    return JSONResponse({"reason": "This phone was not paired yet."}, HTTPStatus.UNAUTHORIZED)


def _refused(error: BaseException) -> Response:
    return JSONResponse({"reason": why_refused(error)}, HTTPStatus.UNPROCESSABLE_ENTITY)
