"""Log-ins that last: what the cookie of a browser stands for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from api.access.codes import digest, new_token
from api.access.cookies import DEVICE_S
from api.access.identity import STAFF, Identity, Role, Stage
from api.access.rows import AccountRow, AppTokenRow, DeviceRow, LoginRow
from api.access.settings import AccessSettings
from api.models import LABEL

FACTOR_S: Final = 10 * 60  # to find the phone and type six digits
APP_TOKEN: Final = AppTokenRow.metadata.tables["app_token"]
ACCOUNT: Final = AccountRow.metadata.tables["account"]
SEEN_EVERY_S: Final = 60  # a log-in's last use is written no finer than this


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPublic:
    """A log-in, for the list of whoever it belongs to."""

    id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime
    is_this_one: bool


def start(
    db: Session,
    account: AccountRow,
    stage: Stage,
    *,
    agent: str,
    settings: AccessSettings,
    now: datetime,
) -> str:
    """Start a log-in and return the secret of its cookie."""
    token = new_token()
    db.add(
        LoginRow(
            sha256=digest(token),
            id=uuid4(),
            account_id=account.id,
            stage=stage.value,
            agent=agent[:LABEL],
            created_at=now,
            seen_at=now,
            expires_at=now + timedelta(seconds=_longest_s(account.role, stage, settings)),
        )
    )
    db.flush()
    return token


def find(db: Session, token: str, settings: AccessSettings, *, now: datetime) -> Identity | None:
    """Return who a cookie stands for; None when it is unknown, ended or was left alone too long."""
    found = db.exec(
        select(LoginRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(LoginRow.account_id))
        .where(LoginRow.sha256 == digest(token), col(AccountRow.is_active))
    ).first()
    if found is None:
        return None
    login, account = found
    idle = timedelta(seconds=_idle_s(account.role, settings))
    if now >= login.expires_at or now - login.seen_at >= idle:
        return None
    if now - login.seen_at >= timedelta(seconds=SEEN_EVERY_S):
        login.seen_at = now
    return Identity(
        role=Role(account.role),
        name=account.name,
        stage=Stage(login.stage),
        account_id=account.id,
        patient_id=account.patient_id,
        session_id=login.id,
    )


def find_app(db: Session, token: str, *, now: datetime) -> Identity | None:
    """Return the program that a bearer token stands for; None where the account is closed."""
    table = APP_TOKEN
    of_account = ACCOUNT.c.patient_id == table.c.patient_id
    is_this = table.c.sha256 == digest(token)
    asked = select_columns(table).join(ACCOUNT, of_account).where(is_this, ACCOUNT.c.is_active)
    row: Any = db.connection().execute(asked).first()
    if row is None:
        return None
    if row.used_at is None or now - row.used_at >= timedelta(seconds=SEEN_EVERY_S):
        db.connection().execute(update(table).where(is_this).values(used_at=now))
    return Identity(role=Role.APP, name=row.label, patient_id=row.patient_id)


def list_logins(db: Session, identity: Identity, *, now: datetime) -> list[LoginPublic]:
    """Return the log-ins of a person that still count, the latest used first."""
    rows = db.exec(
        select(LoginRow)
        .where(LoginRow.account_id == identity.account_id, col(LoginRow.expires_at) > now)
        .order_by(col(LoginRow.seen_at).desc())
    )
    return [
        LoginPublic(
            id=row.id,
            agent=row.agent,
            created_at=row.created_at,
            seen_at=row.seen_at,
            is_this_one=row.id == identity.session_id,
        )
        for row in rows
    ]


def end(db: Session, account_id: UUID | None, login_id: UUID | None) -> None:
    """End one log-in of an account."""
    db.execute(
        delete(LoginRow).where(col(LoginRow.account_id) == account_id, col(LoginRow.id) == login_id)
    )


def end_all(db: Session, account_id: UUID, *, but: UUID | None = None) -> None:
    """End all log-ins of an account, or all but one, and forget its browsers."""
    query = delete(LoginRow).where(col(LoginRow.account_id) == account_id)
    db.execute(query if but is None else query.where(col(LoginRow.id) != but))
    db.execute(delete(DeviceRow).where(col(DeviceRow.account_id) == account_id))


def remember_device(db: Session, account_id: UUID, *, now: datetime) -> str:
    """Remember a browser as one that an account was used from; return its secret."""
    token = new_token()
    db.add(DeviceRow(sha256=digest(token), account_id=account_id, created_at=now))
    return token


def is_known_device(db: Session, account_id: UUID, token: str | None) -> bool:
    """Whether a browser was used with this account before."""
    row = db.get(DeviceRow, digest(token)) if token else None
    return row is not None and row.account_id == account_id


def clear_ended(db: Session, *, now: datetime) -> None:
    """Remove log-ins that have ended, and browsers that nobody came back with for long."""
    db.execute(delete(LoginRow).where(col(LoginRow.expires_at) <= now))
    forgotten = now - timedelta(seconds=DEVICE_S)
    db.execute(delete(DeviceRow).where(col(DeviceRow.created_at) <= forgotten))


def set_stage(db: Session, login_id: UUID | None, stage: Stage) -> None:
    """Note how far a log-in has come."""
    db.execute(update(LoginRow).where(col(LoginRow.id) == login_id).values(stage=stage.value))


def _longest_s(role: str, stage: Stage, settings: AccessSettings) -> int:
    if stage is Stage.FACTOR:
        return FACTOR_S
    return settings.staff_longest_s if Role(role) in STAFF else settings.patient_longest_s


def _idle_s(role: str, settings: AccessSettings) -> int:
    return settings.staff_idle_s if Role(role) in STAFF else settings.patient_idle_s
