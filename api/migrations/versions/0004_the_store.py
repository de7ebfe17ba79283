"""Versions of what people edit, and more rules that the schema itself keeps.

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


def downgrade() -> None:
    """Go back to the one before."""
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
