"""The versions of a prescription, templates, and orders that the schema keeps from being changed.

The orders that were there become versions, one each, in the order in which they were written.

Revision ID: 0007
Revises: 0006
"""

from typing import Final
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# What history is told from: rows are added, and go only with their patient.
FROZEN: Final = ("prescription", "prescription_version", "prescription_line")
REFUSAL: Final = "what was prescribed is never changed"
COLUMNS: Final = ("tempo_tolerance_s", "peak_tolerance_deg", "is_left_out", "is_added")
ONE_LEG: Final = "side IN ('left', 'right')"
ANY_LEGS: Final = "side IN ('left', 'right', 'both')"


def upgrade() -> None:
    """Go to this revision."""
    with op.batch_alter_table("prescription") as batch:
        batch.add_column(sa.Column("tempo_tolerance_s", sa.Float(), nullable=True))
        batch.add_column(sa.Column("peak_tolerance_deg", sa.Float(), nullable=True))
        for name in ("is_left_out", "is_added"):
            batch.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
        batch.drop_constraint(op.f("ck_prescription_side"), type_="check")
        batch.create_check_constraint(op.f("ck_prescription_side"), ANY_LEGS)
    _version()
    _line()
    _template()
    _tell_what_was_there()
    _freeze()


def downgrade() -> None:
    """Go back to the one before; an order for both legs becomes one for the programme's."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in FROZEN:
        op.execute(f"DROP TRIGGER {table}_no_change" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        op.execute("DROP FUNCTION refuse_change_of_prescription()")
    for table in ("prescription_template", "prescription_line", "prescription_version"):
        op.drop_table(table)
    op.execute("UPDATE prescription SET side = NULL WHERE side = 'both'")
    with op.batch_alter_table("prescription") as batch:
        batch.drop_constraint(op.f("ck_prescription_side"), type_="check")
        batch.create_check_constraint(op.f("ck_prescription_side"), ONE_LEG)
        for name in COLUMNS:
            batch.drop_column(name)


def _version() -> None:
    op.create_table(
        "prescription_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_prescription_version_number")),
        sa.CheckConstraint(
            "undoes < number", name=op.f("ck_prescription_version_undoes_an_earlier_one")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_prescription_version_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription_version")),
        sa.UniqueConstraint(
            "patient_id", "number", name=op.f("uq_prescription_version_patient_id_number")
        ),
    )


def _line() -> None:
    op.create_table(
        "prescription_line",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("prescription_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["prescription_version.id"],
            name=op.f("fk_prescription_line_version_id_prescription_version"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["prescription_id"],
            ["prescription.id"],
            name=op.f("fk_prescription_line_prescription_id_prescription"),
        ),
        sa.PrimaryKeyConstraint("version_id", "prescription_id", name=op.f("pk_prescription_line")),
    )


def _template() -> None:
    op.create_table(
        "prescription_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("orders", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescription_template")),
        sa.UniqueConstraint(
            "programme", "name", name=op.f("uq_prescription_template_programme_name")
        ),
    )


def _tell_what_was_there() -> None:
    """Give each order that was there a version of its own, with those before it standing on."""
    uuid, moment = sa.Uuid(), sa.DateTime(timezone=True)
    orders = sa.table(
        "prescription",
        sa.column("id", uuid),
        sa.column("patient_id", uuid),
        sa.column("created_at", moment),
    )
    versions = sa.table(
        "prescription_version",
        sa.column("id", uuid),
        sa.column("patient_id", uuid),
        sa.column("number", sa.Integer()),
        sa.column("made_at", moment),
        sa.column("made_by", sa.String()),
        sa.column("reason", sa.String()),
    )
    lines = sa.table(
        "prescription_line", sa.column("version_id", uuid), sa.column("prescription_id", uuid)
    )
    db = op.get_bind()
    before: dict[object, list[object]] = {}
    for order in db.execute(sa.select(orders).order_by(orders.c.created_at, orders.c.id)).all():
        standing = before.setdefault(order.patient_id, [])
        standing.append(order.id)
        version_id = uuid4()
        made = {"id": version_id, "patient_id": order.patient_id, "number": len(standing)}
        db.execute(
            versions.insert().values(**made, made_at=order.created_at, made_by="", reason="")
        )
        db.execute(
            lines.insert(),
            [{"version_id": version_id, "prescription_id": one} for one in standing],
        )


def _freeze() -> None:
    """Let no row of the history be changed, whoever asks; an erasure may remove it."""
    if op.get_bind().dialect.name == "sqlite":
        for table in FROZEN:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change_of_prescription() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_prescription()"
        )
