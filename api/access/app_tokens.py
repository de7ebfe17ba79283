"""Tokens of programs: each sends the sessions of one patient, and reads nothing back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.access.codes import digest, new_token
from api.access.rows import AppTokenRow
from api.models import LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class AppTokenPublic:
    """A token, without the token."""

    id: UUID
    label: str
    created_at: datetime
    used_at: datetime | None


def add_token(db: Session, patient_id: UUID, label: str, *, now: datetime) -> str:
    """Make a token; it is shown once and cannot be shown again."""
    token = new_token()
    db.add(
        AppTokenRow(
            sha256=digest(token),
            id=uuid4(),
            patient_id=patient_id,
            label=label.strip()[:LABEL] or "app",
            created_at=now,
        )
    )
    return token


def list_tokens(db: Session, patient_id: UUID | None) -> list[AppTokenPublic]:
    """Return the tokens of a patient, newest first."""
    rows = db.exec(
        select(AppTokenRow)
        .where(AppTokenRow.patient_id == patient_id)
        .order_by(col(AppTokenRow.created_at).desc())
    )
    return [
        AppTokenPublic(id=row.id, label=row.label, created_at=row.created_at, used_at=row.used_at)
        for row in rows
    ]


def remove_token(db: Session, patient_id: UUID | None, token_id: UUID) -> None:
    """Let a token stop to work."""
    db.execute(
        delete(AppTokenRow).where(
            col(AppTokenRow.patient_id) == patient_id, col(AppTokenRow.id) == token_id
        )
    )
