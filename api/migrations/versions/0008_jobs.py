"""Jobs that run in the background, and for how long recordings are kept.

Revision ID: 0008
Revises: 0007
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES: Final = ("retention", "job_item", "job")
STATES: Final = "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')"
COUNTS: Final = "n_done >= 0 AND n_failed >= 0 AND n_done + n_failed <= n_all"


def upgrade() -> None:
    """Go to this revision."""
    _job()
    _item()
    op.create_table(
        "retention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(80), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_retention_one")),
        sa.CheckConstraint("keep_days BETWEEN 30 AND 36500", name=op.f("ck_retention_keep_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention")),
    )


def downgrade() -> None:
    """Go back to the one before."""
    for table in TABLES:
        op.drop_table(table)


def _job() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_name", sa.String(80), nullable=False),
        sa.Column("asked_role", sa.String(13), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("started_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("not_before", moment, nullable=False),
        sa.Column("n_tries", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", moment, nullable=True),
        sa.Column("n_all", sa.Integer(), nullable=False),
        sa.Column("n_done", sa.Integer(), nullable=False),
        sa.Column("n_failed", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_job_state")),
        sa.CheckConstraint(COUNTS, name=op.f("ck_job_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_asked_by_asked_at"), "job", ["asked_by", "asked_at"])
    op.create_index(op.f("ix_job_state_not_before"), "job", ["state", "not_before"])


def _item() -> None:
    op.create_table(
        "job_item",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(7), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_job_item_state")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_job_item_number")),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_job_item_job_id_job"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_job_item_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_item")),
    )
    op.create_index(op.f("ix_job_item_patient_id"), "job_item", ["patient_id"])
