"""The tables of a patient's whole prescription through time, and of the clinic's templates.

An order (`prescription`) never changes. A version names the orders that stand from its moment on;
the next one names others. So every day can be told what stood on it, who wanted that, and why.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from api.models import LABEL, Row

REASON: Final = 500


class PrescriptionVersionRow(Row, table=True):
    """One change of a patient's prescription, and what stands from then on."""

    __tablename__ = "prescription_version"
    __table_args__ = (
        UniqueConstraint("patient_id", "number"),
        CheckConstraint("number >= 1", "number"),
        CheckConstraint("undoes < number", "undoes_an_earlier_one"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    number: int
    made_at: datetime
    made_by: str = Field(max_length=LABEL)
    account_id: UUID | None = None  # no foreign key: a version outlives the account
    reason: str = Field(max_length=REASON)
    undoes: int | None = None


class PrescriptionLineRow(Row, table=True):
    """An order that stands in a version; one that was not touched stands in the next one too."""

    __tablename__ = "prescription_line"

    version_id: UUID = Field(
        primary_key=True, foreign_key="prescription_version.id", ondelete="CASCADE"
    )
    prescription_id: UUID = Field(primary_key=True, foreign_key="prescription.id")


class ReceivedOrderRow(Row, table=True):
    """A version that a patient's own computer read from the clinic that it is linked to.

    It counts here from when it arrived, which is when the version was made; `ordered_at` is when
    the clinician made it there. Without a link nobody prescribes from afar any more.
    """

    __tablename__ = "received_order"

    version_id: UUID = Field(
        primary_key=True, foreign_key="prescription_version.id", ondelete="CASCADE"
    )
    link_id: UUID | None = Field(default=None, foreign_key="clinic_link.id", ondelete="SET NULL")
    ordered_at: datetime


class PrescriptionTemplateRow(Row, table=True):
    """Orders that a clinic gives to many, by name; days count from the one it is applied on."""

    __tablename__ = "prescription_template"
    __table_args__ = (UniqueConstraint("programme", "name"),)

    id: UUID = Field(primary_key=True)
    programme: str = Field(max_length=LABEL)
    name: str = Field(max_length=LABEL)
    orders: list[JsonValue] = Field(sa_type=JSON(none_as_null=True))
    made_at: datetime
    made_by: str = Field(max_length=LABEL)
    account_id: UUID | None = None
