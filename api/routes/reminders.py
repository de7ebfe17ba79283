"""The page of the reminders and the calendar file it gives."""

from datetime import time

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.course_reading import check_patient, load_course
from api.deps import Db, Now, Whose
from api.errors import NotEnrolledError
from api.ics import calendar_file
from api.pages import Pages
from api.pages.language import N_
from api.reminders import USUAL_TIMES, reminders

router = APIRouter(include_in_schema=False)
TRAIN = N_("Time for your exercises")
SPORT = N_("A day of your return to sport")
HOW = N_("Open tempo90 to see what is on today.")


@router.get("/reminders")
def show_reminders(request: Request, db: Db, now: Now, whose: Whose) -> Response:
    """Show how to be reminded."""
    pages: Pages = request.app.state.pages
    if whose.base:
        check_patient(db, whose.id)
    course = load_course(db, whose.id, now=now)
    return pages.show(
        request, "reminders.html", whose=whose, course=course, times=USUAL_TIMES, how=HOW
    )


@router.get("/reminders.ics")
def get_calendar(
    request: Request,
    db: Db,
    now: Now,
    whose: Whose,
    *,
    first: time = USUAL_TIMES[0],
    second: time = USUAL_TIMES[1],
) -> Response:
    """Give the calendar file.

    Raises
    ------
    NotEnrolledError
        If there is no programme yet.

    """
    pages: Pages = request.app.state.pages
    language = pages.language(request)
    course = load_course(db, whose.id, now=now)
    if course is None:
        raise NotEnrolledError(whose.id)
    listed = reminders(
        course,
        whose.id,
        sorted(one.replace(tzinfo=None, second=0, microsecond=0) for one in (first, second)),
        titles=(language.say(TRAIN), language.say(SPORT)),
        words=language.say(HOW),
        now=now,
    )
    return Response(
        calendar_file("tempo90", listed, now=now),
        media_type="text/calendar",
        headers={
            "Content-Disposition": 'attachment; filename="tempo90.ics"',
            "Cache-Control": "private, no-store",
        },
    )
