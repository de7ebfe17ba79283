"""What a clinician does, for programs: the list by need and what is added to a record."""

from datetime import datetime, time
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from api import course_reading as reading
from api.care import extra_weeks, questionnaires, writing
from api.care.questionnaires import QuestionnaireTotalList, QuestionnaireTotalPut
from api.care.schemas import ExtraWeekList, ExtraWeekPublic
from api.care.writing import MessageList, NoteList, WritingCreate
from api.convert import API
from api.deps import Db, Now, Who
from api.needs import listing, marks
from api.needs.keeping import read_thresholds
from api.needs.listing import LONGEST_SEARCH, MAX_PAGE, Show, Wanted
from api.needs.rules import load_rules
from api.needs.schemas import (
    NeedCounts,
    NeedList,
    NeedMarkCreate,
    NeedMarkPublic,
    ThresholdsPublic,
    need_patient,
)
from api.pages import Pages
from api.pages.needs_view import reasons_of
from api.problems import RESPONSES
from api.settings import ApiSettings
from api.today_schemas import Words
from api.zones import usual_zone

router = APIRouter(tags=["clinic"], responses=RESPONSES)
PATIENT: Final = "/patients/{patient_id}"
GONE: Final = HTTPStatus.NO_CONTENT
CREATED: Final = HTTPStatus.CREATED
MORNING: Final = time(6)
REPEATED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The same was stored before."}
}
NEW: Final[dict[int | str, dict[str, Any]]] = {201: {"description": "Stored as new."}}
Search = Annotated[str, Query(max_length=LONGEST_SEARCH)]
Page = Annotated[int, Query(ge=1, le=MAX_PAGE)]


@router.get("/clinic/patients")
def get_needs(
    request: Request,
    db: Db,
    now: Now,
    who: Who,
    *,
    show: Show = Show.ALL,
    reason: str | None = None,
    q: Search = "",
    page: Page = 1,
) -> NeedList:
    """List the patients of who asks by need, the most urgent reason first."""
    pages: Pages = request.app.state.pages
    wanted = Wanted(show=show, reason=reason, search=q.strip(), page=page)
    found, has_more = listing.list_by_need(db, who, wanted, now=now)
    spoken = {code: pages.speak(code) for code in ("en", "nl")}
    patients = []
    for one in found:
        said = [{r.code: r.words for r in reasons_of(one, spoken[code])} for code in ("en", "nl")]
        words = {code: Words(en=said[0][code], nl=said[1][code]) for code in said[0]}
        patients.append(need_patient(one, words))
    given = {"show": show.value, "reason": reason, "q": q or None, "page": page + 1}
    query = urlencode({name: value for name, value in given.items() if value is not None})
    return NeedList(
        counts=NeedCounts.of(listing.count(db, who, now=now)),
        patients=patients,
        next=f"{API}/clinic/patients?{query}" if has_more else None,
    )


@router.get("/clinic/thresholds")
def get_thresholds(db: Db) -> ThresholdsPublic:
    """Return from when on somebody needs attention in this clinic."""
    return ThresholdsPublic(thresholds=load_rules().limits(read_thresholds(db)))


@router.post(f"{PATIENT}/need-marks", status_code=CREATED)
def post_need_mark(
    request: Request, patient_id: UUID, body: NeedMarkCreate, *, db: Db, now: Now, who: Who
) -> NeedMarkPublic:
    """Keep that a patient of the list was seen, handled or snoozed."""
    reading.check_patient(db, patient_id)
    settings: ApiSettings = request.app.state.settings
    zone = ZoneInfo(usual_zone(settings))
    until = None if body.until is None else datetime.combine(body.until, MORNING, zone)
    mark_id = marks.add_mark(db, who, patient_id, body.kind, now=now, until=until, note=body.note)
    return NeedMarkPublic(id=mark_id)


@router.delete(f"{PATIENT}/need-marks/{{mark_id}}", status_code=GONE)
def delete_need_mark(patient_id: UUID, mark_id: UUID, db: Db, now: Now, who: Who) -> None:
    """Take a mark back."""
    marks.undo_mark(db, who, patient_id, mark_id, now=now)


@router.get(f"{PATIENT}/notes")
def get_notes(patient_id: UUID, db: Db, who: Who) -> NoteList:
    """List the notes about a patient, newest first."""
    return NoteList(notes=writing.list_notes(db, who, patient_id))


@router.post(f"{PATIENT}/notes", status_code=CREATED, responses=REPEATED)
def post_note(
    patient_id: UUID, body: WritingCreate, *, db: Db, now: Now, who: Who, response: Response
) -> NoteList:
    """Store a note about a patient; gives all of them."""
    is_new = writing.add_note(db, who, patient_id, body, now=now)
    response.status_code = CREATED if is_new else HTTPStatus.OK
    return NoteList(notes=writing.list_notes(db, who, patient_id))


@router.delete(f"{PATIENT}/notes/{{note_id}}", status_code=GONE)
def delete_note(patient_id: UUID, note_id: UUID, db: Db, now: Now, who: Who) -> None:
    """Take a note of one's own back."""
    writing.remove_note(db, who, patient_id, note_id, now=now)


@router.get(f"{PATIENT}/messages")
def get_messages(patient_id: UUID, db: Db, who: Who) -> MessageList:
    """List the messages to a patient, newest first."""
    reading.check_patient(db, patient_id)
    return MessageList(messages=writing.list_messages(db, who, patient_id))


@router.post(f"{PATIENT}/messages", status_code=CREATED, responses=REPEATED)
def post_message(
    patient_id: UUID, body: WritingCreate, *, db: Db, now: Now, who: Who, response: Response
) -> MessageList:
    """Send a patient a message; gives all of them."""
    is_new = writing.add_message(db, who, patient_id, body, now=now)
    response.status_code = CREATED if is_new else HTTPStatus.OK
    return MessageList(messages=writing.list_messages(db, who, patient_id))


@router.delete(f"{PATIENT}/messages/{{message_id}}", status_code=GONE)
def delete_message(patient_id: UUID, message_id: UUID, db: Db, now: Now, who: Who) -> None:
    """Take a message of one's own back."""
    writing.withdraw_message(db, who, patient_id, message_id, now=now)


@router.put(f"{PATIENT}/messages/{{message_id}}/seen", status_code=GONE)
def put_message_seen(patient_id: UUID, message_id: UUID, db: Db, now: Now) -> None:
    """Keep that the patient has seen a message."""
    writing.see_message(db, patient_id, message_id, now=now)


@router.get(f"{PATIENT}/questionnaire-totals")
def get_totals(patient_id: UUID, db: Db) -> QuestionnaireTotalList:
    """List the totals of questionnaires, oldest first."""
    return QuestionnaireTotalList(questionnaire_totals=questionnaires.list_totals(db, patient_id))


@router.put(f"{PATIENT}/questionnaire-totals/{{total_id}}", responses=NEW)
def put_total(
    patient_id: UUID,
    total_id: UUID,
    body: QuestionnaireTotalPut,
    *,
    db: Db,
    now: Now,
    who: Who,
    response: Response,
) -> QuestionnaireTotalList:
    """Store a total, or change the stored one; gives all of them."""
    is_new = questionnaires.put_total(db, who, patient_id, total_id, body, now=now)
    response.status_code = CREATED if is_new else HTTPStatus.OK
    return QuestionnaireTotalList(questionnaire_totals=questionnaires.list_totals(db, patient_id))


@router.delete(f"{PATIENT}/questionnaire-totals/{{total_id}}", status_code=GONE)
def delete_total(patient_id: UUID, total_id: UUID, db: Db) -> None:
    """Take a total back."""
    questionnaires.remove_total(db, patient_id, total_id)


@router.get(f"{PATIENT}/extra-weeks")
def get_extra_weeks(patient_id: UUID, db: Db) -> ExtraWeekList:
    """List the weeks by which blocks of the programme were made longer, oldest first."""
    enrolment, _, _ = reading.get_enrolment(db, patient_id)
    rows = reading.list_extra_weeks(db, enrolment.injury_episode_id)
    names = set(ExtraWeekPublic.model_fields)
    return ExtraWeekList(
        extra_weeks=[ExtraWeekPublic.model_validate(row.model_dump(include=names)) for row in rows]
    )


@router.post(f"{PATIENT}/extra-weeks", status_code=CREATED)
def post_extra_week(patient_id: UUID, db: Db, now: Now, who: Who) -> ExtraWeekList:
    """Let a patient stay a week longer in the block of today; gives all such weeks."""
    extra_weeks.stay_a_week(db, who, patient_id, now=now)
    return get_extra_weeks(patient_id, db)


@router.delete(f"{PATIENT}/extra-weeks/{{week_id}}", status_code=GONE)
def delete_extra_week(patient_id: UUID, week_id: UUID, db: Db, now: Now) -> None:
    """Take such a week back."""
    extra_weeks.take_week_back(db, patient_id, week_id, now=now)
