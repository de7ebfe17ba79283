"""No row of another patient leaves the database: every SELECT of a request is narrowed here.

A route that forgets to ask whose data it shows still shows nobody else's. The rule is put into
the statements themselves, for every table that has a `patient_id` or belongs to a session.
"""

from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, event, false, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlmodel import Session

from api.access.identity import Identity, Role
from api.access.rules import Scope
from api.belongings import Wanted, belongs
from api.models import Row

# Log-ins, tokens and consents are asked for by account, in functions of their own.
OWN_AFFAIRS: Final = frozenset(
    {
        "account",
        "app_token",
        "care",
        "consent",
        "invitation",
        "known_device",
        "login",
        "recovery_code",
    }
)
FEW: Final = 200
CARE: Final[Table] = Row.metadata.tables["care"]
CONSENT: Final[Table] = Row.metadata.tables["consent"]


def consenting(clinician_id: UUID | None, scope: Scope) -> Select[tuple[Any]]:
    """Return the ids of the patients whom a clinician treats and who consent to this."""
    return (
        select(CARE.c.patient_id)
        .join(CONSENT, CONSENT.c.care_id == CARE.c.id)
        .where(
            CARE.c.clinician_id == clinician_id,
            CARE.c.ended_at.is_(None),
            CONSENT.c.scope == scope.value,
            CONSENT.c.withdrawn_at.is_(None),
        )
    )


def reach(identity: Identity, scope: Scope = Scope.RESULTS) -> Wanted | None:
    """Return the condition of an id of a patient whom somebody may see; None: there is no limit."""
    if identity.role is Role.OWNER:
        return None
    if identity.role is Role.CLINICIAN:
        visible = consenting(identity.account_id, scope)
        return lambda column: visible.where(CARE.c.patient_id == column).exists()
    if identity.patient_id is None:
        return lambda _: false()
    return lambda column: column == identity.patient_id


def confine(db: Session, identity: Identity, *, few: int = FEW) -> None:
    """Let a session of the database see no more than somebody may see.

    A clinician with few patients is given them by id, which lets the database start from their
    rows; with many, each row that a statement comes by is looked up, as most will do.
    """
    is_wanted = reach(identity)
    if is_wanted is None:
        return
    if identity.role is Role.CLINICIAN:
        some = consenting(identity.account_id, Scope.RESULTS).limit(few + 1)
        ids = list(db.execute(some).scalars())
        if len(ids) <= few:
            is_wanted = partial(_is_one_of, ids)
    options = [
        with_loader_criteria(row, condition, include_aliases=True)
        for row, condition in _conditions(is_wanted)
    ]

    @event.listens_for(db, "do_orm_execute")
    def narrow(state: ORMExecuteState) -> None:
        if state.is_select:
            state.statement = state.statement.options(*options)


def _is_one_of(ids: list[UUID], column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.in_(ids)


def _conditions(is_wanted: Wanted) -> list[tuple[type[Row], ColumnElement[bool]]]:
    found = []
    for row in Row.__subclasses__():
        table = Row.metadata.tables[str(row.__tablename__)]
        condition = belongs(table, is_wanted)
        if condition is not None and table.name not in OWN_AFFAIRS:
            found.append((row, condition))
    return found
