"""The patient's side of a link: what a clinic ordered and wrote is kept on their own computer.

Nothing that is here is changed. A version that the clinic made becomes the next version here,
under the same id and from the moment on which it arrived: a day that is over is judged by what
the patient could know of. So reading the same again, or after a crash, changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from api.care.rows import MessageRow
from api.care.writing import MessagePublic
from api.course_models import ExtraWeekRow
from api.course_reading import find_enrolment
from api.errors import ContentConflictError
from api.linking.programme import ProgrammeTold, keep_programme, tell_programme
from api.linking.queue import Item, Kind, Link, is_told, note_agreed, note_read, note_sent
from api.linking.rows import ReceivedWeekRow
from api.linking.schemas import FromClinic
from api.models import PrescriptionRow
from api.needs.keeping import bring_up
from api.prescribing.rows import PrescriptionLineRow, PrescriptionVersionRow, ReceivedOrderRow
from api.prescribing.schemas import VersionPublic
from api.prescribing.store import CONTENT, load_versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How much was new."""

    n_programmes: int = 0
    n_orders: int = 0
    n_weeks: int = 0
    n_messages: int = 0

    @property
    def n_all(self) -> int:
        """All of it."""
        return self.n_programmes + self.n_orders + self.n_weeks + self.n_messages


def take(db: Session, link: Link, told: FromClinic, *, now: datetime) -> Taken:
    """Keep what a clinic told; what it took back goes.

    Raises
    ------
    ContentConflictError
        If an order has the id of something of another person here.

    """
    taken = Taken(
        n_programmes=_take_programme(db, link, told.follows, now=now),
        n_orders=_take_orders(db, link, told.versions, now=now),
        n_weeks=_take_weeks(db, link, told),
        n_messages=sum(_take_message(db, link, one, now=now) for one in told.messages),
    )
    for message_id in told.withdrawn_messages:
        row = db.get(MessageRow, message_id)
        if row is not None and row.patient_id == link.patient_id:
            row.withdrawn_at = row.withdrawn_at or now
            db.add(row)
    note_read(db, link, now=now)
    db.flush()
    if taken.n_all:
        bring_up(db, link.patient_id, now=now)
    return taken


def _take_programme(db: Session, link: Link, told: ProgrammeTold | None, *, now: datetime) -> int:
    """Follow what the clinic says, unless it was changed here and that is still to be sent."""
    if told is None:
        return 0
    here = tell_programme(db, link.patient_id)
    is_same = here is not None and here.digest == told.digest
    if not is_same:
        if here is not None and not is_told(db, link, here):
            return 0
        keep_programme(db, link.patient_id, told, now=now)
    note_agreed(db, link, told.digest, now=now)
    return 0 if is_same else 1


def _take_orders(db: Session, link: Link, versions: list[VersionPublic], *, now: datetime) -> int:
    here = load_versions(db, link.patient_id)
    known, number = {one.id for one in here}, len(here)
    for version in versions:
        if version.id in known:
            _name_link(db, link, version.id)
            continue
        number += 1
        row = PrescriptionVersionRow(
            id=version.id,
            patient_id=link.patient_id,
            number=number,
            made_at=now,
            made_by=version.made_by,
            reason=version.reason,
        )
        order_ids = [_keep_order(db, link, one.model_dump()) for one in version.orders]
        db.add(row)
        db.flush()
        db.add(ReceivedOrderRow(version_id=row.id, link_id=link.id, ordered_at=version.made_at))
        db.add_all(PrescriptionLineRow(version_id=row.id, prescription_id=one) for one in order_ids)
        db.flush()
    return number - len(here)


def _keep_order(db: Session, link: Link, order: dict[str, object]) -> UUID:
    """Store an order unless it stands from before; its injury is known to the clinic alone."""
    row = PrescriptionRow.model_validate(
        {name: order[name] for name in (*CONTENT, "id", "created_at")}
        | {"patient_id": link.patient_id, "injury_episode_id": None}
    )
    stored = db.get(PrescriptionRow, row.id)
    if stored is None:
        db.add(row)
        db.flush()
    elif stored.patient_id != link.patient_id:
        raise ContentConflictError(f"Something else is stored under {row.id}.")
    return row.id


def _name_link(db: Session, link: Link, version_id: UUID) -> None:
    """Let an order of before a computer was unlinked be the clinic's again."""
    row = db.get(ReceivedOrderRow, version_id)
    if row is not None and row.link_id is None:
        row.link_id = link.id
        db.add(row)


def _take_weeks(db: Session, link: Link, told: FromClinic) -> int:
    """Keep the weeks as they stand at the clinic, where both follow the same programme."""
    enrolment = find_enrolment(db, link.patient_id)
    if enrolment is None or enrolment.programme != told.programme:
        return 0
    query = (
        select(ExtraWeekRow)
        .join(ReceivedWeekRow, col(ReceivedWeekRow.week_id) == col(ExtraWeekRow.id))
        .where(ExtraWeekRow.injury_episode_id == enrolment.injury_episode_id)
    )
    here = {row.id: row for row in db.exec(query)}
    standing = {one.id: one for one in told.extra_weeks}
    gone = [row for week_id, row in here.items() if week_id not in standing]
    new = [one for week_id, one in standing.items() if week_id not in here]
    for row in gone:
        db.delete(row)
    for one in new:
        added = ExtraWeekRow(injury_episode_id=enrolment.injury_episode_id, **one.model_dump())
        db.add(added)
        db.flush()
        db.add(ReceivedWeekRow(week_id=added.id))
    db.flush()
    return len(gone) + len(new)


def _take_message(db: Session, link: Link, message: MessagePublic, *, now: datetime) -> bool:
    row = db.get(MessageRow, message.id)
    is_new = row is None
    if row is None:
        row = MessageRow(
            id=message.id,
            patient_id=link.patient_id,
            author_id=link.id,
            author=message.author,
            text=message.text,
            written_at=message.written_at,
        )
    if row.patient_id != link.patient_id:
        raise ContentConflictError(f"Something else is stored under {row.id}.")
    if message.seen_at is not None:
        row.seen_at = row.seen_at or message.seen_at
        note_sent(db, link, Item(Kind.SEEN, str(row.id)), now=now)
    db.add(row)
    db.flush()
    return is_new
