"""Work that is traced: the product does it, and what it acknowledges is noted beside it.

    python -m tools.faulting.traced_work sitting FOLDER

The notes are lines of JSON in FOLDER/marks, written after the acknowledgement: in the trace they
tell what was promised at each moment.
"""

import base64
import hashlib
import json
import os
import random
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

from fastapi.testclient import TestClient  # noqa: E402

from api import ApiSettings, create_app, migrate, open_engine  # noqa: E402
from tools.serverbench.payload import session_body  # noqa: E402
from tools.soaking.session import run_session  # noqa: E402
from tracker.moving.restoring import restore  # noqa: E402
from tracker.part_file import PartFile  # noqa: E402
from tracker.session_keeper import SessionKeeper  # noqa: E402
from tracker.settings import DataFolder  # noqa: E402
from tracker.updating import bring_up_to_date  # noqa: E402

MARKS = "marks"
DATA = "data"
BACKUP = "backup.zip"
PATIENT = UUID(int=91)
N_SESSIONS = 3
PIECE_BYTES = 5_000
RECORDING_BYTES = 12_000


class RefusedPieceError(Exception):
    """A piece of a recording was not taken; `status` and the sentence of the problem."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status}: {sentence}")
        self.status = status
        self.sentence = sentence


def marker(folder: Path) -> Callable[[Mapping[str, Any]], None]:
    """Return what notes an acknowledgement: one write, behind all before it."""
    file = os.open(folder / MARKS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return lambda note: (os.write(file, (json.dumps(dict(note)) + "\n").encode()), None)[1]


def sit(folder: Path) -> None:
    """Train a sitting over the virtual radio."""
    mark = marker(folder)
    data = DataFolder(folder / DATA).make()
    append, ended = PartFile.append, SessionKeeper.set_ended

    def marked_append(file: PartFile, piece: bytes) -> None:
        append(file, piece)
        mark({"synced": file.path.name, "n_bytes": file._n_good})  # noqa: SLF001

    async def marked_end(keeper: SessionKeeper, *given: Any, **more: Any) -> None:
        await ended(keeper, *given, **more)
        mark({"sets": len(keeper.record.exercise_sets)})

    PartFile.append, SessionKeeper.set_ended = marked_append, marked_end  # type: ignore[method-assign]
    run_session(5, data.root, has_faults=False)
    mark({"ended": True})


def upload(folder: Path) -> None:
    """Store sessions and their recordings over HTTP, in pieces."""
    mark = marker(folder)
    data = DataFolder(folder / DATA).make()
    migrate(data.database_url)
    engine = open_engine(data.database_url)
    app = create_app(engine, ApiSettings(recordings_dir=data.recordings))
    with TestClient(app, base_url="http://localhost") as client:
        patient = {"name": "Synthetic patient", "is_synthetic": True}
        client.put(f"/api/v1/patients/{PATIENT}", json=patient).raise_for_status()
        for number in range(N_SESSIONS):
            session_id = UUID(int=number + 1)
            path = f"/api/v1/sessions/{session_id}"
            client.put(path, json=session_body(PATIENT)).raise_for_status()
            mark({"session": session_id.hex})
            for offset, n_bytes, is_last in pieces():
                send_piece(client, session_id, offset, n_bytes, is_last=is_last)
                mark({"recording": session_id.hex, "n_bytes": n_bytes, "is_whole": is_last})
    engine.dispose()


def pieces() -> list[tuple[int, int, bool]]:
    """Return where each piece of a recording begins and ends, and whether it is the last."""
    ends = [*range(PIECE_BYTES, RECORDING_BYTES, PIECE_BYTES), RECORDING_BYTES]
    return [(max(0, end - PIECE_BYTES if end != RECORDING_BYTES else ends[-2]), end,
             end == RECORDING_BYTES) for end in ends]  # fmt: skip


def recording_bytes(session_id: UUID) -> bytes:
    """Return the bytes that stand for the recording of a session."""
    return random.Random(session_id.int).randbytes(RECORDING_BYTES)  # noqa: S311


def send_piece(
    client: TestClient, session_id: UUID, offset: int, ends: int, *, is_last: bool
) -> None:
    """Send a piece of a recording."""
    whole = recording_bytes(session_id)
    headers = {"Content-Type": "application/octet-stream", "Upload-Offset": str(offset)}
    if is_last:
        digest = base64.b64encode(hashlib.sha256(whole).digest()).decode()
        headers |= {"Upload-Complete": "?1", "Repr-Digest": f"sha-256=:{digest}:"}
    path = f"/api/v1/sessions/{session_id}/recording"
    answer = client.patch(path, content=whole[offset:ends], headers=headers)
    if not answer.is_success:
        raise RefusedPieceError(answer.status_code, str(answer.json().get("detail", "")))


def update(folder: Path) -> None:
    """Bring the data of an earlier version up to date."""
    bring_up_to_date(DataFolder(folder / DATA))
    marker(folder)({"ended": True})


def take_in(folder: Path) -> None:
    """Restore a backup over the data."""
    restore(DataFolder(folder / DATA), folder / BACKUP, now=datetime.now(UTC))
    marker(folder)({"ended": True})


WORK: Mapping[str, Callable[[Path], None]] = {
    "sitting": sit,
    "upload": upload,
    "update": update,
    "restore": take_in,
}

if __name__ == "__main__":
    WORK[sys.argv[1]](Path(sys.argv[2]))
