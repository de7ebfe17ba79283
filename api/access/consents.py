"""Treatment and consent: who may see whose data, and what of it.

A clinician sees a patient with both, and neither is enough: a treatment that the patient took
part in by accepting an invitation, and the patient's consent to this kind of data. Withdrawing
takes effect with the next request; rows end, they are not overwritten.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from api.access.rows import AccountRow, CareRow, ConsentRow
from api.access.rules import Scope
from api.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePublic:
    """A clinician of a patient, and what they may see."""

    id: UUID
    clinician: str
    scopes: frozenset[Scope]
    started_at: datetime


def start_care(
    db: Session,
    clinician_id: UUID,
    patient_id: UUID,
    scopes: Collection[Scope],
    *,
    now: datetime,
) -> None:
    """Begin a treatment, or go on with the one there is, with what the patient consents to."""
    query = select(CareRow).where(
        CareRow.clinician_id == clinician_id,
        CareRow.patient_id == patient_id,
        col(CareRow.ended_at).is_(None),
    )
    care = db.exec(query).first()
    if care is None:
        care = CareRow(id=uuid4(), clinician_id=clinician_id, patient_id=patient_id, started_at=now)
        db.add(care)
        db.flush()
    _set_scopes(db, care, scopes, now=now)


def list_care(db: Session, patient_id: UUID | None) -> list[CarePublic]:
    """Return the clinicians of a patient by name."""
    rows = db.exec(
        select(CareRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(CareRow.clinician_id))
        .where(CareRow.patient_id == patient_id, col(CareRow.ended_at).is_(None))
        .order_by(col(AccountRow.name))
    )
    return [
        CarePublic(
            id=care.id,
            clinician=account.name,
            scopes=frozenset(_current(db, care.id)),
            started_at=care.started_at,
        )
        for care, account in rows
    ]


def patient_of(db: Session, care_id: UUID | None) -> UUID | None:
    """Return whose treatment one is, or None where there is none."""
    row = db.get(CareRow, care_id) if care_id is not None else None
    return row.patient_id if row is not None else None


def set_consent(
    db: Session,
    patient_id: UUID | None,
    care_id: UUID,
    scopes: Collection[Scope],
    *,
    now: datetime,
) -> None:
    """Change what one clinician of a patient may see."""
    _set_scopes(db, _care(db, patient_id, care_id), scopes, now=now)


def end_care(db: Session, patient_id: UUID | None, care_id: UUID, *, now: datetime) -> None:
    """End a treatment and every consent that belongs to it."""
    care = _care(db, patient_id, care_id)
    _set_scopes(db, care, (), now=now)
    care.ended_at = now
    db.add(care)


def _set_scopes(db: Session, care: CareRow, scopes: Collection[Scope], *, now: datetime) -> None:
    """Withdraw what is no longer consented to, and give what is new."""
    current = _current(db, care.id)
    for scope, row in current.items():
        if scope not in scopes:
            row.withdrawn_at = now
            db.add(row)
    db.flush()
    db.add_all(
        ConsentRow(id=uuid4(), care_id=care.id, scope=scope.value, given_at=now)
        for scope in Scope
        if scope in scopes and scope not in current
    )


def _current(db: Session, care_id: UUID) -> dict[Scope, ConsentRow]:
    query = select(ConsentRow).where(
        ConsentRow.care_id == care_id, col(ConsentRow.withdrawn_at).is_(None)
    )
    return {Scope(row.scope): row for row in db.exec(query)}


def _care(db: Session, patient_id: UUID | None, care_id: UUID) -> CareRow:
    row = db.get(CareRow, care_id)
    if row is None or row.patient_id != patient_id or row.ended_at is not None:
        raise NotFoundError("There is no such treatment.")
    return row
