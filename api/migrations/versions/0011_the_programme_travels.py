"""The programme is sent to a clinic too.

Revision ID: 0011
Revises: 0010
"""

from typing import Final

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS: Final = (
    "'session', 'recording', 'correction', 'self_report', 'check_in', 'answer', 'diary', 'seen'"
)


def upgrade() -> None:
    """Go to this revision."""
    _let_send(f"{KINDS}, 'programme'")


def downgrade() -> None:
    """Go back to the one before; what the clinic knows stays there."""
    op.execute("DELETE FROM sent_item WHERE kind = 'programme'")
    _let_send(KINDS)


def _let_send(kinds: str) -> None:
    with op.batch_alter_table("sent_item") as batch:
        batch.drop_constraint(op.f("ck_sent_item_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_sent_item_kind"), f"kind IN ({kinds})")
