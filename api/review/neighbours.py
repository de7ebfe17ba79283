"""Which sessions a session can be compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from api.errors import NotFoundError
from api.models import SessionRow, SetRow
from api.schemas import SessionPublic

MOST: Final = 60  # a month of training twice a day


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another session of the same patient with one of the same exercises."""

    id: UUID
    started_at: datetime


def list_neighbours(db: Session, session: SessionPublic) -> Sequence[Neighbour]:
    """Return the sessions to compare with, newest first."""
    exercises = {one.exercise for one in session.exercise_sets}
    shared = (
        select(SetRow.id)
        .where(SetRow.session_id == SessionRow.id, col(SetRow.exercise).in_(exercises))
        .exists()
    )
    query = (
        select(SessionRow.id, SessionRow.started_at)
        .where(SessionRow.patient_id == session.patient_id, SessionRow.id != session.id, shared)
        .order_by(col(SessionRow.started_at).desc(), col(SessionRow.id))
        .limit(MOST)
    )
    return [Neighbour(found_id, started_at) for found_id, started_at in db.exec(query)]


def nearest_before(session: SessionPublic, others: Sequence[Neighbour]) -> Neighbour | None:
    """Return the last session before one, else the first after it."""
    earlier = [one for one in others if one.started_at < session.started_at]
    return earlier[0] if earlier else others[-1] if others else None


def check_same_patient(one: SessionPublic, other: SessionPublic) -> None:
    """Refuse to hold sessions of two people against each other.

    Raises
    ------
    NotFoundError
        As if the other one were not there.

    """
    if one.patient_id != other.patient_id:
        raise NotFoundError(f"This patient has no session {other.id}.")
