"""Versions of what people edit, more rules that the schema itself keeps, the link to a clinic.

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

EDITED: Final = ("patient", "injury_episode", "enrolment")
TIMES: Final = ("eccentric_s", "concentric_s", "hold_s", "rest_s")
COUNTS: Final = ("reps", "reps_prescribed", "in_tempo", "accepted")
# By table: the new rules, by name.
RULES: Final[Mapping[str, Mapping[str, str]]] = {
    "patient": {"name": "name <> ''", "version": "version >= 1"},
    "injury_episode": {"version": "version >= 1"},
    "prescription": {
        **{name: f"{name} > 0 AND {name} <= 3600" for name in TIMES},
        "peak_deg": "peak_deg > 0 AND peak_deg <= 180",
    },
    "exercise_set": {
        "number": "number >= 1",
        **{name: f"{name} >= 0" for name in COUNTS},
    },
    "rep": {"number": "number >= 1"},
    "recording": {"sha256": "length(sha256) = 64"},
}
# Rules of a prescription that had no upper limit before.
LIMITED: Final = {
    "sets": ("sets >= 1", "sets BETWEEN 1 AND 100"),
    "reps": ("reps >= 1", "reps BETWEEN 1 AND 1000"),
}


def upgrade() -> None:
    """Go to this revision."""
    for table in EDITED:
        version = sa.Column("version", sa.Integer(), nullable=False, server_default="1")
        op.add_column(table, version)
    op.execute("UPDATE patient SET name = '?' WHERE name = ''")  # no row should have needed it
    for table, rules in RULES.items():
        with op.batch_alter_table(table) as batch:
            for name, rule in rules.items():
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)
    _limit(to=sa.BigInteger(), was=sa.Integer(), at=1)
    _clinic_link()
    _sent_item()


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("sent_item")
    op.drop_table("clinic_link")
    _limit(to=sa.Integer(), was=sa.BigInteger(), at=0)
    for table, rules in RULES.items():
        with op.batch_alter_table(table) as batch:
            for name in rules:
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    for table in EDITED:
        op.drop_column(table, "version")


def _limit(*, to: sa.types.TypeEngine[int], was: sa.types.TypeEngine[int], at: int) -> None:
    """Set the limits of a prescription and of the length of a recording."""
    with op.batch_alter_table("prescription") as batch:
        for name, rules in LIMITED.items():
            batch.drop_constraint(op.f(f"ck_prescription_{name}"), type_="check")
            batch.create_check_constraint(op.f(f"ck_prescription_{name}"), rules[at])
    with op.batch_alter_table("recording") as batch:
        batch.alter_column("size_bytes", type_=to, existing_type=was, existing_nullable=False)


def _clinic_link() -> None:
    op.create_table(
        "clinic_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.String(254), nullable=False),
        sa.Column("clinic_patient_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("token", sa.String(80), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(11), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.CheckConstraint(
            "trouble IN ('unreachable', 'key_refused', 'not_tempo90')",
            name=op.f("ck_clinic_link_trouble"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patient.id"],
            name=op.f("fk_clinic_link_patient_id_patient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_link")),
        sa.UniqueConstraint("patient_id", name=op.f("uq_clinic_link_patient_id")),
    )


def _sent_item() -> None:
    op.create_table(
        "sent_item",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(11), nullable=False),
        sa.Column("key", sa.String(48), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("refusal", sa.String(500), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('session', 'recording', 'correction', 'self_report', 'check_in', 'answer',"
            " 'diary')",
            name=op.f("ck_sent_item_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["clinic_link.id"],
            name=op.f("fk_sent_item_link_id_clinic_link"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("link_id", "kind", "key", name=op.f("pk_sent_item")),
    )
