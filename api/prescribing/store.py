"""The SQL of prescriptions; functions take the open transaction first and never commit it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, tuple_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.errors import ClinicPrescribesError, NotFoundError, StaleVersionError
from api.models import InjuryEpisodeRow, PatientRow, PrescriptionRow
from api.prescribing.rows import PrescriptionLineRow, PrescriptionVersionRow, ReceivedOrderRow
from api.prescribing.schemas import VersionPublic
from api.prescribing.standing import Version
from api.schemas import OrderCreate, PrescriptionCreate, PrescriptionPublic

URL: Final = "/api/v1/prescriptions"
CONTENT: Final = frozenset(OrderCreate.model_fields)


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes a prescription, as it will be told."""

    name: str
    account_id: UUID | None = None


def load_versions(db: Session, patient_id: UUID, *, until: datetime | None = None) -> list[Version]:
    """Return the versions of a patient's prescription, oldest first; none made later than that."""
    query = (
        select(PrescriptionVersionRow, PrescriptionRow, ReceivedOrderRow)
        .outerjoin(
            PrescriptionLineRow,
            col(PrescriptionLineRow.version_id) == col(PrescriptionVersionRow.id),
        )
        .outerjoin(
            PrescriptionRow, col(PrescriptionRow.id) == col(PrescriptionLineRow.prescription_id)
        )
        .outerjoin(
            ReceivedOrderRow,
            col(ReceivedOrderRow.version_id) == col(PrescriptionVersionRow.id),
        )
        .where(PrescriptionVersionRow.patient_id == patient_id)
        .order_by(
            col(PrescriptionVersionRow.number),
            col(PrescriptionRow.starts_on),
            col(PrescriptionRow.created_at),
            col(PrescriptionRow.id),
        )
    )
    if until is not None:
        query = query.where(col(PrescriptionVersionRow.made_at) <= until)
    made: dict[UUID, tuple[PrescriptionVersionRow, ReceivedOrderRow | None]] = {}
    orders: dict[UUID, list[PrescriptionRow]] = {}
    for row, order, received in db.exec(query):
        made[row.id] = row, received
        listed = orders.setdefault(row.id, [])
        if order is not None:
            listed.append(order)
    return [_version(row, orders[row.id], received) for row, received in made.values()]


def add_order(
    db: Session, body: PrescriptionCreate, author: Author, *, now: datetime
) -> PrescriptionPublic:
    """Add one order to what stands, as a version of its own."""
    versions = _versions(db, body.patient_id)
    _check_injury(db, body.patient_id, [body])
    row = _order_row(body.patient_id, body, now)
    standing = versions[-1].orders if versions else ()
    _store(db, body.patient_id, versions, (*standing, row), author, now=now, reason="")
    return public(row, version=len(versions) + 1, is_standing=True)


def put_orders(
    db: Session,
    patient_id: UUID,
    orders: Sequence[OrderCreate],
    author: Author,
    *,
    based_on: int,
    reason: str,
    now: datetime,
) -> tuple[Version, bool]:
    """Let orders stand in place of those that do; True when that changes anything.

    An order that says the same as one that stands stays that one, with its id.

    Raises
    ------
    NotFoundError
        If there is no such patient, or an order names an injury of somebody else.
    StaleVersionError
        If another version stands than the writer saw.

    """
    versions = _versions(db, patient_id)
    _check_based_on(versions, based_on)
    _check_injury(db, patient_id, orders)
    standing = versions[-1].orders if versions else ()
    wanted = match_orders(patient_id, standing, orders, now=now)
    if versions and {one.id for one in wanted} == {one.id for one in standing}:
        return versions[-1], False
    return _store(db, patient_id, versions, wanted, author, now=now, reason=reason), True


def match_orders(
    patient_id: UUID,
    standing: Iterable[PrescriptionRow],
    orders: Iterable[OrderCreate],
    *,
    now: datetime,
) -> list[PrescriptionRow]:
    """Return a row for each order: one that stands and says the same, else a new one, unstored."""
    left, matched = list(standing), []
    for order in orders:
        same = next((row for row in left if _says(row) == order.model_dump()), None)
        if same is not None:
            left.remove(same)
        matched.append(same or _order_row(patient_id, order, now))
    return matched


def order_of(row: PrescriptionRow) -> OrderCreate:
    """Return what an order says, without whose it is."""
    return OrderCreate.model_validate(_says(row))


def undo_last(
    db: Session, patient_id: UUID, author: Author, *, based_on: int, reason: str, now: datetime
) -> Version:
    """Take the last change back: what stood before it stands again, as a new version.

    Raises
    ------
    NotFoundError
        If there is nothing to take back.
    StaleVersionError
        If another version stands than the writer saw.

    """
    versions = _versions(db, patient_id)
    if not versions:
        raise NotFoundError(f"Patient {patient_id} has no prescription to take back.")
    _check_based_on(versions, based_on)
    before = versions[-2].orders if len(versions) > 1 else ()
    last = versions[-1].number
    return _store(db, patient_id, versions, before, author, now=now, reason=reason, undoes=last)


def get_order(db: Session, prescription_id: UUID) -> PrescriptionPublic:
    """Return one order."""
    row = db.get(PrescriptionRow, prescription_id)
    if row is None:
        raise NotFoundError(f"There is no prescription {prescription_id}.")
    return _marked(db, [row])[0]


def list_orders(db: Session, patient_id: UUID | None) -> list[PrescriptionPublic]:
    """Return the orders of one patient or of all, newest first."""
    query = select(PrescriptionRow).order_by(
        col(PrescriptionRow.starts_on).desc(), col(PrescriptionRow.created_at).desc()
    )
    if patient_id is not None:
        _check_patient(db, patient_id)
        query = query.where(PrescriptionRow.patient_id == patient_id)
    return _marked(db, db.exec(query).all())


def list_versions(db: Session, patient_id: UUID) -> list[VersionPublic]:
    """Return all versions of a patient's prescription, newest first."""
    versions = _versions(db, patient_id)
    first = {order.id: one.number for one in reversed(versions) for order in one.orders}
    standing = {order.id for order in versions[-1].orders} if versions else set()
    return [
        VersionPublic(
            id=version.id,
            patient_id=patient_id,
            number=version.number,
            made_at=version.made_at,
            made_by=version.made_by,
            reason=version.reason,
            undoes=version.undoes,
            ordered_at=version.ordered_at,
            orders=[
                public(one, version=first[one.id], is_standing=one.id in standing)
                for one in version.orders
            ],
        )
        for version in reversed(versions)
    ]


def standing_ids(db: Session, patient_ids: Iterable[UUID]) -> set[UUID]:
    """Return the ids of the orders that stand in the newest version of each patient."""
    newest = (
        select(PrescriptionVersionRow.patient_id, func.max(PrescriptionVersionRow.number))
        .where(col(PrescriptionVersionRow.patient_id).in_(set(patient_ids)))
        .group_by(col(PrescriptionVersionRow.patient_id))
    )
    versions = tuple_(col(PrescriptionVersionRow.patient_id), col(PrescriptionVersionRow.number))
    query = (
        select(PrescriptionLineRow.prescription_id)
        .join(
            PrescriptionVersionRow,
            col(PrescriptionLineRow.version_id) == col(PrescriptionVersionRow.id),
        )
        .where(versions.in_(newest))
    )
    return set(db.exec(query))


def public(row: PrescriptionRow, *, version: int, is_standing: bool) -> PrescriptionPublic:
    """Return an order as it is given back."""
    marks = {"url": f"{URL}/{row.id}", "version": version, "is_standing": is_standing}
    return PrescriptionPublic.model_validate({**row.model_dump(), **marks})


def _marked(db: Session, rows: Iterable[PrescriptionRow]) -> list[PrescriptionPublic]:
    """Say of orders in which version they first stood, and whether they still do."""
    listed = list(rows)
    query = (
        select(
            PrescriptionVersionRow.patient_id,
            PrescriptionVersionRow.number,
            PrescriptionLineRow.prescription_id,
        )
        .outerjoin(
            PrescriptionLineRow,
            col(PrescriptionLineRow.version_id) == col(PrescriptionVersionRow.id),
        )
        .where(col(PrescriptionVersionRow.patient_id).in_({row.patient_id for row in listed}))
    )
    stood: dict[UUID, list[int]] = {}
    latest: dict[UUID, int] = {}
    for patient_id, number, order_id in db.exec(query):
        latest[patient_id] = max(number, latest.get(patient_id, 0))
        stood.setdefault(order_id, []).append(number)
    return [
        public(
            row,
            version=min(stood[row.id]),
            is_standing=max(stood[row.id]) == latest[row.patient_id],
        )
        for row in listed
    ]


def _store(
    db: Session,
    patient_id: UUID,
    versions: Sequence[Version],
    orders: Sequence[PrescriptionRow],
    author: Author,
    *,
    now: datetime,
    reason: str,
    undoes: int | None = None,
) -> Version:
    if any(one.is_from_afar for one in versions):
        raise ClinicPrescribesError
    row = PrescriptionVersionRow(
        id=uuid4(),
        patient_id=patient_id,
        number=len(versions) + 1,
        made_at=now,
        made_by=author.name,
        account_id=author.account_id,
        reason=reason,
        undoes=undoes,
    )
    try:
        with db.begin_nested():
            db.add_all(orders)  # first: the audit names what was ordered, not the version
            db.add(row)
            db.flush()
            db.add_all(
                PrescriptionLineRow(version_id=row.id, prescription_id=order.id) for order in orders
            )
    except IntegrityError as error:  # two writers at once: the other one was first
        raise StaleVersionError(len(versions), len(versions) + 1) from error
    return _version(row, orders)


def _version(
    row: PrescriptionVersionRow,
    orders: Iterable[PrescriptionRow],
    received: ReceivedOrderRow | None = None,
) -> Version:
    return Version(
        id=row.id,
        number=row.number,
        made_at=row.made_at,
        made_by=row.made_by,
        reason=row.reason,
        undoes=row.undoes,
        orders=tuple(orders),
        ordered_at=None if received is None else received.ordered_at,
        is_from_afar=received is not None and received.link_id is not None,
    )


def _versions(db: Session, patient_id: UUID) -> list[Version]:
    _check_patient(db, patient_id)
    return load_versions(db, patient_id)


def _check_based_on(versions: Sequence[Version], based_on: int) -> None:
    standing = versions[-1].number if versions else 0
    if based_on != standing:
        raise StaleVersionError(based_on, standing)


def _check_patient(db: Session, patient_id: UUID) -> None:
    if db.get(PatientRow, patient_id) is None:
        raise NotFoundError(f"There is no patient {patient_id}.")


def _check_injury(db: Session, patient_id: UUID, orders: Iterable[OrderCreate]) -> None:
    for injury_id in {one.injury_episode_id for one in orders} - {None}:
        episode = db.get(InjuryEpisodeRow, injury_id)
        if episode is None or episode.patient_id != patient_id:
            raise NotFoundError(f"This patient has no injury {injury_id}.")


def _order_row(patient_id: UUID, order: OrderCreate, now: datetime) -> PrescriptionRow:
    return PrescriptionRow(
        id=uuid4(),
        patient_id=patient_id,
        created_at=now,
        **order.model_dump(include=set(CONTENT)),
    )


def _says(row: PrescriptionRow) -> dict[str, Any]:
    return row.model_dump(include=set(CONTENT))
