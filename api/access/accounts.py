"""Accounts: who can log in."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.access import logins
from api.access.errors import BadLoginNameError, LoginTakenError, NotAllowedError
from api.access.factors import has_factor, remove_factors
from api.access.identity import Role
from api.access.rows import AccountRow
from api.errors import NotFoundError
from api.models import PatientRow, SessionRow

LOGIN: Final = re.compile(r"[^\s@]{1,64}(@[^\s@]{1,189})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPublic:
    """An account, for administrators."""

    id: UUID
    role: Role
    login: str
    name: str
    has_factor: bool
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the service holds: all that an administrator learns of clinical data."""

    accounts: int
    patients: int
    sessions: int


def normal_login(typed: str) -> str:
    """Return a log-in name as it is stored: a mail address or a word, in small letters.

    Raises
    ------
    BadLoginNameError
        If it is neither.

    Examples
    --------
    >>> normal_login(" Synthetic.Clinician@Clinic.example ")
    'synthetic.clinician@clinic.example'

    """
    login = typed.strip().casefold()
    if LOGIN.fullmatch(login) is None:
        raise BadLoginNameError("A log-in name is a mail address, or a word without spaces.")
    return login


def add_account(
    db: Session,
    *,
    role: Role,
    login: str,
    name: str,
    password_hash: str | None,
    patient_id: UUID | None = None,
    now: datetime,
) -> AccountRow:
    """Store a new account.

    Raises
    ------
    LoginTakenError
        If another account has this log-in name.

    """
    row = AccountRow(
        id=uuid4(),
        role=role.value,
        login=normal_login(login),
        name=name.strip() or login,
        patient_id=patient_id,
        password_hash=password_hash,
        created_at=now,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        raise LoginTakenError("Somebody else has this log-in name; take another.") from None
    return row


def find_by_login(db: Session, typed: str) -> AccountRow | None:
    """Return the active account with a log-in name."""
    return db.exec(
        select(AccountRow).where(
            AccountRow.login == typed.strip().casefold(), col(AccountRow.is_active)
        )
    ).first()


def get_account(db: Session, account_id: UUID | None) -> AccountRow:
    """Return one account."""
    row = db.get(AccountRow, account_id) if account_id is not None else None
    if row is None:
        raise NotFoundError("There is no such account.")
    return row


def list_accounts(db: Session) -> list[AccountPublic]:
    """Return all accounts by name."""
    rows = db.exec(select(AccountRow).order_by(col(AccountRow.name), col(AccountRow.id)))
    return [
        AccountPublic(
            id=row.id,
            role=Role(row.role),
            login=row.login,
            name=row.name,
            has_factor=has_factor(row),
            is_active=row.is_active,
            created_at=row.created_at,
        )
        for row in rows
    ]


def count_all(db: Session) -> Counts:
    """Count what is stored. Call it outside a confined transaction."""

    def count(row: type[AccountRow | PatientRow | SessionRow]) -> int:
        return int(db.execute(select(func.count()).select_from(row)).scalar_one())

    return Counts(
        accounts=count(AccountRow), patients=count(PatientRow), sessions=count(SessionRow)
    )


def set_active(db: Session, account_id: UUID, *, is_active: bool) -> AccountRow:
    """Close an account, which ends its log-ins, or open it again.

    Raises
    ------
    NotAllowedError
        If nobody would be left to administer the service.

    """
    row = get_account(db, account_id)
    if not is_active and row.role == Role.ADMINISTRATOR and _n_administrators(db) == 1:
        raise NotAllowedError("This is the last administrator; invite another one first.")
    row.is_active = is_active
    if not is_active:
        logins.end_all(db, row.id)
    db.add(row)
    return row


def forget_factors(db: Session, account_id: UUID) -> AccountRow:
    """Let somebody who lost phone and recovery codes set a second factor anew."""
    row = get_account(db, account_id)
    remove_factors(db, row)
    logins.end_all(db, row.id)
    return row


def has_administrator(db: Session) -> bool:
    """Whether anybody administers the service."""
    return _n_administrators(db) > 0


def _n_administrators(db: Session) -> int:
    query = select(func.count()).select_from(AccountRow)
    where = (AccountRow.role == Role.ADMINISTRATOR.value, col(AccountRow.is_active))
    return int(db.execute(query.where(*where)).scalar_one())
