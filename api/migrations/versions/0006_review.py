"""Marks on repetitions, and every result that a session has had.

Revision ID: 0006
Revises: 0005
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES: Final = ("result_version", "rep_mark")


def upgrade() -> None:
    """Go to this revision."""
    _rep_mark()
    _result_version()


def downgrade() -> None:
    """Go back to the one before."""
    for table in TABLES:
        op.drop_table(table)


def _rep_mark() -> None:
    op.create_table(
        "rep_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("set_number", sa.Integer(), nullable=False),
        sa.Column("rep_number", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.Float(), nullable=False),
        sa.Column("end_s", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("remark", sa.String(500), nullable=False),
        sa.Column("marked_by", sa.String(80), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_from", sa.Uuid(), nullable=True),
        sa.Column("ended_by", sa.String(80), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('discarded', 'remarked')", name=op.f("ck_rep_mark_kind")),
        sa.CheckConstraint(
            "reason IN ('not_a_repetition', 'other_movement', 'helper', 'signal', 'other')",
            name=op.f("ck_rep_mark_reason"),
        ),
        sa.CheckConstraint("end_s >= start_s", name=op.f("ck_rep_mark_ends_after_start")),
        sa.CheckConstraint("set_number >= 1 AND rep_number >= 1", name=op.f("ck_rep_mark_numbers")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_rep_mark_session_id_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rep_mark")),
    )
    op.create_index(
        "uq_rep_mark_current",
        "rep_mark",
        ["session_id", "set_number", "rep_number"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _result_version() -> None:
    op.create_table(
        "result_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("engine", sa.String(80), nullable=False),
        sa.Column("catalogue", sa.String(80), nullable=True),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("n_changes", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('current', 'proposed', 'declined', 'earlier')",
            name=op.f("ck_result_version_state"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_result_version_number")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_result_version_session_id_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_version")),
        sa.UniqueConstraint(
            "session_id", "number", name=op.f("uq_result_version_session_id_number")
        ),
    )
    for state in ("current", "proposed"):
        op.create_index(
            f"uq_result_version_{state}",
            "result_version",
            ["session_id"],
            unique=True,
            sqlite_where=sa.text(f"state = '{state}'"),
            postgresql_where=sa.text(f"state = '{state}'"),
        )
