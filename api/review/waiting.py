"""Which sessions an older engine measured, and which have a newer result that waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from api.models import PatientRow, RecordingRow, SessionRow
from api.review.rows import ResultVersionRow


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


def list_outdated(
    db: Session, *, engine: str, catalogue: str, patient_id: UUID | None = None
) -> Sequence[UUID]:
    """Return the sessions with a recording that this engine has not analysed, oldest first.

    One whose newer result was declined is not among them: it was looked at.
    """
    seen = (
        select(ResultVersionRow.id)
        .where(
            ResultVersionRow.session_id == SessionRow.id,
            ResultVersionRow.engine == engine,
            ResultVersionRow.catalogue == catalogue,
        )
        .exists()
    )
    query = (
        select(SessionRow.id)
        .join(RecordingRow, col(RecordingRow.session_id) == col(SessionRow.id))
        .where(
            or_(
                col(SessionRow.engine) != engine,
                col(SessionRow.catalogue).is_(None),
                col(SessionRow.catalogue) != catalogue,
            ),
            ~seen,
        )
        .order_by(col(SessionRow.started_at), col(SessionRow.id))
    )
    if patient_id is not None:
        query = query.where(SessionRow.patient_id == patient_id)
    return db.exec(query).all()


def list_waiting(db: Session, *, limit: int | None = None) -> list[Waiting]:
    """Return the newer results that wait for a decision, those with most changes first."""
    query = (
        select(ResultVersionRow, SessionRow, PatientRow)
        .join(SessionRow, col(SessionRow.id) == col(ResultVersionRow.session_id))
        .join(PatientRow, col(PatientRow.id) == col(SessionRow.patient_id))
        .where(ResultVersionRow.state == "proposed")
        .order_by(col(ResultVersionRow.n_changes).desc(), col(SessionRow.started_at).desc())
        .limit(limit)
    )
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
