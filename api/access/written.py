"""Noting whose rows a request wrote, where its address did not say so or named something new."""

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import event
from sqlmodel import Session

from api import carried
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
    noted already, from the ids in the address, is left out; what it left to this transaction
    (`Rule.is_noted_within`) is noted here.
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

    pending: list[About] = getattr(request.state, "to_note", [])
    event.listen(db, "after_commit", lambda _: pending.clear())
    yield
    touched = carried.touched(db) | touched
    route = getattr(request.state, "route", request.url.path)
    now = request.app.state.access.now()
    noted: set[UUID | None] = getattr(request.state, "noted", set())
    for about in _lines(touched, noted, pending):
        audit.note(db, identity, "write", route, about=about, now=now)


def _lines(
    touched: Mapping[UUID, UUID | None], noted: Container[UUID | None], pending: Iterable[About]
) -> Iterator[About]:
    """Give what is to be noted: once for each patient or id."""
    found = [About(object_id, patient_id) for patient_id, object_id in touched.items()]
    new_ids = {about.object_id for about in found}
    yield from (about for about in found if about.patient_id not in noted)
    yield from (about for about in pending if about.object_id not in new_ids)


def _patient_id(row: Any) -> UUID | None:
    if getattr(row, "__tablename__", None) in OWN_AFFAIRS:
        return None
    return _uuid(getattr(row, "patient_id", None))


def _uuid(value: Any) -> UUID | None:
    return value if isinstance(value, UUID) else None
