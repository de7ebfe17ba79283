"""All SQL of the service. Functions take the open transaction first and never commit it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Uuid, literal, tuple_
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from api import convert, versions
from api.errors import ContentConflictError, NotFoundError
from api.models import (
    InjuryEpisodeRow,
    PatientRow,
    RecordingRow,
    RepRow,
    SensorRow,
    SessionRow,
    SetRow,
    TraceRow,
)
from api.schemas import (
    InjuryEpisodeCreate,
    InjuryEpisodePublic,
    PatientCreate,
    PatientPublic,
    RecordingPublic,
    SessionPublic,
    SessionSummary,
    Trace,
)

PAGE_SIZE: Final = 50


class Cursor(NamedTuple):
    """Where a list of sessions goes on: the last one that was shown."""

    started_at: datetime
    session_id: UUID


def put_patient(
    db: Session, patient_id: UUID, body: PatientCreate, *, wanted: int | None = None
) -> tuple[PatientPublic, bool]:
    """Store a patient or change the stored one; True when it is new.

    Raises
    ------
    VersionConflictError
        If a version was wanted (see `api.versions`) that is not there.

    """
    row = db.get(PatientRow, patient_id)
    versions.check(row, wanted)
    is_new = row is None
    if row is None:
        row = PatientRow(id=patient_id, created_at=_now(), **body.model_dump())
    else:
        versions.edit(row, body.model_dump())
    db.add(row)
    db.flush()
    return convert.patient_public(row), is_new


def get_patient(db: Session, patient_id: UUID) -> PatientPublic:
    """Return one patient."""
    return convert.patient_public(_patient(db, patient_id))


def list_patients(db: Session) -> list[PatientPublic]:
    """Return all patients by name."""
    rows = db.exec(select(PatientRow).order_by(col(PatientRow.name), col(PatientRow.id)))
    return [convert.patient_public(row) for row in rows]


def put_injury_episode(
    db: Session,
    patient_id: UUID,
    episode_id: UUID,
    body: InjuryEpisodeCreate,
    *,
    wanted: int | None = None,
) -> tuple[InjuryEpisodePublic, bool]:
    """Store an injury or change the stored one; True when it is new. Raises as `put_patient`."""
    _patient(db, patient_id)
    row = db.get(InjuryEpisodeRow, episode_id)
    versions.check(row, wanted)
    is_new = row is None
    if row is None:
        row = InjuryEpisodeRow(
            id=episode_id, patient_id=patient_id, created_at=_now(), **body.model_dump()
        )
    elif row.patient_id != patient_id:
        raise ContentConflictError(f"Injury {episode_id} is stored with another patient.")
    else:
        versions.edit(row, body.model_dump())
    db.add(row)
    db.flush()
    return convert.injury_episode_public(row), is_new


def list_injury_episodes(db: Session, patient_id: UUID) -> list[InjuryEpisodePublic]:
    """Return the injuries of a patient, newest first."""
    _patient(db, patient_id)
    query = (
        select(InjuryEpisodeRow)
        .where(InjuryEpisodeRow.patient_id == patient_id)
        .order_by(col(InjuryEpisodeRow.created_at).desc())
    )
    return [convert.injury_episode_public(row) for row in db.exec(query)]


def get_session(db: Session, session_id: UUID, *, with_traces: bool = True) -> SessionPublic:
    """Return one session with all its sets and repetitions."""
    row = _session(db, session_id)
    sets = db.exec(
        select(SetRow).where(SetRow.session_id == session_id).order_by(col(SetRow.number))
    ).all()
    ids = [one.id for one in sets if one.id is not None]
    reps: dict[int, list[RepRow]] = defaultdict(list)
    for rep in db.exec(
        select(RepRow).where(col(RepRow.set_id).in_(ids)).order_by(col(RepRow.number))
    ):
        reps[rep.set_id].append(rep)
    traces = (
        db.exec(select(TraceRow).where(col(TraceRow.set_id).in_(ids))).all() if with_traces else ()
    )
    return convert.session_public(
        row,
        sensor=db.get(SensorRow, row.sensor_id) if row.sensor_id is not None else None,
        sets=sets,
        reps=reps,
        traces={trace.set_id: trace for trace in traces},
        recording=db.get(RecordingRow, session_id),
    )


def get_trace(db: Session, session_id: UUID, number: int) -> Trace:
    """Return the trace of one set; sets count from 1."""
    _session(db, session_id)
    row = db.exec(
        select(TraceRow)
        .join(SetRow, col(SetRow.id) == col(TraceRow.set_id))
        .where(SetRow.session_id == session_id, SetRow.number == number)
    ).first()
    if row is None:
        raise NotFoundError(f"Session {session_id} has no trace of set {number}.")
    return convert.unpack_trace(row)


def list_sessions(
    db: Session,
    *,
    patient_id: UUID | None = None,
    after: Cursor | None = None,
    limit: int = PAGE_SIZE,
) -> tuple[list[SessionSummary], Cursor | None]:
    """Return sessions, newest first, and where the next page starts."""
    query = (
        select(SessionRow, PatientRow, RecordingRow.size_bytes)
        .join(PatientRow, col(PatientRow.id) == col(SessionRow.patient_id))
        .join(RecordingRow, col(RecordingRow.session_id) == col(SessionRow.id), isouter=True)
        .order_by(col(SessionRow.started_at).desc(), col(SessionRow.id).desc())
        .limit(limit + 1)
    )
    if patient_id is not None:
        _patient(db, patient_id)
        query = query.where(SessionRow.patient_id == patient_id)
    if after is not None:
        last = tuple_(literal(after.started_at, UTCDateTime()), literal(after.session_id, Uuid()))
        query = query.where(tuple_(col(SessionRow.started_at), col(SessionRow.id)) < last)
    found = db.exec(query).all()
    shown = found[:limit]
    sets = _sets_of(db, [row.id for row, _, _ in shown])
    summaries = [
        convert.session_summary(row, patient, sets[row.id], has_recording=size is not None)
        for row, patient, size in shown
    ]
    more = len(found) > limit
    return summaries, Cursor(shown[-1][0].started_at, shown[-1][0].id) if more else None


def list_all_sessions(db: Session, patient_id: UUID) -> list[UUID]:
    """Return the ids of all sessions of a patient, oldest first."""
    query = (
        select(SessionRow.id)
        .where(SessionRow.patient_id == patient_id)
        .order_by(col(SessionRow.started_at), col(SessionRow.id))
    )
    return list(db.exec(query))


def list_sessions_between(
    db: Session, patient_id: UUID, begins: datetime, ends: datetime
) -> list[SessionSummary]:
    """Return the sessions of a patient that began in a span, oldest first; `ends` is not in it."""
    patient = _patient(db, patient_id)
    query = (
        select(SessionRow, RecordingRow.size_bytes)
        .join(RecordingRow, col(RecordingRow.session_id) == col(SessionRow.id), isouter=True)
        .where(
            SessionRow.patient_id == patient_id,
            col(SessionRow.started_at) >= begins,
            col(SessionRow.started_at) < ends,
        )
        .order_by(col(SessionRow.started_at), col(SessionRow.id))
    )
    found = db.exec(query).all()
    sets = _sets_of(db, [row.id for row, _ in found])
    return [
        convert.session_summary(row, patient, sets[row.id], has_recording=size is not None)
        for row, size in found
    ]


def find_recording(db: Session, session_id: UUID) -> RecordingPublic | None:
    """Return the label of a session's recording, if one is complete."""
    _session(db, session_id)
    row = db.get(RecordingRow, session_id)
    return convert.recording_public(row) if row is not None else None


def add_recording(
    db: Session, session_id: UUID, *, size_bytes: int, sha256: str
) -> RecordingPublic:
    """Note that a recording is in its place; it is no error if that was noted just before."""
    noted = find_recording(db, session_id)
    if noted is not None:
        if noted.sha256 != sha256:
            raise ContentConflictError(
                f"Session {session_id} has another recording; stored recordings never change."
            )
        return noted
    row = RecordingRow(
        session_id=session_id, size_bytes=size_bytes, sha256=sha256, stored_at=_now()
    )
    db.add(row)
    db.flush()
    return convert.recording_public(row)


def revision(db: Session) -> str:
    """Return the revision of the tables, such as "0001"."""
    return MigrationContext.configure(db.connection()).get_current_revision() or "none"


def _sets_of(db: Session, session_ids: Iterable[UUID]) -> dict[UUID, list[SetRow]]:
    sets: dict[UUID, list[SetRow]] = defaultdict(list)
    query = (
        select(SetRow)
        .where(col(SetRow.session_id).in_(list(session_ids)))
        .order_by(col(SetRow.number))
    )
    for row in db.exec(query):
        sets[row.session_id].append(row)
    return sets


def _patient(db: Session, patient_id: UUID) -> PatientRow:
    row = db.get(PatientRow, patient_id)
    if row is None:
        raise NotFoundError(
            f"There is no patient {patient_id}; make one with PUT /api/v1/patients/{patient_id}."
        )
    return row


def _session(db: Session, session_id: UUID) -> SessionRow:
    row = db.get(SessionRow, session_id)
    if row is None:
        raise NotFoundError(f"There is no session {session_id}.")
    return row


def _now() -> datetime:
    return datetime.now(UTC)
