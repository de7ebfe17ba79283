"""No row of another patient leaves the database: every statement of a request is narrowed here.

A route that forgets to ask whose data it shows, changes or removes still reaches nobody else's.
The rule is put into the statements themselves, SELECT, UPDATE and DELETE, for every table
that has a `patient_id` or belongs to a session.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import cache
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Table,
    Uuid,
    bindparam,
    event,
    false,
    select,
)
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import Session

from api import carried
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
        "passkey",
        "passkey_challenge",
        "recovery_code",
    }
)
FEW: Final = 200
WHOSE: Final = "reach_whose"  # parameters of the conditions
WHO: Final = "reach_who"
CARE: Final[Table] = Row.metadata.tables["care"]
CONSENT: Final[Table] = Row.metadata.tables["consent"]


def consenting(clinician_id: UUID | BindParameter[Any] | None, scope: Scope) -> Select[tuple[Any]]:
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
    if identity.role is Role.OWNER:
        return
    by, whose = _By.PATIENT, identity.patient_id
    listed: list[UUID] = []
    if identity.role is Role.CLINICIAN:
        by, whose = _By.TREATMENT, identity.account_id
        some = consenting(identity.account_id, Scope.RESULTS).limit(few + 1)
        listed = list(db.execute(some).scalars())
        by = _By.LIST if len(listed) <= few else by
    if (wanted := reach(identity)) is not None:
        carried.limit(db, wanted)
    options = _options(by if whose is not None else _By.NOBODY, len(Row.__subclasses__()))
    values = {WHOSE: whose, WHO: listed}

    @event.listens_for(db, "do_orm_execute")
    def narrow(state: ORMExecuteState) -> None:
        # A statement on tables alone passes: nobody asks there for rows of their own accord, and
        # it takes no such options. So do rows that are added, or changed by keys in a list: of
        # each of those the row was read before.
        is_of_rows = state.is_select or state.is_update or state.is_delete
        if is_of_rows and state.is_orm_statement and not isinstance(state.parameters, Sequence):
            state.statement = state.statement.options(*options)
            given = cast("Mapping[str, Any]", state.parameters or {})
            state.parameters = {**given, **values}


class _By(Enum):
    """By what the rows are told that somebody may see."""

    PATIENT = auto()
    LIST = auto()
    TREATMENT = auto()
    NOBODY = auto()


@cache
def _options(by: _By, n_tables: int) -> tuple[ExecutableOption, ...]:  # noqa: ARG001  # made anew
    """Return the conditions of all tables; whose rows is a parameter, so that they serve everyone.

    They are made anew when a table has been added: none may be forgotten.
    """
    match by:
        case _By.PATIENT:
            is_wanted: Wanted = _is_the_one
        case _By.LIST:
            is_wanted = _is_listed
        case _By.TREATMENT:
            is_wanted = _is_treated
        case _By.NOBODY:
            is_wanted = _is_nobodys
    return tuple(
        with_loader_criteria(row, condition, include_aliases=True)
        for row, condition in _conditions(is_wanted)
    )


def _is_the_one(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == bindparam(WHOSE, type_=Uuid())


def _is_listed(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.in_(bindparam(WHO, type_=Uuid(), expanding=True))


def _is_treated(column: ColumnElement[Any]) -> ColumnElement[bool]:
    visible = consenting(bindparam(WHOSE, type_=Uuid()), Scope.RESULTS)
    return visible.where(CARE.c.patient_id == column).exists()


def _is_nobodys(_: ColumnElement[Any]) -> ColumnElement[bool]:
    return false()


def _conditions(is_wanted: Wanted) -> list[tuple[type[Row], ColumnElement[bool]]]:
    found = []
    for row in Row.__subclasses__():
        table = Row.metadata.tables[str(row.__tablename__)]
        condition = belongs(table, is_wanted)
        if condition is not None and table.name not in OWN_AFFAIRS:
            found.append((row, condition))
    return found
