"""Recordings in an object store that speaks S3, for a service of several processes or computers.

    incoming/<session>/<first byte>     pieces that have arrived, one object each
    <two digits>/<session>.mcap         complete: its SHA-256 was right, it never changes

Pieces are objects of their own, so that a sender may go on at another process. What the store has
not confirmed is not counted; when it refuses or is slow the sender is told to come again, and what
was confirmed before is still there. Keys and region come from the environment, under the names that
every S3 client knows (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from api.errors import (
    ApiError,
    DigestMismatchError,
    NotFoundError,
    RecordingsUnavailableError,
    TooLargeError,
    UploadOffsetError,
)
from api.recordings import OneAtATime

if TYPE_CHECKING:
    from obstore.store import S3Store

SCHEME: Final = "s3"
INCOMING: Final = "incoming"
OFFSET_DIGITS: Final = 15  # so that the order of names is that of the bytes
READ_BYTES: Final = 1024 * 1024
IN_MEMORY_BYTES: Final = 16 * 1024 * 1024
MAX_RETRIES: Final = 2


class BadObjectStoreError(ApiError, ValueError):
    """The address of the object store cannot be used here."""


class Piece(NamedTuple):
    """An object that holds some bytes of a recording on its way in."""

    key: str
    offset_bytes: int
    size_bytes: int


def open_object_store(url: str, timeout_s: float) -> "S3Store":
    """Open the store at an address such as "s3://bucket/folder"; nothing is asked of it yet.

    Raises
    ------
    BadObjectStoreError
        If the address is of another kind, or the library is not installed.

    """
    parts = urlsplit(url)
    if parts.scheme != SCHEME or not parts.netloc:
        raise BadObjectStoreError(
            f"{url!r} is no object store: it looks like s3://bucket or s3://bucket/folder."
        )
    try:
        from obstore.store import S3Store  # noqa: PLC0415  # an extra, and half a second
    except ModuleNotFoundError as error:
        raise BadObjectStoreError(
            "An object store needs a library that is not installed: pip install 'tempo90[server]'."
        ) from error
    limit = timedelta(seconds=timeout_s)
    return S3Store.from_url(
        url,
        client_options={"timeout": limit, "connect_timeout": limit, "allow_http": True},
        retry_config={"max_retries": MAX_RETRIES, "retry_timeout": limit},
    )


class ObjectRecordings(OneAtATime):
    """All recordings, in one bucket or a folder of it."""

    def __init__(self, store: "S3Store", limit_bytes: int) -> None:
        super().__init__()
        self._store = store
        self._limit_bytes = limit_bytes

    def has(self, session_id: UUID) -> bool:
        """Whether the complete recording of a session is there."""
        import obstore  # noqa: PLC0415

        try:
            with _told():
                obstore.head(self._store, _key(session_id))
        except NotFoundError:
            return False
        return True

    def offset_bytes(self, session_id: UUID) -> int:
        """Return how much of an unfinished recording has arrived."""
        return self._incoming(session_id).offset_bytes

    def arriving(self) -> dict[UUID, int]:
        """Return how many bytes have arrived of each recording that is not whole."""
        import obstore  # noqa: PLC0415

        found: dict[UUID, int] = {}
        with _told():
            for some in obstore.list(self._store, INCOMING):
                for one in some:
                    session_id = UUID(one["path"].split("/")[-2])
                    found[session_id] = found.get(session_id, 0) + one["size"]
        return found

    @contextmanager
    def receive(self, session_id: UUID) -> Iterator["IncomingObjects"]:
        """Take in pieces of one recording; one request at a time in each process.

        Of requests in several processes each piece counts once, for it is kept under its place;
        and `settle` is called by the one that was noted first.
        """
        with self.alone(session_id):
            incoming = self._incoming(session_id)
            try:
                yield incoming
            finally:
                incoming.close()

    def read(self, session_id: UUID, begins: int = 0, ends: int | None = None) -> Iterator[bytes]:
        """Return the bytes of a complete recording from one place up to another.

        The store is asked before the first piece is taken, so that its refusal can be told.

        Raises
        ------
        NotFoundError
            If it is not there.
        RecordingsUnavailableError
            If the store does not answer.

        """
        import obstore  # noqa: PLC0415

        span: Any = {"offset": begins} if ends is None else (begins, ends)
        with _told():
            found = obstore.get(self._store, _key(session_id), options={"range": span})
        return _streamed(found)

    @contextmanager
    def local_copy(self, session_id: UUID) -> Iterator[Path]:
        """Give a file of this computer with the whole recording; it is gone afterwards."""
        with NamedTemporaryFile(suffix=".mcap") as file:
            for piece in self.read(session_id):
                file.write(piece)
            file.flush()
            yield Path(file.name)

    def remove(self, session_id: UUID) -> bool:
        """Remove the recording of a session, complete or on its way in; False if there is none."""
        import obstore  # noqa: PLC0415

        with self.receive(session_id) as incoming:
            is_there = self.has(session_id) or incoming.offset_bytes > 0
            incoming.restart()
            with _told():
                obstore.delete(self._store, _key(session_id))
            return is_there

    def reach(self) -> None:
        """Look whether the bucket answers, by listing one object of it.

        Raises
        ------
        NotFoundError
            If there is no such bucket.
        RecordingsUnavailableError
            If the store does not answer, or refuses.

        """
        import obstore  # noqa: PLC0415

        with _told():
            next(iter(obstore.list(self._store, chunk_size=1)), None)

    def _incoming(self, session_id: UUID) -> "IncomingObjects":
        return IncomingObjects(self._store, session_id, self._limit_bytes)


class IncomingObjects:
    """The pieces of one recording on their way in. Made by `ObjectRecordings.receive`."""

    def __init__(self, store: "S3Store", session_id: UUID, limit_bytes: int) -> None:
        self._store = store
        self._folder = f"{INCOMING}/{session_id}/"
        self._final = _key(session_id)
        self._limit_bytes = limit_bytes
        self._known: list[Piece] | None = None
        self._to_settle: SpooledTemporaryFile[bytes] | None = None
        self._checked_bytes = 0

    @property
    def offset_bytes(self) -> int:
        """How many bytes have arrived without a gap."""
        return sum(piece.size_bytes for piece in self._pieces())

    def restart(self) -> None:
        """Forget what has arrived."""
        import obstore  # noqa: PLC0415

        with _told():
            if keys := [piece.key for piece in self._stored()]:
                obstore.delete(self._store, keys)
        self._known = []

    def expect(self, offset_bytes: int) -> None:
        """Check that a piece starts where the last one ended; raises as `Incoming.expect`."""
        if offset_bytes != self.offset_bytes:
            raise UploadOffsetError(self.offset_bytes, offset_bytes)

    def append(self, data: bytes) -> None:
        """Add bytes; they count once the store has confirmed them.

        Raises
        ------
        TooLargeError
            If the recording grows over its limit; what arrived is forgotten.
        RecordingsUnavailableError
            If the store does not take them; what arrived before is still there.

        """
        import obstore  # noqa: PLC0415

        pieces, offset_bytes = self._pieces(), self.offset_bytes
        if offset_bytes + len(data) > self._limit_bytes:
            self.restart()
            raise TooLargeError(self._limit_bytes)
        key = f"{self._folder}{offset_bytes:0{OFFSET_DIGITS}d}"
        with _told():
            obstore.put(self._store, key, data, use_multipart=False)
        pieces.append(Piece(key, offset_bytes, len(data)))

    def check(self, sha256: str) -> int:
        """Check the whole; return its size in bytes.

        Raises
        ------
        DigestMismatchError
            If it is not what was sent; what arrived is forgotten, so that it can be sent again.

        """
        digest = hashlib.sha256()
        whole = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115  # till `close`
        self._to_settle = whole
        for data in self._read():
            digest.update(data)
            whole.write(data)
        if digest.hexdigest() != sha256:
            self.restart()
            raise DigestMismatchError(
                f"The recording that arrived has SHA-256 {digest.hexdigest()}, not {sha256}; "
                "send it again."
            )
        self._checked_bytes = whole.tell()
        return self._checked_bytes

    def settle(self) -> None:
        """Put what was checked into its place; it counts as arriving until `restart`."""
        import obstore  # noqa: PLC0415

        whole = self._to_settle
        if whole is None:
            raise RuntimeError("What was not checked cannot be put into its place.")
        whole.seek(0)
        with _told():
            obstore.put(self._store, self._final, whole if self._checked_bytes else b"")

    def close(self) -> None:
        """Let go of the copy that was checked."""
        if self._to_settle is not None:
            self._to_settle.close()
        self._to_settle = None

    def _read(self) -> Iterator[bytes]:
        import obstore  # noqa: PLC0415

        for piece in self._pieces():
            with _told():
                yield bytes(obstore.get(self._store, piece.key).bytes())

    def _pieces(self) -> list[Piece]:
        """Return the pieces that follow each other from the first byte on."""
        if self._known is None:
            self._known, offset_bytes = [], 0
            for piece in self._stored():
                if piece.offset_bytes == offset_bytes:
                    self._known.append(piece)
                    offset_bytes += piece.size_bytes
        return self._known

    def _stored(self) -> list[Piece]:
        import obstore  # noqa: PLC0415

        with _told():
            found = [
                Piece(one["path"], int(one["path"].rpartition("/")[2]), one["size"])
                for some in obstore.list(self._store, self._folder)
                for one in some
            ]
        return sorted(found, key=lambda piece: piece.offset_bytes)


def _key(session_id: UUID) -> str:
    return f"{session_id.hex[:2]}/{session_id}.mcap"


def _streamed(found: Any) -> Iterator[bytes]:
    for piece in found.stream(READ_BYTES):
        yield bytes(piece)


@contextmanager
def _told() -> Iterator[None]:
    """Turn errors of the store into ours; what it said goes to the log, not to the sender."""
    from obstore import exceptions  # noqa: PLC0415

    try:
        yield
    except (exceptions.NotFoundError, FileNotFoundError) as error:
        raise NotFoundError("The recording is not in the store.") from error
    except (exceptions.BaseError, OSError) as error:
        raise RecordingsUnavailableError from error
