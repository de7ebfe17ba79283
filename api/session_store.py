"""Storing a session: the one write that comes by the hundred, straight into the tables.

Six statements, whatever the number of sets and repetitions. The object layer would cost more than
the rest together; what listens to it is told by `api.carried`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from api import carried, convert
from api.errors import ContentConflictError, NotFoundError
from api.many_rows import add_many, add_numbered
from api.models import Row
from api.schemas import Sensor, SessionCreate, SetBody

TABLES: Final = Row.metadata.tables
PATIENT, SENSOR, SESSION = TABLES["patient"], TABLES["sensor"], TABLES["session"]
INSERTS: Final[Mapping[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Traces = Sequence[bytes | None]


def put_session(db: Session, session_id: UUID, body: SessionCreate) -> bool:
    """Store a session; True when it is new, False when the same one was stored before.

    The insert comes first and the database decides: of two requests at the same time one
    stores the session, the other finds it.

    Raises
    ------
    NotFoundError
        If the patient is unknown, or somebody else's.
    ContentConflictError
        If a session with other content has this id.

    """
    sensor_id = _find_sensor(db, body.patient_id, body.sensor)
    traces = write_traces(body.exercise_sets)
    fingerprint = convert.content_sha256(body, traces)
    columns = convert.session_columns(
        session_id,
        body,
        sensor_id=sensor_id,
        received_at=datetime.now(UTC),
        fingerprint=fingerprint,
    )
    connection = db.connection()
    if connection.execute(_insert_once(connection.dialect.name), columns).first() is None:
        _check_same(db, session_id, fingerprint)
        return False
    add_sets(db, session_id, body.exercise_sets, traces)
    carried.touch(db, body.patient_id, session_id)
    return True


def write_traces(bodies: Sequence[SetBody]) -> list[bytes | None]:
    """Return the traces of sets, written; None for a set without one."""
    return [None if body.trace is None else convert.write_trace(body.trace) for body in bodies]


def add_sets(db: Session, session_id: UUID, bodies: Sequence[SetBody], traces: Traces) -> None:
    """Insert sets, repetitions and traces with one statement for each table."""
    columns = [convert.set_columns(session_id, n, body) for n, body in enumerate(bodies, 1)]
    stored = add_numbered(db, TABLES["exercise_set"], columns, "id", "number")
    ids = {row["number"]: row["id"] for row in stored}
    reps = [
        convert.rep_columns(ids[set_number], number, rep)
        for set_number, body in enumerate(bodies, 1)
        for number, rep in enumerate(body.reps, 1)
    ]
    add_many(db, TABLES["rep"], reps)
    packed = [
        {"set_id": ids[number], "packed": convert.pack_trace(trace)}
        for number, trace in enumerate(traces, 1)
        if trace is not None
    ]
    if packed:
        db.connection().execute(TABLES["trace"].insert(), packed)


def _check_same(db: Session, session_id: UUID, fingerprint: str) -> None:
    query = select(SESSION.c.content_sha256).where(SESSION.c.id == session_id)
    if db.connection().execute(query).scalar_one() != fingerprint:
        raise ContentConflictError(
            f"Session {session_id} is stored with other content; stored sessions never change."
        )


def _find_sensor(db: Session, patient_id: UUID, sensor: Sensor | None) -> int | None:
    """Return the row id of a sensor, stored now if it was not known; the patient must be there."""
    worn = {"family": "", "address": ""}
    if sensor is not None:
        worn = {"family": sensor.family, "address": sensor.address}
    query = _patient_and_sensor().where(carried.within_limit(db, PATIENT.c.id))
    connection, given = db.connection(), {"whose": patient_id, **worn}
    found = connection.execute(query, given).first()
    if found is None:
        raise NotFoundError(
            f"There is no patient {patient_id}; make one with PUT /api/v1/patients/{patient_id}."
        )
    if sensor is not None and found.sensor_id is None:
        # Another request may store it in the meantime: then that row is found after all.
        insert = INSERTS[connection.dialect.name](SENSOR).on_conflict_do_nothing()
        connection.execute(insert, {**worn, "name": sensor.name})
        found = connection.execute(query, given).one()
    sensor_id: int | None = found.sensor_id
    return sensor_id


@cache
def _insert_once(dialect: str) -> Any:
    return (
        INSERTS[dialect](SESSION)
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(SESSION.c.id)
    )


@cache
def _patient_and_sensor() -> Select[Any]:
    family: ColumnElement[str] = bindparam("family", type_=String())
    address: ColumnElement[str] = bindparam("address", type_=String())
    is_worn = (SENSOR.c.family == family) & (SENSOR.c.address == address)
    return (
        select(SENSOR.c.id.label("sensor_id"))
        .select_from(PATIENT.outerjoin(SENSOR, is_worn))
        .where(PATIENT.c.id == bindparam("whose", type_=PATIENT.c.id.type))
    )
