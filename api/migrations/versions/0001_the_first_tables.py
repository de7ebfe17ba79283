"""The first tables: people, prescriptions, sessions and what was measured.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision."""
    _patient()
    _sensor()
    _injury_episode()
    _session()
    _exercise_set()
    _prescription()
    _recording()
    _rep()
    _trace()


def downgrade() -> None:
    """Go back to the one before."""
    for table in (
        "trace",
        "rep",
        "recording",
        "prescription",
        "exercise_set",
        "session",
        "injury_episode",
        "sensor",
        "patient",
    ):
        op.drop_table(table)


def _patient() -> None:
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("programme_starts_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("ck_patient_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient")),
    )


def _sensor() -> None:
    op.create_table(
        "sensor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family", sa.String(80), nullable=False),
        sa.Column("address", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensor")),
        sa.UniqueConstraint("family", "address", name=op.f("uq_sensor_family_address")),
    )


def _injury_episode() -> None:
    op.create_table(
        "injury_episode",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(5), nullable=False),
        sa.Column("cause", sa.String(8), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("site", sa.String(13), nullable=True),
        sa.Column("injured_on", sa.Date(), nullable=True),
        sa.Column("baseline_complaints", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cause IN ('tear', 'overload', 'back')", name=op.f("ck_injury_episode_cause")
        ),
        sa.CheckConstraint("side IN ('left', 'right')", name=op.f("ck_injury_episode_side")),
        sa.CheckConstraint(
            "site IN ('sit_bone', 'muscle_tendon')", name=op.f("ck_injury_episode_site")
        ),
        sa.CheckConstraint(
            "baseline_complaints BETWEEN 0 AND 10",
            name=op.f("ck_injury_episode_baseline_complaints"),
        ),
        sa.CheckConstraint("grade BETWEEN 1 AND 3", name=op.f("ck_injury_episode_grade")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_injury_episode_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_injury_episode")),
    )
    op.create_index(op.f("ix_injury_episode_patient_id"), "injury_episode", ["patient_id"])


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("sensor_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engine", sa.String(80), nullable=False),
        sa.Column("catalogue", sa.String(80), nullable=True),
        sa.Column("pain_before", sa.Integer(), nullable=True),
        sa.Column("pain_worst", sa.Integer(), nullable=True),
        sa.Column("soreness", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("sensor_extra", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.CheckConstraint("pain_before BETWEEN 0 AND 10", name=op.f("ck_session_pain_before")),
        sa.CheckConstraint("pain_worst BETWEEN 0 AND 10", name=op.f("ck_session_pain_worst")),
        sa.CheckConstraint("soreness BETWEEN 0 AND 10", name=op.f("ck_session_soreness")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_session_patient_id_patient")
        ),
        sa.ForeignKeyConstraint(
            ["sensor_id"], ["sensor.id"], name=op.f("fk_session_sensor_id_sensor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(
        op.f("ix_session_patient_id_started_at_id"), "session", ["patient_id", "started_at", "id"]
    )
    op.create_index(op.f("ix_session_started_at_id"), "session", ["started_at", "id"])


def _exercise_set() -> None:
    op.create_table(
        "exercise_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("exercise", sa.String(80), nullable=False),
        sa.Column("side", sa.String(5), nullable=True),
        sa.Column("band", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("start_s", sa.Float(), nullable=False),
        sa.Column("end_s", sa.Float(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=True),
        sa.Column("reps_prescribed", sa.Integer(), nullable=True),
        sa.Column("in_tempo", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Integer(), nullable=True),
        sa.Column("eccentric_mean_s", sa.Float(), nullable=True),
        sa.Column("eccentric_sd_s", sa.Float(), nullable=True),
        sa.Column("eccentric_drift_s", sa.Float(), nullable=True),
        sa.Column("dose_s", sa.Float(), nullable=True),
        sa.Column("dose_prescribed_s", sa.Float(), nullable=True),
        sa.Column("dose_percent", sa.Float(), nullable=True),
        sa.Column("peak_mean_deg", sa.Float(), nullable=True),
        sa.Column("peak_sd_deg", sa.Float(), nullable=True),
        sa.Column("rom_mean_deg", sa.Float(), nullable=True),
        sa.Column("sparc_mean", sa.Float(), nullable=True),
        sa.Column("coverage", sa.Float(), nullable=True),
        sa.Column("calibration_quality", sa.Float(), nullable=True),
        sa.Column("quality_extra", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("feedback", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("side IN ('left', 'right')", name=op.f("ck_exercise_set_side")),
        sa.CheckConstraint("end_s >= start_s", name=op.f("ck_exercise_set_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_exercise_set_session_id_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercise_set")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_exercise_set_session_id_number")),
    )


def _prescription() -> None:
    op.create_table(
        "prescription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("injury_episode_id", sa.Uuid(), nullable=True),
        sa.Column("exercise", sa.String(80), nullable=False),
        sa.Column("side", sa.String(5), nullable=True),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=True),
        sa.Column("eccentric_s", sa.Float(), nullable=True),
        sa.Column("concentric_s", sa.Float(), nullable=True),
        sa.Column("hold_s", sa.Float(), nullable=True),
        sa.Column("rest_s", sa.Float(), nullable=True),
        sa.Column("peak_deg", sa.Float(), nullable=True),
        sa.Column("band", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('left', 'right')", name=op.f("ck_prescription_side")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_prescription_ends_after_start")),
        sa.CheckConstraint("reps >= 1", name=op.f("ck_prescription_reps")),
        sa.CheckConstraint("sets >= 1", name=op.f("ck_prescription_sets")),
        sa.ForeignKeyConstraint(
            ["injury_episode_id"],
            ["injury_episode.id"],
            name=op.f("fk_prescription_injury_episode_id_injury_episode"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_prescription_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription")),
    )
    op.create_index(op.f("ix_prescription_patient_id"), "prescription", ["patient_id"])


def _recording() -> None:
    op.create_table(
        "recording",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_recording_size_bytes")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
            name=op.f("fk_recording_session_id_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_recording")),
    )


def _rep() -> None:
    op.create_table(
        "rep",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.Float(), nullable=False),
        sa.Column("peak_s", sa.Float(), nullable=True),
        sa.Column("end_s", sa.Float(), nullable=False),
        sa.Column("peak_deg", sa.Float(), nullable=True),
        sa.Column("peak_deg_u", sa.Float(), nullable=True),
        sa.Column("rom_deg", sa.Float(), nullable=True),
        sa.Column("rom_deg_u", sa.Float(), nullable=True),
        sa.Column("eccentric_s", sa.Float(), nullable=True),
        sa.Column("eccentric_s_u", sa.Float(), nullable=True),
        sa.Column("eccentric_moving_s", sa.Float(), nullable=True),
        sa.Column("pause_s", sa.Float(), nullable=True),
        sa.Column("concentric_s", sa.Float(), nullable=True),
        sa.Column("concentric_s_u", sa.Float(), nullable=True),
        sa.Column("hold_s", sa.Float(), nullable=True),
        sa.Column("hold_scored_s", sa.Float(), nullable=True),
        sa.Column("sparc", sa.Float(), nullable=True),
        sa.Column("phases", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("flags", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("end_s >= start_s", name=op.f("ck_rep_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["exercise_set.id"],
            name=op.f("fk_rep_set_id_exercise_set"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_id", "number", name=op.f("pk_rep")),
    )


def _trace() -> None:
    op.create_table(
        "trace",
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["exercise_set.id"],
            name=op.f("fk_trace_set_id_exercise_set"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("set_id", name=op.f("pk_trace")),
    )
