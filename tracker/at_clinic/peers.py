"""A phone's line that arrived at another process than the one that has the sitting.

Processes on one computer pass it on over a Unix socket of the holder: nothing of the sitting is
disturbed, whichever process a phone comes back to. The socket is in the data folder, which only
the service's own user can enter, so that whoever speaks there is believed.

    first line   {"patient_id", "name", "account_id"} and a line feed
    then         kind (1 byte: t text, b binary, c close code), length (u32, big endian), bytes
"""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from api.access import Identity, Role
from tracker.cancelling import cancel_and_wait
from tracker.phone.channel import PhoneSocket
from tracker.phone.numbering import MAX_MESSAGE_BYTES

HEAD: Final = struct.Struct("!cI")
TEXT: Final = b"t"
BINARY: Final = b"b"
CLOSE: Final = b"c"
MOST_BYTES: Final = max(MAX_MESSAGE_BYTES, 256 * 1024)  # a snapshot is the longest text
LONGEST_PATH: Final = 100  # bytes; what a Unix socket's address holds
GOING_AWAY: Final = 1001
Serve = Callable[[PhoneSocket, Identity], Awaitable[None]]


class PeerSocket:
    """A line from another process, used as the socket of a page is."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def accept(self) -> None:
        """Do nothing: the other process has accepted the page."""

    async def receive(self) -> dict[str, Any]:
        """Return the next message of the page, as a socket of Starlette does."""
        try:
            kind, data = await read_piece(self._reader)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            return {"type": "websocket.disconnect", "code": GOING_AWAY}
        if kind == TEXT:
            return {"type": "websocket.receive", "text": data.decode("utf-8", "replace")}
        return {"type": "websocket.receive", "bytes": data}

    async def send_text(self, data: str) -> None:
        """Send a text to the page."""
        await self._send(TEXT, data.encode())

    async def send_json(self, data: Any) -> None:
        """Send a document to the page."""
        await self.send_text(json.dumps(data, ensure_ascii=False))

    async def close(self, code: int = 1000) -> None:
        """End the page's line with a code."""
        await self._send(CLOSE, str(code).encode())
        self._writer.close()

    async def _send(self, kind: bytes, data: bytes) -> None:
        try:
            write_piece(self._writer, kind, data)
            await self._writer.drain()
        except ConnectionError as error:
            raise WebSocketDisconnect(GOING_AWAY) from error


@asynccontextmanager
async def open_to_peers(path: Path, serve: Serve) -> AsyncIterator[None]:
    """Take lines from other processes of this computer for as long as the context lasts."""
    running: set[asyncio.Task[None]] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            running.add(task)
        try:
            who = _identity(json.loads(await reader.readline()))
            await serve(PeerSocket(reader, writer), who)
        except (ValueError, KeyError, ConnectionError):
            pass  # not one of us, or it went away
        finally:
            writer.close()
            if task is not None:
                running.discard(task)

    await asyncio.to_thread(path.unlink, missing_ok=True)
    server = await asyncio.start_unix_server(take, path, limit=MOST_BYTES)
    try:
        yield
    finally:
        server.close()
        await cancel_and_wait(*running)
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def pass_on(socket: WebSocket, path: Path, who: Identity) -> bool:
    """Pass a page's line on to the process that listens at a path; False if none does."""
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=MOST_BYTES)
    except OSError:
        return False
    await socket.accept()
    writer.write(_introduction(who))
    there = asyncio.create_task(_to_peer(socket, writer), name="phone: to the holder")
    back = asyncio.create_task(_to_page(reader, socket), name="phone: from the holder")
    try:
        await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_and_wait(there, back)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    with suppress(RuntimeError, WebSocketDisconnect):
        code = GOING_AWAY if back.cancelled() or back.exception() else back.result()
        await socket.close(code)
    return True


async def _to_peer(socket: WebSocket, writer: asyncio.StreamWriter) -> None:
    while (got := await socket.receive())["type"] != "websocket.disconnect":
        data = got.get("bytes")
        if data is None:
            write_piece(writer, TEXT, (got.get("text") or "").encode())
        else:
            write_piece(writer, BINARY, data)
        with suppress(ConnectionError):  # the way back ends too, and that is waited for
            await writer.drain()


async def _to_page(reader: asyncio.StreamReader, socket: WebSocket) -> int:
    """Send what the holder says; return the code with which it ends the line."""
    try:
        while True:
            kind, data = await read_piece(reader)
            if kind == CLOSE:
                return int(data)
            await socket.send_text(data.decode())
    except (asyncio.IncompleteReadError, ConnectionError, WebSocketDisconnect, RuntimeError):
        return GOING_AWAY


async def read_piece(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read one piece of a line: its kind and its bytes.

    Raises
    ------
    ValueError
        If it is longer than any message of ours.

    """
    kind, length = HEAD.unpack(await reader.readexactly(HEAD.size))
    if length > MOST_BYTES:
        raise ValueError("A piece is too long.")
    return kind, await reader.readexactly(length)


def write_piece(writer: asyncio.StreamWriter, kind: bytes, data: bytes) -> None:
    """Write one piece of a line."""
    writer.write(HEAD.pack(kind, len(data)) + data)


def _introduction(who: Identity) -> bytes:
    told = {
        "patient_id": str(who.patient_id),
        "name": who.name,
        "account_id": None if who.account_id is None else str(who.account_id),
    }
    return json.dumps(told).encode() + b"\n"


def _identity(told: dict[str, Any]) -> Identity:
    account_id = told["account_id"]
    return Identity(
        role=Role.PATIENT,
        name=str(told["name"]),
        account_id=None if account_id is None else UUID(account_id),
        patient_id=UUID(told["patient_id"]),
    )
