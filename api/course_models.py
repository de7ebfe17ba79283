"""The tables of a patient's programme: what was agreed, taken, told and answered.

What a patient tells is kept beside what was measured and never in its place. A row whose id the
client made may be sent again; it is stored once.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    text,
)
from sqlmodel import Field

from api.models import LABEL, SIDES, Row

ADVICE_KEY: Final = 2 * LABEL + 1  # a rule's code, a slash, an exercise's id


class EnrolmentRow(Row, table=True):
    """The programme that a patient follows for one injury; one of them is current."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("sport_from IS NULL OR sport IS NOT NULL", "sport_named"),
        Index(
            "uq_enrolment_current",
            "patient_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    injury_episode_id: UUID = Field(primary_key=True, foreign_key="injury_episode.id")
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    programme: str = Field(max_length=LABEL)
    start_on: date
    time_zone: str = Field(max_length=LABEL)
    choices: list[JsonValue] = Field(default_factory=list, sa_type=JSON(none_as_null=True))
    band: str | None = Field(default=None, max_length=LABEL)
    sport: str | None = Field(default=None, max_length=LABEL)
    sport_from: date | None = None
    sport_confirmed_by: str | None = Field(default=None, max_length=LABEL)
    created_at: datetime
    changed_at: datetime
    ended_at: datetime | None = None


class AdviceAnswerRow(Row, table=True):
    """What a patient did with a piece of advice; what followed from it hangs on this row."""

    __tablename__ = "advice_answer"
    __table_args__ = (
        CheckConstraint("answer IN ('seen', 'accepted', 'declined')", "answer"),
        Index(None, "patient_id", "answered_at"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    key: str = Field(max_length=ADVICE_KEY)
    answer: str = Field(max_length=8)
    answered_at: datetime


class SportLevelRow(Row, table=True):
    """A step of the return to sport that was accepted; the last one of a day counts."""

    __tablename__ = "sport_level"
    __table_args__ = (
        CheckConstraint("level >= 0", "level"),
        Index(None, "injury_episode_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    injury_episode_id: UUID = Field(foreign_key="enrolment.injury_episode_id", ondelete="CASCADE")
    day: str = Field(max_length=LABEL)
    level: int
    accepted_at: datetime
    advice_answer_id: UUID | None = Field(
        default=None, foreign_key="advice_answer.id", ondelete="CASCADE"
    )


class RestDayRow(Row, table=True):
    """A day of rest that the patient took."""

    __tablename__ = "rest_day"

    patient_id: UUID = Field(primary_key=True, foreign_key="patient.id")
    rest_on: date = Field(primary_key=True)
    taken_at: datetime
    advice_answer_id: UUID | None = Field(
        default=None, foreign_key="advice_answer.id", ondelete="CASCADE"
    )


class CheckInRow(Row, table=True):
    """Answers about pain that were given without training."""

    __tablename__ = "check_in"
    __table_args__ = (
        CheckConstraint("pain BETWEEN 0 AND 10", "pain"),
        CheckConstraint("soreness BETWEEN 0 AND 10", "soreness"),
        Index(None, "patient_id", "at"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    at: datetime
    pain: int | None = None
    soreness: int | None = None
    warning_signs: bool | None = None
    took_anti_inflammatory: bool | None = None
    took_paracetamol: bool | None = None
    received_at: datetime


class ProgrammeAnswerRow(Row, table=True):
    """Yes or no to a question that the programme asked between the trainings."""

    __tablename__ = "programme_answer"
    __table_args__ = (
        CheckConstraint("question IN ('warning_signs', 'improved')", "question"),
        Index(None, "patient_id", "at"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    at: datetime
    question: str = Field(max_length=13)
    is_yes: bool
    received_at: datetime


class SportDiaryRow(Row, table=True):
    """One time that the patient did sport: of the programme (`day`) or beside it."""

    __tablename__ = "sport_diary"
    __table_args__ = (
        CheckConstraint("pain_worst BETWEEN 0 AND 10", "pain_worst"),
        CheckConstraint("level >= 0", "level"),
        CheckConstraint("minutes >= 0", "minutes"),
        Index(None, "patient_id", "at"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    at: datetime
    sport: str | None = Field(default=None, max_length=LABEL)
    day: str | None = Field(default=None, max_length=LABEL)
    level: int = 0
    minutes: int | None = None
    pain_worst: int | None = None
    is_complete: bool = True
    has_returned_complaints: bool = False
    notes: str | None = None
    received_at: datetime


class SelfReportRow(Row, table=True):
    """An exercise that was done without measuring, as the patient tells it.

    `session_id` names the sitting it belongs to, which may come later or never be stored.
    """

    __tablename__ = "self_report"
    __table_args__ = (
        CheckConstraint(SIDES, "side"),
        CheckConstraint("sets >= 1", "sets"),
        CheckConstraint("reps >= 0", "reps"),
        Index(None, "patient_id", "at"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    session_id: UUID | None = None
    at: datetime
    exercise: str = Field(max_length=LABEL)
    side: str | None = Field(default=None, max_length=5)
    sets: int
    reps: int | None = None
    reason: str | None = Field(default=None, max_length=LABEL)
    received_at: datetime


class SetCorrectionRow(Row, table=True):
    """How many repetitions a set had by the patient's own count."""

    __tablename__ = "set_correction"
    __table_args__ = (
        CheckConstraint("reps >= 0", "reps"),
        ForeignKeyConstraint(
            ["session_id", "number"],
            ["exercise_set.session_id", "exercise_set.number"],
            ondelete="CASCADE",
        ),
    )

    session_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    reps: int
    corrected_at: datetime


class ExtraWeekRow(Row, table=True):
    """A week that a patient stays longer in a block: its last week is done once more."""

    __tablename__ = "extra_week"
    __table_args__ = (
        CheckConstraint("after_week >= 1", "after_week"),
        Index(None, "injury_episode_id"),
    )

    id: UUID = Field(primary_key=True)
    injury_episode_id: UUID = Field(foreign_key="enrolment.injury_episode_id", ondelete="CASCADE")
    after_week: int
    added_at: datetime
    added_by: str = Field(max_length=LABEL)
