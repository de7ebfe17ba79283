"""The clinic's templates: orders by name, their days counted from the one they are applied on."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from api.errors import ContentConflictError, NotFoundError
from api.prescribing.rows import PrescriptionTemplateRow
from api.prescribing.store import Author
from api.schemas import OrderCreate

DAY_ZERO: Final = date(2000, 1, 1)  # days of a template count from here; no calendar shows it
ORDERS: Final = TypeAdapter(list[OrderCreate])


def list_templates(db: Session, programme: str) -> list[PrescriptionTemplateRow]:
    """Return the templates for a programme, by name."""
    query = (
        select(PrescriptionTemplateRow)
        .where(PrescriptionTemplateRow.programme == programme)
        .order_by(col(PrescriptionTemplateRow.name))
    )
    return list(db.exec(query))


def add_template(
    db: Session,
    programme: str,
    name: str,
    orders: Sequence[OrderCreate],
    author: Author,
    *,
    now: datetime,
) -> PrescriptionTemplateRow:
    """Keep orders under a name, without their patient and with their days from the first of them.

    Raises
    ------
    ContentConflictError
        If the name is taken.

    """
    if any(one.name.casefold() == name.casefold() for one in list_templates(db, programme)):
        raise ContentConflictError(f"There is a template {name!r} already.")
    first_on = min((order.starts_on for order in orders), default=DAY_ZERO)
    moved = [_moved(order, DAY_ZERO - first_on) for order in orders]
    row = PrescriptionTemplateRow(
        id=uuid4(),
        programme=programme,
        name=name,
        orders=cast("Any", ORDERS.dump_python(moved, mode="json")),
        made_at=now,
        made_by=author.name,
        account_id=author.account_id,
    )
    db.add(row)
    db.flush()
    return row


def orders_of(db: Session, template_id: UUID, *, from_on: date) -> list[OrderCreate]:
    """Return the orders of a template, the first of them from a day on.

    Raises
    ------
    NotFoundError
        If there is no such template.

    """
    row = db.get(PrescriptionTemplateRow, template_id)
    if row is None:
        raise NotFoundError(f"There is no template {template_id}.")
    return [_moved(one, from_on - DAY_ZERO) for one in ORDERS.validate_python(row.orders)]


def remove_template(db: Session, template_id: UUID) -> None:
    """Forget a template; what was ordered with it stays."""
    row = db.get(PrescriptionTemplateRow, template_id)
    if row is not None:
        db.delete(row)
        db.flush()


def _moved(order: OrderCreate, by: timedelta) -> OrderCreate:
    days = {
        "starts_on": order.starts_on + by,
        "ends_on": None if order.ends_on is None else order.ends_on + by,
        "injury_episode_id": None,
    }
    return order.model_copy(update=days)
