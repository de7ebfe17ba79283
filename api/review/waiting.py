"""Which sessions an older engine measured, and which have a newer result that waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, func, or_, select

from api.models import PatientRow, RecordingRow, SessionRow
from api.review.rows import WITHOUT_SETS, ResultVersionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A newer result that nobody has decided about."""

    session_id: UUID
    number: int
    patient_id: UUID
    patient_name: str
    started_at: datetime
    engine_before: str
    engine: str
    n_changes: int


@dataclass(frozen=True, slots=True)
class Outdated:
    """A session that another engine measured, and its place in the order of days."""

    session_id: UUID
    started_at: datetime


def list_outdated(
    db: Session,
    *,
    engine: str,
    catalogue: str,
    after: Outdated | None = None,
    limit: int | None = None,
) -> list[Outdated]:
    """Return the sessions with a recording that this engine has not analysed, oldest first.

    One whose newer result was declined is not among them: it was looked at.

    Parameters
    ----------
    db : Session
        What it may see decides which.
    engine, catalogue : str
        Versions of this engine.
    after : Outdated, optional
        The last one of the page before.
    limit : int, optional
        How many at most.

    """
    query = select(SessionRow.id, SessionRow.started_at).where(_is_outdated(engine, catalogue))
    if after is not None:
        begun, own_id = col(SessionRow.started_at), col(SessionRow.id)
        is_same_moment = begun == after.started_at
        query = query.where(
            (begun > after.started_at) | (is_same_moment & (own_id > after.session_id))
        )
    query = query.order_by(col(SessionRow.started_at), col(SessionRow.id)).limit(limit)
    return [Outdated(session_id, started_at) for session_id, started_at in db.exec(query)]


def count_outdated(db: Session, *, engine: str, catalogue: str) -> int:
    """Return how many `list_outdated` would give."""
    query = select(func.count()).select_from(SessionRow).where(_is_outdated(engine, catalogue))
    return db.exec(query).one()


def is_analysed(db: Session, session_id: UUID, *, engine: str, catalogue: str) -> bool:
    """Whether a session has a result of this engine, whatever was decided about it."""
    row = db.get(SessionRow, session_id)
    if row is not None and (row.engine, row.catalogue) == (engine, catalogue):
        return True
    query = select(ResultVersionRow.id).where(
        ResultVersionRow.session_id == session_id, *_made_by(engine, catalogue)
    )
    return db.exec(query).first() is not None


def _is_outdated(engine: str, catalogue: str) -> ColumnElement[bool]:
    has_recording: Select[Any] = select(RecordingRow.session_id).where(
        RecordingRow.session_id == SessionRow.id
    )
    seen: Select[Any] = select(ResultVersionRow.id).where(
        ResultVersionRow.session_id == SessionRow.id, *_made_by(engine, catalogue)
    )
    is_other = or_(
        col(SessionRow.engine) != engine,
        col(SessionRow.catalogue).is_(None),
        col(SessionRow.catalogue) != catalogue,
    )
    return is_other & has_recording.exists() & ~seen.exists()


def _made_by(engine: str, catalogue: str) -> tuple[ColumnElement[bool], ...]:
    return col(ResultVersionRow.engine) == engine, col(ResultVersionRow.catalogue) == catalogue


def list_waiting(
    db: Session, *, limit: int | None = None, only_same: bool = False
) -> list[Waiting]:
    """Return the newer results that wait for a decision, those with most changes first.

    `only_same`: those that say the same as the current one.
    """
    query = (
        select(ResultVersionRow, SessionRow, PatientRow)
        .join(SessionRow, col(SessionRow.id) == col(ResultVersionRow.session_id))
        .join(PatientRow, col(PatientRow.id) == col(SessionRow.patient_id))
        .options(WITHOUT_SETS)
        .where(ResultVersionRow.state == "proposed")
        .order_by(col(ResultVersionRow.n_changes).desc(), col(SessionRow.started_at).desc())
        .limit(limit)
    )
    if only_same:
        query = query.where(ResultVersionRow.n_changes == 0)
    return [
        Waiting(
            session_id=session.id,
            number=version.number,
            patient_id=patient.id,
            patient_name=patient.name,
            started_at=session.started_at,
            engine_before=session.engine,
            engine=version.engine,
            n_changes=version.n_changes,
        )
        for version, session, patient in db.exec(query)
    ]
