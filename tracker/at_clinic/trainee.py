"""Who trains against the server, and what: read from the database, as that person may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from api import Course, load_course, store, transaction
from api.access import Identity, confine
from tracker.course_here import order_in
from tracker.earlier_today import Done, sets_done
from tracker.phone.desk import Wish
from tracker.phone.family import check_ankle
from tracker.planning import make_plan
from tracker.profile import Language, Profile
from tracker.today_plan import with_done
from tracker.training_plan import TrainingPlan

GONE_ON_WITHIN: Final = timedelta(hours=2)
"""So long ago a sitting may have begun that was handed over, or cut off, and is gone on with."""

DONE_SHARE: Final = 0.5
"""A set that was cut off counts as done from half of its repetitions on; else it is done again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainee:
    """A patient as a training needs them.

    Parameters
    ----------
    profile : Profile
        Who, in which language, on which leg.
    course : Course, optional
        What was ordered; None where the patient follows no programme.

    """

    profile: Profile
    course: Course | None


def read_trainee(engine: Engine, who: Identity, *, now: datetime) -> Trainee:
    """Read the patient whose log-in this is.

    Raises
    ------
    NotFoundError
        If there is no such patient, or not any more.

    """
    patient_id = patient_of(who)
    with transaction(engine, writes=False) as db:
        confine(db, who)
        known = store.get_patient(db, patient_id)
        course = load_course(db, patient_id, now=now)
    language: Language = "en" if known.language == "en" else "nl"
    side: Literal["left", "right"] | None = None
    if course is not None and course.side is not None:
        side = course.side.value
    profile = Profile(
        patient_id=patient_id,
        name=known.name,
        language=language,
        side=side,
        band=None if course is None else course.band,
    )
    return Trainee(profile=profile, course=course)


def patient_of(who: Identity) -> UUID:
    """Return whose data are this person's own.

    Raises
    ------
    ValueError
        If this is nobody who trains; the permission table lets only patients come so far.

    """
    if who.patient_id is None:
        raise ValueError("Only a patient trains.")
    return who.patient_id


def plan_for(
    engine: Engine, who: Identity, trainee: Trainee, wish: Wish, *, now: datetime
) -> TrainingPlan | None:
    """Return what is to be done of what somebody wishes; None when all of it is done.

    Parameters
    ----------
    engine, who
        To see what was done before, where the phone comes back from a sitting that ended early.
    trainee : Trainee
        The patient.
    wish : Wish
        What the phone asks for.
    now : datetime
        With a time zone.

    Raises
    ------
    AnalysisError
        If there is no such exercise, or it cannot be measured.
    NotOnAnkleError
        If a phone is no sensor for it.

    """
    plan = make_plan(
        wish.exercise,
        sets=wish.sets,
        reps=wish.reps,
        side=wish.side,
        has_questions=False,
        order=order_in(trainee.course, wish.exercise, now, trainee.profile.language),
    )
    check_ankle(plan.first.exercise, trainee.profile.language)
    if not wish.is_again:
        return plan
    with transaction(engine, writes=False) as db:
        confine(db, who)
        done = done_before(db, trainee.profile.patient_id, plan, now=now)
    is_over = all(
        step.sets <= sum(n for name, leg, n in done if (name, leg) == (step.exercise.id, step.side))
        for step in plan.steps
    )
    return None if is_over else with_done(plan, done)


def done_before(db: Session, patient_id: UUID, plan: TrainingPlan, *, now: datetime) -> Done:
    """Return the sets of the newest sitting of this plan's exercise, if it began not long ago."""
    recent = store.list_sessions_between(db, patient_id, now - GONE_ON_WITHIN, now)
    for summary in reversed(recent):
        session = store.get_session(db, summary.id, with_traces=False)
        document = session.model_dump(mode="json")
        planned = document.get("plan")
        if isinstance(planned, list) and _is_same(planned, plan):
            return sets_done({**document, "exercise_sets": list(_whole(document, planned))})
    return []


def _is_same(planned: list[dict[str, Any]], plan: TrainingPlan) -> bool:
    before = [(one.get("exercise"), one.get("side")) for one in planned]
    return before == [(step.exercise.id, step.side) for step in plan.steps]


def _whole(document: dict[str, Any], planned: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Yield the sets that count as done."""
    for one in document["exercise_sets"]:
        step = planned[int(one.get("step") or 1) - 1]
        due = step.get("reps") or 0
        if len(one.get("reps", ())) >= DONE_SHARE * due:
            yield one
