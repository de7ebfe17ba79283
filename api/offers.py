"""What the programme offers today, what became of it, and what accepting an offer does.

Advice is words; an offer is advice that the patient can accept with one button. Nothing is ever
carried out by itself, and an accepted offer can be taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlmodel import Session

from analysis import Advice, AdviceKind, advise, local_date, plan_today
from api import course_reading as reading
from api import course_store as store
from api.course import AdviceAnswer, Course
from api.course_schemas import AdviceAnswerCreate, RestDaysCreate
from api.errors import NotEnrolledError, NotOfferedError

# Questions of the programme, and which answer they wait for.
QUESTIONS: Final[Mapping[str, Literal["warning_signs", "improved"]]] = {
    "ask_warning_signs": "warning_signs",
    "ask_improvement": "improved",
}
REST_DAYS: Final = "rest_days"
LEVEL_STEPS: Final[Mapping[str, int]] = {"sport_next_step": 1, "sport_step_back": -1}
UNTIL_NEXT_VISIT: Final = frozenset({AdviceKind.OFFER, AdviceKind.QUESTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class RestOffer:
    """Some days of rest in a row."""

    from_on: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelOffer:
    """Another step of a sport day."""

    day: str
    level: int


def standing_advice(course: Course, now: datetime) -> list[Advice]:
    """Return the advice of now that the patient has not answered yet, most important first.

    An answered offer or question stays away until the next visit brings new facts, a reminder
    until the next visit or the next day.
    """
    given = advise(course.programme, course.enrolment, course.history, now, course.zone)
    return [advice for advice in given if not _is_answered(advice, course, now)]


def answered_today(course: Course, now: datetime) -> list[AdviceAnswer]:
    """Return the answers to advice of this day, which can still be taken back."""
    on = local_date(now, course.zone)
    return [one for one in course.answers if local_date(one.at, course.zone) == on]


def offer_of(advice: Advice, course: Course, now: datetime) -> RestOffer | LevelOffer | None:
    """Return what accepting a piece of advice would do; None where it is only words."""
    code = advice.rule.code
    if code == REST_DAYS:
        days = int(course.programme.settings["offered_rest_days"])
        return RestOffer(from_on=_first_free_day(course, now), days=days)
    if code in LEVEL_STEPS:
        diary = [r for r in course.history.sport if r.at <= now and r.day_id is not None]
        day = max(diary, key=lambda record: record.at).day_id if diary else None
        if day is not None:
            level = course.enrolment.accepted_levels.get(day, 0) + LEVEL_STEPS[code]
            return LevelOffer(day=day, level=max(0, level))
    return None


def answer_advice(
    db: Session, patient_id: UUID, body: AdviceAnswerCreate, *, now: datetime
) -> bool:
    """Store what a patient did with advice; an accepted offer is carried out. True when new.

    Raises
    ------
    NotEnrolledError
        If the patient follows no programme.
    NotOfferedError
        If something is accepted that is not offered now, or there is no such advice.
    ContentConflictError
        If something else is stored under this id.

    """
    if store.has_advice_answer(db, body.id):
        return store.add_advice_answer(db, patient_id, body, now=now)
    course = reading.load_course(db, patient_id, now=now)
    if course is None:
        reading.check_patient(db, patient_id)
        raise NotEnrolledError(patient_id)
    code = body.key.partition("/")[0]
    if code not in {rule.code for rule in course.programme.rules}:
        raise NotOfferedError(f"This programme gives no advice {body.key!r}.")
    offer = None
    if body.answer == "accepted":
        standing = {one.key: one for one in standing_advice(course, now)}
        if body.key not in standing:
            raise NotOfferedError(f"{body.key!r} is not offered now; see what is with GET today.")
        offer = offer_of(standing[body.key], course, now)
    store.add_advice_answer(db, patient_id, body, now=now)
    if isinstance(offer, RestOffer):
        wanted = RestDaysCreate(from_on=offer.from_on, days=offer.days)
        store.take_rest_days(db, patient_id, wanted, now=now, advice_answer_id=body.id)
    elif offer is not None:
        store.accept_level(db, patient_id, offer.day, offer.level, now=now, answer_id=body.id)
    return True


def _is_answered(advice: Advice, course: Course, now: datetime) -> bool:
    answers = [one for one in course.answers if one.key == advice.key]
    if not answers or advice.rule.kind is AdviceKind.STOP:  # a stop stands until it is over
        return False
    visits = [visit.at for visit in course.history.sessions if visit.at <= now]
    diary = [record.at for record in course.history.sport if record.at <= now]
    news_at = max([*visits, *diary], default=datetime.min.replace(tzinfo=UTC))
    if answers[-1].at < news_at:
        return False
    is_today = local_date(answers[-1].at, course.zone) == local_date(now, course.zone)
    return is_today or advice.rule.kind in UNTIL_NEXT_VISIT


def _first_free_day(course: Course, now: datetime) -> date:
    """Return the first day that is no rest yet: today, or tomorrow once something was done."""
    today = plan_today(course.programme, course.enrolment, course.history, now, course.zone)
    is_used = today.sessions_done + today.sessions_partial > 0
    on = today.on + timedelta(days=int(is_used))
    while on in course.history.rest_days:
        on += timedelta(days=1)
    return on
