"""Totals of questionnaires (PROMs), entered by date; which there are stands in the TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, model_validator
from sqlmodel import Session, col, select

from api.access import Identity
from api.care.rows import QuestionnaireTotalRow
from api.course_reading import check_patient
from api.errors import ContentConflictError, NotFoundError
from api.models import InjuryEpisodeRow
from api.schemas import Body, Day

LANGUAGES: Final = ("en", "nl")
EXAMPLE: Final[dict[str, JsonValue]] = {
    "instrument": "lefs",
    "total": 52,
    "measured_on": "2026-05-12",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """One instrument: totals go from 0 to `most`."""

    id: str
    name: str
    most: int
    is_higher_better: bool
    texts: Mapping[str, str]


@cache
def load_questionnaires() -> Mapping[str, Questionnaire]:
    """Read the instruments whose totals may be entered."""
    text = resources.files("api.care").joinpath("questionnaires.toml").read_text("utf-8")
    return {
        name: Questionnaire(
            id=name,
            name=entry["name"],
            most=entry["most"],
            is_higher_better=entry["is_higher_better"],
            texts={language: entry[language] for language in LANGUAGES},
        )
        for name, entry in tomllib.loads(text).items()
    }


class QuestionnaireTotalPut(Body):
    """The total of a questionnaire on a day; its range is that of the instrument."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    instrument: Literal["fash", "visa_h", "lefs", "psk"]
    total: Annotated[int, Field(ge=0)]
    measured_on: Day
    injury_episode_id: UUID | None = None

    @model_validator(mode="after")
    def _is_in_range(self) -> Self:
        known = load_questionnaires()[self.instrument]
        if self.total > known.most:
            raise ValueError(f"a total of {known.name} is at most {known.most}")
        return self


class QuestionnaireTotalPublic(QuestionnaireTotalPut):
    """The total of a questionnaire, as it is given back."""

    id: UUID
    entered_by: str
    entered_at: AwareDatetime


class QuestionnaireTotalList(Body):
    """The totals of a patient, oldest first."""

    questionnaire_totals: list[QuestionnaireTotalPublic]


def put_total(
    db: Session,
    who: Identity,
    patient_id: UUID,
    total_id: UUID,
    body: QuestionnaireTotalPut,
    *,
    now: datetime,
) -> bool:
    """Store a total or change the stored one; True when it is new.

    Raises
    ------
    ContentConflictError
        If the id is another patient's, or the day has a total of this instrument already.

    """
    check_patient(db, patient_id)
    if body.injury_episode_id is not None:
        episode = db.get(InjuryEpisodeRow, body.injury_episode_id)
        if episode is None or episode.patient_id != patient_id:
            raise NotFoundError(f"This patient has no injury {body.injury_episode_id}.")
    row = db.get(QuestionnaireTotalRow, total_id)
    if row is not None and row.patient_id != patient_id:
        raise ContentConflictError(f"Total {total_id} is stored with another patient.")
    same_day = db.exec(
        select(QuestionnaireTotalRow).where(
            QuestionnaireTotalRow.patient_id == patient_id,
            QuestionnaireTotalRow.instrument == body.instrument,
            QuestionnaireTotalRow.measured_on == body.measured_on,
            QuestionnaireTotalRow.id != total_id,
        )
    ).first()
    if same_day is not None:
        raise ContentConflictError(
            f"{body.measured_on} has a total of {body.instrument} already; change or remove that."
        )
    is_new = row is None
    entered = {**body.model_dump(), "entered_by": who.name, "entered_at": now}
    if row is None:
        row = QuestionnaireTotalRow(id=total_id, patient_id=patient_id, **entered)
    else:
        row.sqlmodel_update(entered)
    db.add(row)
    db.flush()
    return is_new


def list_totals(db: Session, patient_id: UUID) -> list[QuestionnaireTotalPublic]:
    """Return the totals of a patient, oldest first."""
    check_patient(db, patient_id)
    query = (
        select(QuestionnaireTotalRow)
        .where(QuestionnaireTotalRow.patient_id == patient_id)
        .order_by(col(QuestionnaireTotalRow.measured_on), col(QuestionnaireTotalRow.instrument))
    )
    names = set(QuestionnaireTotalPublic.model_fields)
    return [
        QuestionnaireTotalPublic.model_validate(row.model_dump(include=names))
        for row in db.exec(query)
    ]


def remove_total(db: Session, patient_id: UUID, total_id: UUID) -> None:
    """Take a total back; it is no error if there was none."""
    check_patient(db, patient_id)
    row = db.get(QuestionnaireTotalRow, total_id)
    if row is not None and row.patient_id == patient_id:
        db.delete(row)
        db.flush()


def same_day_total(db: Session, patient_id: UUID, instrument: str, on: date) -> UUID | None:
    """Return the id of the total of a day, so that a form corrects it instead of refusing."""
    query = select(QuestionnaireTotalRow.id).where(
        QuestionnaireTotalRow.patient_id == patient_id,
        QuestionnaireTotalRow.instrument == instrument,
        QuestionnaireTotalRow.measured_on == on,
    )
    return db.exec(query).first()
