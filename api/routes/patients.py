"""Patients and their injuries."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from api import store
from api.deps import Db
from api.problems import RESPONSES
from api.schemas import (
    InjuryEpisodeCreate,
    InjuryEpisodeList,
    InjuryEpisodePublic,
    PatientCreate,
    PatientList,
    PatientPublic,
)
from api.versions import IfMatch, tag

router = APIRouter(prefix="/patients", tags=["patients"], responses=RESPONSES)
CREATED: Final[dict[int | str, dict[str, Any]]] = {201: {"description": "Stored as new."}}


@router.get("")
def get_patients(db: Db) -> PatientList:
    """List all patients by name."""
    return PatientList(patients=store.list_patients(db))


@router.put("/{patient_id}", responses=CREATED)
def put_patient(
    patient_id: UUID, body: PatientCreate, db: Db, response: Response, wanted: IfMatch
) -> PatientPublic:
    """Store a patient under an id of the client's making, or change the stored one."""
    patient, is_new = store.put_patient(db, patient_id, body, wanted=wanted)
    tag(response, patient.version)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return patient


@router.get("/{patient_id}")
def get_patient(patient_id: UUID, db: Db, response: Response) -> PatientPublic:
    """Return one patient."""
    patient = store.get_patient(db, patient_id)
    tag(response, patient.version)
    return patient


@router.put("/{patient_id}/injury-episodes/{episode_id}", responses=CREATED)
def put_injury_episode(
    patient_id: UUID,
    episode_id: UUID,
    body: InjuryEpisodeCreate,
    db: Db,
    response: Response,
    *,
    wanted: IfMatch,
) -> InjuryEpisodePublic:
    """Store an injury under an id of the client's making, or change the stored one."""
    episode, is_new = store.put_injury_episode(db, patient_id, episode_id, body, wanted=wanted)
    tag(response, episode.version)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return episode


@router.get("/{patient_id}/injury-episodes")
def get_injury_episodes(patient_id: UUID, db: Db) -> InjuryEpisodeList:
    """List the injuries of a patient, newest first."""
    return InjuryEpisodeList(injury_episodes=store.list_injury_episodes(db, patient_id))
