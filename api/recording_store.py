"""Where recordings are kept: files of this computer, or an object store."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Engine

from api import store
from api.db import repeated, transaction
from api.errors import ContentConflictError
from api.object_recordings import ObjectRecordings, open_object_store
from api.recordings import RecordingFiles
from api.schemas import RecordingPublic
from api.settings import ApiSettings

PIECE_BYTES: Final = 1024 * 1024


class Arriving(Protocol):
    """The pieces of one recording on their way in; `api.recordings.Incoming` says it in full."""

    @property
    def offset_bytes(self) -> int:
        """How many bytes have arrived."""

    def restart(self) -> None:
        """Forget what has arrived."""

    def expect(self, offset_bytes: int) -> None:
        """Check that a piece starts where the last one ended."""

    def append(self, data: bytes) -> None:
        """Add bytes that survive a power cut."""

    def check(self, sha256: str) -> int:
        """Check the whole; return its size in bytes."""

    def settle(self) -> None:
        """Put what was checked into its place; it counts as arriving until `restart`."""


class RecordingStore(Protocol):
    """All recordings. `local_copy` gives a file to whoever must read one by its path."""

    def has(self, session_id: UUID) -> bool:
        """Whether the complete recording of a session is there."""

    def offset_bytes(self, session_id: UUID) -> int:
        """Return how much of an unfinished recording has arrived."""

    def arriving(self) -> dict[UUID, int]:
        """Return how many bytes have arrived of each recording that is not whole."""

    def receive(self, session_id: UUID) -> AbstractContextManager[Arriving]:
        """Take in pieces of one recording; one request at a time."""

    def read(self, session_id: UUID, begins: int = 0, ends: int | None = None) -> Iterator[bytes]:
        """Return the bytes of a complete recording from one place up to another."""

    def local_copy(self, session_id: UUID) -> AbstractContextManager[Path]:
        """Give a file of this computer with the whole recording, only to be read."""

    def remove(self, session_id: UUID) -> bool:
        """Remove the recording of a session; False when there is none."""

    def reach(self) -> None:
        """Look whether recordings can be kept; raises when not, and changes nothing."""


def open_recordings(settings: ApiSettings) -> RecordingStore:
    """Open what the settings name.

    Raises
    ------
    BadObjectStoreError
        If the object store cannot be used here.

    """
    if settings.object_store is None:
        return RecordingFiles(settings.recordings_dir, settings.max_recording_bytes)
    store = open_object_store(settings.object_store, settings.object_store_timeout_s)
    return ObjectRecordings(store, settings.max_recording_bytes)


def note_whole(
    engine: Engine, incoming: Arriving, session_id: UUID, sha256: str, size_bytes: int
) -> RecordingPublic:
    """Note a recording that was checked and put it into its place, in one transaction.

    Whoever notes first decides: other content is refused before it touches what is there.

    Raises
    ------
    ContentConflictError
        If another one is noted; what arrived is forgotten.

    """

    def note() -> RecordingPublic:
        with transaction(engine, writes=True, is_serial=False) as db:
            found = store.add_recording(db, session_id, size_bytes=size_bytes, sha256=sha256)
            incoming.settle()
            return found

    try:
        noted = repeated(note)
    except ContentConflictError:
        incoming.restart()
        raise
    incoming.restart()
    return noted


def keep_file(
    engine: Engine, recordings: RecordingStore, session_id: UUID, path: Path
) -> RecordingPublic:
    """Take a file of this computer in as the recording of a session; one that is there stays."""
    with recordings.receive(session_id) as incoming, path.open("rb") as file:
        with transaction(engine, writes=False) as db:
            if (noted := store.find_recording(db, session_id)) is not None:
                return noted
        incoming.restart()
        digest = hashlib.sha256()
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
            incoming.append(piece)
        sha256 = digest.hexdigest()
        return note_whole(engine, incoming, session_id, sha256, incoming.check(sha256))
