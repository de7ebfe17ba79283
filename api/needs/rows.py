"""The tables of the list by need. All of the first one can be made again from the others' rows."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field

from api.models import LABEL, Row

CODES: Final = 400  # characters for the codes of all reasons that can hold at once
NOTE: Final = 2_000


class PatientSummaryRow(Row, table=True):
    """What the list shows of a patient, so that no list has to read sessions.

    `codes`: the reasons that hold, each between spaces. `detail`: what their words are made of.
    `newest_at`: from when on the newest of them is new. `made_by`: version of the maker.
    """

    __tablename__ = "patient_summary"
    __table_args__ = (
        # All that counting and sorting the list asks for: the wide rows themselves stay unread.
        Index(
            "ix_patient_summary_standing",
            "patient_id",
            "newest_at",
            "top_rank",
            "silent_from",
            "runs_from",
            "runs_until",
        ),
    )

    patient_id: UUID = Field(primary_key=True, foreign_key="patient.id", ondelete="CASCADE")
    heard_at: datetime | None = None
    newest_at: datetime | None = None
    top_rank: int | None = None
    codes: str = Field(default="", max_length=CODES)
    silent_from: datetime | None = None
    runs_from: datetime | None = None
    runs_until: datetime | None = None
    detail: dict[str, JsonValue] = Field(default_factory=dict, sa_type=JSON(none_as_null=True))
    made_by: int
    made_at: datetime


class NeedLookRow(Row, table=True):
    """How a patient stands with one reader of the list; `aside_until` is None for handled."""

    __tablename__ = "need_look"

    reader_id: UUID = Field(primary_key=True)  # an account, or the owner of a local install
    patient_id: UUID = Field(
        primary_key=True, foreign_key="patient.id", index=True, ondelete="CASCADE"
    )
    seen_at: datetime | None = None
    aside_at: datetime | None = None
    aside_until: datetime | None = None


class NeedMarkRow(Row, table=True):
    """What a reader did with a patient of the list, and why. Undoing keeps the row."""

    __tablename__ = "need_mark"
    __table_args__ = (
        CheckConstraint("kind IN ('seen', 'handled', 'snoozed')", "kind"),
        CheckConstraint("(kind = 'snoozed') = (until IS NOT NULL)", "until"),
        Index(None, "patient_id", "at"),
        Index(None, "reader_id", "patient_id", "at"),
    )

    id: UUID = Field(primary_key=True)
    reader_id: UUID
    reader: str = Field(max_length=LABEL)
    patient_id: UUID = Field(foreign_key="patient.id", ondelete="CASCADE")
    kind: str = Field(max_length=7)
    at: datetime
    until: datetime | None = None
    note: str | None = Field(default=None, max_length=NOTE)
    undone_at: datetime | None = None


class NeedThresholdRow(Row, table=True):
    """A threshold that this clinic chose in place of ours."""

    __tablename__ = "need_threshold"

    name: str = Field(primary_key=True, max_length=LABEL)
    value: float
    changed_at: datetime
    changed_by: str = Field(max_length=LABEL)
