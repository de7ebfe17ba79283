"""What a patient tells about the programme; each may be sent again, and is stored once."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Response

from api import course_reading as reading
from api import course_store as store
from api.course_schemas import (
    CheckInCreate,
    CheckInList,
    CorrectionPublic,
    CorrectionPut,
    DiaryCreate,
    DiaryList,
    ProgrammeAnswerCreate,
    RestDayList,
    RestDaysCreate,
    SelfReportCreate,
    SelfReportList,
)
from api.deps import AddingDb, Db, Now
from api.problems import RESPONSES
from api.schemas import MAX_SETS, Day

router = APIRouter(tags=["programme"], responses=RESPONSES)
PATIENT: Final = "/patients/{patient_id}"
SET: Final = "/sessions/{session_id}/sets/{number}/correction"
SetNumber = Annotated[int, Path(ge=1, le=MAX_SETS)]
GONE: Final = HTTPStatus.NO_CONTENT
REPEATED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The same was stored before."}
}


@router.post(f"{PATIENT}/rest-days")
def post_rest_days(patient_id: UUID, body: RestDaysCreate, db: Db, now: Now) -> RestDayList:
    """Take days of rest; those that were taken before stay as they are."""
    store.take_rest_days(db, patient_id, body, now=now)
    return RestDayList(rest_days=reading.list_rest_days(db, patient_id))


@router.get(f"{PATIENT}/rest-days")
def get_rest_days(patient_id: UUID, db: Db) -> RestDayList:
    """List the days of rest, oldest first."""
    reading.check_patient(db, patient_id)
    return RestDayList(rest_days=reading.list_rest_days(db, patient_id))


@router.delete(f"{PATIENT}/rest-days/{{rest_on}}", status_code=GONE)
def delete_rest_day(patient_id: UUID, rest_on: Day, db: Db) -> None:
    """Take a day of rest back."""
    store.delete_rest_day(db, patient_id, rest_on)


@router.post(f"{PATIENT}/check-ins", status_code=HTTPStatus.CREATED, responses=REPEATED)
def post_check_in(
    patient_id: UUID, body: CheckInCreate, db: AddingDb, now: Now, response: Response
) -> CheckInCreate:
    """Store answers about pain of a day without training, or before it."""
    _say(response, is_new=store.add_check_in(db, patient_id, body, now=now))
    return body


@router.get(f"{PATIENT}/check-ins")
def get_check_ins(patient_id: UUID, db: Db) -> CheckInList:
    """List the answers about pain without training, newest first."""
    return CheckInList(check_ins=reading.list_check_ins(db, patient_id))


@router.delete(f"{PATIENT}/check-ins/{{check_in_id}}", status_code=GONE)
def delete_check_in(patient_id: UUID, check_in_id: UUID, db: Db) -> None:
    """Take answers about pain back."""
    store.delete_check_in(db, patient_id, check_in_id)


@router.post(f"{PATIENT}/answers", status_code=HTTPStatus.CREATED, responses=REPEATED)
def post_answer(
    patient_id: UUID, body: ProgrammeAnswerCreate, db: AddingDb, now: Now, response: Response
) -> ProgrammeAnswerCreate:
    """Store the answer to a question of the programme."""
    _say(response, is_new=store.add_answer(db, patient_id, body, now=now))
    return body


@router.post(f"{PATIENT}/diary", status_code=HTTPStatus.CREATED, responses=REPEATED)
def post_diary(
    patient_id: UUID, body: DiaryCreate, db: AddingDb, now: Now, response: Response
) -> DiaryCreate:
    """Store a line of the sport diary."""
    _say(response, is_new=store.add_diary(db, patient_id, body, now=now))
    return body


@router.get(f"{PATIENT}/diary")
def get_diary(patient_id: UUID, db: Db) -> DiaryList:
    """List the sport diary, newest first."""
    return DiaryList(diary=reading.list_diary(db, patient_id))


@router.delete(f"{PATIENT}/diary/{{entry_id}}", status_code=GONE)
def delete_diary(patient_id: UUID, entry_id: UUID, db: Db) -> None:
    """Take a line of the sport diary back."""
    store.delete_diary(db, patient_id, entry_id)


@router.post(f"{PATIENT}/self-reports", status_code=HTTPStatus.CREATED, responses=REPEATED)
def post_self_report(
    patient_id: UUID, body: SelfReportCreate, db: AddingDb, now: Now, response: Response
) -> SelfReportCreate:
    """Store an exercise that was done without measuring."""
    _say(response, is_new=store.add_self_report(db, patient_id, body, now=now))
    return body


@router.get(f"{PATIENT}/self-reports")
def get_self_reports(patient_id: UUID, db: Db) -> SelfReportList:
    """List what was done without measuring, newest first."""
    return SelfReportList(self_reports=reading.list_self_reports(db, patient_id))


@router.delete(f"{PATIENT}/self-reports/{{report_id}}", status_code=GONE)
def delete_self_report(patient_id: UUID, report_id: UUID, db: Db) -> None:
    """Take back what was told."""
    store.delete_self_report(db, patient_id, report_id)


@router.put(SET)
def put_correction(
    session_id: UUID, number: SetNumber, body: CorrectionPut, db: Db, now: Now
) -> CorrectionPublic:
    """Store the patient's own count of a set; the measured one stays beside it."""
    return store.put_correction(db, session_id, number, body, now=now)


@router.delete(SET, status_code=GONE)
def delete_correction(session_id: UUID, number: SetNumber, db: Db) -> None:
    """Take the patient's own count back."""
    store.delete_correction(db, session_id, number)


def _say(response: Response, *, is_new: bool) -> None:
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
