"""The tables of log-in, consent and audit. No secret is stored as it is, only its SHA-256."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from api.models import LABEL, Row

DIGEST = 64
CREDENTIAL = 1364  # WebAuthn: 1023 bytes at most, here in base 64
PUBLIC_KEY = 2048  # base 64 of COSE; the longest, RSA of 4096 bits, takes 700
ROLES = "role IN ('patient', 'clinician', 'administrator')"


class AccountRow(Row, table=True):
    """Somebody who can log in. A patient's account belongs to one patient."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint(ROLES, "role"),
        CheckConstraint("(role = 'patient') = (patient_id IS NOT NULL)", "patient"),
    )

    id: UUID = Field(primary_key=True)
    role: str = Field(max_length=13)
    login: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=LABEL)
    patient_id: UUID | None = Field(
        default=None, foreign_key="patient.id", unique=True, ondelete="CASCADE"
    )
    password_hash: str | None = Field(default=None, max_length=255)
    totp_secret: str | None = Field(default=None, max_length=64)
    totp_step: int = 0  # the last 30 s that a code was taken from: no code works twice
    is_active: bool = True
    created_at: datetime


class RecoveryCodeRow(Row, table=True):
    """A code that stands in for the second factor, once."""

    __tablename__ = "recovery_code"

    sha256: str = Field(primary_key=True, max_length=DIGEST)
    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")


class PasskeyRow(Row, table=True):
    """A passkey: the public half of a key that a phone, computer or stick keeps."""

    __tablename__ = "passkey"

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    credential: str = Field(max_length=CREDENTIAL, unique=True)  # what the device calls it
    public_key: str = Field(max_length=PUBLIC_KEY)
    uses: int  # as the device counts them; many always say 0
    name: str = Field(max_length=LABEL)
    created_at: datetime
    used_at: datetime | None = None


class ChallengeRow(Row, table=True):
    """What a device was asked to sign; it counts once, and not for long."""

    __tablename__ = "passkey_challenge"

    sha256: str = Field(primary_key=True, max_length=DIGEST)
    account_id: UUID | None = Field(
        default=None, foreign_key="account.id", index=True, ondelete="CASCADE"
    )
    ends_at: datetime = Field(index=True)


class LoginRow(Row, table=True):
    """A log-in that lasts: what the cookie of a browser stands for."""

    __tablename__ = "login"
    __table_args__ = (CheckConstraint("stage IN ('factor', 'enrol', 'full')", "stage"),)

    sha256: str = Field(primary_key=True, max_length=DIGEST)
    id: UUID = Field(unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    stage: str = Field(max_length=6)
    agent: str = Field(default="", max_length=LABEL)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class DeviceRow(Row, table=True):
    """A browser from which somebody logged in before: its tries are counted apart."""

    __tablename__ = "known_device"

    sha256: str = Field(primary_key=True, max_length=DIGEST)
    account_id: UUID = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    created_at: datetime


class AppTokenRow(Row, table=True):
    """A program that may send the sessions of one patient, and nothing else."""

    __tablename__ = "app_token"

    sha256: str = Field(primary_key=True, max_length=DIGEST)
    id: UUID = Field(unique=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True, ondelete="CASCADE")
    label: str = Field(max_length=LABEL)
    created_at: datetime
    used_at: datetime | None = None


class InvitationRow(Row, table=True):
    """A code that opens an account or sets a new password: it works once, and not for long."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("purpose IN ('join', 'reset')", "purpose"),
        CheckConstraint(ROLES, "role"),
        CheckConstraint("(purpose = 'reset') = (account_id IS NOT NULL)", "account"),
    )

    sha256: str = Field(primary_key=True, max_length=DIGEST)
    id: UUID = Field(unique=True)
    purpose: str = Field(max_length=5)
    role: str = Field(max_length=13)
    name: str = Field(max_length=LABEL)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", ondelete="CASCADE")
    invited_by: UUID | None = Field(
        default=None, foreign_key="account.id", index=True, ondelete="CASCADE"
    )
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class CareRow(Row, table=True):
    """A clinician treats a patient, from the invitation that the patient took until it ends."""

    __tablename__ = "care"
    __table_args__ = (
        Index(
            "uq_care_current",
            "clinician_id",
            "patient_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    clinician_id: UUID = Field(foreign_key="account.id", ondelete="CASCADE")
    patient_id: UUID = Field(foreign_key="patient.id", index=True, ondelete="CASCADE")
    started_at: datetime
    ended_at: datetime | None = None


class ConsentRow(Row, table=True):
    """What a patient lets one clinician see. Withdrawing ends a row; nothing is overwritten."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("scope IN ('results', 'recordings', 'live')", "scope"),
        Index(
            "uq_consent_current",
            "care_id",
            "scope",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    care_id: UUID = Field(foreign_key="care.id", ondelete="CASCADE")
    scope: str = Field(max_length=10)
    given_at: datetime
    withdrawn_at: datetime | None = None


class TryRow(Row, table=True):
    """How often something was tried in a stretch of time; shared by all processes."""

    __tablename__ = "login_try"
    __table_args__ = (UniqueConstraint("key_sha256", "window_start"),)

    id: int | None = Field(default=None, primary_key=True)
    key_sha256: str = Field(max_length=DIGEST)
    window_start: datetime
    ends_at: datetime = Field(index=True)
    tries: int


class AuditRow(Row, table=True):
    """Who did what with whose data, and when. The schema lets no row be changed or removed.

    It holds ids without a foreign key, so that it outlives what it tells about, and nothing
    about anybody's health.
    """

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("action IN ('read', 'write', 'account')", "action"),
        Index(None, "patient_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    account_id: UUID | None = None
    name: str = Field(max_length=LABEL)
    role: str = Field(max_length=13)
    action: str = Field(max_length=7)
    route: str = Field(max_length=160)
    object_id: UUID | None = None
    patient_id: UUID | None = None
    is_allowed: bool
