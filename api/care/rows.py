"""The tables of what a clinician adds to a patient's record. What is taken back keeps its row."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from api.models import LABEL, Row

TEXT: Final = 2_000


class ClinicNoteRow(Row, table=True):
    """A note about a patient, for the clinicians who treat them."""

    __tablename__ = "clinic_note"
    __table_args__ = (Index(None, "patient_id", "written_at"),)

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", ondelete="CASCADE")
    author_id: UUID
    author: str = Field(max_length=LABEL)
    text: str = Field(max_length=TEXT)
    written_at: datetime
    removed_at: datetime | None = None


class MessageRow(Row, table=True):
    """A message to a patient, who sees it with the plan of the day."""

    __tablename__ = "message"
    __table_args__ = (Index(None, "patient_id", "written_at"),)

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", ondelete="CASCADE")
    author_id: UUID
    author: str = Field(max_length=LABEL)
    text: str = Field(max_length=TEXT)
    written_at: datetime
    seen_at: datetime | None = None
    withdrawn_at: datetime | None = None


class QuestionnaireTotalRow(Row, table=True):
    """The total of a questionnaire that was filled in on paper or elsewhere; never its items."""

    __tablename__ = "questionnaire_total"
    __table_args__ = (
        CheckConstraint("total >= 0", "total"),
        CheckConstraint(
            "(instrument IN ('fash', 'visa_h') AND total <= 100)"
            " OR (instrument = 'lefs' AND total <= 80)"
            " OR (instrument = 'psk' AND total <= 30)",
            "range",
        ),
        UniqueConstraint("patient_id", "instrument", "measured_on"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", ondelete="CASCADE")
    injury_episode_id: UUID | None = Field(default=None, foreign_key="injury_episode.id")
    instrument: str = Field(max_length=6)
    total: int
    measured_on: date
    entered_by: str = Field(max_length=LABEL)
    entered_at: datetime
