"""The second factor: six digits from a phone, or a recovery code that works once."""

from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import delete
from sqlmodel import Session, col

from api.access.codes import code_digest, new_code
from api.access.rows import AccountRow, PasskeyRow, RecoveryCodeRow

ISSUER: Final = "tempo90"
STEP_S: Final = 30
DRIFT_STEPS: Final = (-1, 0, 1)  # a phone's clock may be half a minute off
N_RECOVERY_CODES: Final = 8


def new_secret() -> str:
    """Return a new shared secret, in base 32: 160 bits (RFC 4226)."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, login: str) -> str:
    """Return what an authenticator app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def matching_step(secret: str, typed: str, *, after: int, now: datetime) -> int | None:
    """Return the 30 s that a code belongs to; None when it is wrong or was used before."""
    digits = "".join(letter for letter in typed if letter.isdigit())
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_S
    for drift in DRIFT_STEPS:
        step = current + drift
        if step > after and pyotp.utils.strings_equal(totp.at(step * STEP_S), digits):
            return step
    return None


def has_factor(account: AccountRow) -> bool:
    """Whether an account has a second factor."""
    return account.totp_secret is not None


def check_factor(db: Session, account: AccountRow, typed: str, *, now: datetime) -> bool:
    """Whether a code is right, and use it up."""
    if account.totp_secret is not None:
        step = matching_step(account.totp_secret, typed, after=account.totp_step, now=now)
        if step is not None:
            account.totp_step = step
            db.add(account)
            return True
    row = db.get(RecoveryCodeRow, code_digest(typed))
    if row is None or row.account_id != account.id:
        return False
    db.delete(row)
    return True


def set_totp(db: Session, account: AccountRow, secret: str, step: int) -> list[str]:
    """Give an account a second factor; return its recovery codes, which are shown once."""
    account.totp_secret, account.totp_step = secret, step
    db.add(account)
    return renew_recovery_codes(db, account)


def renew_recovery_codes(db: Session, account: AccountRow) -> list[str]:
    """Make new recovery codes; those of before stop to work."""
    db.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account.id))
    codes = [new_code() for _ in range(N_RECOVERY_CODES)]
    db.add_all(RecoveryCodeRow(sha256=code_digest(code), account_id=account.id) for code in codes)
    return codes


def remove_factors(db: Session, account: AccountRow) -> None:
    """Take the second factor and the passkeys away, as when a phone was lost and the codes too."""
    account.totp_secret, account.totp_step = None, 0
    db.add(account)
    db.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account.id))
    db.execute(delete(PasskeyRow).where(col(PasskeyRow.account_id) == account.id))
