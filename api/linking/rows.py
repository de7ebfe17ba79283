"""The tables of a link to a clinic; they stand in the database of a patient's own computer."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from api.models import LABEL, Row

URL = 254
REASON = 500
KEY = 48  # a UUID, a slash, the number of a set


class Trouble(StrEnum):
    """Why the last try to send did not get through."""

    UNREACHABLE = "unreachable"
    KEY_REFUSED = "key_refused"
    NOT_TEMPO90 = "not_tempo90"


class ClinicLinkRow(Row, table=True):
    """Where the sessions of a patient are sent to, and as whom."""

    __tablename__ = "clinic_link"
    __table_args__ = (
        CheckConstraint("trouble IN ('unreachable', 'key_refused', 'not_tempo90')", "trouble"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", unique=True, ondelete="CASCADE")
    url: str = Field(max_length=URL)
    clinic_patient_id: UUID
    label: str = Field(max_length=LABEL)
    token: str = Field(max_length=LABEL)
    linked_at: datetime
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    read_at: datetime | None = None
    trouble: str | None = Field(default=None, max_length=11)
    reason: str | None = Field(default=None, max_length=REASON)


class SentItemRow(Row, table=True):
    """What the clinic has confirmed, or refused for good."""

    __tablename__ = "sent_item"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('session', 'recording', 'correction', 'self_report', 'check_in', 'answer',"
            " 'diary', 'seen', 'programme')",
            "kind",
        ),
    )

    link_id: UUID = Field(primary_key=True, foreign_key="clinic_link.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=11)
    key: str = Field(primary_key=True, max_length=KEY)
    sha256: str = Field(max_length=64)
    refusal: str | None = Field(default=None, max_length=REASON)
    noted_at: datetime


class ReceivedWeekRow(Row, table=True):
    """A week longer in a block that the clinic ordered, and that it alone takes back."""

    __tablename__ = "received_week"

    week_id: UUID = Field(primary_key=True, foreign_key="extra_week.id", ondelete="CASCADE")
