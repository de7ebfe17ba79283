"""The tables. Times are UTC; every rule that the database can keep stands in the schema.

Columns named after a measure carry that measure of docs/reference/measures.md. What a newer
engine adds without a column here is kept in `extra`, so that nothing sent is lost.
"""

from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy import JSON, CheckConstraint, Index, MetaData, UniqueConstraint
from sqlmodel import Field, SQLModel

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SIDES: Final = "side IN ('left', 'right')"
LABEL: Final = 80


class Row(SQLModel):
    """Base of all tables: constraints get the same name on every database."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


def _json(*, nullable: bool = False) -> Any:
    """Return a JSON column; an absent value is SQL NULL, not the JSON text `null`."""
    default = {"default": None} if nullable else {"default_factory": dict}
    return Field(sa_type=JSON(none_as_null=True), nullable=nullable, **default)


class PatientRow(Row, table=True):
    """A person who trains. `is_synthetic`: made up by the simulator."""

    __tablename__ = "patient"
    __table_args__ = (CheckConstraint("language IN ('nl', 'en')", "language"),)

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=LABEL)
    is_synthetic: bool = False
    language: str = Field(default="nl", max_length=2)
    programme_starts_on: date | None = None
    created_at: datetime


class InjuryEpisodeRow(Row, table=True):
    """One injury of a patient; a patient may have several."""

    __tablename__ = "injury_episode"
    __table_args__ = (
        CheckConstraint(SIDES, "side"),
        CheckConstraint("cause IN ('tear', 'overload', 'back')", "cause"),
        CheckConstraint("grade BETWEEN 1 AND 3", "grade"),
        CheckConstraint("site IN ('sit_bone', 'muscle_tendon')", "site"),
        CheckConstraint("baseline_complaints BETWEEN 0 AND 10", "baseline_complaints"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    side: str = Field(max_length=5)
    cause: str | None = Field(default=None, max_length=8)
    grade: int | None = None
    site: str | None = Field(default=None, max_length=13)
    injured_on: date | None = None
    injected_on: date | None = None
    sport: str | None = Field(default=None, max_length=LABEL)
    baseline_complaints: int | None = None
    created_at: datetime


class PrescriptionRow(Row, table=True):
    """What a clinician ordered: one exercise and its targets, from a day on."""

    __tablename__ = "prescription"
    __table_args__ = (
        CheckConstraint(SIDES, "side"),
        CheckConstraint("sets >= 1", "sets"),
        CheckConstraint("reps >= 1", "reps"),
        CheckConstraint("ends_on >= starts_on", "ends_after_start"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    injury_episode_id: UUID | None = Field(default=None, foreign_key="injury_episode.id")
    exercise: str = Field(max_length=LABEL)
    side: str | None = Field(default=None, max_length=5)
    sets: int
    reps: int | None = None
    eccentric_s: float | None = None
    concentric_s: float | None = None
    hold_s: float | None = None
    rest_s: float | None = None
    peak_deg: float | None = None
    band: Any = _json(nullable=True)
    starts_on: date
    ends_on: date | None = None
    created_at: datetime


class SensorRow(Row, table=True):
    """A sensor that was used, told apart by family and address."""

    __tablename__ = "sensor"
    __table_args__ = (UniqueConstraint("family", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    family: str = Field(max_length=LABEL)
    address: str = Field(default="", max_length=LABEL)
    name: str | None = Field(default=None, max_length=LABEL)


class SessionRow(Row, table=True):
    """One sitting. What was sent never changes: `content_sha256` tells a repeat from another.

    `engine` and `catalogue` are those of the current result (`api.review.rows`).
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("pain_before BETWEEN 0 AND 10", "pain_before"),
        CheckConstraint("pain_worst BETWEEN 0 AND 10", "pain_worst"),
        CheckConstraint("soreness BETWEEN 0 AND 10", "soreness"),
        CheckConstraint("rpe BETWEEN 0 AND 10", "rpe"),
        Index(None, "started_at", "id"),
        Index(None, "patient_id", "started_at", "id"),
    )

    id: UUID = Field(primary_key=True)
    patient_id: UUID = Field(foreign_key="patient.id")
    sensor_id: int | None = Field(default=None, foreign_key="sensor.id")
    started_at: datetime
    received_at: datetime
    engine: str = Field(max_length=LABEL)
    catalogue: str | None = Field(default=None, max_length=LABEL)
    pain_before: int | None = None
    pain_worst: int | None = None
    soreness: int | None = None
    rpe: int | None = None
    warning_signs_start: bool | None = None
    warning_signs_end: bool | None = None
    took_anti_inflammatory: bool | None = None
    took_paracetamol: bool | None = None
    band_tight: bool | None = None
    notes: str | None = None
    sensor_extra: dict[str, JsonValue] = _json()
    extra: dict[str, JsonValue] = _json()
    content_sha256: str = Field(max_length=64)


class SetRow(Row, table=True):
    """One set of a session, with its quality in numbers."""

    __tablename__ = "exercise_set"
    __table_args__ = (
        CheckConstraint(SIDES, "side"),
        CheckConstraint("end_s >= start_s", "ends_after_start"),
        UniqueConstraint("session_id", "number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    session_id: UUID = Field(foreign_key="session.id", ondelete="CASCADE")
    number: int
    exercise: str = Field(max_length=LABEL)
    side: str | None = Field(default=None, max_length=5)
    band: Any = _json(nullable=True)
    start_s: float
    end_s: float
    reps: int | None = None
    reps_prescribed: int | None = None
    in_tempo: int | None = None
    accepted: int | None = None
    eccentric_mean_s: float | None = None
    eccentric_sd_s: float | None = None
    eccentric_drift_s: float | None = None
    dose_s: float | None = None
    dose_prescribed_s: float | None = None
    dose_percent: float | None = None
    peak_mean_deg: float | None = None
    peak_sd_deg: float | None = None
    rom_mean_deg: float | None = None
    sparc_mean: float | None = None
    coverage: float | None = None
    calibration_quality: float | None = None
    quality_extra: dict[str, JsonValue] = _json()
    feedback: list[Any] = _json()
    extra: dict[str, JsonValue] = _json()


class RepRow(Row, table=True):
    """One repetition; times are on the clock of the recording."""

    __tablename__ = "rep"
    __table_args__ = (CheckConstraint("end_s >= start_s", "ends_after_start"),)

    set_id: int = Field(primary_key=True, foreign_key="exercise_set.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    start_s: float
    peak_s: float | None = None
    end_s: float
    peak_deg: float | None = None
    peak_deg_u: float | None = None
    rom_deg: float | None = None
    rom_deg_u: float | None = None
    eccentric_s: float | None = None
    eccentric_s_u: float | None = None
    eccentric_moving_s: float | None = None
    pause_s: float | None = None
    concentric_s: float | None = None
    concentric_s_u: float | None = None
    hold_s: float | None = None
    hold_scored_s: float | None = None
    sparc: float | None = None
    phases: list[Any] = _json()
    flags: list[Any] = _json()
    extra: dict[str, JsonValue] = _json()


class TraceRow(Row, table=True):
    """The angle of one set over time, apart because only the page of one session needs it."""

    __tablename__ = "trace"

    set_id: int = Field(primary_key=True, foreign_key="exercise_set.id", ondelete="CASCADE")
    packed: bytes  # zlib-compressed JSON, see api.convert


class RecordingRow(Row, table=True):
    """The raw recording of a session: the file is in the recordings folder, this is its label."""

    __tablename__ = "recording"
    __table_args__ = (CheckConstraint("size_bytes >= 0", "size_bytes"),)

    session_id: UUID = Field(primary_key=True, foreign_key="session.id", ondelete="CASCADE")
    size_bytes: int
    sha256: str = Field(max_length=64)
    stored_at: datetime
