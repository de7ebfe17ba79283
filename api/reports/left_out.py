"""The sets of a span in which a clinician left repetitions out, as measured and as counted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from api.convert import set_body
from api.models import RepRow, SetRow
from api.reports.reading import Sitting
from api.review.counts import Count, count_reps
from api.review.rows import RepMarkRow
from api.set_targets import exercise_of

DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutSet:
    """A set with repetitions that do not count.

    Parameters
    ----------
    on : date
        The patient's day.
    exercise, number
        Which set of that session.
    measured : SetRow
        As it was measured.
    counted : Count
        Without what was left out.
    marks : sequence of RepMarkRow
        Which repetitions, by whom, and why.

    """

    on: date
    exercise: str
    number: int
    measured: SetRow
    counted: Count
    marks: Sequence[RepMarkRow]


def read_left_out(db: Session, sittings: Sequence[Sitting]) -> list[LeftOutSet]:
    """Return the sets with repetitions left out, oldest first, in two statements at most."""
    query = (
        select(RepMarkRow)
        .where(
            col(RepMarkRow.session_id).in_([one.row.id for one in sittings]),
            col(RepMarkRow.ended_at).is_(None),
            RepMarkRow.kind == DISCARDED,
        )
        .order_by(col(RepMarkRow.rep_number))
    )
    marks: dict[tuple[UUID, int], list[RepMarkRow]] = defaultdict(list)
    for mark in db.exec(query):
        marks[mark.session_id, mark.set_number].append(mark)
    if not marks:
        return []
    touched = [
        (sitting, one)
        for sitting in sittings
        for one in sitting.sets
        if (sitting.row.id, one.number) in marks
    ]
    reps = _reps(db, [one.id for _, one in touched if one.id is not None])
    return [
        _left_out(sitting, one, reps[one.id or 0], marks[sitting.row.id, one.number])
        for sitting, one in touched
    ]


def _left_out(
    sitting: Sitting, one: SetRow, reps: Sequence[RepRow], marks: Sequence[RepMarkRow]
) -> LeftOutSet:
    body = set_body(one, reps, None)
    left_out = {mark.rep_number for mark in marks}
    return LeftOutSet(
        on=sitting.on,
        exercise=one.exercise,
        number=one.number,
        measured=one,
        counted=count_reps(body, exercise_of(body), left_out),
        marks=marks,
    )


def _reps(db: Session, set_ids: Sequence[int]) -> dict[int, list[RepRow]]:
    query = select(RepRow).where(col(RepRow.set_id).in_(set_ids)).order_by(col(RepRow.number))
    found: dict[int, list[RepRow]] = defaultdict(list)
    for row in db.exec(query):
        found[row.set_id].append(row)
    return found
