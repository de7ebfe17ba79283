"""The routes of the upload page: the page itself, and what its module asks for.

A file is sent to a tray, looked at, and stored; what cannot be used is answered with a sentence.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from analysis import load_catalogue
from api.pages import Pages
from tracker.file_session import REFUSALS, ImportOptions, why_refused
from tracker.pages.upload_sentences import refusal, upload_sentences
from tracker.profile import Profile
from tracker.upload.desk import UploadDesk
from tracker.upload.trays import Incoming

UPLOAD_PATH = "/upload"
PIECE_BYTES = 2**20
DRAINED_BYTES = 256 * 2**20
LATEST_MS = 4e12  # the year 2096


class StoreOrder(BaseModel):
    """What an upload is to be stored as."""

    model_config = ConfigDict(extra="forbid")

    exercise: str = Field(max_length=64)
    side: Literal["left", "right"] | None = None
    zero_deg: float = Field(default=0.0, ge=-180, le=180)


def install(app: FastAPI, desk: UploadDesk) -> None:
    """Add the page and its routes to an app."""
    routes = _Routes(app.state.pages, desk)
    router = APIRouter(include_in_schema=False, prefix=UPLOAD_PATH)
    router.add_api_route("", routes.show, methods=["GET"])
    # Ends as the routes of recordings do: the limit on bodies is its own.
    router.add_api_route("/recording", routes.receive, methods=["POST"])
    router.add_api_route("/{tray}/preview", routes.look, methods=["POST"])
    router.add_api_route("/{tray}/session", routes.store, methods=["POST"])
    app.include_router(router)


class _Routes:
    """The page and what its module asks for."""

    def __init__(self, pages: Pages, desk: UploadDesk) -> None:
        self._pages, self._desk = pages, desk

    def show(self, request: Request) -> HTMLResponse:
        """Show the page."""
        language = self._pages.language(request)
        return self._pages.show(
            request,
            "upload.html",
            exercises=_exercises(language.code),
            side=self._desk.profile.side,
            sentences=upload_sentences(language),
        )

    async def receive(
        self,
        request: Request,
        name: Annotated[str, Query(max_length=1024)] = "",
        tray: UUID | None = None,
        modified_ms: Annotated[float | None, Query(ge=0, le=LATEST_MS)] = None,
    ) -> JSONResponse:
        """Take in a file, to the tray that is named or to a new one."""
        trays = self._desk.trays
        try:
            tray_id = tray if tray is not None else await run_in_threadpool(trays.make)
            modified_s = None if modified_ms is None else modified_ms / 1000
            with trays.receive(tray_id, name, modified_s) as incoming:
                await _take_in(request, incoming)
        except REFUSALS as error:
            await _drain(request)
            return self._refuse(request, error)
        return JSONResponse({"tray": str(tray_id)}, HTTPStatus.CREATED)

    async def look(self, request: Request, tray: UUID) -> JSONResponse:
        """Tell what there is to see of a recording."""
        try:
            return JSONResponse(await self._desk.look(tray))
        except REFUSALS as error:
            return self._refuse(request, error)

    async def store(self, request: Request, tray: UUID, order: StoreOrder) -> JSONResponse:
        """Make a session of a recording."""
        language = self._pages.language(request)
        profile = _profile(self._desk.profile, language.code, order.side)
        options = ImportOptions(exercise=order.exercise, zero_deg=order.zero_deg)
        try:
            imported = await self._desk.store(tray, options, profile)
        except REFUSALS as error:
            return self._refuse(request, error)
        told = {
            "url": f"/sessions/{imported.session_id}",
            "is_new": imported.is_new,
            "sets": [_card(one) for one in imported.sets],
        }
        return JSONResponse(told, HTTPStatus.CREATED if imported.is_new else HTTPStatus.OK)

    def _refuse(self, request: Request, error: BaseException) -> JSONResponse:
        """Answer with a sentence in the reader's language, and the exact reason beside it."""
        reason = why_refused(error)
        said = refusal(reason, self._pages.language(request))
        return JSONResponse({"refusal": said, "reason": reason}, HTTPStatus.UNPROCESSABLE_ENTITY)


def _profile(known: Profile, code: str, side: Literal["left", "right"] | None) -> Profile:
    """Return the profile with the language of the page and the leg that was chosen."""
    return replace(known, language="nl" if code == "nl" else "en", side=side)


def _exercises(code: str) -> list[dict[str, str]]:
    return [
        {"id": one.id, "name": one.name_nl if code == "nl" else one.name_en}
        for one in load_catalogue().exercises.values()
        if one.is_measurable
    ]


def _card(one: dict[str, Any]) -> dict[str, Any]:
    """Return what the card of a set shows."""
    quality = one["quality"]
    names = ("reps", "in_tempo", "eccentric_mean_s", "dose_s", "coverage")
    return {name: quality.get(name) for name in names} | {
        "n_reps": len(one.get("reps", ())),
        "n_bouts": len(one.get("bouts", ())),
        "n_holds": len(one.get("holds", ())),
        "feedback": [said["text"] for said in one.get("feedback", ())],
    }


async def _take_in(request: Request, incoming: Incoming) -> None:
    async for piece in _pieces(request):
        await run_in_threadpool(incoming.append, piece)


async def _drain(request: Request) -> None:
    """Listen to the rest of a body that is refused: a browser hears an answer only after it."""
    left = DRAINED_BYTES
    with suppress(ClientDisconnect, RuntimeError):  # it hung up; it was all read
        async for chunk in request.stream():
            left -= len(chunk)
            if left < 0:
                return


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """Gather the small chunks of the network into pieces worth a write.

    A body that is given up is no file: nothing of it is kept.
    """
    gathered = bytearray()
    try:
        async for chunk in request.stream():
            gathered += chunk
            if len(gathered) >= PIECE_BYTES:
                yield bytes(gathered)
                gathered.clear()
    except ClientDisconnect:
        raise OSError("The file did not arrive whole.") from None
    yield bytes(gathered)
