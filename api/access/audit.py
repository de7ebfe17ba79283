"""The audit log: who did what with whose data, and when. Written once, never changed.

It names routes and ids, no values: what was measured or told stands nowhere in it. Of patients it
keeps the id alone: their lines outlive an erasure, and then name nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import insert, or_
from sqlmodel import Session, col, select

from api.access.identity import STAFF, Identity, Role
from api.access.ownership import About
from api.access.rows import AuditRow, CareRow

PAGE: Final = 50
AUDIT: Final = AuditRow.metadata.tables["audit"]
Action = Literal["read", "write", "account"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the audit log, for whoever may read it."""

    id: int
    at: datetime
    name: str
    role: str
    action: str
    route: str
    object_id: UUID | None
    patient_id: UUID | None
    is_allowed: bool


def note(
    db: Session,
    identity: Identity,
    action: Action,
    route: str,
    *,
    about: About | None = None,
    is_allowed: bool = True,
    now: datetime,
) -> None:
    """Add a line.

    Parameters
    ----------
    db : Session
        Its transaction decides whether the line is kept.
    identity : Identity
        Who.
    action, route
        What: the kind, and the name of the route in the permission table or of an event.
    about : About, optional
        With what; without it the line is about a list, or about nobody.
    is_allowed : bool
        False for what was refused.
    now : datetime
        When.

    """
    db.connection().execute(
        insert(AUDIT),
        {
            "at": now,
            "account_id": identity.account_id,
            "name": identity.name if identity.role in STAFF else "",
            "role": identity.role.value,
            "action": action,
            "route": route,
            "object_id": about.object_id if about is not None else None,
            "patient_id": about.patient_id if about is not None else None,
            "is_allowed": is_allowed,
        },
    )


def read_log(
    db: Session, identity: Identity, *, before: int | None = None, limit: int = PAGE
) -> list[Entry]:
    """Return lines, newest first: a patient's own, or all for an administrator.

    A patient also sees that a clinician who treated them at the time opened a list of patients.
    """
    query = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(AuditRow.id) < before)
    if identity.role is not Role.ADMINISTRATOR:
        lists = (
            select(CareRow.id)
            .where(
                CareRow.patient_id == identity.patient_id,
                CareRow.clinician_id == AuditRow.account_id,
                CareRow.started_at <= AuditRow.at,
                or_(col(CareRow.ended_at).is_(None), col(CareRow.ended_at) >= AuditRow.at),
            )
            .exists()
        )
        is_list = (
            col(AuditRow.patient_id).is_(None)
            & (AuditRow.action == "read")
            & col(AuditRow.object_id).is_(None)
        )
        query = query.where(or_(col(AuditRow.patient_id) == identity.patient_id, is_list & lists))
    return [
        Entry(
            id=row.id or 0,
            at=row.at,
            name=row.name,
            role=row.role,
            action=row.action,
            route=row.route,
            object_id=row.object_id,
            patient_id=row.patient_id,
            is_allowed=row.is_allowed,
        )
        for row in db.exec(query)
    ]
