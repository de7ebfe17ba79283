"""Notes of clinicians about a patient, and messages to the patient, who sees them on Today."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.access import Identity
from api.care.rows import TEXT, ClinicNoteRow, MessageRow
from api.course_reading import check_patient
from api.errors import ContentConflictError, NotFoundError
from api.needs.listing import reader_id
from api.schemas import Body

EXAMPLE: Final[dict[str, JsonValue]] = {
    "id": "5f0c3f1e-6b0e-4f0a-9a53-3f1a1c2d9e77",
    "text": "Mooi rustig. Blijf deze week bij hetzelfde elastiek.",
}


class WritingCreate(Body):
    """A note or a message, under an id of the client's making."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    text: Annotated[str, Field(min_length=1, max_length=TEXT)]


class NotePublic(WritingCreate):
    """A note of a clinician; `is_own`: the reader wrote it."""

    author: str
    is_own: bool
    written_at: AwareDatetime


class NoteList(Body):
    """The notes about a patient, newest first."""

    notes: list[NotePublic]


class MessagePublic(WritingCreate):
    """A message to a patient, and when the patient has seen it."""

    author: str
    is_own: bool
    written_at: AwareDatetime
    seen_at: AwareDatetime | None


class MessageList(Body):
    """The messages to a patient, newest first."""

    messages: list[MessagePublic]


def add_note(
    db: Session, who: Identity, patient_id: UUID, body: WritingCreate, *, now: datetime
) -> bool:
    """Store a note; True when it is new."""
    return _store(db, ClinicNoteRow(**_told(who, patient_id, body, now)))


def add_message(
    db: Session, who: Identity, patient_id: UUID, body: WritingCreate, *, now: datetime
) -> bool:
    """Store a message to a patient; True when it is new."""
    return _store(db, MessageRow(**_told(who, patient_id, body, now)))


def list_notes(db: Session, who: Identity, patient_id: UUID) -> list[NotePublic]:
    """Return the notes about a patient that were not taken back, newest first."""
    check_patient(db, patient_id)
    query = (
        select(ClinicNoteRow)
        .where(ClinicNoteRow.patient_id == patient_id, col(ClinicNoteRow.removed_at).is_(None))
        .order_by(col(ClinicNoteRow.written_at).desc())
    )
    names = set(NotePublic.model_fields)
    return [
        NotePublic.model_validate(
            row.model_dump(include=names) | {"is_own": row.author_id == reader_id(who)}
        )
        for row in db.exec(query)
    ]


def list_messages(
    db: Session, who: Identity, patient_id: UUID, *, only_unseen: bool = False
) -> list[MessagePublic]:
    """Return the messages to a patient that were not withdrawn, newest first."""
    query = (
        select(MessageRow)
        .where(MessageRow.patient_id == patient_id, col(MessageRow.withdrawn_at).is_(None))
        .order_by(col(MessageRow.written_at).desc())
    )
    if only_unseen:
        query = query.where(col(MessageRow.seen_at).is_(None))
    names = set(MessagePublic.model_fields)
    return [
        MessagePublic.model_validate(
            row.model_dump(include=names) | {"is_own": row.author_id == reader_id(who)}
        )
        for row in db.exec(query)
    ]


def remove_note(
    db: Session, who: Identity, patient_id: UUID, note_id: UUID, *, now: datetime
) -> None:
    """Take a note of one's own back; its row stays, out of sight."""
    row = db.get(ClinicNoteRow, note_id)
    if row is None or row.patient_id != patient_id or row.author_id != reader_id(who):
        raise NotFoundError("There is no such note of yours.")
    row.removed_at = row.removed_at or now
    db.add(row)


def withdraw_message(
    db: Session, who: Identity, patient_id: UUID, message_id: UUID, *, now: datetime
) -> None:
    """Take a message of one's own back; the patient no longer sees it."""
    row = db.get(MessageRow, message_id)
    if row is None or row.patient_id != patient_id or row.author_id != reader_id(who):
        raise NotFoundError("There is no such message of yours.")
    row.withdrawn_at = row.withdrawn_at or now
    db.add(row)


def see_message(db: Session, patient_id: UUID, message_id: UUID, *, now: datetime) -> None:
    """Keep that the patient has seen a message."""
    row = db.get(MessageRow, message_id)
    if row is None or row.patient_id != patient_id or row.withdrawn_at is not None:
        raise NotFoundError("There is no such message.")
    row.seen_at = row.seen_at or now
    db.add(row)


def _told(who: Identity, patient_id: UUID, body: WritingCreate, now: datetime) -> dict[str, Any]:
    return {
        "id": body.id,
        "patient_id": patient_id,
        "author_id": reader_id(who),
        "author": who.name,
        "text": body.text,
        "written_at": now,
    }


def _store(db: Session, row: ClinicNoteRow | MessageRow) -> bool:
    """Store a row under the client's id once; the same again changes nothing."""
    check_patient(db, row.patient_id)
    row_id, told = row.id, (row.patient_id, row.author_id, row.text)
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        stored: Any = db.get(type(row), row_id)
        if stored is None or (stored.patient_id, stored.author_id, stored.text) != told:
            raise ContentConflictError(
                f"Something else is stored under {row_id}; make a new id for new content."
            ) from None
        return False
    return True
