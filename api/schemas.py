"""The bodies of the HTTP interface; docs/reference/http.md shows them with examples.

What a newer engine adds to a session, a set, its quality or a repetition is kept and given back
unchanged (`extra="allow"`), so an older server loses nothing.
"""

from datetime import date
from itertools import islice
from operator import lt
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    NonNegativeInt,
    PositiveInt,
    field_validator,
    model_validator,
)

from api.course_examples import INJURY
from api.examples import PATIENT, PRESCRIPTION, SESSION

MAX_SETS: Final = 200
MAX_REPS: Final = 2_000
MAX_TRACE_POINTS: Final = 100_000
Side = Literal["left", "right"]
Language = Literal["nl", "en"]
Score = Annotated[int, Field(ge=0, le=10)]
Label = Annotated[str, Field(min_length=1, max_length=80)]
# Days of a life: what lies outside is a slip of the pen, and no calendar has to hold it.
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Count = Annotated[NonNegativeInt, Field(le=1_000_000)]


class Body(BaseModel):
    """Base of bodies whose fields are all known."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class OpenBody(BaseModel):
    """Base of bodies that carry results: unknown fields are kept."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)
    __pydantic_extra__: dict[str, JsonValue] = Field(init=False)


class Pain(Body):
    """Pain from 0 (none) to 10, before the first set and the worst during the sitting."""

    before: Score | None = None
    worst: Score | None = None


class Sensor(OpenBody):
    """The sensor that was worn; further fields (firmware, battery, rate) are kept."""

    family: Label
    address: str = Field(default="", max_length=80)
    name: Label | None = None


class PhaseBody(OpenBody):
    """One phase of a repetition."""

    kind: Label
    start_s: float
    end_s: float


class RepBody(OpenBody):
    """One repetition, as in the JSON of `tempo90 analyse`."""

    start_s: float
    peak_s: float | None = None
    end_s: float
    peak_deg: float | None = None
    peak_deg_u: float | None = None
    rom_deg: float | None = None
    rom_deg_u: float | None = None
    phases: list[PhaseBody] = Field(default_factory=list, max_length=100)
    eccentric_s: float | None = None
    eccentric_s_u: float | None = None
    eccentric_moving_s: float | None = None
    pause_s: float | None = None
    concentric_s: float | None = None
    concentric_s_u: float | None = None
    hold_s: float | None = None
    hold_scored_s: float | None = None
    sparc: float | None = None
    flags: list[Label] = Field(default_factory=list, max_length=100)

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end_s < self.start_s:
            raise ValueError("end_s is before start_s")
        return self


class QualityBody(OpenBody):
    """How a set was done, against what was prescribed."""

    reps: Count | None = None
    reps_prescribed: Count | None = None
    in_tempo: Count | None = None
    accepted: Count | None = None
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


class FeedbackBody(OpenBody):
    """One sentence of the set card: its code, and its text in the patient's language."""

    code: Label
    kind: Label | None = None
    text: str | None = Field(default=None, max_length=1_000)
    values: dict[str, int | float | str] = Field(default_factory=dict)


class Trace(Body):
    """The angle over time: seconds from the start of the set, degrees; null where it is unknown."""

    t: list[float] = Field(max_length=MAX_TRACE_POINTS)
    a: list[float | None] = Field(max_length=MAX_TRACE_POINTS)

    @model_validator(mode="after")
    def _columns_agree(self) -> Self:
        if len(self.t) != len(self.a):
            raise ValueError(f"t has {len(self.t)} values and a has {len(self.a)}")
        if not all(map(lt, self.t, islice(self.t, 1, None))):
            raise ValueError("t does not increase")
        return self


class SetBody(OpenBody):
    """One set: an entry of `sets` of the analysis JSON, with its exercise, side and band."""

    exercise: Label
    side: Side | None = None
    band: str | dict[str, JsonValue] | None = None
    start_s: float
    end_s: float
    reps: list[RepBody] = Field(default_factory=list, max_length=MAX_REPS)
    quality: QualityBody = Field(default_factory=QualityBody)
    feedback: list[FeedbackBody] = Field(default_factory=list, max_length=20)
    trace: Trace | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end_s < self.start_s:
            raise ValueError("end_s is before start_s")
        return self


class SessionCreate(OpenBody):
    """One sitting, as it is sent. Answers are from 0 to 10, or yes and no; null: not answered."""

    model_config = ConfigDict(json_schema_extra={"examples": [SESSION]})

    patient_id: UUID
    started_at: AwareDatetime
    exercise_sets: list[SetBody] = Field(max_length=MAX_SETS)
    pain: Pain | None = None
    soreness: Score | None = None
    rpe: Score | None = None
    warning_signs_start: bool | None = None
    warning_signs_end: bool | None = None
    took_anti_inflammatory: bool | None = None
    took_paracetamol: bool | None = None
    band_tight: bool | None = None
    engine: Label
    catalogue: Label | None = None
    sensor: Sensor | None = None
    notes: str | None = Field(default=None, max_length=5_000)

    @field_validator("pain", mode="before")
    @classmethod
    def _one_number_is_the_worst(cls, given: Any) -> Any:
        is_score = isinstance(given, int) and not isinstance(given, bool)
        return {"worst": given} if is_score else given

    @field_validator("sensor", mode="before")
    @classmethod
    def _a_name_alone_is_the_family(cls, given: Any) -> Any:
        return {"family": given} if isinstance(given, str) else given


class RecordingPublic(Body):
    """The raw recording that belongs to a session."""

    size_bytes: int
    sha256: str
    stored_at: AwareDatetime
    url: str


class SessionPublic(SessionCreate):
    """One sitting, as it is given back: what was sent, and what the service adds."""

    id: UUID
    url: str
    received_at: AwareDatetime
    recording: RecordingPublic | None = None


class SessionStored(Body):
    """Where a session is now: in the interface, and as a page."""

    id: UUID
    url: str
    page: str


class SetSummary(Body):
    """One line on a set."""

    number: int
    exercise: str
    side: Side | None = None
    reps: int | None = None
    reps_prescribed: int | None = None
    in_tempo: int | None = None
    eccentric_mean_s: float | None = None
    dose_s: float | None = None
    dose_prescribed_s: float | None = None


class SessionSummary(Body):
    """One line on a session."""

    id: UUID
    url: str
    patient_id: UUID
    patient_name: str
    is_synthetic: bool
    started_at: AwareDatetime
    received_at: AwareDatetime
    engine: str
    catalogue: str | None = None
    pain: Pain
    soreness: int | None = None
    has_recording: bool
    sets: list[SetSummary]


class SessionList(Body):
    """Sessions, newest first. `next`: address of the older ones; null at the end."""

    sessions: list[SessionSummary]
    next: str | None = None


class PatientCreate(Body):
    """A patient, as it is sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [PATIENT]})

    name: Label
    is_synthetic: bool = False
    language: Language = "nl"
    programme_starts_on: date | None = None


class PatientPublic(PatientCreate):
    """A patient, as it is given back. `version`: see `ETag`."""

    id: UUID
    version: int
    url: str
    created_at: AwareDatetime


class PatientList(Body):
    """All patients, by name."""

    patients: list[PatientPublic]


class InjuryEpisodeCreate(Body):
    """One injury of a patient. `sport`: what the patient wants to go back to, in their words."""

    model_config = ConfigDict(json_schema_extra={"examples": [INJURY]})

    side: Side
    cause: Literal["tear", "overload", "back"] | None = None
    grade: Annotated[int, Field(ge=1, le=3)] | None = None
    site: Literal["sit_bone", "muscle_tendon"] | None = None
    injured_on: Day | None = None
    injected_on: Day | None = None
    sport: Label | None = None
    baseline_complaints: Score | None = None


class InjuryEpisodePublic(InjuryEpisodeCreate):
    """One injury of a patient, as it is given back."""

    id: UUID
    version: int
    patient_id: UUID
    created_at: AwareDatetime


class InjuryEpisodeList(Body):
    """The injuries of one patient, newest first."""

    injury_episodes: list[InjuryEpisodePublic]


Target = Annotated[float, Field(gt=0, le=3_600)]


class OrderCreate(Body):
    """One exercise as it was ordered; a target that is absent is that of the catalogue.

    `side`: both stands for each leg in turn. A tolerance is how far from its target still is on
    target, either way. `is_left_out`: not trained, though the programme has it. `is_added`: also
    in weeks in which the programme has not got it.
    """

    injury_episode_id: UUID | None = None
    exercise: Label
    side: Literal["left", "right", "both"] | None = None
    sets: Annotated[PositiveInt, Field(le=100)]
    reps: Annotated[PositiveInt, Field(le=1_000)] | None = None
    eccentric_s: Target | None = None
    concentric_s: Target | None = None
    hold_s: Target | None = None
    rest_s: Target | None = None
    peak_deg: Annotated[float, Field(gt=0, le=180)] | None = None
    tempo_tolerance_s: Annotated[float, Field(gt=0, le=60)] | None = None
    peak_tolerance_deg: Annotated[float, Field(gt=0, le=90)] | None = None
    is_left_out: bool = False
    is_added: bool = False
    band: str | dict[str, JsonValue] | None = None
    starts_on: date
    ends_on: date | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("ends_on is before starts_on")
        return self


class PrescriptionCreate(OrderCreate):
    """What a clinician ordered: one exercise, added to what stands for a patient."""

    model_config = ConfigDict(json_schema_extra={"examples": [PRESCRIPTION]})

    patient_id: UUID


class PrescriptionPublic(PrescriptionCreate):
    """A prescription, as it is given back.

    `version`: that of the patient's whole prescription in which it first stood; `is_standing`:
    whether it is part of the latest one.
    """

    id: UUID
    url: str
    created_at: AwareDatetime
    version: int
    is_standing: bool


class PrescriptionList(Body):
    """Prescriptions, newest first."""

    prescriptions: list[PrescriptionPublic]
