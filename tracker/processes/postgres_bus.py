"""Messages between processes by LISTEN and NOTIFY of PostgreSQL, and claims by its locks.

Two connections: one listens, one tells and holds the claims. A claim is an advisory lock, so that
the server itself gives up what a killed process had; whose it is stands in the name under which
the connection is known there. A lost connection is made anew, ever more patiently, and its claims
are taken again; one that somebody else has taken meanwhile is told to `on_lost`.

    channel  tempo90_all          for every process
             tempo90_<name>       for one
    payload  JSON {"from", "topic", "body"}, or a piece of it: "<id> <number> <of> <text>"
"""

import asyncio
import hashlib
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, LiteralString
from uuid import UUID, uuid4

import psycopg
from psycopg import AsyncConnection
from sqlalchemy import make_url

from tracker.cancelling import cancel_and_wait
from tracker.processes.bus import Body, Handler, new_name

APPLICATION: Final = "tempo90"
ALL: Final = "all"
PIECE_CHARS: Final = 7_000  # PostgreSQL takes less than 8,000 bytes at once; the text is ASCII
MOST_PIECES: Final = 64
MOST_PARTIAL: Final = 64  # messages of which a piece is missing still; the oldest is forgotten
MOST_WAITING: Final = 2_000
PICTURES_UP_TO: Final = 200  # waiting messages beyond which pictures are left out
FIRST_WAIT_S: Final = 0.2
LONGEST_WAIT_S: Final = 10.0

LOOK_EVERY_S: Final = 3.0  # whether the connection still stands

IS_THERE: Final[LiteralString] = "SELECT 1"
TELL: Final[LiteralString] = "SELECT pg_notify(%s, %s)"
TAKE: Final[LiteralString] = "SELECT pg_try_advisory_lock(%s)"
GIVE_UP: Final[LiteralString] = "SELECT pg_advisory_unlock(%s)"
HOLDER: Final[LiteralString] = """
    SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid::bigint = %s AND l.objid::bigint = %s
"""
_log = logging.getLogger(__name__)


class PostgresBus:
    """The line of one process to the others, and its claims; `running` keeps it up.

    Parameters
    ----------
    url : str
        Of the database, as SQLAlchemy has it.
    home : str
        Which data folder on which computer: processes with the same one reach each other there.

    """

    def __init__(self, url: str, home: str) -> None:
        self.name = new_name()
        self.is_shared = True
        self.on_lost: Callable[[UUID], None] = lambda _: None
        """Told of a sitting that another process took while the database was away."""

        made = make_url(url).set(drivername="postgresql")
        self._conninfo = made.render_as_string(hide_password=False)
        self._label = f"{APPLICATION} {home} {self.name}"
        self._handlers: dict[str, list[Handler]] = {}
        self._waiting: deque[tuple[str, str]] = deque()
        self._news = asyncio.Event()
        self._claimed: set[UUID] = set()
        self._teller: AsyncConnection[Any] | None = None
        self._is_up = asyncio.Event()
        self._is_listening = asyncio.Event()
        self._partial: dict[str, dict[int, str]] = {}

    @property
    def is_up(self) -> bool:
        """Whether this process can tell and claim at this moment."""
        return self._is_up.is_set()

    @property
    def is_listening(self) -> bool:
        """Whether this process hears the others at this moment."""
        return self._is_listening.is_set()

    def on(self, topic: str, handler: Handler) -> None:
        """Call a handler for each message of a topic."""
        self._handlers.setdefault(topic, []).append(handler)

    def send(
        self, topic: str, body: Body, *, to: str | None = None, is_picture: bool = False
    ) -> None:
        """Put a message into the queue; a full one forgets its oldest."""
        if is_picture and len(self._waiting) >= PICTURES_UP_TO:
            return
        text = json.dumps({"from": self.name, "topic": topic, "body": body})
        pieces = [text[at : at + PIECE_CHARS] for at in range(0, len(text), PIECE_CHARS)]
        message_id = uuid4().hex[:8]
        for number, piece in enumerate(pieces):
            head = "" if len(pieces) == 1 else f"{message_id} {number} {len(pieces)} "
            self._waiting.append((f"{APPLICATION}_{to or ALL}", head + piece))
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popleft()
        self._news.set()

    async def take(self, patient_id: UUID) -> bool:
        """Take a sitting; False while another process has it, or the database is away."""
        if patient_id in self._claimed:
            return True
        if not await self._ask(TAKE, (key_of(patient_id),)):
            return False
        self._claimed.add(patient_id)
        return True

    async def release(self, patient_id: UUID) -> None:
        """Give a sitting up."""
        if patient_id in self._claimed:
            self._claimed.discard(patient_id)
            await self._ask(GIVE_UP, (key_of(patient_id),))

    async def holder(self, patient_id: UUID) -> str | None:
        """Return who has a sitting, as "<home> <name>"."""
        key = key_of(patient_id) % 2**64
        found = await self._ask(HOLDER, (key >> 32, key % 2**32))
        return None if found is None else str(found).removeprefix(f"{APPLICATION} ")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep both connections up for as long as the context lasts."""
        tasks = [
            asyncio.create_task(self._keep(self._tell), name="telling other processes"),
            asyncio.create_task(self._keep(self._listen), name="hearing other processes"),
        ]
        try:
            await self._is_up.wait()
            await self._is_listening.wait()
            yield
        finally:
            await cancel_and_wait(*tasks)

    async def _keep(self, work: Callable[[AsyncConnection[Any]], Any]) -> None:
        wait_s = FIRST_WAIT_S
        while True:
            try:
                async with await self._connect() as connection:
                    wait_s = FIRST_WAIT_S
                    await work(connection)
            except psycopg.Error as error:
                _log.warning("the other processes are out of reach: %s", type(error).__name__)
            await asyncio.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, 2 * wait_s)

    async def _connect(self) -> AsyncConnection[Any]:
        return await AsyncConnection.connect(
            self._conninfo, autocommit=True, application_name=self._label
        )

    async def _tell(self, connection: AsyncConnection[Any]) -> None:
        """Claim again what was claimed, then send what waits, as it comes."""
        self._teller = connection
        try:
            await self._claim_again()
            self._is_up.set()
            while True:
                while self._waiting:
                    channel, payload = self._waiting[0]
                    await connection.execute(TELL, (channel, payload))
                    with suppress(IndexError):  # a full queue may have forgotten it meanwhile
                        self._waiting.popleft()
                self._news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY_S):
                        await self._news.wait()
                if not self._waiting:
                    await connection.execute(IS_THERE)  # claims go unnoticed with a connection
        finally:
            self._teller = None
            self._is_up.clear()

    async def _claim_again(self) -> None:
        for patient_id in list(self._claimed):
            if not await self._ask(TAKE, (key_of(patient_id),)):
                self._claimed.discard(patient_id)
                self.on_lost(patient_id)

    async def _listen(self, connection: AsyncConnection[Any]) -> None:
        for channel in (ALL, self.name):
            await connection.execute(f'LISTEN "{APPLICATION}_{channel}"')  # names of our own making
        self._is_listening.set()
        try:
            async for notice in connection.notifies():
                self._hear(notice.payload)
        finally:
            self._is_listening.clear()
            self._news.set()  # the other connection may be gone too

    def _hear(self, payload: str) -> None:
        """Take in a message, or a piece of one; another sender's nonsense is nothing."""
        text = payload if payload.startswith("{") else self._gathered(payload)
        if text is None:
            return
        try:
            message = json.loads(text)
            sender, topic, body = message["from"], message["topic"], message["body"]
        except (ValueError, KeyError, TypeError):
            return
        if sender == self.name or not isinstance(body, dict):
            return
        for handler in self._handlers.get(str(topic), ()):
            handler(str(sender), body)

    def _gathered(self, payload: str) -> str | None:
        """Return the whole when this was its last piece."""
        try:
            message_id, number, of, piece = payload.split(" ", 3)
            n_pieces, at = int(of), int(number)
        except ValueError:
            return None
        if not 0 <= at < n_pieces <= MOST_PIECES:
            return None
        pieces = self._partial.setdefault(message_id, {})
        pieces[at] = piece
        if len(pieces) == n_pieces:
            del self._partial[message_id]
            return "".join(pieces[k] for k in range(n_pieces))
        while len(self._partial) > MOST_PARTIAL:
            del self._partial[next(iter(self._partial))]
        return None

    async def _ask(self, query: LiteralString, values: tuple[Any, ...]) -> Any:
        """Return the first value of the first row; None while the database is away."""
        if self._teller is None:
            return None
        try:
            cursor = await self._teller.execute(query, values)
            row = await cursor.fetchone()
        except psycopg.Error as error:
            _log.warning("a claim could not be asked for: %s", type(error).__name__)
            return None
        return None if row is None else row[0]


def key_of(patient_id: UUID) -> int:
    """Return the number of a patient's lock: 64 bits, signed, as PostgreSQL has them."""
    digest = hashlib.sha256(b"tempo90 sitting " + patient_id.bytes).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
