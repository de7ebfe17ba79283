"""Codes that open an account or set a new password: each works once, and not for long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.access.codes import code_digest, new_code
from api.access.errors import SpentCodeError
from api.access.identity import Role
from api.access.rows import AccountRow, InvitationRow
from api.models import LABEL

Purpose = Literal["join", "reset"]
SPENT: Final = "This code is unknown, was used already or is too old; ask for a new one."


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPublic:
    """An invitation, without its code."""

    id: UUID
    purpose: Purpose
    role: Role
    name: str
    account_id: UUID | None
    invited_by: UUID | None
    inviter: str | None
    expires_at: datetime


def invite(
    db: Session,
    *,
    role: Role,
    name: str,
    invited_by: UUID | None,
    lasts_s: int,
    now: datetime,
) -> str:
    """Make an invitation and return its code, which is shown once."""
    return _add(
        db,
        purpose="join",
        role=role,
        name=name,
        account_id=None,
        invited_by=invited_by,
        lasts_s=lasts_s,
        now=now,
    )


def allow_reset(
    db: Session,
    account: AccountRow,
    *,
    invited_by: UUID | None,
    lasts_s: int,
    now: datetime,
) -> str:
    """Make a code that sets a new password; codes of before stop to work."""
    db.execute(
        update(InvitationRow)
        .where(col(InvitationRow.account_id) == account.id, col(InvitationRow.used_at).is_(None))
        .values(used_at=now)
    )
    return _add(
        db,
        purpose="reset",
        role=Role(account.role),
        name=account.name,
        account_id=account.id,
        invited_by=invited_by,
        lasts_s=lasts_s,
        now=now,
    )


def look(db: Session, typed: str, *, now: datetime) -> InvitationPublic:
    """Return what a code opens, without using it.

    Raises
    ------
    SpentCodeError
        If it opens nothing, whatever the reason.

    """
    row = db.get(InvitationRow, code_digest(typed))
    if row is None or row.used_at is not None or now >= row.expires_at:
        raise SpentCodeError(SPENT)
    return _public(db, row)


def use(db: Session, typed: str, *, now: datetime) -> InvitationPublic:
    """Use a code up. Of two at the same time one gets through.

    Raises
    ------
    SpentCodeError
        If it opens nothing.

    """
    found = look(db, typed, now=now)
    used = db.execute(
        update(InvitationRow)
        .where(
            col(InvitationRow.sha256) == code_digest(typed), col(InvitationRow.used_at).is_(None)
        )
        .values(used_at=now)
        .returning(col(InvitationRow.id))
    ).first()
    if used is None:
        raise SpentCodeError(SPENT)
    return found


def list_open(db: Session, invited_by: UUID | None, *, now: datetime) -> list[InvitationPublic]:
    """Return the invitations of somebody that nobody took yet."""
    rows = db.exec(
        select(InvitationRow)
        .where(
            InvitationRow.invited_by == invited_by,
            InvitationRow.purpose == "join",
            col(InvitationRow.used_at).is_(None),
            col(InvitationRow.expires_at) > now,
        )
        .order_by(col(InvitationRow.created_at).desc())
    )
    return [_public(db, row) for row in rows]


def withdraw(db: Session, invited_by: UUID | None, invitation_id: UUID, *, now: datetime) -> None:
    """Let an invitation stop to work."""
    db.execute(
        update(InvitationRow)
        .where(
            col(InvitationRow.id) == invitation_id,
            col(InvitationRow.invited_by) == invited_by,
            col(InvitationRow.used_at).is_(None),
        )
        .values(used_at=now)
    )


def _add(
    db: Session,
    *,
    purpose: Purpose,
    role: Role,
    name: str,
    account_id: UUID | None,
    invited_by: UUID | None,
    lasts_s: int,
    now: datetime,
) -> str:
    code = new_code()
    db.add(
        InvitationRow(
            sha256=code_digest(code),
            id=uuid4(),
            purpose=purpose,
            role=role.value,
            name=name.strip()[:LABEL],
            account_id=account_id,
            invited_by=invited_by,
            created_at=now,
            expires_at=now + timedelta(seconds=lasts_s),
        )
    )
    return code


def _public(db: Session, row: InvitationRow) -> InvitationPublic:
    inviter = db.get(AccountRow, row.invited_by) if row.invited_by else None
    return InvitationPublic(
        id=row.id,
        purpose="reset" if row.purpose == "reset" else "join",
        role=Role(row.role),
        name=row.name,
        account_id=row.account_id,
        invited_by=row.invited_by,
        inviter=inviter.name if inviter is not None else None,
        expires_at=row.expires_at,
    )
