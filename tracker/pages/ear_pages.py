"""Two pages that need ears and no sensor: the practice of a return, and the interval timer."""

from datetime import datetime
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api import Course, load_course
from api.deps import Db, Now, own_patient_id
from api.pages import Pages
from api.today import plan_of
from tracker.pages.ear_sentences import ear_sentences
from tracker.pages.interval_plan import interval_plans

PRACTICE_PATH: Final = "/practice"
INTERVALS_PATH: Final = "/intervals"


def install(app: FastAPI) -> None:
    """Add both pages to an app whose pages know the templates of the tracker."""
    pages: Pages = app.state.pages

    @app.get(PRACTICE_PATH, include_in_schema=False)
    def practice_page(request: Request) -> HTMLResponse:
        sentences = ear_sentences(pages.language(request))
        return pages.show(request, "practice.html", sentences=sentences)

    @app.get(INTERVALS_PATH, include_in_schema=False)
    def intervals_page(request: Request, db: Db, now: Now, day: str = "") -> HTMLResponse:
        language = pages.language(request)
        course = _course(request, db, now)
        plan = None if course is None else plan_of(course, now)
        todays = plan.sport.day.id if plan is not None and plan.sport is not None else ""
        return pages.show(
            request,
            "intervals.html",
            sentences=ear_sentences(language),
            plans=interval_plans(
                language,
                None if course is None else course.programme,
                None if course is None else course.enrolment.accepted_levels,
            ),
            chosen=day or todays,
        )


def _course(request: Request, db: Session, now: datetime) -> Course | None:
    """Return the course of whoever asks, whose steps the timer follows; None for anybody else."""
    patient_id = own_patient_id(request)
    return None if patient_id is None else load_course(db, patient_id, now=now)
