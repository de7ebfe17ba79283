"""The programme that a patient follows, on its way over a link; it may be begun on either side.

Each side tells it whole. Who changes it also says, by a digest, instead of what: so nobody
overwrites what they did not know of. Where both sides changed it, the clinic's stands.
"""

import hashlib
import json
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import ConfigDict, Field
from sqlmodel import Session

from analysis import load_programme
from api import course_reading as reading
from api import course_store, store
from api.course import enrolment_of
from api.course_schemas import EnrolmentCreate, RestDaysCreate, sport_days
from api.errors import ContentConflictError, ProgrammeChangedError
from api.linking.examples import PROGRAMME_FROM_HOME
from api.schemas import Body, Day, InjuryEpisodeCreate
from api.sport_phase import BY_PATIENT_FOR_CLINICIAN, OWN_STATEMENTS

NOTHING: Final = ""  # in place of a digest: there was no programme
MAX_REST_DAYS: Final = 1_000


class InjuryTold(InjuryEpisodeCreate):
    """An injury with its id, which is the same on both sides."""

    id: UUID


class ProgrammeTold(Body):
    """The programme that a patient follows, whole; `rest_days` in order."""

    injury: InjuryTold
    enrolment: EnrolmentCreate
    rest_days: Annotated[list[Day], Field(max_length=MAX_REST_DAYS)]

    @property
    def digest(self) -> str:
        """SHA-256 of what it says."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


class ProgrammeFromHome(Body):
    """A programme that was begun or changed on a patient's own computer.

    `instead_of`: the digest of the one that the clinic was known to have; empty for none.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [PROGRAMME_FROM_HOME]})

    told: ProgrammeTold
    instead_of: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = NOTHING


def tell_programme(db: Session, patient_id: UUID) -> ProgrammeTold | None:
    """Return the programme that a patient follows; None without one."""
    if reading.find_enrolment(db, patient_id) is None:
        return None
    row, injury, levels = reading.get_enrolment(db, patient_id)
    accepted = enrolment_of(row, injury, levels).accepted_levels
    of_sport = _sport_days(row.programme, row.sport)  # another sport may have been chosen since
    names = set(EnrolmentCreate.model_fields) - {"accepted_levels"}
    return ProgrammeTold(
        injury=InjuryTold.model_validate(injury.model_dump(include=set(InjuryTold.model_fields))),
        enrolment=EnrolmentCreate.model_validate(
            row.model_dump(include=names)
            | {
                "accepted_levels": {
                    day: level for day, level in accepted.items() if level and day in of_sport
                }
            }
        ),
        rest_days=sorted(reading.list_rest_days(db, patient_id)),
    )


def keep_programme(
    db: Session, patient_id: UUID, told: ProgrammeTold, *, now: datetime
) -> ProgrammeTold:
    """Let a patient follow what the other side told; another programme ends.

    Raises
    ------
    ContentConflictError
        If the injury's id is taken, or the programme is not for it.

    """
    if told.enrolment.injury_episode_id != told.injury.id:
        raise ContentConflictError("The programme is not for the injury that came with it.")
    injury = InjuryEpisodeCreate.model_validate(told.injury.model_dump(exclude={"id"}))
    store.put_injury_episode(db, patient_id, told.injury.id, injury)
    levels = dict.fromkeys(_sport_days(told.enrolment.programme, told.enrolment.sport), 0)
    levels |= told.enrolment.accepted_levels or {}
    enrolment = told.enrolment.model_copy(update={"accepted_levels": levels})
    course_store.put_enrolment(db, patient_id, enrolment, now=now)
    taken = set(reading.list_rest_days(db, patient_id))
    for rest_on in taken - set(told.rest_days):
        course_store.delete_rest_day(db, patient_id, rest_on)
    for rest_on in set(told.rest_days) - taken:
        course_store.take_rest_days(db, patient_id, RestDaysCreate(from_on=rest_on), now=now)
    kept = tell_programme(db, patient_id)
    assert kept is not None  # noqa: S101 (it was stored above)
    return kept


def take_from_home(
    db: Session, patient_id: UUID, body: ProgrammeFromHome, *, now: datetime
) -> ProgrammeTold:
    """Keep, at the clinic, what a patient's own computer tells; a repeat changes nothing.

    Raises
    ------
    ProgrammeChangedError
        If the clinic has another one than the computer knew of.

    """
    reading.check_patient(db, patient_id)
    current = tell_programme(db, patient_id)
    if current is not None and current.digest == body.told.digest:
        return current
    if current is not None and current.digest != body.instead_of:
        raise ProgrammeChangedError("The clinic has another programme for this patient: read it.")
    return keep_programme(db, patient_id, _as_own_statement(body.told, current), now=now)


def _sport_days(programme: str, sport: str | None) -> set[str]:
    return sport_days(load_programme(programme), sport)


def _as_own_statement(told: ProgrammeTold, current: ProgrammeTold | None) -> ProgrammeTold:
    """Take a confirmation of sport that the clinic does not know for the patient's own word."""
    known = None if current is None else current.enrolment.sport_confirmed_by
    if told.enrolment.sport_confirmed_by in {None, known, *OWN_STATEMENTS}:
        return told
    stated = told.enrolment.model_copy(update={"sport_confirmed_by": BY_PATIENT_FOR_CLINICIAN})
    return told.model_copy(update={"enrolment": stated})
