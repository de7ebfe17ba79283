"""How much room the recordings of one patient may take, so that nobody fills the disk of all.

What is there stays, and a recording that would be too much is not begun: the results of a session
need no recording. What has arrived of recordings that never became whole counts as well.
"""

from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from api.db import transaction
from api.errors import RecordingsFullError
from api.models import RecordingRow, SessionRow
from api.recording_store import RecordingStore


def check_room(
    engine: Engine,
    recordings: RecordingStore,
    session_id: UUID,
    *,
    coming_bytes: int,
    limit_bytes: int | None,
) -> None:
    """Refuse more bytes for a session's recording when those of its patient take all the room.

    Of requests that run at the same moment none sees what the others bring, so that the limit may
    be passed by one recording for each of them.

    Parameters
    ----------
    coming_bytes : int
        How many bytes come now; 0 where nobody knows.
    limit_bytes : int or None
        The most that the recordings of one patient may take; None: as much as there is.

    Raises
    ------
    RecordingsFullError
        If it would be more.

    """
    if limit_bytes is None:
        return
    arriving = recordings.arriving()
    with transaction(engine, writes=False) as db:
        patient_id = db.exec(select(SessionRow.patient_id).where(SessionRow.id == session_id)).one()
        taken_bytes = _whole_bytes(db, patient_id)
        if arriving:
            taken_bytes += sum(arriving.get(one, 0) for one in _without(db, patient_id))
    if taken_bytes + coming_bytes > limit_bytes:
        raise RecordingsFullError(limit_bytes)


def _whole_bytes(db: Session, patient_id: UUID) -> int:
    total = func.coalesce(func.sum(RecordingRow.size_bytes), 0)
    query = select(total).join(SessionRow).where(SessionRow.patient_id == patient_id)
    return int(db.exec(query).one())


def _without(db: Session, patient_id: UUID) -> list[UUID]:
    """Return a patient's sessions that have no whole recording."""
    query = (
        select(SessionRow.id)
        .outerjoin(RecordingRow)
        .where(SessionRow.patient_id == patient_id, col(RecordingRow.session_id).is_(None))
    )
    return list(db.exec(query))
