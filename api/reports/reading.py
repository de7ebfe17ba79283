"""The SQL of the reports, and the span of days that a report is about."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from analysis import load_catalogue
from api.course import Course
from api.course_models import CheckInRow, SportDiaryRow
from api.errors import BadSpanError
from api.models import PrescriptionRow, SessionRow, SetRow
from api.prescribing.store import standing_ids
from api.today import whole_programme

MAX_DAYS: Final = 366
USUAL_DAYS: Final = 84  # twelve weeks, where no programme says when it began
LONGEST: Final = timedelta(days=MAX_DAYS - 1)
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A span of days in a zone, both ends included."""

    first_on: date
    last_on: date
    zone: tzinfo

    @property
    def begins(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.first_on, time.min, self.zone).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The first instant after it."""
        return datetime.combine(self.last_on + ONE_DAY, time.min, self.zone).astimezone(UTC)

    @property
    def n_days(self) -> int:
        """How many days."""
        return (self.last_on - self.first_on).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A session with its sets, on the day that it was for the patient."""

    row: SessionRow
    on: date
    sets: Sequence[SetRow]

    @property
    def core(self) -> list[SetRow]:
        """The sets of the programme's core exercises."""
        return [one for one in self.sets if is_core(one.exercise)]


class ToldPain(NamedTuple):
    """Pain from 0 to 10 that was told between the sessions, on the day that it was told."""

    on: date
    pain: int


def is_core(exercise_id: str) -> bool:
    """Whether an exercise's eccentric time is the headline dose."""
    exercise = load_catalogue().exercises.get(exercise_id)
    return exercise is not None and exercise.is_core


def choose_days(
    first_on: date | None,
    last_on: date | None,
    *,
    course: Course | None,
    now: datetime,
    zone: ZoneInfo,
) -> Days:
    """Return the days of a report: those asked for, else the programme so far.

    Raises
    ------
    BadSpanError
        If the last day is before the first, or the span is longer than a year.

    """
    own_zone = zone if course is None else course.zone
    last = last_on or now.astimezone(own_zone).date()
    if first_on is None and course is not None:
        first_on = max(min(whole_programme(course).start_on, last), last - LONGEST)
    first = first_on or last - timedelta(days=USUAL_DAYS - 1)
    days = Days(first_on=first, last_on=last, zone=own_zone)
    if not 0 < days.n_days <= MAX_DAYS:
        raise BadSpanError(f"A report is about 1 to {MAX_DAYS} days.")
    return days


def read_sittings(db: Session, patient_id: UUID, days: Days) -> list[Sitting]:
    """Return the sessions of a span with their sets, oldest first, in two statements."""
    rows = db.exec(
        select(SessionRow)
        .where(
            SessionRow.patient_id == patient_id,
            col(SessionRow.started_at) >= days.begins,
            col(SessionRow.started_at) < days.ends,
        )
        .order_by(col(SessionRow.started_at), col(SessionRow.id))
    ).all()
    sets: dict[UUID, list[SetRow]] = defaultdict(list)
    query = select(SetRow).where(col(SetRow.session_id).in_([row.id for row in rows]))
    for one in db.exec(query.order_by(col(SetRow.number))):
        sets[one.session_id].append(one)
    return [
        Sitting(row=row, on=row.started_at.astimezone(days.zone).date(), sets=sets[row.id])
        for row in rows
    ]


def read_orders(db: Session, patient_id: UUID, days: Days) -> list[PrescriptionRow]:
    """Return what stands ordered for some day of a span, oldest first."""
    standing = standing_ids(db, [patient_id])
    query = (
        select(PrescriptionRow)
        .where(
            PrescriptionRow.patient_id == patient_id,
            col(PrescriptionRow.starts_on) <= days.last_on,
        )
        .order_by(col(PrescriptionRow.starts_on), col(PrescriptionRow.created_at))
    )
    return [
        row
        for row in db.exec(query)
        if row.id in standing and (row.ends_on is None or row.ends_on >= days.first_on)
    ]


def read_told_pains(db: Session, patient_id: UUID, days: Days) -> list[ToldPain]:
    """Return the pain of a span that was told without training, or after sport."""
    found = []
    for row, column in ((CheckInRow, CheckInRow.pain), (SportDiaryRow, SportDiaryRow.pain_worst)):
        query = select(row.at, column).where(
            row.patient_id == patient_id,
            col(row.at) >= days.begins,
            col(row.at) < days.ends,
            col(column).is_not(None),
        )
        for at, pain in db.exec(query):
            found.append(ToldPain(at.astimezone(days.zone).date(), int(pain or 0)))
    return found


def read_training_days(db: Session, patient_id: UUID, days: Days) -> list[date]:
    """Return the days of a span with a session, each once, oldest first."""
    query = select(SessionRow.started_at).where(
        SessionRow.patient_id == patient_id,
        col(SessionRow.started_at) >= days.begins,
        col(SessionRow.started_at) < days.ends,
    )
    return sorted({at.astimezone(days.zone).date() for at in db.exec(query)})
