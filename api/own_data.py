"""A patient's right to their data: all of it in one file, or all of it gone (GDPR 15, 17, 20).

Which rows are a patient's is told by the foreign keys of the schema (`api.belongings`), so that a
table which is added later is exported and erased without a change here. Raw recordings belong to
it, those that have arrived only in part too.
"""

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, delete, func, select
from sqlmodel import Session

from api.access_schemas import ErasureReport
from api.belongings import rows_of, tables_of_patients
from api.errors import NotFoundError
from api.models import PatientRow, Row
from api.own_tables import MEASURED_TABLES, measured_tables
from api.recording_store import RecordingStore

# Secrets of log-ins are no data about a person, and a file is no place for them.
NOT_EXPORTED: Final = frozenset(
    {"app_token", "invitation", "known_device", "login", "passkey_challenge", "recovery_code"}
)
SECRET_COLUMNS: Final = frozenset({"password_hash", "token", "totp_secret", "totp_step"})
README: Final = (
    "tempo90: everything that is stored about one person. Every file in data/ is a table of the "
    "database as JSON; sets.csv and reps.csv hold what was measured, data-dictionary.csv what "
    "their columns mean; recordings/ holds the raw signals of the sensor (MCAP), one for each "
    "session. Times are UTC, durations seconds, angles degrees.\n\n"
    "tempo90: alles wat over een persoon is opgeslagen. Elk bestand in data/ is een tabel van de "
    "database als JSON; in sets.csv en reps.csv staat wat er gemeten is, in data-dictionary.csv "
    "wat de kolommen betekenen; recordings/ bevat de ruwe signalen van de sensor (MCAP), een per "
    "sessie. "
    "Tijden zijn UTC, duur in seconden, hoeken in graden.\n"
)


class Pipe(io.RawIOBase):
    """Where a zip is written and read away piece by piece; nothing can go back in it."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        """Say that it takes bytes."""
        return True

    def write(self, data: Any, /) -> int:
        """Hold bytes until they are taken."""
        self._held += data
        return len(data)

    def take(self) -> bytes:
        """Return what has been written since the last time."""
        taken = bytes(self._held)
        self._held.clear()
        return taken


def export_patient(db: Session, files: RecordingStore, patient_id: UUID) -> Iterator[bytes]:
    """Return everything about a patient as a zip file, piece by piece.

    Parameters
    ----------
    db : Session
        An open transaction; rows are read before the first piece is returned.
    files : RecordingStore
        Where recordings are; they are read while the pieces are taken.
    patient_id : UUID
        Whose.

    Raises
    ------
    NotFoundError
        If there is no such patient.

    """
    if db.get(PatientRow, patient_id) is None:
        raise NotFoundError(f"There is no patient {patient_id}.")
    return export_what_is_there(db, files, patient_id)


def export_what_is_there(db: Session, files: RecordingStore, patient_id: UUID) -> Iterator[bytes]:
    """Return the same zip file, also for a patient of whom nothing has been stored yet."""
    tables = {
        table.name: [_plain(row) for row in _rows(db, table, patient_id)]
        for table in tables_of_patients()
        if table.name not in NOT_EXPORTED
    }
    texts = {f"data/{name}.json": _json_text(rows) for name, rows in tables.items()}
    recordings = [
        (f"recordings/{session_id}.mcap", partial(files.read, session_id))
        for session_id in _sessions(db, patient_id)
        if files.has(session_id)
    ]
    return _zip(texts | measured_tables(tables), recordings)


def read_measured(db: Session, patient_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that the tables of sets and repetitions are made of, by table."""
    tables = (Row.metadata.tables[name] for name in MEASURED_TABLES)
    return {table.name: [_plain(row) for row in _rows(db, table, patient_id)] for table in tables}


def count_rows(db: Session, patient_id: UUID) -> dict[str, int]:
    """Return how many rows of each table are about a patient; tables without any are left out."""
    counts = {}
    for table in tables_of_patients():
        condition = rows_of(table, patient_id)
        if condition is not None:
            query = select(func.count()).select_from(table).where(condition)
            counts[table.name] = int(db.execute(query).scalar_one())
    return {name: n for name, n in counts.items() if n}


def erase_patient(db: Session, files: RecordingStore, patient_id: UUID) -> ErasureReport:
    """Remove everything about a patient; the audit log keeps that it was done, by id alone.

    Parameters
    ----------
    db : Session
        An open writing transaction. Files go last: if it fails afterwards, rows without a
        recording are left, never a recording without a row that leads to it.
    files : RecordingStore
        Where recordings are.
    patient_id : UUID
        Whose.

    Raises
    ------
    NotFoundError
        If there is no such patient.

    """
    if db.get(PatientRow, patient_id) is None:
        raise NotFoundError(f"There is no patient {patient_id}.")
    sessions = _sessions(db, patient_id)
    db.expunge_all()
    rows: dict[str, int] = {}
    for table in tables_of_patients():
        condition = rows_of(table, patient_id)
        if condition is not None:
            removed = db.execute(delete(table).where(condition))
            rows[table.name] = int(getattr(removed, "rowcount", 0))
    n_files = sum(files.remove(session_id) for session_id in sessions)
    return ErasureReport(rows={name: n for name, n in rows.items() if n}, recordings=n_files)


def _rows(db: Session, table: Table, patient_id: UUID) -> list[dict[str, Any]]:
    condition = rows_of(table, patient_id)
    assert condition is not None  # noqa: S101  # only tables of patients are asked for
    return [dict(row) for row in db.execute(select(table).where(condition)).mappings()]


def _sessions(db: Session, patient_id: UUID) -> list[UUID]:
    table = Row.metadata.tables["session"]
    return list(db.execute(select(table.c.id).where(table.c.patient_id == patient_id)).scalars())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items() if name not in SECRET_COLUMNS}


def _value(value: Any) -> Any:
    """Write what JSON has no word for: ids, moments, days, bytes."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _json_text(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _zip(
    texts: dict[str, str], recordings: Sequence[tuple[str, Callable[[], Iterator[bytes]]]]
) -> Iterator[bytes]:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", README)
        for name, text in texts.items():
            packed.writestr(name, text)
            yield pipe.take()
        for name, read in recordings:
            with packed.open(name, "w", force_zip64=True) as target:
                for piece in read():
                    target.write(piece)
                    yield pipe.take()
    yield pipe.take()
