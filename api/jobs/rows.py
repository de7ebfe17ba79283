"""The tables of jobs. A job is a list of items; the queue is these tables, so it outlives a crash.

An item is about one patient, and is done in the transaction that marks it as done. Whoever works
on a job holds it for a while (`claimed_by`, `claimed_until`) and has to hold it still to write.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import JSON, CheckConstraint, Index
from sqlalchemy.orm import defer
from sqlmodel import Field

from api.models import LABEL, Row

REASON = 300
KIND = 20
FILE_NAME = 120


def _json() -> Any:
    return Field(sa_type=JSON(none_as_null=True), nullable=False, default_factory=dict)


class JobRow(Row, table=True):
    """What somebody asked for, and how far it is."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", "state"),
        CheckConstraint("n_done >= 0 AND n_failed >= 0 AND n_done + n_failed <= n_all", "counts"),
        Index(None, "asked_by", "asked_at"),
        Index(None, "state", "not_before"),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=KIND)
    wishes: dict[str, JsonValue] = _json()
    state: str = Field(max_length=9)
    asked_by: UUID | None = None
    asked_name: str = Field(default="", max_length=LABEL)
    asked_role: str = Field(max_length=13)
    asked_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    not_before: datetime
    n_tries: int = 0
    claimed_by: UUID | None = None
    claimed_until: datetime | None = None
    n_all: int
    n_done: int = 0
    n_failed: int = 0
    problem: str = Field(default="", max_length=REASON)


class JobItemRow(Row, table=True):
    """One piece of a job: about one patient, perhaps one session, perhaps with a file to fetch."""

    __tablename__ = "job_item"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", "state"),
        CheckConstraint("number >= 1", "number"),
        Index(None, "patient_id"),
    )

    job_id: UUID = Field(primary_key=True, foreign_key="job.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    session_id: UUID | None = None
    state: str = Field(default="waiting", max_length=7)
    reason: str = Field(default="", max_length=REASON)
    file_name: str = Field(default="", max_length=FILE_NAME)
    content: bytes | None = None


class RetentionRow(Row, table=True):
    """For how long this clinic keeps raw recordings; without a row for ever. There is one at most.

    Nothing is erased before `starts_at`, so that everyone concerned can be told.
    """

    __tablename__ = "retention"
    __table_args__ = (
        CheckConstraint("id = 1", "one"),
        CheckConstraint("keep_days BETWEEN 30 AND 36500", "keep_days"),
    )

    id: int = Field(default=1, primary_key=True)
    keep_days: int
    set_by: str = Field(max_length=LABEL)
    set_at: datetime
    starts_at: datetime


# For lists: a file may be a megabyte. SQLModel types a column as the value it holds.
WITHOUT_FILE = defer(JobItemRow.content)  # type: ignore[arg-type]
