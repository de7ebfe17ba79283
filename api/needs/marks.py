"""What a reader does with a patient of the list: seen, handled, snoozed; and undoing it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from api.access import Identity
from api.errors import NotFoundError
from api.needs.listing import reader_id
from api.needs.rows import NeedLookRow, NeedMarkRow


class MarkKind(StrEnum):
    """What was done."""

    SEEN = "seen"
    HANDLED = "handled"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPublic:
    """One thing that somebody did with a patient of the list; `is_own` by the reader."""

    id: UUID
    reader: str
    is_own: bool
    kind: MarkKind
    at: datetime
    until: datetime | None
    note: str | None


def add_mark(
    db: Session,
    identity: Identity,
    patient_id: UUID,
    kind: MarkKind,
    *,
    now: datetime,
    until: datetime | None = None,
    note: str | None = None,
) -> UUID:
    """Keep what a reader did.

    Handled sets aside what is known now, until something new arises; snoozed does so too, but no
    longer than `until`.
    """
    row = NeedMarkRow(
        id=uuid4(),
        reader_id=reader_id(identity),
        reader=identity.name,
        patient_id=patient_id,
        kind=kind.value,
        at=now,
        until=until,
        note=note,
    )
    db.add(row)
    db.flush()
    _refresh(db, row.reader_id, patient_id)
    return row.id


def undo_mark(
    db: Session, identity: Identity, patient_id: UUID, mark_id: UUID, *, now: datetime
) -> None:
    """Take back what a reader did; it is no error to do so twice.

    Raises
    ------
    NotFoundError
        If the reader did no such thing.

    """
    row = _own(db, identity, patient_id, mark_id)
    if row.undone_at is None:
        row.undone_at = now
        db.add(row)
        db.flush()
        _refresh(db, row.reader_id, patient_id)


def find_mark(db: Session, identity: Identity, mark_id: UUID) -> NeedMarkRow | None:
    """Return a reader's own mark that stands, for the line that offers to undo it."""
    row = db.exec(select(NeedMarkRow).where(NeedMarkRow.id == mark_id)).first()
    is_there = row is not None and row.reader_id == reader_id(identity) and row.undone_at is None
    return row if is_there else None


def list_marks(db: Session, identity: Identity, patient_id: UUID) -> list[MarkPublic]:
    """Return what all readers did with a patient and did not undo, newest first; looks left out."""
    query = (
        select(NeedMarkRow)
        .where(
            NeedMarkRow.patient_id == patient_id,
            col(NeedMarkRow.undone_at).is_(None),
            NeedMarkRow.kind != MarkKind.SEEN.value,
        )
        .order_by(col(NeedMarkRow.at).desc())
    )
    own = reader_id(identity)
    return [
        MarkPublic(
            id=row.id,
            reader=row.reader,
            is_own=row.reader_id == own,
            kind=MarkKind(row.kind),
            at=row.at,
            until=row.until,
            note=row.note,
        )
        for row in db.exec(query)
    ]


def _own(db: Session, identity: Identity, patient_id: UUID, mark_id: UUID) -> NeedMarkRow:
    row = db.get(NeedMarkRow, mark_id)
    if row is None or row.patient_id != patient_id or row.reader_id != reader_id(identity):
        raise NotFoundError("There is no such mark of yours.")
    return row


def _refresh(db: Session, reader: UUID, patient_id: UUID) -> None:
    """Let the look of a reader say what their standing marks say."""
    query = (
        select(NeedMarkRow)
        .where(
            NeedMarkRow.reader_id == reader,
            NeedMarkRow.patient_id == patient_id,
            col(NeedMarkRow.undone_at).is_(None),
        )
        .order_by(col(NeedMarkRow.at).desc())
    )
    marks = db.exec(query).all()
    aside = next((mark for mark in marks if mark.kind != MarkKind.SEEN.value), None)
    look = db.get(NeedLookRow, (reader, patient_id))
    look = look or NeedLookRow(reader_id=reader, patient_id=patient_id)
    look.seen_at = marks[0].at if marks else None
    look.aside_at = None if aside is None else aside.at
    look.aside_until = None if aside is None else aside.until
    db.add(look)
    db.flush()
