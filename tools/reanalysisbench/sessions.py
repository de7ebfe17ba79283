"""Simulated sessions as an older engine would have left them: in a database, with recordings."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine

from analysis import ImuSamples, analyse_recording, analysis_document
from api import migrate, session_store, store, transaction
from api.schemas import PatientCreate, SessionCreate
from tracker.data_source import DataSource
from tracker.recorder import Recorder
from tracker.recording_format import RecordingHeader
from tracker.session_record import trace
from tracker.simulator import Scenario, simulate

EXERCISE = "ecc_prone_helper"
N_DIFFERENT = 4
OLD_ENGINE = "0.0.1"
FIRST_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
AT_ONCE = 50
SCENARIO = Scenario(exercise_id=EXERCISE, sets=3, reps=15, rest_s=60.0)


@dataclass(frozen=True)
class Cohort:
    """Sessions of one patient who never tires.

    Parameters
    ----------
    source : DataSource
        Where they are.
    engine : Engine
        The open database.
    session_ids : tuple of UUID
        All of them.
    length_s : float
        Of a recording, the mean.

    """

    source: DataSource
    engine: Engine
    session_ids: tuple[UUID, ...]
    length_s: float
    exercise: str = EXERCISE

    def path(self, session_id: UUID) -> Path:
        """Return where a recording is."""
        return _path(self.source.recordings_dir, session_id)

    def close(self) -> None:
        """Give the database back."""
        self.engine.dispose()


@dataclass(frozen=True)
class Model:
    """A session of which copies are stored."""

    body: SessionCreate
    recording: bytes
    length_s: float


def make_cohort(root: Path, n_sessions: int, scenario: Scenario = SCENARIO) -> Cohort:
    """Simulate some sessions and store so many copies of them."""
    source = DataSource(
        database_url=f"sqlite:///{root / 'tempo90.sqlite'}", recordings_dir=root / "recordings"
    )
    migrate(source.database_url)
    engine, patient_id = source.open_database(), uuid4()
    with transaction(engine, writes=True) as db:
        store.put_patient(db, patient_id, PatientCreate(name="Synthetic", is_synthetic=True))
    models = [
        _model(root, scenario, seed, patient_id) for seed in range(min(N_DIFFERENT, n_sessions))
    ]
    ids = tuple(_store(source, engine, models, n_sessions))
    return Cohort(source, engine, ids, sum(one.length_s for one in models) / len(models))


def _model(root: Path, scenario: Scenario, seed: int, patient_id: UUID) -> Model:
    signals = simulate(replace(scenario), seed=seed)
    samples = ImuSamples(signals.time_s, signals.acc_ms2, signals.gyr_rads)
    result = analyse_recording(samples, EXERCISE)
    t0_s = float(samples.time_s[0])
    document = analysis_document(
        result,
        exercise=EXERCISE,
        recording_format="simulated",
        side=None,
        t0_s=t0_s,
        language="en",
    )
    angle_deg = result.angle_deg
    for one, described in zip(result.sets, document["sets"], strict=True):
        described |= {"exercise": EXERCISE}
        described["trace"] = trace(samples.time_s, angle_deg, one.start_s, one.end_s)
    path = root / f"model-{seed}.mcap"
    header = RecordingHeader(
        session=str(uuid4()),
        started_at=FIRST_AT,
        anchor_s=t0_s,
        sensor="simulated",
        exercises=(EXERCISE,),
    )
    with Recorder(path, header) as recorder:
        recorder.add_samples(samples)
    body = SessionCreate.model_validate(
        {
            "patient_id": str(patient_id),
            "started_at": FIRST_AT.isoformat(),
            "exercise_sets": document["sets"],
            "engine": OLD_ENGINE,
            "sensor": {"family": "simulated"},
        }
    )
    return Model(body, path.read_bytes(), float(samples.time_s[-1]) - t0_s)


def _store(
    source: DataSource, engine: Engine, models: list[Model], n_sessions: int
) -> Iterator[UUID]:
    for first in range(0, n_sessions, AT_ONCE):
        with transaction(engine, writes=True) as db:
            for number in range(first, min(first + AT_ONCE, n_sessions)):
                model, session_id = models[number % len(models)], uuid4()
                started_at = FIRST_AT + timedelta(hours=number)
                session_store.put_session(
                    db, session_id, model.body.model_copy(update={"started_at": started_at})
                )
                digest = hashlib.sha256(model.recording).hexdigest()
                size_bytes = len(model.recording)
                store.add_recording(db, session_id, size_bytes=size_bytes, sha256=digest)
                path = _path(source.recordings_dir, session_id)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(model.recording)
                yield session_id


def _path(root: Path, session_id: UUID) -> Path:
    return root / session_id.hex[:2] / f"{session_id}.mcap"
