"""From a patient and a span of days to the facts of a report."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from api import store
from api.course_reading import find_enrolment, load_course
from api.errors import NotFoundError
from api.models import InjuryEpisodeRow, PatientRow, SensorRow
from api.reports.data_days import windows
from api.reports.facts import ReportFacts
from api.reports.left_out import read_left_out
from api.reports.reading import (
    Sitting,
    choose_days,
    read_orders,
    read_sittings,
    read_told_pains,
)
from api.reports.totals import totals
from api.schemas import SessionPublic
from api.today import calendar


def report_facts(
    db: Session,
    patient_id: UUID,
    *,
    first_on: date | None,
    last_on: date | None,
    zone: ZoneInfo,
    now: datetime,
) -> ReportFacts:
    """Gather what a report of a patient is made of.

    Parameters
    ----------
    db : Session
        Confined to what the asker may see.
    patient_id : UUID
        Whose report.
    first_on, last_on : date, optional
        The span; without them the programme up to now, or the last twelve weeks.
    zone : ZoneInfo
        Of the days, where no programme says it.
    now : datetime
        When it is made.

    Raises
    ------
    NotFoundError
        If there is no such patient.
    BadSpanError
        If the span is empty or too long.

    """
    patient = db.get(PatientRow, patient_id)
    if patient is None:
        raise NotFoundError(f"There is no patient {patient_id}.")
    course = load_course(db, patient_id, now=now)
    days = choose_days(first_on, last_on, course=course, now=now, zone=zone)
    sittings = read_sittings(db, patient_id, days)
    planned = None
    if course is not None:
        planned = calendar(course, days.first_on, days.last_on, now).days
    enrolment = find_enrolment(db, patient_id)
    sensor_ids = {one.row.sensor_id for one in sittings}
    return ReportFacts(
        patient=patient,
        injury=None if enrolment is None else db.get(InjuryEpisodeRow, enrolment.injury_episode_id),
        days=days,
        totals=totals(sittings, days, planned, read_told_pains(db, patient_id, days)),
        windows=windows((one.on for one in sittings), days.first_on, days.last_on),
        orders=read_orders(db, patient_id, days),
        shown=_latest(db, sittings),
        sensors=db.exec(select(SensorRow).where(col(SensorRow.id).in_(sensor_ids))).all(),
        engines=sorted({one.row.engine for one in sittings}),
        left_out=read_left_out(db, sittings),
        made_at=now,
    )


def _latest(db: Session, sittings: Sequence[Sitting]) -> tuple[SessionPublic, int] | None:
    """Return the latest session with a core set, and the number of its last one."""
    for sitting in reversed(sittings):
        core = [one.number for one in sitting.core if one.reps]
        if core:
            return store.get_session(db, sitting.row.id), core[-1]
    return None
