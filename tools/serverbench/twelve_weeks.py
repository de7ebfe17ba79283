"""What a patient of twelve weeks costs, twice a day: bytes, rows, processor time.

Every session is what the engine made of one simulated one (three sets of fifteen repetitions and
the rest between them, at 100 Hz), stored by the product's own functions.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Engine

from analysis import ImuSamples, analyse_recording, load_catalogue
from api import open_engine, session_store, transaction
from api.models import Row
from api.needs.keeping import bring_up
from serverbench.clinic import real_session
from serverbench.crowd import BEGINS, Sender, gather_crowd
from tracker.demo.people import REPS, REST_S, SETS
from tracker.recorder import Recorder, RecordingHeader
from tracker.simulator import Scenario, simulate

EXERCISE: Final = "ecc_prone_helper"
SESSIONS: Final = 168  # 84 days, twice
PATIENTS: Final = 3
PIECE: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What one patient of twelve weeks leaves and costs."""

    rows: int
    database_mb: float
    recordings_mb: float
    session_s: float
    upload_s: float
    analysis_s: float

    @property
    def mb_per_session(self) -> float:
        """Bytes of one session, database and recording together."""
        return (self.database_mb + self.recordings_mb) / SESSIONS

    @property
    def gb_per_year(self) -> float:
        """Bytes of a year of training twice a day."""
        return self.mb_per_session * 2 * 365 / 1_000


def measure_patient(url: str) -> Patient:
    """Store patients of twelve weeks in a database, and return what one of them costs."""
    crowd = gather_crowd(url, PATIENTS)
    engine = open_engine(url)
    rows, size = _rows(engine), _size_bytes(engine)
    began = time.process_time()
    _store(engine, crowd)
    upload_s = (time.process_time() - began) / PATIENTS
    rows, size = _rows(engine) - rows, _size_bytes(engine) - size
    engine.dispose()
    recording_bytes, session_s, analysis_s = _recording()
    return Patient(
        rows=rows // PATIENTS,
        database_mb=size / PATIENTS / 1e6,
        recordings_mb=recording_bytes * SESSIONS / 1e6,
        session_s=session_s,
        upload_s=upload_s,
        analysis_s=analysis_s * SESSIONS,
    )


def _store(engine: Engine, crowd: Sequence[Sender]) -> None:
    template = real_session()
    for sender in crowd:
        for number in range(SESSIONS):
            at = BEGINS + number * timedelta(hours=12)
            body = template.model_copy(update={"patient_id": sender.patient_id, "started_at": at})
            with transaction(engine, writes=True, is_serial=False) as db:
                session_store.put_session(db, uuid4(), body)
                bring_up(db, sender.patient_id, now=at)


def _recording() -> tuple[int, float, float]:
    """Return the bytes of a session's recording, its duration and what its analysis takes."""
    made = simulate(Scenario(exercise_id=EXERCISE, sets=SETS, reps=REPS, rest_s=REST_S), seed=1)
    samples = ImuSamples(made.time_s, made.acc_ms2, made.gyr_rads)
    exercise = load_catalogue()[EXERCISE]
    analyse_recording(samples, exercise)
    began = time.process_time()
    analyse_recording(samples, exercise)
    analysis_s = time.process_time() - began
    with TemporaryDirectory() as folder:
        path = Path(folder) / "session.mcap"
        header = RecordingHeader(
            session=str(UUID(int=1)),
            started_at=datetime(2026, 5, 12, tzinfo=UTC),
            anchor_s=float(samples.time_s[0]),
            sensor="simulated",
            exercises=(EXERCISE,),
            settings={},
        )
        with Recorder(path, header) as recorder:
            for first in range(0, len(samples.time_s), PIECE):
                piece = slice(first, first + PIECE)
                recorder.add_samples(
                    ImuSamples(
                        samples.time_s[piece], samples.acc_ms2[piece], samples.gyr_rads[piece]
                    )
                )
        return path.stat().st_size, float(made.time_s[-1] - made.time_s[0]), analysis_s


def _rows(engine: Engine) -> int:
    with engine.connect() as db:
        return sum(
            db.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()  # noqa: S608  # ours
            for name in Row.metadata.tables
        )


def _size_bytes(engine: Engine) -> int:
    with engine.connect() as db:
        if engine.dialect.name == "postgresql":
            tables = ", ".join(f"('{name}')" for name in Row.metadata.tables)
            query = f"SELECT sum(pg_total_relation_size(name)) FROM (VALUES {tables}) t (name)"  # noqa: S608
            return int(db.exec_driver_sql(query).scalar_one())
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * db.exec_driver_sql("PRAGMA page_size").scalar_one())
