"""The bodies about a patient's programme: what is sent."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, ConfigDict, Field, PositiveInt, field_validator, model_validator

from analysis import AnalysisError, Programme, load_programme
from api.course_examples import (
    ADVICE_ANSWER,
    CHECK_IN,
    CORRECTION,
    DIARY,
    ENROLMENT,
    PROGRAMME_ANSWER,
    REST_DAYS,
    SELF_REPORT,
)
from api.course_models import ADVICE_KEY
from api.schemas import FIRST_DAY, LAST_DAY, Body, Day, Label, Score, Side

MAX_REST_DAYS: Final = 14
MAX_LEVEL: Final = 100
MAX_DIARY_MINUTES: Final = 24 * 60
Moment = Annotated[
    AwareDatetime,
    Field(
        ge=datetime.combine(FIRST_DAY, time.min, UTC), le=datetime.combine(LAST_DAY, time.min, UTC)
    ),
]
Level = Annotated[int, Field(ge=0, le=MAX_LEVEL)]


class EnrolmentCreate(Body):
    """The programme that a patient follows.

    `choices`: the variants chosen where the programme has several. `band`: the one that the
    patient begins with, in words. `sport_from`: the start of the
    sport phase, confirmed by a clinician; it is never computed. `accepted_levels`: steps of the
    sport days; absent leaves them as they are.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [ENROLMENT]})

    injury_episode_id: UUID
    programme: Label = "hamstring"
    start_on: Day
    time_zone: Label
    choices: list[Label] = Field(default_factory=list, max_length=50)
    band: Label | None = None
    sport: Label | None = None
    sport_from: Day | None = None
    sport_confirmed_by: Label | None = None
    accepted_levels: dict[Label, Level] | None = None

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (LookupError, ValueError, OSError) as error:
            message = f"{name!r} is no time zone; write it as Europe/Amsterdam"
            raise ValueError(message) from error
        return name

    @field_validator("programme")
    @classmethod
    def _programme_is_known(cls, name: str) -> str:
        try:
            load_programme(name)
        except AnalysisError as error:
            raise ValueError(str(error)) from error
        return name

    @model_validator(mode="after")
    def _fits_the_programme(self) -> Self:
        programme = load_programme(self.programme)
        if unknown := sorted(set(self.choices) - variants(programme)):
            raise ValueError(f"choices names no variant of this programme: {unknown}")
        if self.sport is not None and self.sport not in programme.sports:
            known = ", ".join(programme.sports) or "none"
            raise ValueError(f"sport is none of this programme; it has: {known}")
        if self.sport_from is not None and self.sport is None:
            raise ValueError("sport_from needs sport: the way back that was chosen")
        days = sport_days(programme, self.sport)
        if unknown := sorted(set(self.accepted_levels or {}) - days):
            raise ValueError(f"accepted_levels names no day of this sport: {unknown}")
        return self


class EnrolmentPublic(EnrolmentCreate):
    """The programme that a patient follows, as it is given back."""

    patient_id: UUID
    version: int
    first_training_on: date
    created_at: AwareDatetime
    changed_at: AwareDatetime


class RestDaysCreate(Body):
    """Days of rest in a row; they are no missed days, and the calendar shifts."""

    model_config = ConfigDict(json_schema_extra={"examples": [REST_DAYS]})

    from_on: Day
    days: Annotated[PositiveInt, Field(le=MAX_REST_DAYS)] = 1

    @property
    def dates(self) -> list[date]:
        """The days themselves."""
        return [self.from_on + timedelta(days=n) for n in range(self.days)]


class RestDayList(Body):
    """All days of rest that the patient took, oldest first."""

    rest_days: list[date]


class CheckInCreate(Body):
    """Pain and soreness of a day without training, or before it."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHECK_IN]})

    id: UUID
    at: Moment
    pain: Score | None = None
    soreness: Score | None = None
    warning_signs: bool | None = None
    took_anti_inflammatory: bool | None = None
    took_paracetamol: bool | None = None


class CheckInList(Body):
    """Answers about pain without training, newest first."""

    check_ins: list[CheckInCreate]


class ProgrammeAnswerCreate(Body):
    """The answer to a question of the programme; `improved`: complaints are clearly less."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROGRAMME_ANSWER]})

    id: UUID
    at: Moment
    question: Literal["warning_signs", "improved"]
    is_yes: bool


class AdviceAnswerCreate(Body):
    """What a patient did with a piece of advice. Accepting an offer carries it out."""

    model_config = ConfigDict(json_schema_extra={"examples": [ADVICE_ANSWER]})

    id: UUID
    key: Annotated[str, Field(min_length=1, max_length=ADVICE_KEY)]
    answer: Literal["seen", "accepted", "declined"]


class DiaryCreate(Body):
    """One time that the patient did sport; without `day` it stands beside the programme."""

    model_config = ConfigDict(json_schema_extra={"examples": [DIARY]})

    id: UUID
    at: Moment
    sport: Label | None = None
    day: Label | None = None
    level: Level = 0
    minutes: Annotated[int, Field(ge=0, le=MAX_DIARY_MINUTES)] | None = None
    pain_worst: Score | None = None
    is_complete: bool = True
    has_returned_complaints: bool = False
    notes: str | None = Field(default=None, max_length=5_000)


class DiaryList(Body):
    """The sport diary, newest first."""

    diary: list[DiaryCreate]


class SelfReportCreate(Body):
    """An exercise done without measuring. `session_id`: the sitting that it belongs to, if any."""

    model_config = ConfigDict(json_schema_extra={"examples": [SELF_REPORT]})

    id: UUID
    session_id: UUID | None = None
    at: Moment
    exercise: Label
    side: Side | None = None
    sets: Annotated[PositiveInt, Field(le=100)]
    reps: Annotated[int, Field(ge=0, le=1_000)] | None = None
    reason: Label | None = None


class SelfReportList(Body):
    """What was done without measuring, newest first."""

    self_reports: list[SelfReportCreate]


class CorrectionPut(Body):
    """The patient's own count of a set; it stands beside the measured one."""

    model_config = ConfigDict(json_schema_extra={"examples": [CORRECTION]})

    reps: Annotated[int, Field(ge=0, le=1_000)]


class CorrectionPublic(CorrectionPut):
    """The patient's own count, with the measured one beside it."""

    session_id: UUID
    number: int
    reps_measured: int | None = None
    corrected_at: AwareDatetime


def variants(programme: Programme) -> set[str]:
    """Return the exercises that a patient may choose between."""
    slots = (slot for block in programme.blocks for slot in block.slots)
    return {name for slot in slots if len(slot) > 1 for name in slot}


def sport_days(programme: Programme, sport: str | None) -> set[str]:
    """Return the ids of the days of a sport; none without one."""
    way = programme.sports.get(sport or "")
    return set() if way is None else set(way.days)
