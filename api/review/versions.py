"""Storing results: a new one is proposed beside the current one, and takes its place when taken.

Every result stays. The tables of sets and repetitions hold the current one, so that lists,
calendars and exports need not know of the others.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from api import course_reading, store
from api.course_models import SetCorrectionRow
from api.errors import NotFoundError
from api.models import SessionRow, SetRow
from api.review.differences import count_changes, differences, pair_up
from api.review.errors import AlreadyDecidedError
from api.review.marks import move_marks
from api.review.reanalysis import Reanalysed
from api.review.reviewer import Signature
from api.review.rows import WITHOUT_SETS, ResultVersionRow
from api.review.schemas import ResultComparison, ResultPublic
from api.schemas import SessionPublic, SetBody
from api.session_store import add_sets, write_traces

PACKING_LEVEL: Final = 6  # written once, seldom read
RECEIVED: Final = "received"


def propose(db: Session, session_id: UUID, found: Reanalysed, *, by: Signature) -> ResultComparison:
    """Put a new result beside the current one; a proposal that still waits is declined.

    Returns
    -------
    ResultComparison
        The proposal, and what it says otherwise.

    """
    session = store.get_session(db, session_id)
    _keep_first(db, session)
    waiting = _find(db, session_id, state="proposed")
    if waiting is not None:
        _decide(db, waiting, "declined", by)
    changes = differences(session.exercise_sets, found.sets)
    row = ResultVersionRow(
        id=uuid4(),
        session_id=session_id,
        number=_last_number(db, session_id) + 1,
        state="proposed",
        engine=found.engine,
        catalogue=found.catalogue,
        made_by=by.name,
        made_at=by.at,
        n_changes=count_changes(changes),
        packed=_pack(found.sets, {}),
    )
    db.add(row)
    db.flush()
    return ResultComparison(**_public(row).model_dump(), differences=changes)


def accept(db: Session, session_id: UUID, number: int, *, by: Signature) -> ResultPublic:
    """Make a result the current one: a proposal, or one that was current before.

    Marks go along to the repetitions that take the place of theirs, the patient's own counts to
    the sets; what finds no place stays with the result it was given to.

    Raises
    ------
    NotFoundError
        If the session has no such result.
    AlreadyDecidedError
        If it is the current one already, or was declined.

    """
    row = _version(db, session_id, number)
    if row.state not in {"proposed", "earlier"}:
        raise AlreadyDecidedError(f"Result {number} is {row.state}; it cannot be taken.")
    current = _find(db, session_id, state="current")
    if current is None:
        raise NotFoundError(f"Session {session_id} has no current result.")
    session = store.get_session(db, session_id)
    own_counts = course_reading.list_corrections(db, session_id)
    current.packed = _pack(session.exercise_sets, own_counts)
    _decide(db, current, "earlier", by)
    sets, kept_counts = _unpack(row.packed)
    _replace_sets(db, session, sets, kept_counts, by=by)
    stored = db.get_one(SessionRow, session_id)
    stored.engine, stored.catalogue = row.engine, row.catalogue
    db.add(stored)
    move_marks(db, session_id, by=by)
    _decide(db, row, "current", by)
    return _public(row)


def decline(db: Session, session_id: UUID, number: int, *, by: Signature) -> ResultPublic:
    """Decline a proposal; it stays in the list.

    Raises
    ------
    NotFoundError
        If the session has no such result.
    AlreadyDecidedError
        If it does not wait for a decision.

    """
    row = _version(db, session_id, number)
    if row.state != "proposed":
        raise AlreadyDecidedError(f"Result {number} is {row.state}; it cannot be declined.")
    _decide(db, row, "declined", by)
    return _public(row)


def list_results(db: Session, session_id: UUID) -> list[ResultPublic]:
    """Return the results of a session, newest first; none if it was never analysed again."""
    store.find_recording(db, session_id)  # refuses a session that is not there
    query = (
        select(ResultVersionRow)
        .options(WITHOUT_SETS)
        .where(ResultVersionRow.session_id == session_id)
        .order_by(col(ResultVersionRow.number).desc())
    )
    return [_public(row) for row in db.exec(query)]


def compare_result(db: Session, session_id: UUID, number: int) -> ResultComparison:
    """Return a result and what it says otherwise than the current one."""
    row = _version(db, session_id, number)
    sets, _ = _unpack(row.packed)
    session = store.get_session(db, session_id, with_traces=False)
    changes = differences(session.exercise_sets, sets)
    return ResultComparison(**_public(row).model_dump(), differences=changes)


def _replace_sets(
    db: Session,
    session: SessionPublic,
    sets: Sequence[SetBody],
    kept_counts: Mapping[int, int],
    *,
    by: Signature,
) -> None:
    """Write a result into the tables, and the patient's own counts beside its sets."""
    own = {row.number: row for row in _own_counts(db, session.id)}
    given = {number: (row.reps, row.corrected_at) for number, row in own.items()}
    db.execute(delete(SetCorrectionRow).where(col(SetCorrectionRow.session_id) == session.id))
    db.execute(delete(SetRow).where(col(SetRow.session_id) == session.id))
    db.expire_all()
    add_sets(db, session.id, sets, write_traces(sets))
    numbers = _numbers(session.exercise_sets, sets)
    counts = {new: given[old] for old, new in numbers.items() if old in given}
    # A set that the result before did not have gets back the count that it had.
    counts |= {
        number: (reps, by.at)
        for number, reps in kept_counts.items()
        if number not in numbers.values()
    }
    db.add_all(
        SetCorrectionRow(session_id=session.id, number=number, reps=reps, corrected_at=at)
        for number, (reps, at) in counts.items()
    )
    db.flush()


def _numbers(before: Sequence[SetBody], after: Sequence[SetBody]) -> dict[int, int]:
    """Return which number each set of a result has in another one."""
    old_numbers = {id(one): number for number, one in enumerate(before, 1)}
    new_numbers = {id(one): number for number, one in enumerate(after, 1)}
    return {
        old_numbers[id(old)]: new_numbers[id(new)]
        for old, new in pair_up(before, after)
        if old is not None and new is not None
    }


def _own_counts(db: Session, session_id: UUID) -> Sequence[SetCorrectionRow]:
    return db.exec(select(SetCorrectionRow).where(SetCorrectionRow.session_id == session_id)).all()


def _keep_first(db: Session, session: SessionPublic) -> None:
    """Keep the result that came with the session, before there is a second one."""
    if _last_number(db, session.id):
        return
    db.add(
        ResultVersionRow(
            id=uuid4(),
            session_id=session.id,
            number=1,
            state="current",
            engine=session.engine,
            catalogue=session.catalogue,
            made_by=RECEIVED,
            made_at=session.received_at,
            packed=_pack(session.exercise_sets, course_reading.list_corrections(db, session.id)),
        )
    )
    db.flush()


def _last_number(db: Session, session_id: UUID) -> int:
    query = select(func.max(ResultVersionRow.number)).where(
        ResultVersionRow.session_id == session_id
    )
    return db.exec(query).one() or 0


def _find(db: Session, session_id: UUID, *, state: str) -> ResultVersionRow | None:
    query = select(ResultVersionRow).where(
        ResultVersionRow.session_id == session_id, ResultVersionRow.state == state
    )
    return db.exec(query).first()


def _version(db: Session, session_id: UUID, number: int) -> ResultVersionRow:
    query = select(ResultVersionRow).where(
        ResultVersionRow.session_id == session_id, ResultVersionRow.number == number
    )
    row = db.exec(query).first()
    if row is None:
        raise NotFoundError(f"Session {session_id} has no result {number}.")
    return row


def _decide(db: Session, row: ResultVersionRow, state: str, by: Signature) -> None:
    row.state, row.decided_by, row.decided_at = state, by.name, by.at
    db.add(row)
    db.flush()  # one current result a session: the old one steps back before a new one comes


def _pack(sets: Sequence[SetBody], own_counts: Mapping[int, int]) -> bytes:
    document = {
        "sets": [one.model_dump(mode="json") for one in sets],
        "own_counts": {str(number): reps for number, reps in own_counts.items()},
    }
    return zlib.compress(json.dumps(document).encode(), PACKING_LEVEL)


def _unpack(packed: bytes) -> tuple[list[SetBody], dict[int, int]]:
    document: dict[str, Any] = json.loads(zlib.decompress(packed))
    sets = [SetBody.model_validate(one) for one in document["sets"]]
    return sets, {int(number): reps for number, reps in document["own_counts"].items()}


def _public(row: ResultVersionRow) -> ResultPublic:
    return ResultPublic.model_validate(row.model_dump(include=set(ResultPublic.model_fields)))
