"""The patient's programme: enrolment, what was taken, told and answered; answers of a session.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Answers that travelled in `extra` before they had a column.
ANSWERS = (
    "warning_signs_start",
    "warning_signs_end",
    "took_anti_inflammatory",
    "took_paracetamol",
    "band_tight",
)
RPE_MAX = 10


def upgrade() -> None:
    """Go to this revision."""
    _injury_episode()
    _session()
    _fill_columns()
    _advice_answer()
    _check_in()
    _programme_answer()
    _self_report()
    _sport_diary()
    _enrolment()
    _rest_day()
    _set_correction()
    _sport_level()


def downgrade() -> None:
    """Go back to the one before."""
    for table in (
        "sport_level",
        "set_correction",
        "rest_day",
        "enrolment",
        "sport_diary",
        "self_report",
        "programme_answer",
        "check_in",
        "advice_answer",
    ):
        op.drop_table(table)
    _empty_columns()
    with op.batch_alter_table("session") as batch:
        batch.drop_constraint(op.f("ck_session_rpe"), type_="check")
        for name in (*ANSWERS, "rpe"):
            batch.drop_column(name)
    with op.batch_alter_table("injury_episode") as batch:
        batch.drop_column("sport")
        batch.drop_column("injected_on")


def _injury_episode() -> None:
    with op.batch_alter_table("injury_episode") as batch:
        batch.add_column(sa.Column("injected_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("sport", sa.String(80), nullable=True))


def _session() -> None:
    with op.batch_alter_table("session") as batch:
        batch.add_column(sa.Column("rpe", sa.Integer(), nullable=True))
        for name in ANSWERS:
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=True))
        batch.create_check_constraint(op.f("ck_session_rpe"), "rpe BETWEEN 0 AND 10")


def _session_table() -> sa.TableClause:
    answers = (sa.column(name, sa.Boolean()) for name in ANSWERS)
    own = (
        sa.column("id", sa.Uuid()),
        sa.column("extra", sa.JSON()),
        sa.column("rpe", sa.Integer()),
    )
    return sa.table("session", *own, *answers)


def _fill_columns() -> None:
    """Move answers from `extra` to their columns; what is no such answer stays where it is."""
    db, session = op.get_bind(), _session_table()
    for row in db.execute(sa.select(session.c.id, session.c.extra)).all():
        extra = dict(row.extra or {})
        moved = {name: extra.pop(name) for name in ANSWERS if isinstance(extra.get(name), bool)}
        rpe = extra.get("rpe")
        if isinstance(rpe, int) and not isinstance(rpe, bool) and 0 <= rpe <= RPE_MAX:
            moved["rpe"] = extra.pop("rpe")
        if moved:
            change = session.update().where(session.c.id == row.id)
            db.execute(change.values(extra=extra, **moved))


def _empty_columns() -> None:
    """Move the answers back."""
    db, session = op.get_bind(), _session_table()
    names = ("rpe", *ANSWERS)
    is_given = sa.or_(*(session.c[name].is_not(None) for name in names))
    for row in db.execute(sa.select(session).where(is_given)).all():
        given = {name: getattr(row, name) for name in names if getattr(row, name) is not None}
        if given:
            change = session.update().where(session.c.id == row.id)
            db.execute(change.values(extra={**(row.extra or {}), **given}))


def _advice_answer() -> None:
    op.create_table(
        "advice_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(161), nullable=False),
        sa.Column("answer", sa.String(8), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('seen', 'accepted', 'declined')", name=op.f("ck_advice_answer_answer")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_advice_answer_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_answer")),
    )
    op.create_index(
        op.f("ix_advice_answer_patient_id_answered_at"),
        "advice_answer",
        ["patient_id", "answered_at"],
    )


def _check_in() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("soreness", sa.Integer(), nullable=True),
        sa.Column("warning_signs", sa.Boolean(), nullable=True),
        sa.Column("took_anti_inflammatory", sa.Boolean(), nullable=True),
        sa.Column("took_paracetamol", sa.Boolean(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("pain BETWEEN 0 AND 10", name=op.f("ck_check_in_pain")),
        sa.CheckConstraint("soreness BETWEEN 0 AND 10", name=op.f("ck_check_in_soreness")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_check_in_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
    )
    op.create_index(op.f("ix_check_in_patient_id_at"), "check_in", ["patient_id", "at"])


def _programme_answer() -> None:
    op.create_table(
        "programme_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.String(13), nullable=False),
        sa.Column("is_yes", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "question IN ('warning_signs', 'improved')", name=op.f("ck_programme_answer_question")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_programme_answer_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_answer")),
    )
    op.create_index(
        op.f("ix_programme_answer_patient_id_at"), "programme_answer", ["patient_id", "at"]
    )


def _self_report() -> None:
    op.create_table(
        "self_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exercise", sa.String(80), nullable=False),
        sa.Column("side", sa.String(5), nullable=True),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(80), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('left', 'right')", name=op.f("ck_self_report_side")),
        sa.CheckConstraint("reps >= 0", name=op.f("ck_self_report_reps")),
        sa.CheckConstraint("sets >= 1", name=op.f("ck_self_report_sets")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_self_report_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_report")),
    )
    op.create_index(op.f("ix_self_report_patient_id_at"), "self_report", ["patient_id", "at"])


def _sport_diary() -> None:
    op.create_table(
        "sport_diary",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sport", sa.String(80), nullable=True),
        sa.Column("day", sa.String(80), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("pain_worst", sa.Integer(), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("has_returned_complaints", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level >= 0", name=op.f("ck_sport_diary_level")),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_sport_diary_minutes")),
        sa.CheckConstraint("pain_worst BETWEEN 0 AND 10", name=op.f("ck_sport_diary_pain_worst")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_sport_diary_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sport_diary")),
    )
    op.create_index(op.f("ix_sport_diary_patient_id_at"), "sport_diary", ["patient_id", "at"])


def _enrolment() -> None:
    op.create_table(
        "enrolment",
        sa.Column("injury_episode_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(80), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(80), nullable=False),
        sa.Column("choices", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sport", sa.String(80), nullable=True),
        sa.Column("sport_from", sa.Date(), nullable=True),
        sa.Column("sport_confirmed_by", sa.String(80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "sport_from IS NULL OR sport IS NOT NULL", name=op.f("ck_enrolment_sport_named")
        ),
        sa.ForeignKeyConstraint(
            ["injury_episode_id"],
            ["injury_episode.id"],
            name=op.f("fk_enrolment_injury_episode_id_injury_episode"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_enrolment_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("injury_episode_id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_patient_id"), "enrolment", ["patient_id"])
    op.create_index(
        op.f("uq_enrolment_current"),
        "enrolment",
        ["patient_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _rest_day() -> None:
    op.create_table(
        "rest_day",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("rest_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("advice_answer_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["advice_answer_id"],
            ["advice_answer.id"],
            name=op.f("fk_rest_day_advice_answer_id_advice_answer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_rest_day_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("patient_id", "rest_on", name=op.f("pk_rest_day")),
    )


def _set_correction() -> None:
    op.create_table(
        "set_correction",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reps >= 0", name=op.f("ck_set_correction_reps")),
        sa.ForeignKeyConstraint(
            ["session_id", "number"],
            ["exercise_set.session_id", "exercise_set.number"],
            name=op.f("fk_set_correction_session_id_exercise_set"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", "number", name=op.f("pk_set_correction")),
    )


def _sport_level() -> None:
    op.create_table(
        "sport_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("injury_episode_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.String(80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("advice_answer_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("level >= 0", name=op.f("ck_sport_level_level")),
        sa.ForeignKeyConstraint(
            ["advice_answer_id"],
            ["advice_answer.id"],
            name=op.f("fk_sport_level_advice_answer_id_advice_answer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["injury_episode_id"],
            ["enrolment.injury_episode_id"],
            name=op.f("fk_sport_level_injury_episode_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sport_level")),
    )
    op.create_index(
        op.f("ix_sport_level_injury_episode_id_id"), "sport_level", ["injury_episode_id", "id"]
    )
