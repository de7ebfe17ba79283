"""What a clinic ordered, as a linked computer of a patient has read it.

Revision ID: 0010
Revises: 0009
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS: Final = "'session', 'recording', 'correction', 'self_report', 'check_in', 'answer', 'diary'"


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("clinic_link") as batch:
        batch.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    _let_send(f"{KINDS}, 'seen'")
    _received_order()
    _received_week()


def downgrade() -> None:
    """Go back to the one before; what was read stays, and no longer tells where it came from."""
    for table in ("received_week", "received_order"):
        op.drop_table(table)
    op.execute("DELETE FROM sent_item WHERE kind = 'seen'")
    _let_send(KINDS)
    with op.batch_alter_table("clinic_link") as batch:
        batch.drop_column("read_at")


def _let_send(kinds: str) -> None:
    with op.batch_alter_table("sent_item") as batch:
        batch.drop_constraint(op.f("ck_sent_item_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_sent_item_kind"), f"kind IN ({kinds})")


def _received_order() -> None:
    op.create_table(
        "received_order",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["prescription_version.id"],
            name=op.f("fk_received_order_version_id_prescription_version"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["clinic_link.id"],
            name=op.f("fk_received_order_link_id_clinic_link"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_received_order")),
    )


def _received_week() -> None:
    op.create_table(
        "received_week",
        sa.Column("week_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["week_id"],
            ["extra_week.id"],
            name=op.f("fk_received_week_week_id_extra_week"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("week_id", name=op.f("pk_received_week")),
    )
