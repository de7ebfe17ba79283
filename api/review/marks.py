"""Storing marks on repetitions. A mark never changes a measured row; taken back, it ends."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from api.errors import NotFoundError
from api.models import RepRow, SetRow
from api.review.reviewer import Signature
from api.review.rows import RepMarkRow
from api.review.schemas import MarkPublic, MarkPut


class SetPlace(NamedTuple):
    """Which set of a session, from 1."""

    session_id: UUID
    set_number: int


class RepPlace(NamedTuple):
    """Which repetition of which set of a session; both count from 1."""

    session_id: UUID
    set_number: int
    rep_number: int


def put_mark(
    db: Session, place: RepPlace, body: MarkPut, *, by: Signature
) -> tuple[MarkPublic, bool]:
    """Mark a repetition; a mark that is there with other words ends, and the new one follows it.

    Returns
    -------
    MarkPublic, bool
        The mark, and whether it is new.

    Raises
    ------
    NotFoundError
        If the session has no such repetition.

    """
    rep = _rep(db, place)
    current = _current(db, place)
    if current is not None:
        if _says(current, body):
            return _public(current), False
        _end(db, current, by=by)
    row = RepMarkRow(
        id=uuid4(),
        session_id=place.session_id,
        set_number=place.set_number,
        rep_number=place.rep_number,
        start_s=rep.start_s,
        end_s=rep.end_s,
        marked_by=by.name,
        marked_at=by.at,
        **body.model_dump(),
    )
    db.add(row)
    db.flush()
    return _public(row), True


def end_mark(db: Session, place: RepPlace, *, by: Signature) -> None:
    """Take back the mark on a repetition.

    Raises
    ------
    NotFoundError
        If it has none.

    """
    row = _current(db, place)
    if row is None:
        raise NotFoundError(
            f"Repetition {place.rep_number} of set {place.set_number} is not marked."
        )
    _end(db, row, by=by)


def list_marks(db: Session, session_id: UUID, *, with_ended: bool = False) -> list[MarkPublic]:
    """Return the marks of a session by set and repetition; ended ones come last, if at all."""
    query = select(RepMarkRow).where(RepMarkRow.session_id == session_id)
    if not with_ended:
        query = query.where(col(RepMarkRow.ended_at).is_(None))
    rows = sorted(
        db.exec(query), key=lambda row: (row.ended_at is not None, row.set_number, row.rep_number)
    )
    return [_public(row) for row in rows]


def move_marks(db: Session, session_id: UUID, *, by: Signature) -> tuple[int, int]:
    """Put the marks of a session on the repetitions of a result that has just become current.

    A mark goes where at least half of the shorter of the two repetitions lies in the other one.
    One that finds none ends.

    Returns
    -------
    int, int
        How many found their repetition, and how many did not.

    """
    reps = _reps(db, session_id)
    rows = db.exec(
        select(RepMarkRow).where(
            RepMarkRow.session_id == session_id, col(RepMarkRow.ended_at).is_(None)
        )
    ).all()
    n_lost = 0
    for row in rows:
        _end(db, row, by=by)
    taken: set[tuple[int, int]] = set()
    for row in rows:
        found = _counterpart(row, [one for one in reps if (one[0], one[1].number) not in taken])
        if found is None:
            n_lost += 1
            continue
        set_number, rep = found
        taken.add((set_number, rep.number))
        said = row.model_dump(include={"kind", "reason", "remark", "marked_by", "marked_at"})
        db.add(
            RepMarkRow(
                id=uuid4(),
                session_id=session_id,
                set_number=set_number,
                rep_number=rep.number,
                start_s=rep.start_s,
                end_s=rep.end_s,
                moved_from=row.id,
                **said,
            )
        )
    db.flush()
    return len(rows) - n_lost, n_lost


def _counterpart(mark: RepMarkRow, reps: Sequence[tuple[int, RepRow]]) -> tuple[int, RepRow] | None:
    def shared(rep: RepRow) -> float:
        both_s = min(mark.end_s, rep.end_s) - max(mark.start_s, rep.start_s)
        shorter_s = min(mark.end_s - mark.start_s, rep.end_s - rep.start_s)
        return both_s / shorter_s if shorter_s > 0 else float(both_s >= 0)

    best = max(reps, key=lambda one: shared(one[1]), default=None)
    return best if best is not None and shared(best[1]) >= 0.5 else None  # noqa: PLR2004 (half)


def _reps(db: Session, session_id: UUID) -> list[tuple[int, RepRow]]:
    query = (
        select(SetRow.number, RepRow)
        .join(SetRow, col(SetRow.id) == col(RepRow.set_id))
        .where(SetRow.session_id == session_id)
    )
    return [(number, rep) for number, rep in db.exec(query)]


def _rep(db: Session, place: RepPlace) -> RepRow:
    row = db.exec(
        select(RepRow)
        .join(SetRow, col(SetRow.id) == col(RepRow.set_id))
        .where(
            SetRow.session_id == place.session_id,
            SetRow.number == place.set_number,
            RepRow.number == place.rep_number,
        )
    ).first()
    if row is None:
        raise NotFoundError(
            f"Session {place.session_id} has no repetition {place.rep_number} in set "
            f"{place.set_number}."
        )
    return row


def _current(db: Session, place: RepPlace) -> RepMarkRow | None:
    return db.exec(
        select(RepMarkRow).where(
            RepMarkRow.session_id == place.session_id,
            RepMarkRow.set_number == place.set_number,
            RepMarkRow.rep_number == place.rep_number,
            col(RepMarkRow.ended_at).is_(None),
        )
    ).first()


def _end(db: Session, row: RepMarkRow, *, by: Signature) -> None:
    row.ended_by, row.ended_at = by.name, by.at
    db.add(row)
    db.flush()  # one current mark a repetition: the old one ends before a new one begins


def _says(row: RepMarkRow, body: MarkPut) -> bool:
    return (row.kind, row.reason, row.remark) == (body.kind, body.reason, body.remark)


def _public(row: RepMarkRow) -> MarkPublic:
    return MarkPublic.model_validate(row.model_dump(include=set(MarkPublic.model_fields)))
