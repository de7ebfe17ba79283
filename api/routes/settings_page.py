"""The page on which a reader chooses language, size of text, contrast and motion."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.course_reading import load_course
from api.deps import Db, Fields, Now
from api.pages import Pages
from api.pages.appearance import CHOICES, COOKIE, Appearance
from api.pages.language import LOCALES, N_
from api.pages.render import COOKIE as LANGUAGE
from api.pages.render import YEAR_S
from api.zones import usual_zone

router = APIRouter(include_in_schema=False)
SOUND: Final = "/practice"
LABELS: Final = {
    "text": (N_("Size of the text"), (N_("Normal"), N_("Large"), N_("Very large"))),
    "contrast": (N_("Contrast"), (N_("As designed"), N_("More contrast"))),
    "motion": (
        N_("Motion on the pages"),
        (N_("As this device wants"), N_("As little as possible")),
    ),
}


@router.get("/settings")
def show_settings(request: Request, db: Db, now: Now, *, stored: bool = False) -> Response:
    """Show the choices."""
    pages: Pages = request.app.state.pages
    settings = request.app.state.settings
    course = load_course(db, settings.own_patient.id, now=now) if settings.own_patient else None
    return pages.show(
        request,
        "settings.html",
        choices=[
            (name, words, list(zip(values, labels, strict=True)))
            for name, values in CHOICES.items()
            for words, labels in (LABELS[name],)
        ],
        zone=str(course.zone) if course else usual_zone(settings),
        moment=now.astimezone(course.zone) if course else now,
        is_stored=stored,
        has_sound=pages.has(request, SOUND),
    )


@router.post("/settings")
def store_settings(fields: Fields) -> Response:
    """Keep the choices in this browser."""
    answer = RedirectResponse("/settings?stored=true", HTTPStatus.SEE_OTHER)
    look = Appearance.of(fields).cookie
    answer.set_cookie(COOKIE, look, YEAR_S if look else 0, httponly=True, samesite="lax")
    if fields.get(LANGUAGE) in LOCALES:
        answer.set_cookie(LANGUAGE, fields[LANGUAGE], YEAR_S, httponly=True, samesite="lax")
    return answer
