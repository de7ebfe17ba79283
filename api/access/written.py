"""Noting whose rows a request wrote, where its address did not say so."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import event
from sqlmodel import Session

from api.access import audit
from api.access.confinement import OWN_AFFAIRS
from api.access.gate import identity_of
from api.access.identity import Role
from api.access.ownership import About
from api.models import PatientRow


@contextmanager
def note_writes(db: Session, request: Request) -> Iterator[None]:
    """Add a line to the audit log for each patient whose rows a transaction wrote.

    The line is part of the same transaction: either both are kept or neither. What the gate has
    noted already, from the ids in the address, is left out.
    """
    identity = identity_of(request)
    if identity.role is Role.OWNER:
        yield
        return
    touched: dict[UUID, UUID | None] = {}

    @event.listens_for(db, "after_flush")
    def gather(session: Session, _: Any) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            patient_id = row.id if isinstance(row, PatientRow) else _patient_id(row)
            if patient_id is not None:
                touched.setdefault(patient_id, _uuid(getattr(row, "id", None)))

    yield
    noted: set[UUID | None] = getattr(request.state, "noted", set())
    route = getattr(request.state, "route", request.url.path)
    now = request.app.state.access.now()
    for patient_id, object_id in touched.items():
        if patient_id not in noted:
            about = About(object_id, patient_id)
            audit.note(db, identity, "write", route, about=about, now=now)


def _patient_id(row: Any) -> UUID | None:
    if getattr(row, "__tablename__", None) in OWN_AFFAIRS:
        return None
    return _uuid(getattr(row, "patient_id", None))


def _uuid(value: Any) -> UUID | None:
    return value if isinstance(value, UUID) else None
