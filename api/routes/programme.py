"""The programme that a patient follows, and what it says of a day."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from analysis import first_training_date, load_programme
from api import course_reading as reading
from api import course_store as store
from api import offers
from api.course import Course, enrolment_of
from api.course_schemas import AdviceAnswerCreate, EnrolmentCreate, EnrolmentPublic, sport_days
from api.deps import Db, Now
from api.errors import BadSpanError, NotEnrolledError
from api.problems import RESPONSES
from api.routes.patients import CREATED
from api.routes.programme_records import GONE, REPEATED
from api.schemas import Day
from api.today import calendar, today_public, whole_programme
from api.today_schemas import CalendarPublic, TodayPublic
from api.versions import IfMatch, tag

router = APIRouter(prefix="/patients/{patient_id}", tags=["programme"], responses=RESPONSES)
MAX_DAYS: Final = 400
From = Annotated[Day | None, Query(alias="from", description="Default: the programme's first.")]
To = Annotated[Day | None, Query(description="Included; default: the programme's last.")]


@router.get("/enrolment")
def get_enrolment(patient_id: UUID, db: Db, response: Response) -> EnrolmentPublic:
    """Return the programme that a patient follows."""
    found = _enrolment(db, patient_id)
    tag(response, found.version)
    return found


@router.put("/enrolment", responses=CREATED)
def put_enrolment(
    patient_id: UUID,
    body: EnrolmentCreate,
    db: Db,
    now: Now,
    *,
    response: Response,
    wanted: IfMatch,
) -> EnrolmentPublic:
    """Enrol a patient for an injury, or change that enrolment; one for another injury ends."""
    is_new = store.put_enrolment(db, patient_id, body, now=now, wanted=wanted)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    found = _enrolment(db, patient_id)
    tag(response, found.version)
    return found


@router.get("/today")
def get_today(patient_id: UUID, db: Db, now: Now) -> TodayPublic:
    """Return the plan of today: due, done, left, and what the programme has to say."""
    return today_public(_course(db, patient_id, now), now)


@router.get("/calendar")
def get_calendar(
    patient_id: UUID, db: Db, now: Now, from_on: From = None, to: To = None
) -> CalendarPublic:
    """Return the days of a span, at most 400: plan, dose and pain."""
    course = _course(db, patient_id, now)
    whole = whole_programme(course)
    first_on, last_on = from_on or whole.start_on, to or whole.last_on
    if not timedelta(0) <= last_on - first_on < timedelta(days=MAX_DAYS):
        raise BadSpanError(f"Ask for 1 to {MAX_DAYS} days; {first_on} to {last_on} is not that.")
    return calendar(course, first_on, last_on, now)


@router.post("/advice-answers", status_code=HTTPStatus.CREATED, responses=REPEATED)
def post_advice_answer(
    patient_id: UUID, body: AdviceAnswerCreate, db: Db, now: Now, response: Response
) -> AdviceAnswerCreate:
    """Answer a piece of advice. Accepting an offer carries it out: rest days, a step of sport."""
    is_new = offers.answer_advice(db, patient_id, body, now=now)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return body


@router.delete("/advice-answers/{answer_id}", status_code=GONE)
def delete_advice_answer(patient_id: UUID, answer_id: UUID, db: Db) -> None:
    """Take an answer back, with the rest days or the step that followed from it."""
    store.delete_advice_answer(db, patient_id, answer_id)


def _course(db: Db, patient_id: UUID, now: Now) -> Course:
    reading.check_patient(db, patient_id)
    course = reading.load_course(db, patient_id, now=now)
    if course is None:
        raise NotEnrolledError(patient_id)
    return course


def _enrolment(db: Db, patient_id: UUID) -> EnrolmentPublic:
    row, injury, levels = reading.get_enrolment(db, patient_id)
    enrolment = enrolment_of(row, injury, levels)
    programme = load_programme(row.programme)
    of_sport = sport_days(programme, row.sport)  # another sport may have been chosen since
    return EnrolmentPublic.model_validate(
        {
            **row.model_dump(exclude={"ended_at"}),
            "accepted_levels": {
                day: level for day, level in enrolment.accepted_levels.items() if day in of_sport
            },
            "first_training_on": first_training_date(programme, enrolment),
        }
    )
