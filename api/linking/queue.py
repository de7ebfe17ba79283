"""What waits to be sent to a clinic: whatever is stored here and not noted as sent.

The queue is not a list that something could forget to add to: it is the difference between what
the database holds and what the clinic has confirmed. A crash between the clinic's answer and its
note leads to a repeat, which the clinic knows for what it is by the id.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from api import store
from api.care.rows import MessageRow
from api.course_models import (
    CheckInRow,
    ProgrammeAnswerRow,
    SelfReportRow,
    SetCorrectionRow,
    SportDiaryRow,
)
from api.course_schemas import (
    CheckInCreate,
    CorrectionPut,
    DiaryCreate,
    ProgrammeAnswerCreate,
    SelfReportCreate,
)
from api.linking.programme import NOTHING, ProgrammeFromHome, ProgrammeTold, tell_programme
from api.linking.rows import REASON, ClinicLinkRow, SentItemRow, Trouble
from api.models import RecordingRow, SessionRow
from api.prescribing.rows import PrescriptionVersionRow, ReceivedOrderRow
from api.schemas import SessionCreate, SessionPublic

ADDED_HERE: Final = set(SessionPublic.model_fields) - set(SessionCreate.model_fields)


class Kind(StrEnum):
    """What is sent, in the order in which one needs the other."""

    PROGRAMME = "programme"
    SESSION = "session"
    RECORDING = "recording"
    CORRECTION = "correction"
    SELF_REPORT = "self_report"
    CHECK_IN = "check_in"
    ANSWER = "answer"
    DIARY = "diary"
    SEEN = "seen"  # a message of the clinic, by the patient


PROGRAMME_KEY: Final = "current"


@dataclass(frozen=True, slots=True)
class Told:
    """How rows of a kind travel: their table, their body, and where it goes at the clinic."""

    row: Any
    body: type[SQLModel] | Any
    path: str


TOLD: Final[Mapping[Kind, Told]] = {
    Kind.SELF_REPORT: Told(SelfReportRow, SelfReportCreate, "self-reports"),
    Kind.CHECK_IN: Told(CheckInRow, CheckInCreate, "check-ins"),
    Kind.ANSWER: Told(ProgrammeAnswerRow, ProgrammeAnswerCreate, "answers"),
    Kind.DIARY: Told(SportDiaryRow, DiaryCreate, "diary"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. `sha256` tells a later edit of the same thing from it."""

    kind: Kind
    key: str
    sha256: str = ""

    @property
    def session_id(self) -> UUID:
        """The session of a session, a recording or a correction."""
        return UUID(self.key.partition("/")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where a patient's sessions go. `token` is a secret: it is shown nowhere."""

    id: UUID
    patient_id: UUID
    clinic_patient_id: UUID
    url: str
    token: str
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastOrder:
    """The last that was prescribed from afar, as it is known here."""

    ordered_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """How it stands with a link, for people."""

    url: str
    label: str
    linked_at: datetime
    n_waiting: int
    n_sent: int
    tried_at: datetime | None
    sent_at: datetime | None
    read_at: datetime | None
    order: LastOrder | None
    agreed_at: datetime | None  # since when both sides have this programme
    trouble: Trouble | None
    reason: str | None
    refused: tuple[tuple[Item, str], ...]


def put_link(
    db: Session,
    patient_id: UUID,
    *,
    url: str,
    clinic_patient_id: UUID,
    label: str,
    token: str,
    now: datetime,
) -> Link:
    """Link a patient to a clinic; what was sent to the same place before stays noted."""
    row = _row(db, patient_id)
    if row is not None and (row.url, row.clinic_patient_id) != (url, clinic_patient_id):
        db.delete(row)
        db.flush()
        row = None
    if row is None:
        row = ClinicLinkRow(
            id=uuid4(),
            patient_id=patient_id,
            url=url,
            clinic_patient_id=clinic_patient_id,
            label=label,
            token=token,
            linked_at=now,
        )
    row.sqlmodel_update({"label": label, "token": token, "trouble": None, "reason": None})
    db.add(row)
    db.flush()
    return _link(row)


def find_link(db: Session, patient_id: UUID) -> Link | None:
    """Return where the sessions of a patient go; None when they stay here."""
    row = _row(db, patient_id)
    return None if row is None else _link(row)


def remove_link(db: Session, patient_id: UUID) -> bool:
    """Send nothing any more, and forget the key; False when there was no link."""
    row = _row(db, patient_id)
    if row is not None:
        db.delete(row)
        db.flush()
    return row is not None


def waiting(db: Session, link: Link) -> list[Item]:
    """Return what is stored here and neither confirmed nor refused there, oldest first."""
    query = select(SentItemRow.kind, SentItemRow.key, SentItemRow.sha256).where(
        SentItemRow.link_id == link.id
    )
    noted = {(kind, key): sha256 for kind, key, sha256 in db.exec(query)}
    return [one for one in _all_items(db, link) if noted.get((one.kind, one.key)) != one.sha256]


def document_of(db: Session, link: Link, item: Item) -> dict[str, Any] | None:
    """Return the body that an item is sent with; None when it is gone from here."""
    if item.kind is Kind.PROGRAMME:
        return _programme_document(db, link)
    if item.kind is Kind.SESSION:
        if db.get(SessionRow, item.session_id) is None:
            return None
        told = store.get_session(db, item.session_id)
        body = told.model_dump(mode="json", exclude=ADDED_HERE, exclude_none=True)
        return {**body, "patient_id": str(link.clinic_patient_id)}
    if item.kind is Kind.CORRECTION:
        number = int(item.key.partition("/")[2])
        corrected = db.get(SetCorrectionRow, (item.session_id, number))
        return None if corrected is None else _plain(CorrectionPut, corrected)
    if item.kind is Kind.SEEN:
        return None if db.get(MessageRow, UUID(item.key)) is None else {}
    of_kind = TOLD[item.kind]
    row = db.get(of_kind.row, UUID(item.key))
    return None if row is None else _plain(of_kind.body, row)


def note_sent(db: Session, link: Link, item: Item, *, now: datetime) -> None:
    """Note that the clinic has confirmed an item."""
    _note(db, link, item, None, now)
    _update(db, link, {"sent_at": now})


def note_read(db: Session, link: Link, *, now: datetime) -> None:
    """Note that what the clinic ordered was read."""
    _update(db, link, {"read_at": now, "tried_at": now, "trouble": None, "reason": None})


def note_agreed(db: Session, link: Link, digest: str, *, now: datetime) -> None:
    """Note that both sides have this programme, and since when."""
    noted = _noted_programme(db, link)
    if noted is None or noted.sha256 != digest or noted.refusal is not None:
        _note(db, link, Item(Kind.PROGRAMME, PROGRAMME_KEY, digest), None, now)


def is_told(db: Session, link: Link, programme: ProgrammeTold) -> bool:
    """Whether the clinic has answered to a programme of this computer, in whatever way."""
    noted = _noted_programme(db, link)
    return noted is not None and noted.sha256 == programme.digest


def note_refused(db: Session, link: Link, item: Item, reason: str, *, now: datetime) -> None:
    """Note that the clinic will not take an item; it stays here, and is not sent again."""
    _note(db, link, item, reason[:REASON], now)


def note_try(
    db: Session, link: Link, *, now: datetime, trouble: Trouble | None = None, reason: str = ""
) -> None:
    """Note that sending was tried, and why it did not get through."""
    told = {"trouble": trouble, "reason": reason[:REASON] if trouble is not None else None}
    _update(db, link, {"tried_at": now, **told})


def try_refused_again(db: Session, link: Link) -> None:
    """Let what was refused wait again."""
    db.execute(
        delete(SentItemRow).where(
            col(SentItemRow.link_id) == link.id, col(SentItemRow.refusal).is_not(None)
        )
    )


def state_of(db: Session, patient_id: UUID) -> LinkState | None:
    """Return how it stands with the link of a patient; None without one."""
    row = _row(db, patient_id)
    if row is None:
        return None
    noted = db.exec(select(SentItemRow).where(SentItemRow.link_id == row.id)).all()
    return LinkState(
        url=row.url,
        label=row.label,
        linked_at=row.linked_at,
        n_waiting=len(waiting(db, _link(row))),
        n_sent=sum(one.refusal is None for one in noted),
        tried_at=row.tried_at,
        sent_at=row.sent_at,
        read_at=row.read_at,
        order=_last_order(db, row),
        agreed_at=_agreed_at(db, _link(row)),
        trouble=None if row.trouble is None else Trouble(row.trouble),
        reason=row.reason,
        refused=tuple((Item(Kind(one.kind), one.key), one.refusal) for one in noted if one.refusal),
    )


def _noted_programme(db: Session, link: Link) -> SentItemRow | None:
    return db.get(SentItemRow, (link.id, Kind.PROGRAMME.value, PROGRAMME_KEY))


def _agreed_at(db: Session, link: Link) -> datetime | None:
    here, noted = tell_programme(db, link.patient_id), _noted_programme(db, link)
    if here is None or noted is None or noted.refusal is not None:
        return None
    return noted.noted_at if noted.sha256 == here.digest else None


def _programme_document(db: Session, link: Link) -> dict[str, Any] | None:
    told, noted = tell_programme(db, link.patient_id), _noted_programme(db, link)
    if told is None:
        return None
    known = NOTHING if noted is None or noted.refusal is not None else noted.sha256
    return ProgrammeFromHome(told=told, instead_of=known).model_dump(mode="json")


def _all_items(db: Session, link: Link) -> Iterator[Item]:
    patient_id = link.patient_id
    programme = tell_programme(db, patient_id)
    if programme is not None:
        yield Item(Kind.PROGRAMME, PROGRAMME_KEY, programme.digest)
    mine = select(SessionRow.id).where(SessionRow.patient_id == patient_id)
    in_order = mine.order_by(col(SessionRow.started_at), col(SessionRow.id))
    labels = select(RecordingRow).where(col(RecordingRow.session_id).in_(mine))
    recorded = {row.session_id: row.sha256 for row in db.exec(labels)}
    for session_id in db.exec(in_order):
        yield Item(Kind.SESSION, str(session_id))
        if session_id in recorded:
            yield Item(Kind.RECORDING, str(session_id), recorded[session_id])
    corrected = select(SetCorrectionRow).where(col(SetCorrectionRow.session_id).in_(mine))
    for row in db.exec(corrected):
        key = f"{row.session_id}/{row.number}"
        yield Item(Kind.CORRECTION, key, _sha256({"reps": row.reps}))
    for kind, told in TOLD.items():
        query = select(told.row.id).where(told.row.patient_id == patient_id).order_by(told.row.at)
        for row_id in db.exec(query):
            yield Item(kind, str(row_id))
    seen = select(MessageRow.id).where(
        MessageRow.patient_id == patient_id,
        MessageRow.author_id == link.id,  # so those are told apart that came over this link
        col(MessageRow.seen_at).is_not(None),
        col(MessageRow.withdrawn_at).is_(None),
    )
    for message_id in db.exec(seen.order_by(col(MessageRow.seen_at))):
        yield Item(Kind.SEEN, str(message_id))


def _note(db: Session, link: Link, item: Item, refusal: str | None, now: datetime) -> None:
    row = db.get(SentItemRow, (link.id, item.kind.value, item.key))
    if row is None:
        row = SentItemRow(
            link_id=link.id, kind=item.kind.value, key=item.key, sha256="", noted_at=now
        )
    row.sqlmodel_update({"sha256": item.sha256, "refusal": refusal, "noted_at": now})
    db.add(row)
    db.flush()


def _update(db: Session, link: Link, values: Mapping[str, Any]) -> None:
    row = db.get(ClinicLinkRow, link.id)
    if row is not None:  # else it was removed while something was on its way
        row.sqlmodel_update(dict(values))
        db.add(row)
        db.flush()


def _last_order(db: Session, link: ClinicLinkRow) -> LastOrder | None:
    query = (
        select(ReceivedOrderRow.ordered_at, PrescriptionVersionRow.made_by)
        .join(
            PrescriptionVersionRow,
            col(PrescriptionVersionRow.id) == col(ReceivedOrderRow.version_id),
        )
        .where(ReceivedOrderRow.link_id == link.id)
        .order_by(col(PrescriptionVersionRow.number).desc())
    )
    found = db.exec(query).first()
    return None if found is None else LastOrder(*found)


def _row(db: Session, patient_id: UUID) -> ClinicLinkRow | None:
    return db.exec(select(ClinicLinkRow).where(ClinicLinkRow.patient_id == patient_id)).first()


def _link(row: ClinicLinkRow) -> Link:
    return Link(
        id=row.id,
        patient_id=row.patient_id,
        clinic_patient_id=row.clinic_patient_id,
        url=row.url,
        token=row.token,
        read_at=row.read_at,
    )


def _plain(body: Any, row: SQLModel) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in body.model_fields}
    document: dict[str, Any] = body.model_validate(fields).model_dump(mode="json")
    return document


def _sha256(document: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
