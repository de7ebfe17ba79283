"""The SQL that writes a patient's programme. Functions take the open transaction, never commit it.

What a client sends under an id of its own is stored once: the same again changes nothing, other
content under the same id is refused.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from api import versions
from api.course_models import (
    AdviceAnswerRow,
    CheckInRow,
    EnrolmentRow,
    ProgrammeAnswerRow,
    RestDayRow,
    SelfReportRow,
    SetCorrectionRow,
    SportDiaryRow,
    SportLevelRow,
)
from api.course_reading import (
    check_patient,
    count_reps,
    find_enrolment,
    list_levels,
    list_rest_days,
)
from api.course_schemas import (
    AdviceAnswerCreate,
    CheckInCreate,
    CorrectionPublic,
    CorrectionPut,
    DiaryCreate,
    EnrolmentCreate,
    ProgrammeAnswerCreate,
    RestDaysCreate,
    SelfReportCreate,
)
from api.errors import ContentConflictError, NotEnrolledError, NotFoundError
from api.models import InjuryEpisodeRow, Row, SetRow

# When the service received something: not what a client said, so no part of a repeat.
OWN_TIMES: Final = {"received_at", "answered_at"}
Told = TypeVar(
    "Told", CheckInRow, ProgrammeAnswerRow, SportDiaryRow, SelfReportRow, AdviceAnswerRow
)


def put_enrolment(
    db: Session,
    patient_id: UUID,
    body: EnrolmentCreate,
    *,
    now: datetime,
    wanted: int | None = None,
) -> bool:
    """Enrol a patient for an injury, or change that enrolment; True when it is new.

    Another injury's enrolment ends: a patient follows one programme at a time.

    Raises
    ------
    VersionConflictError
        If a version of the current one was wanted (see `api.versions`) that is not there.

    """
    check_patient(db, patient_id)
    injury = db.get(InjuryEpisodeRow, body.injury_episode_id)
    if injury is None or injury.patient_id != patient_id:
        raise NotFoundError(f"This patient has no injury {body.injury_episode_id}.")
    current = find_enrolment(db, patient_id)
    versions.check(current, wanted)
    if current is not None and current.injury_episode_id != injury.id:
        current.ended_at = now
        db.add(current)
        db.flush()  # before the next one becomes current
    row = db.get(EnrolmentRow, injury.id)
    is_new = row is None
    agreed = body.model_dump(exclude={"accepted_levels"})
    if row is None:
        row = EnrolmentRow(patient_id=patient_id, created_at=now, changed_at=now, **agreed)
    elif row.ended_at is not None or _differs(row, agreed):
        versions.edit(row, {**agreed, "changed_at": now, "ended_at": None})
    db.add(row)
    db.flush()
    known = {one.day: one.level for one in list_levels(db, injury.id)}
    for day, level in (body.accepted_levels or {}).items():
        if known.get(day, 0) != level:
            add_sport_level(db, injury.id, day, level, now=now)
    return is_new


def add_sport_level(
    db: Session,
    injury_episode_id: UUID,
    day: str,
    level: int,
    *,
    now: datetime,
    advice_answer_id: UUID | None = None,
) -> None:
    """Note that a step of the return to sport was accepted."""
    row = SportLevelRow(
        injury_episode_id=injury_episode_id,
        day=day,
        level=level,
        accepted_at=now,
        advice_answer_id=advice_answer_id,
    )
    db.add(row)
    db.flush()


def accept_level(
    db: Session, patient_id: UUID, day: str, level: int, *, now: datetime, answer_id: UUID
) -> None:
    """Carry out the offer of another step of a sport day."""
    enrolment = find_enrolment(db, patient_id)
    if enrolment is None:
        raise NotEnrolledError(patient_id)
    episode_id = enrolment.injury_episode_id
    add_sport_level(db, episode_id, day, level, now=now, advice_answer_id=answer_id)


def take_rest_days(
    db: Session,
    patient_id: UUID,
    body: RestDaysCreate,
    *,
    now: datetime,
    advice_answer_id: UUID | None = None,
) -> None:
    """Note days of rest; those that were taken before stay as they are."""
    check_patient(db, patient_id)
    taken = set(list_rest_days(db, patient_id))
    for rest_on in body.dates:
        if rest_on not in taken:
            db.add(
                RestDayRow(
                    patient_id=patient_id,
                    rest_on=rest_on,
                    taken_at=now,
                    advice_answer_id=advice_answer_id,
                )
            )
    db.flush()


def delete_rest_day(db: Session, patient_id: UUID, rest_on: date) -> None:
    """Take a day of rest back; it is no error if there was none."""
    check_patient(db, patient_id)
    row = db.get(RestDayRow, (patient_id, rest_on))
    if row is not None:
        db.delete(row)
        db.flush()


def add_check_in(db: Session, patient_id: UUID, body: CheckInCreate, *, now: datetime) -> bool:
    """Store answers about pain; True when they are new."""
    row = CheckInRow(patient_id=patient_id, received_at=now, **body.model_dump())
    return store_once(db, row)


def add_answer(
    db: Session, patient_id: UUID, body: ProgrammeAnswerCreate, *, now: datetime
) -> bool:
    """Store the answer to a question of the programme; True when it is new."""
    row = ProgrammeAnswerRow(patient_id=patient_id, received_at=now, **body.model_dump())
    return store_once(db, row)


def add_diary(db: Session, patient_id: UUID, body: DiaryCreate, *, now: datetime) -> bool:
    """Store a line of the sport diary; True when it is new."""
    row = SportDiaryRow(patient_id=patient_id, received_at=now, **body.model_dump())
    return store_once(db, row)


def add_self_report(
    db: Session, patient_id: UUID, body: SelfReportCreate, *, now: datetime
) -> bool:
    """Store what was done without measuring; True when it is new."""
    row = SelfReportRow(patient_id=patient_id, received_at=now, **body.model_dump())
    return store_once(db, row)


def delete_diary(db: Session, patient_id: UUID, entry_id: UUID) -> None:
    """Take a line of the sport diary back; it is no error if there was none."""
    _delete(db, patient_id, db.get(SportDiaryRow, entry_id))


def delete_check_in(db: Session, patient_id: UUID, check_in_id: UUID) -> None:
    """Take answers about pain back; it is no error if there were none."""
    _delete(db, patient_id, db.get(CheckInRow, check_in_id))


def delete_self_report(db: Session, patient_id: UUID, report_id: UUID) -> None:
    """Take back what was told; it is no error if it was not."""
    _delete(db, patient_id, db.get(SelfReportRow, report_id))


def add_advice_answer(
    db: Session, patient_id: UUID, body: AdviceAnswerCreate, *, now: datetime
) -> bool:
    """Store what a patient did with a piece of advice; True when it is new."""
    row = AdviceAnswerRow(patient_id=patient_id, answered_at=now, **body.model_dump())
    return store_once(db, row)


def has_advice_answer(db: Session, answer_id: UUID) -> bool:
    """Say whether an answer to advice is stored under this id."""
    # By its column: a loaded row would stand in the way of the one that is stored once.
    query = select(AdviceAnswerRow.id).where(AdviceAnswerRow.id == answer_id)
    return db.exec(query).first() is not None


def delete_advice_answer(db: Session, patient_id: UUID, answer_id: UUID) -> None:
    """Take an answer to advice back, and what followed from it: rest days, a step of sport."""
    _delete(db, patient_id, db.get(AdviceAnswerRow, answer_id))


def put_correction(
    db: Session, session_id: UUID, number: int, body: CorrectionPut, *, now: datetime
) -> CorrectionPublic:
    """Store the patient's own count of a set, in place of an earlier one of theirs."""
    measured = _set(db, session_id, number)
    row = db.get(SetCorrectionRow, (session_id, number))
    if row is None:
        row = SetCorrectionRow(
            session_id=session_id, number=number, reps=body.reps, corrected_at=now
        )
    elif row.reps != body.reps:
        row.sqlmodel_update({"reps": body.reps, "corrected_at": now})
    db.add(row)
    db.flush()
    return CorrectionPublic.model_validate(
        {**row.model_dump(), "reps_measured": count_reps(db, [measured]).get(measured.id or 0)}
    )


def delete_correction(db: Session, session_id: UUID, number: int) -> None:
    """Take the patient's own count back; it is no error if there was none."""
    _set(db, session_id, number)
    row = db.get(SetCorrectionRow, (session_id, number))
    if row is not None:
        db.delete(row)
        db.flush()


def store_once(db: Session, row: Told) -> bool:
    """Store a row under the id of the client's making; True when it is new.

    Raises
    ------
    NotFoundError
        If there is no such patient.
    ContentConflictError
        If something else is stored under this id.

    """
    check_patient(db, row.patient_id)
    told, row_id = row.model_dump(exclude=OWN_TIMES), row.id
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        stored = db.get(type(row), row_id)
        if stored is None:  # stored beside us, and not to be seen yet
            raise
        if _differs(stored, told):
            raise ContentConflictError(
                f"Something else is stored under {row_id}; make a new id for new content."
            ) from None
        return False
    return True


def _delete(
    db: Session,
    patient_id: UUID,
    row: CheckInRow | SportDiaryRow | SelfReportRow | AdviceAnswerRow | None,
) -> None:
    check_patient(db, patient_id)
    if row is not None and row.patient_id == patient_id:
        db.delete(row)
        db.flush()


def _set(db: Session, session_id: UUID, number: int) -> SetRow:
    query = select(SetRow).where(SetRow.session_id == session_id, SetRow.number == number)
    row = db.exec(query).first()
    if row is None:
        raise NotFoundError(f"Session {session_id} has no set {number}.")
    return row


def _differs(row: Row, told: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in told.items())
