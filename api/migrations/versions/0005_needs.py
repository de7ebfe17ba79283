"""The list by need, and what a clinician adds: notes, messages, questionnaire totals, extra weeks.

Revision ID: 0005
Revises: 0003
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES: Final = (
    "need_threshold",
    "clinic_note",
    "message",
    "need_look",
    "need_mark",
    "patient_summary",
    "questionnaire_total",
    "extra_week",
)


def upgrade() -> None:
    """Go to this revision."""
    _need_threshold()
    _clinic_note()
    _message()
    _need_look()
    _need_mark()
    _patient_summary()
    _questionnaire_total()
    _extra_week()


def downgrade() -> None:
    """Go back to the one before; what clinicians wrote goes with its tables."""
    for table in TABLES:
        op.drop_table(table)


def _need_threshold() -> None:
    op.create_table(
        "need_threshold",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_need_threshold")),
    )


def _clinic_note() -> None:
    op.create_table(
        "clinic_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_clinic_note_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_note")),
    )
    op.create_index(
        op.f("ix_clinic_note_patient_id_written_at"),
        "clinic_note",
        ["patient_id", "written_at"],
        unique=False,
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_message_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(
        op.f("ix_message_patient_id_written_at"),
        "message",
        ["patient_id", "written_at"],
        unique=False,
    )


def _need_look() -> None:
    op.create_table(
        "need_look",
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aside_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_need_look_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("reader_id", "patient_id", name=op.f("pk_need_look")),
    )
    op.create_index(op.f("ix_need_look_patient_id"), "need_look", ["patient_id"], unique=False)


def _need_mark() -> None:
    op.create_table(
        "need_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.String(80), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(2000), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'snoozed') = (until IS NOT NULL)", name=op.f("ck_need_mark_until")
        ),
        sa.CheckConstraint(
            "kind IN ('seen', 'handled', 'snoozed')", name=op.f("ck_need_mark_kind")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_need_mark_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_mark")),
    )
    op.create_index(
        op.f("ix_need_mark_patient_id_at"), "need_mark", ["patient_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_need_mark_reader_id_patient_id_at"),
        "need_mark",
        ["reader_id", "patient_id", "at"],
        unique=False,
    )


def _patient_summary() -> None:
    op.create_table(
        "patient_summary",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("top_rank", sa.Integer(), nullable=True),
        sa.Column("codes", sa.String(400), nullable=False),
        sa.Column("silent_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("runs_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("runs_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_patient_summary_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_patient_summary")),
    )
    op.create_index(
        "ix_patient_summary_standing",
        "patient_summary",
        ["patient_id", "newest_at", "top_rank", "silent_from", "runs_from", "runs_until"],
        unique=False,
    )


def _questionnaire_total() -> None:
    op.create_table(
        "questionnaire_total",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("injury_episode_id", sa.Uuid(), nullable=True),
        sa.Column("instrument", sa.String(6), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.String(80), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(instrument IN ('fash', 'visa_h') AND total <= 100)"
            " OR (instrument = 'lefs' AND total <= 80)"
            " OR (instrument = 'psk' AND total <= 30)",
            name=op.f("ck_questionnaire_total_range"),
        ),
        sa.CheckConstraint("total >= 0", name=op.f("ck_questionnaire_total_total")),
        sa.ForeignKeyConstraint(
            ["injury_episode_id"],
            ["injury_episode.id"],
            name=op.f("fk_questionnaire_total_injury_episode_id_injury_episode"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_questionnaire_total_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_total")),
        sa.UniqueConstraint(
            "patient_id",
            "instrument",
            "measured_on",
            name=op.f("uq_questionnaire_total_patient_id_instrument_measured_on"),
        ),
    )


def _extra_week() -> None:
    op.create_table(
        "extra_week",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("injury_episode_id", sa.Uuid(), nullable=False),
        sa.Column("after_week", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(80), nullable=False),
        sa.CheckConstraint("after_week >= 1", name=op.f("ck_extra_week_after_week")),
        sa.ForeignKeyConstraint(
            ["injury_episode_id"],
            ["enrolment.injury_episode_id"],
            name=op.f("fk_extra_week_injury_episode_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_week")),
    )
    op.create_index(
        op.f("ix_extra_week_injury_episode_id"), "extra_week", ["injury_episode_id"], unique=False
    )
