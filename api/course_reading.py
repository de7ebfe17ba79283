"""The SQL that reads a patient's programme; functions take the open transaction first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sql
from sqlalchemy import func
from sqlmodel import Session, col, select

from api.course import Course, CourseRows, StoredSet, course_of
from api.course_models import (
    AdviceAnswerRow,
    CheckInRow,
    EnrolmentRow,
    ExtraWeekRow,
    ProgrammeAnswerRow,
    RestDayRow,
    SelfReportRow,
    SetCorrectionRow,
    SportDiaryRow,
    SportLevelRow,
)
from api.course_schemas import CheckInCreate, DiaryCreate, SelfReportCreate
from api.errors import NotEnrolledError, NotFoundError
from api.models import (
    InjuryEpisodeRow,
    PatientRow,
    PrescriptionRow,
    RepRow,
    Row,
    SessionRow,
    SetRow,
)

Dated = TypeVar(
    "Dated",
    SessionRow,
    CheckInRow,
    ProgrammeAnswerRow,
    SportDiaryRow,
    SelfReportRow,
    AdviceAnswerRow,
)
Told = TypeVar("Told", SportDiaryRow, CheckInRow, SelfReportRow)
Body = TypeVar("Body", DiaryCreate, CheckInCreate, SelfReportCreate)


def load_course(db: Session, patient_id: UUID, *, now: datetime) -> Course | None:
    """Return all that a patient's plan of today follows from.

    Parameters
    ----------
    db : Session
        An open transaction.
    patient_id : UUID
        Whose.
    now : datetime
        With a time zone; what was done later is not read.

    Returns
    -------
    Course or None
        None while the patient follows no programme, or is not known.

    """
    enrolment = find_enrolment(db, patient_id)
    return None if enrolment is None else course_of(_rows(db, enrolment, now), now=now)


def find_enrolment(db: Session, patient_id: UUID) -> EnrolmentRow | None:
    """Return the current enrolment of a patient, if there is one."""
    query = select(EnrolmentRow).where(
        EnrolmentRow.patient_id == patient_id, col(EnrolmentRow.ended_at).is_(None)
    )
    return db.exec(query).first()


def get_enrolment(
    db: Session, patient_id: UUID
) -> tuple[EnrolmentRow, InjuryEpisodeRow, list[SportLevelRow]]:
    """Return the current enrolment with its injury and the accepted steps.

    Raises
    ------
    NotFoundError, NotEnrolledError
        If there is no such patient, or no programme yet.

    """
    check_patient(db, patient_id)
    row = find_enrolment(db, patient_id)
    if row is None:
        raise NotEnrolledError(patient_id)
    injury = db.get_one(InjuryEpisodeRow, row.injury_episode_id)
    return row, injury, list_levels(db, row.injury_episode_id)


def list_rest_days(db: Session, patient_id: UUID) -> list[date]:
    """Return all days of rest of a patient, oldest first."""
    query = (
        select(RestDayRow)
        .where(RestDayRow.patient_id == patient_id)
        .order_by(col(RestDayRow.rest_on))
    )
    return [row.rest_on for row in db.exec(query)]


def list_told(db: Session, patient_id: UUID, model: type[Told], body: type[Body]) -> list[Body]:
    """Return what a patient told, as it was sent, newest first.

    Parameters
    ----------
    db : Session
        An open transaction.
    patient_id : UUID
        Whose.
    model : type
        The table: the diary, the answers without training, or what was done without measuring.
    body : type
        What its rows were sent as.

    Raises
    ------
    NotFoundError
        If there is no such patient.

    """
    check_patient(db, patient_id)
    query = (
        select(model)
        .where(model.patient_id == patient_id)
        .order_by(col(model.at).desc(), col(model.id))
    )
    names = set(body.model_fields)
    return [body.model_validate(row.model_dump(include=names)) for row in db.exec(query)]


def list_diary(db: Session, patient_id: UUID) -> list[DiaryCreate]:
    """Return the sport diary, newest first."""
    return list_told(db, patient_id, SportDiaryRow, DiaryCreate)


def list_check_ins(db: Session, patient_id: UUID) -> list[CheckInCreate]:
    """Return the answers about pain without training, newest first."""
    return list_told(db, patient_id, CheckInRow, CheckInCreate)


def list_self_reports(db: Session, patient_id: UUID) -> list[SelfReportCreate]:
    """Return what was done without measuring, newest first."""
    return list_told(db, patient_id, SelfReportRow, SelfReportCreate)


def list_tempo(
    db: Session, patient_id: UUID, exercises: Iterable[str], since: datetime, until: datetime
) -> list[tuple[datetime, int, int]]:
    """Return of each set in a span when its session began, the timed repetitions, those in tempo.

    Only sets of the given exercises whose tempo was judged.
    """
    query = (
        select(SessionRow.started_at, SetRow.reps, SetRow.in_tempo)
        .join(SessionRow, col(SessionRow.id) == col(SetRow.session_id))
        .where(
            SessionRow.patient_id == patient_id,
            col(SessionRow.started_at).between(since, until),
            col(SetRow.exercise).in_(list(exercises)),
            col(SetRow.in_tempo).is_not(None),
            col(SetRow.reps).is_not(None),
        )
        .order_by(col(SessionRow.started_at), col(SetRow.number))
    )
    return [(at, reps or 0, in_tempo or 0) for at, reps, in_tempo in db.exec(query)]


def list_corrections(db: Session, session_id: UUID) -> dict[int, int]:
    """Return the patient's own counts of a session by number of the set."""
    query = select(SetCorrectionRow).where(SetCorrectionRow.session_id == session_id)
    return {row.number: row.reps for row in db.exec(query)}


def has_patient(db: Session, patient_id: UUID) -> bool:
    """Say whether a patient is known."""
    return db.get(PatientRow, patient_id) is not None


def check_patient(db: Session, patient_id: UUID) -> None:
    """Refuse a patient who is not there.

    Raises
    ------
    NotFoundError
        If there is no such patient.

    """
    if not has_patient(db, patient_id):
        raise NotFoundError(
            f"There is no patient {patient_id}; make one with PUT /api/v1/patients/{patient_id}."
        )


def _rows(db: Session, enrolment: EnrolmentRow, now: datetime) -> CourseRows:
    """Gather the rows of a programme: what was done since it began, and until now."""
    patient_id = enrolment.patient_id
    span = (_beginning(enrolment), now)
    sessions = _between(db, SessionRow, SessionRow.started_at, patient_id, span)
    sets = _sets_of(db, [row.id for row in sessions])
    return CourseRows(
        enrolment=enrolment,
        injury=db.get_one(InjuryEpisodeRow, enrolment.injury_episode_id),
        levels=list_levels(db, enrolment.injury_episode_id),
        prescriptions=db.exec(
            select(PrescriptionRow).where(PrescriptionRow.patient_id == patient_id)
        ).all(),
        sessions=sessions,
        sets=sets,
        reps=count_reps(db, [one for listed in sets.values() for one in listed]),
        corrections=_corrections_of(db, [row.id for row in sessions]),
        self_reports=_between(db, SelfReportRow, SelfReportRow.at, patient_id, span),
        check_ins=_between(db, CheckInRow, CheckInRow.at, patient_id, span),
        answers=_between(db, ProgrammeAnswerRow, ProgrammeAnswerRow.at, patient_id, span),
        advice=_between(db, AdviceAnswerRow, AdviceAnswerRow.answered_at, patient_id, span),
        diary=_between(db, SportDiaryRow, SportDiaryRow.at, patient_id, span),
        rest_days=frozenset(list_rest_days(db, patient_id)),
        extra_weeks=[row.after_week for row in list_extra_weeks(db, enrolment.injury_episode_id)],
    )


def _beginning(enrolment: EnrolmentRow) -> datetime:
    """Return the start of the day from which visits belong to this programme."""
    zone = ZoneInfo(enrolment.time_zone)
    enrolled_on = enrolment.created_at.astimezone(zone).date()
    return datetime.combine(min(enrolment.start_on, enrolled_on), time.min, zone)


def _between(
    db: Session, model: type[Dated], at: Any, patient_id: UUID, span: tuple[datetime, datetime]
) -> Sequence[Dated]:
    """Return the rows of a patient in a span of time, oldest first."""
    moment = col(at)
    query = (
        select(model).where(model.patient_id == patient_id, moment.between(*span)).order_by(moment)
    )
    return db.exec(query).all()


def list_levels(db: Session, injury_episode_id: UUID) -> list[SportLevelRow]:
    """Return the accepted steps in the order in which they were accepted."""
    query = (
        select(SportLevelRow)
        .where(SportLevelRow.injury_episode_id == injury_episode_id)
        .order_by(col(SportLevelRow.id))
    )
    return list(db.exec(query))


def list_extra_weeks(db: Session, injury_episode_id: UUID) -> list[ExtraWeekRow]:
    """Return the weeks that a block was made longer by, in the order in which they were added."""
    query = (
        select(ExtraWeekRow)
        .where(ExtraWeekRow.injury_episode_id == injury_episode_id)
        .order_by(col(ExtraWeekRow.added_at), col(ExtraWeekRow.id))
    )
    return list(db.exec(query))


def _sets_of(db: Session, session_ids: Sequence[UUID]) -> dict[UUID, list[StoredSet]]:
    sets: dict[UUID, list[StoredSet]] = defaultdict(list)
    table = Row.metadata.tables["exercise_set"].c
    query = (
        sql.select(*(table[name] for name in StoredSet._fields))
        .where(table.session_id.in_(session_ids))
        .order_by(table.session_id, table.number)
    )
    for found in db.execute(query):
        one = StoredSet(*found)
        sets[one.session_id].append(one)
    return sets


def _corrections_of(db: Session, session_ids: Sequence[UUID]) -> dict[tuple[UUID, int], int]:
    query = select(SetCorrectionRow).where(col(SetCorrectionRow.session_id).in_(session_ids))
    return {(row.session_id, row.number): row.reps for row in db.exec(query)}


def count_reps(db: Session, sets: Iterable[StoredSet | SetRow]) -> dict[int, int]:
    """Return the measured repetitions of sets by their id, counted where no number was sent."""
    known = {row.id: row.reps for row in sets if row.id is not None}
    open_ids = [set_id for set_id, reps in known.items() if reps is None]
    counts = {set_id: reps for set_id, reps in known.items() if reps is not None}
    if open_ids:
        query = (
            select(RepRow.set_id, func.count())
            .where(col(RepRow.set_id).in_(open_ids))
            .group_by(col(RepRow.set_id))
        )
        counts |= dict.fromkeys(open_ids, 0) | dict(db.exec(query).all())
    return counts
