"""The tables of a review: marks on repetitions, and the results that a session has had.

Neither changes a measured row. A mark that is taken back ends; a result that is replaced stays.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from api.models import LABEL, Row

REMARK_LENGTH = 500


class RepMarkRow(Row, table=True):
    """What a reader of the curve says of one repetition.

    `start_s` and `end_s` are those of the repetition: by them it is found again in the result of
    another engine. A mark that moved along names the one it came from.
    """

    __tablename__ = "rep_mark"
    __table_args__ = (
        CheckConstraint("kind IN ('discarded', 'remarked')", "kind"),
        CheckConstraint(
            "reason IN ('not_a_repetition', 'other_movement', 'helper', 'signal', 'other')",
            "reason",
        ),
        CheckConstraint("end_s >= start_s", "ends_after_start"),
        CheckConstraint("set_number >= 1 AND rep_number >= 1", "numbers"),
        Index(
            "uq_rep_mark_current",
            "session_id",
            "set_number",
            "rep_number",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    session_id: UUID = Field(foreign_key="session.id", ondelete="CASCADE")
    set_number: int
    rep_number: int
    start_s: float
    end_s: float
    kind: str = Field(max_length=9)
    reason: str = Field(max_length=16)
    remark: str = Field(default="", max_length=REMARK_LENGTH)
    marked_by: str = Field(max_length=LABEL)
    marked_at: datetime
    moved_from: UUID | None = None
    ended_by: str | None = Field(default=None, max_length=LABEL)
    ended_at: datetime | None = None


class ResultVersionRow(Row, table=True):
    """A result of one session in full; the tables of sets hold the one that is current."""

    __tablename__ = "result_version"
    __table_args__ = (
        CheckConstraint("state IN ('current', 'proposed', 'declined', 'earlier')", "state"),
        CheckConstraint("number >= 1", "number"),
        UniqueConstraint("session_id", "number"),
        Index(
            "uq_result_version_current",
            "session_id",
            unique=True,
            sqlite_where=text("state = 'current'"),
            postgresql_where=text("state = 'current'"),
        ),
        Index(
            "uq_result_version_proposed",
            "session_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    session_id: UUID = Field(foreign_key="session.id", ondelete="CASCADE")
    number: int
    state: str = Field(max_length=8)
    engine: str = Field(max_length=LABEL)
    catalogue: str | None = Field(default=None, max_length=LABEL)
    made_by: str = Field(max_length=LABEL)
    made_at: datetime
    decided_by: str | None = Field(default=None, max_length=LABEL)
    decided_at: datetime | None = None
    n_changes: int = 0
    packed: bytes  # zlib-compressed JSON: sets, and the patient's own counts of them
