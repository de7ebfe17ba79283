"""Letting a patient stay a week longer in a block of the programme, and taking that back."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from sqlmodel import Session

from analysis import DayKind
from api.access import Identity
from api.course import Course
from api.course_models import ExtraWeekRow
from api.course_reading import find_enrolment, load_course
from api.errors import ApiError, NotEnrolledError, NotFoundError
from api.needs.keeping import bring_up
from api.today import plan_of


class LastBlockError(ApiError, ValueError):
    """There is no block to stay longer in: none runs now, or the one that goes on by itself."""

    status = HTTPStatus.CONFLICT
    code = "last-block"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockNow:
    """The block that a patient is in, and the one after it."""

    weeks: tuple[int, int]
    is_last: bool


def block_now(course: Course, now: datetime) -> BlockNow | None:
    """Return the block of today; None where no block decides what is trained."""
    plan = plan_of(course, now)
    if plan.week is None or plan.kind not in {DayKind.TRAINING, DayKind.REST}:
        return None
    block = course.programme.block_of(plan.week)
    return BlockNow(weeks=block.weeks, is_last=block is course.programme.blocks[-1])


def stay_a_week(db: Session, who: Identity, patient_id: UUID, *, now: datetime) -> UUID:
    """Add a week to the block of today; returns the id by which it is taken back.

    Raises
    ------
    NotEnrolledError
        If the patient follows no programme.
    LastBlockError
        If no block runs, or the last one, which goes on until sport begins.

    """
    course, enrolment = load_course(db, patient_id, now=now), find_enrolment(db, patient_id)
    if course is None or enrolment is None:
        raise NotEnrolledError(patient_id)
    block = block_now(course, now)
    if block is None or block.is_last:
        raise LastBlockError("There is no next block to put off.")
    row = ExtraWeekRow(
        id=uuid4(),
        injury_episode_id=enrolment.injury_episode_id,
        after_week=block.weeks[1],
        added_at=now,
        added_by=who.name,
    )
    db.add(row)
    db.flush()
    bring_up(db, patient_id, now=now)
    return row.id


def take_week_back(db: Session, patient_id: UUID, week_id: UUID, *, now: datetime) -> None:
    """Take an added week back; it is no error if it was taken back before.

    Raises
    ------
    NotFoundError
        If the week is of another patient's programme.

    """
    enrolment = find_enrolment(db, patient_id)
    row = db.get(ExtraWeekRow, week_id)
    if row is None:
        return
    if enrolment is None or row.injury_episode_id != enrolment.injury_episode_id:
        raise NotFoundError("There is no such week.")
    db.delete(row)
    db.flush()
    bring_up(db, patient_id, now=now)
