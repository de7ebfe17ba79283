"""All SQL of the service. Functions take the open transaction first and never commit it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Uuid, insert, literal, tuple_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from api import convert
from api.errors import ContentConflictError, NotFoundError
from api.models import (
    InjuryEpisodeRow,
    PatientRow,
    PrescriptionRow,
    RecordingRow,
    RepRow,
    Row,
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
    PrescriptionCreate,
    PrescriptionPublic,
    RecordingPublic,
    Sensor,
    SessionCreate,
    SessionPublic,
    SessionSummary,
    SetBody,
    Trace,
)

PAGE_SIZE: Final = 50


class Cursor(NamedTuple):
    """Where a list of sessions goes on: the last one that was shown."""

    started_at: datetime
    session_id: UUID


def put_patient(db: Session, patient_id: UUID, body: PatientCreate) -> tuple[PatientPublic, bool]:
    """Store a patient or change the stored one; True when it is new."""
    row = db.get(PatientRow, patient_id)
    is_new = row is None
    if row is None:
        row = PatientRow(id=patient_id, created_at=_now(), **body.model_dump())
    else:
        row.sqlmodel_update(body.model_dump())
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
    db: Session, patient_id: UUID, episode_id: UUID, body: InjuryEpisodeCreate
) -> tuple[InjuryEpisodePublic, bool]:
    """Store an injury or change the stored one; True when it is new."""
    _patient(db, patient_id)
    row = db.get(InjuryEpisodeRow, episode_id)
    is_new = row is None
    if row is None:
        row = InjuryEpisodeRow(
            id=episode_id, patient_id=patient_id, created_at=_now(), **body.model_dump()
        )
    elif row.patient_id != patient_id:
        raise ContentConflictError(f"Injury {episode_id} is stored with another patient.")
    else:
        row.sqlmodel_update(body.model_dump())
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


def add_prescription(db: Session, body: PrescriptionCreate) -> PrescriptionPublic:
    """Store a new prescription."""
    _patient(db, body.patient_id)
    if body.injury_episode_id is not None:
        episode = db.get(InjuryEpisodeRow, body.injury_episode_id)
        if episode is None or episode.patient_id != body.patient_id:
            raise NotFoundError(f"This patient has no injury {body.injury_episode_id}.")
    row = PrescriptionRow(id=uuid4(), created_at=_now(), **body.model_dump())
    db.add(row)
    db.flush()
    return convert.prescription_public(row)


def get_prescription(db: Session, prescription_id: UUID) -> PrescriptionPublic:
    """Return one prescription."""
    row = db.get(PrescriptionRow, prescription_id)
    if row is None:
        raise NotFoundError(f"There is no prescription {prescription_id}.")
    return convert.prescription_public(row)


def list_prescriptions(db: Session, patient_id: UUID | None) -> list[PrescriptionPublic]:
    """Return the prescriptions of one patient or of all, newest first."""
    query = select(PrescriptionRow).order_by(
        col(PrescriptionRow.starts_on).desc(), col(PrescriptionRow.created_at).desc()
    )
    if patient_id is not None:
        _patient(db, patient_id)
        query = query.where(PrescriptionRow.patient_id == patient_id)
    return [convert.prescription_public(row) for row in db.exec(query)]


def put_session(db: Session, session_id: UUID, body: SessionCreate) -> bool:
    """Store a session; True when it is new, False when the same one was stored before.

    The insert comes first and the database decides: of two requests at the same time one
    stores the session, the other finds it.

    Raises
    ------
    NotFoundError
        If the patient is unknown.
    ContentConflictError
        If a session with other content has this id.

    """
    _patient(db, body.patient_id)
    row = convert.session_row(
        session_id, body, sensor_id=_sensor_id(db, body.sensor), received_at=_now()
    )
    fingerprint = row.content_sha256
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        stored = db.get_one(SessionRow, session_id)
        if stored.content_sha256 != fingerprint:
            raise ContentConflictError(
                f"Session {session_id} is stored with other content; stored sessions never change."
            ) from None
        return False
    add_sets(db, session_id, body.exercise_sets)
    return True


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
    """Note that the file of a recording is in its place."""
    row = RecordingRow(
        session_id=session_id, size_bytes=size_bytes, sha256=sha256, stored_at=_now()
    )
    db.add(row)
    db.flush()
    return convert.recording_public(row)


def revision(db: Session) -> str:
    """Return the revision of the tables, such as "0001"."""
    return MigrationContext.configure(db.connection()).get_current_revision() or "none"


def add_sets(db: Session, session_id: UUID, bodies: Sequence[SetBody]) -> None:
    """Insert sets, repetitions and traces with one statement for each table.

    The many go past the object layer, straight into their tables: half the work.
    """
    if not bodies:
        return
    columns = [convert.set_columns(session_id, n, body) for n, body in enumerate(bodies, 1)]
    statement = insert(SetRow).returning(col(SetRow.id), sort_by_parameter_order=True)
    ids = db.scalars(statement, columns)
    pairs = [(found, body) for found, body in zip(ids, bodies, strict=True) if found is not None]
    reps = [
        convert.rep_columns(set_id, number, rep)
        for set_id, body in pairs
        for number, rep in enumerate(body.reps, 1)
    ]
    if reps:
        db.execute(insert(Row.metadata.tables["rep"]), reps)
    traces = [
        {"set_id": set_id, "packed": convert.pack_trace(body.trace)}
        for set_id, body in pairs
        if body.trace is not None
    ]
    if traces:
        db.execute(insert(Row.metadata.tables["trace"]), traces)


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


def _sensor_id(db: Session, sensor: Sensor | None) -> int | None:
    """Return the row id of a sensor, stored now if it was not known."""
    if sensor is None:
        return None
    query = select(SensorRow).where(
        SensorRow.family == sensor.family, SensorRow.address == sensor.address
    )
    row = db.exec(query).first()
    if row is None:
        row = SensorRow(family=sensor.family, address=sensor.address, name=sensor.name)
        try:
            with db.begin_nested():
                db.add(row)
        except IntegrityError:  # another request stored it in the meantime
            row = db.exec(query).one()
    return row.id


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
