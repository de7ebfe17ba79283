"""The page of the link to a clinic: how it stands, what to do, and the link itself."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, FastAPI, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Engine

from api import OwnPatient
from api.errors import NotFoundError
from api.pages import Pages
from tracker.linking.background import BackgroundSender
from tracker.linking.errors import LinkError
from tracker.linking.here import look, make_link, unlink
from tracker.linking.words import PAGE, state_lines
from tracker.profile import Language

CLINIC_PATH: Final = "/my-clinic"
Typed = Annotated[str, Form(max_length=300)]

router = APIRouter(include_in_schema=False, prefix=CLINIC_PATH)


def install(app: FastAPI) -> None:
    """Add the page to the app of a patient's own computer."""
    app.include_router(router)


@router.get("")
def show_link(request: Request) -> Response:
    """Show how it stands."""
    return _show(request)


@router.post("")
def link(request: Request, *, url: Typed = "", key: Typed = "") -> Response:
    """Link this computer, and begin to send."""
    try:
        make_link(_engine(request), _person(request), url.strip(), key)
    except LinkError as error:
        return _show(request, refusal=str(error), url=url)
    _wake(request, again=False)
    return RedirectResponse(CLINIC_PATH, HTTPStatus.SEE_OTHER)


@router.post("/send")
def send(request: Request, *, again: Typed = "") -> Response:
    """Begin to send now; `again`: what was refused too."""
    _wake(request, again=bool(again))
    return RedirectResponse(CLINIC_PATH, HTTPStatus.SEE_OTHER)


@router.post("/remove")
def remove(request: Request) -> Response:
    """Send nothing any more."""
    unlink(_engine(request), _person(request))
    return RedirectResponse(CLINIC_PATH, HTTPStatus.SEE_OTHER)


def _show(request: Request, *, refusal: str = "", url: str = "") -> Response:
    pages: Pages = request.app.state.pages
    language = pages.language(request)
    code: Language = "nl" if language.code == "nl" else "en"

    def when(at: datetime) -> str:
        return language.moment(at)

    state = look(_engine(request), _person(request))
    return pages.show(
        request,
        "my_clinic.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK,
        say={name: text.to(code) for name, text in PAGE.items()},
        lines=[line.to(code) for line in state_lines(state, when)],
        state=state,
        refusal=refusal,
        url=url,
        can_send=_sender(request) is not None,
    )


def _wake(request: Request, *, again: bool) -> None:
    sender = _sender(request)
    if sender is not None:
        sender.wake(again=again)


def _sender(request: Request) -> BackgroundSender | None:
    found: BackgroundSender | None = getattr(request.app.state, "sender", None)
    return found


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _person(request: Request) -> OwnPatient:
    own: OwnPatient | None = request.app.state.settings.own_patient
    if own is None:
        raise NotFoundError("This service belongs to nobody in particular: it sends nothing.")
    return own
