"""The SQL of the FHIR interface: rows in the order of a moment, newest first, a batch at a time.

Every function reads whole batches with one statement for each table, never one for each row.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import Uuid, func, literal, tuple_
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from analysis import load_programme
from api.care.rows import QuestionnaireTotalRow
from api.course_models import CheckInRow, EnrolmentRow, SportDiaryRow
from api.fhir.orders import orders_of
from api.fhir.sittings import Sitting
from api.models import (
    InjuryEpisodeRow,
    PatientRow,
    PrescriptionRow,
    RecordingRow,
    RepRow,
    SensorRow,
    SessionRow,
    SetRow,
)
from api.review.rows import WITHOUT_SETS, RepMarkRow, ResultVersionRow

Row = PatientRow | InjuryEpisodeRow | PrescriptionRow | SessionRow | CheckInRow
LONGEST_SITTING: Final = timedelta(days=1)


class Place(NamedTuple):
    """A row in a list that runs from the newest moment to the oldest."""

    moment: datetime
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows to read.

    Parameters
    ----------
    patient_id, row_id : UUID, optional
        Of one patient, or one row alone.
    begins, ends : datetime, optional
        Moments before the first (a day's slack for what lasts) and from the last on are left out.
    at : Place, optional
        Where to go on; that row is read again.

    """

    patient_id: UUID | None = None
    row_id: UUID | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    at: Place | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A table whose rows become resources, and which of its columns say when and whose."""

    row: type[SQLModel]
    moment: str
    patient: str = "patient_id"
    named_by: str = "id"  # the column that an id of a resource holds

    def read(self, db: Session, wanted: Wanted, limit: int) -> list[tuple[Place, Any]]:
        """Return a batch of rows, newest first, each with its place."""
        table: Any = self.row
        moment, own_id = getattr(table, self.moment), table.id
        query = select(table).order_by(moment.desc(), own_id.desc()).limit(limit)
        if wanted.patient_id is not None:
            query = query.where(getattr(table, self.patient) == wanted.patient_id)
        if wanted.row_id is not None:
            query = query.where(getattr(table, self.named_by) == wanted.row_id)
        if wanted.begins is not None:
            query = query.where(moment >= wanted.begins - LONGEST_SITTING)
        if wanted.ends is not None:
            query = query.where(moment < wanted.ends)
        if wanted.at is not None:
            at = tuple_(literal(wanted.at.moment, UTCDateTime()), literal(wanted.at.id, Uuid()))
            query = query.where(tuple_(moment, own_id) <= at)
        rows = db.exec(query).all()
        return [(Place(getattr(row, self.moment), row.id), row) for row in rows]


PATIENTS: Final = Source(PatientRow, "created_at", "id")
INJURIES: Final = Source(InjuryEpisodeRow, "created_at")
ORDERS: Final = Source(PrescriptionRow, "created_at")
SESSIONS: Final = Source(SessionRow, "started_at")
RECEIVED: Final = Source(SessionRow, "received_at")
CHECK_INS: Final = Source(CheckInRow, "at")
DIARY: Final = Source(SportDiaryRow, "at")
TOTALS: Final = Source(QuestionnaireTotalRow, "entered_at", named_by="patient_id")


def sittings(db: Session, rows: Sequence[SessionRow], *, with_reps: bool = True) -> list[Sitting]:
    """Return sessions with all that belongs to them, in the given order.

    Without the repetitions, what clinicians said of them is left out too.
    """
    sets = _by(db, SetRow, "session_id", [row.id for row in rows], "number")
    set_ids = [one.id for found in sets.values() for one in found]
    reps = _by(db, RepRow, "set_id", set_ids, "number") if with_reps else {}
    sensors = {row.id: row for row in _among(db, SensorRow, "id", {row.sensor_id for row in rows})}
    recordings = {
        one.session_id: one
        for one in _among(db, RecordingRow, "session_id", [row.id for row in rows])
    }
    session_ids = [row.id for row in rows]
    marks = _by(db, RepMarkRow, "session_id", session_ids, "marked_at") if with_reps else {}
    accepted = _accepted(db, session_ids) if with_reps else {}
    ordered = orders_of(db, {row.patient_id for row in rows})
    return [
        Sitting(
            row=row,
            sets=sets.get(row.id, []),
            reps=reps,
            sensor=sensors.get(row.sensor_id),
            recording=recordings.get(row.id),
            orders=ordered[row.patient_id].at(row.started_at),
            named=ordered[row.patient_id].by_id,
            marks=marks.get(row.id, []),
            accepted=accepted.get(row.id),
        )
        for row in rows
    ]


def _accepted(db: Session, session_ids: Sequence[UUID]) -> dict[UUID, ResultVersionRow]:
    """Return the results that a clinician accepted in place of the first."""
    query = (
        select(ResultVersionRow)
        .options(WITHOUT_SETS)
        .where(
            col(ResultVersionRow.session_id).in_(session_ids),
            ResultVersionRow.state == "current",
            col(ResultVersionRow.decided_at).is_not(None),
        )
    )
    return {row.session_id: row for row in db.exec(query)}


def sessions_a_day(db: Session, patient_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many times a day each patient's programme is done; none without a programme."""
    query = select(EnrolmentRow).where(
        col(EnrolmentRow.patient_id).in_(set(patient_ids)), col(EnrolmentRow.ended_at).is_(None)
    )
    return {
        row.patient_id: load_programme(row.programme).sessions_per_day for row in db.exec(query)
    }


def devices(db: Session, patient_id: UUID) -> list[tuple[SessionRow, SensorRow | None]]:
    """Return the last session of a patient with each sensor and with each engine, newest first."""
    found: dict[UUID, tuple[SessionRow, SensorRow | None]] = {}
    kinds: tuple[tuple[Any, ...], ...] = (
        (SessionRow.sensor_id,),
        (SessionRow.engine, SessionRow.catalogue),
    )
    for columns in kinds:
        last = (
            sql.select(*columns, func.max(col(SessionRow.started_at)).label("last"))
            .where(col(SessionRow.patient_id) == patient_id)
            .group_by(*columns)
            .subquery()
        )
        query = (
            select(SessionRow, SensorRow)
            .join(SensorRow, col(SensorRow.id) == col(SessionRow.sensor_id), isouter=True)
            .join(last, col(SessionRow.started_at) == last.c.last)
            .where(SessionRow.patient_id == patient_id)
            .order_by(col(SessionRow.started_at).desc(), col(SessionRow.id).desc())
        )
        found |= {row.id: (row, sensor) for row, sensor in db.exec(query)}
    return sorted(found.values(), key=lambda pair: pair[0].started_at, reverse=True)


def _by(
    db: Session, row: type[SQLModel], key: str, values: Iterable[Any], order: str
) -> dict[Any, list[Any]]:
    """Return rows by the value of a column, in the order of another."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for one in sorted(_among(db, row, key, values), key=lambda one: getattr(one, order)):
        found[getattr(one, key)].append(one)
    return found


def _among(db: Session, row: type[SQLModel], key: str, values: Iterable[Any]) -> Sequence[Any]:
    wanted = [value for value in values if value is not None]
    if not wanted:
        return []
    table: Any = row
    return db.exec(select(table).where(getattr(table, key).in_(wanted))).all()
