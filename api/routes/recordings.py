"""Raw recordings of sessions: sent in one go, or in pieces after the connection broke.

These routes open their transactions themselves: none stays open while bytes come in.
"""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from api import store
from api.db import transaction
from api.deps import Database, Files
from api.digests import read_sha256, write_sha256
from api.errors import BadHeaderError, ContentConflictError, NotFoundError
from api.problems import RESPONSES
from api.ranges import read_range
from api.recording_room import check_room
from api.recording_store import Arriving, note_whole
from api.schemas import RecordingPublic

router = APIRouter(
    prefix="/sessions/{session_id}/recording", tags=["recordings"], responses=RESPONSES
)
MEDIA_TYPE: Final = "application/octet-stream"
PIECE_BYTES: Final = 1024 * 1024
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}
FOR_PIECE: Final[dict[int | str, dict[str, Any]]] = {
    201: {"description": "That was the last piece; the recording is stored."},
    204: {"description": "The piece is stored; `Upload-Offset` says how much has arrived."},
}
SO_FAR: Final[dict[int | str, dict[str, Any]]] = {
    204: {"description": "`Upload-Offset` says how much has arrived, `Upload-Complete` if all."}
}
FILE: Final = {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
AS_SENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The recording (MCAP).", "content": FILE},
    206: {"description": "The bytes that `Range` asked for.", "content": FILE},
    416: {"description": "The recording has no such bytes."},
}
Digest = Annotated[str | None, Header(description="`sha-256=:<base64>:` (RFC 9530)")]


@router.put("", openapi_extra=BODY, responses={201: {"description": "Stored as new."}})
async def put_recording(
    session_id: UUID,
    request: Request,
    response: Response,
    *,
    engine: Database,
    files: Files,
    content_digest: Digest = None,
) -> RecordingPublic:
    """Store a whole recording. What arrived before a broken connection can be gone on from."""
    sha256 = read_sha256(content_digest, "Content-Digest")
    with files.receive(session_id) as incoming:
        if stored := await run_in_threadpool(_stored, engine, session_id, sha256):
            await run_in_threadpool(incoming.restart)  # a crash may have come before
            return stored
        await run_in_threadpool(incoming.restart)
        await _check_room(request, engine, files, session_id)
        await _take_in(request, incoming)
        recording = await run_in_threadpool(_complete, engine, incoming, session_id, sha256)
    response.status_code = HTTPStatus.CREATED
    return recording


@router.patch("", openapi_extra=BODY, responses=FOR_PIECE, response_model=RecordingPublic)
async def patch_recording(
    session_id: UUID,
    request: Request,
    response: Response,
    *,
    engine: Database,
    files: Files,
    upload_offset: Annotated[int, Header(ge=0, description="Bytes that have arrived before.")],
    upload_complete: Annotated[str, Header(description="`?1` with the last piece")] = "?0",
    repr_digest: Digest = None,
) -> RecordingPublic | Response:
    """Add a piece to a recording; the last one carries the digest of the whole."""
    is_last = _is_true(upload_complete)
    sha256 = read_sha256(repr_digest, "Repr-Digest") if is_last else None
    with files.receive(session_id) as incoming:
        if stored := await run_in_threadpool(_stored, engine, session_id, sha256):
            await run_in_threadpool(incoming.restart)  # a crash may have come before
            return stored
        await run_in_threadpool(incoming.expect, upload_offset)
        await _check_room(request, engine, files, session_id)
        await _take_in(request, incoming)
        if sha256 is None:
            offset = str(incoming.offset_bytes)
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Upload-Offset": offset})
        recording = await run_in_threadpool(_complete, engine, incoming, session_id, sha256)
    response.status_code = HTTPStatus.CREATED
    return recording


@router.head("", status_code=HTTPStatus.NO_CONTENT, responses=SO_FAR)
def head_recording(session_id: UUID, engine: Database, files: Files) -> Response:
    """Say how much has arrived, and whether that is all."""
    with transaction(engine, writes=False) as db:
        recording = store.find_recording(db, session_id)
    offset = recording.size_bytes if recording else files.offset_bytes(session_id)
    headers = {
        "Upload-Offset": str(offset),
        "Upload-Complete": "?1" if recording else "?0",
        "Cache-Control": "no-store",
    }
    if recording:
        headers["Repr-Digest"] = write_sha256(recording.sha256)
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


@router.get("", response_class=StreamingResponse, responses=AS_SENT)
def get_recording(
    session_id: UUID,
    engine: Database,
    files: Files,
    wanted: Annotated[str | None, Header(alias="Range", description="`bytes=0-499`")] = None,
) -> StreamingResponse:
    """Return the recording as it was sent, or a range of its bytes."""
    with transaction(engine, writes=False) as db:
        recording = store.find_recording(db, session_id)
    if recording is None:
        raise NotFoundError(f"Session {session_id} has no recording.")
    size_bytes = recording.size_bytes
    span = read_range(wanted, size_bytes)
    begins, ends = span or (0, size_bytes)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="tempo90-{session_id}.mcap"',
        "Content-Length": str(ends - begins),
        "Repr-Digest": write_sha256(recording.sha256),
    }
    if span is not None:
        headers["Content-Range"] = f"bytes {begins}-{ends - 1}/{size_bytes}"
    pieces = files.read(session_id, begins, ends) if ends > begins else iter(())
    status = HTTPStatus.OK if span is None else HTTPStatus.PARTIAL_CONTENT
    return StreamingResponse(pieces, status, headers, MEDIA_TYPE)


def _stored(engine: Database, session_id: UUID, sha256: str | None) -> RecordingPublic | None:
    """Return the recording if it is complete already, and refuse another one in its place."""
    with transaction(engine, writes=False) as db:
        recording = store.find_recording(db, session_id)
    if recording is not None and recording.sha256 != sha256:
        raise ContentConflictError(
            f"Session {session_id} has another recording; stored recordings never change."
        )
    return recording


def _complete(
    engine: Database, incoming: Arriving, session_id: UUID, sha256: str
) -> RecordingPublic:
    return note_whole(engine, incoming, session_id, sha256, incoming.check(sha256))


async def _check_room(request: Request, engine: Database, files: Files, session_id: UUID) -> None:
    told = request.headers.get("content-length", "")
    await run_in_threadpool(
        check_room,
        engine,
        files,
        session_id,
        coming_bytes=int(told) if told.isdecimal() else 0,
        limit_bytes=request.app.state.settings.max_patient_recording_bytes,
    )


async def _take_in(request: Request, incoming: Arriving) -> None:
    """Write the body as it comes; what came before a broken connection is kept."""
    async for piece in _pieces(request):
        await run_in_threadpool(incoming.append, piece)


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    """Gather the small chunks of the network into pieces worth a sync."""
    gathered = bytearray()
    try:
        async for chunk in request.stream():
            gathered += chunk
            if len(gathered) >= PIECE_BYTES:
                yield bytes(gathered)
                gathered.clear()
    except ClientDisconnect:
        if gathered:
            yield bytes(gathered)
        raise
    if gathered:
        yield bytes(gathered)


def _is_true(field: str) -> bool:
    """Read a boolean of RFC 9651."""
    if field not in {"?0", "?1"}:
        raise BadHeaderError("Upload-Complete is ?1 with the last piece and ?0 before it.")
    return field == "?1"
