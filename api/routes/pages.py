"""The pages: the same objects as in the HTTP interface, for people."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from api import course_reading, store
from api.access import Role, Scope, identity_of
from api.access.ownership import is_within_reach
from api.deps import Db, Now, Who, own_patient_id, page_patient
from api.pages import Pages, figures, lists, views
from api.pages.render import OWN
from api.paging import read_cursor, write_cursor
from api.review.mark_words import left_out_line
from api.review.marks import list_marks
from api.routes.programme_pages import today_page

router = APIRouter(include_in_schema=False)
HOMES = {Role.ADMINISTRATOR: "/users", Role.CLINICIAN: "/clinic"}  # the first sees no sessions
ON_HOME = 6
PER_PAGE = 30


@router.get("/")
def show_home(request: Request, db: Db, now: Now, who: Who) -> Response:
    """Show a patient their day, and lead staff to theirs; else the latest sessions."""
    if who.role in HOMES:
        return RedirectResponse(HOMES[who.role], HTTPStatus.SEE_OTHER)
    if own_patient_id(request) is not None:
        return today_page(request, db, now, page_patient(request))
    pages = _pages(request)
    language = pages.language(request)
    sessions, _ = store.list_sessions(db, limit=ON_HOME)
    lines = [lists.line(one, language) for one in sessions]
    return pages.show(
        request,
        "home.html",
        latest=lines[0] if lines else None,
        latest_figures=figures.totals(sessions[0].sets, language) if lines else [],
        earlier=lines[1:],
        notices=pages.notices_for(request),
    )


@router.get("/sessions")
def show_sessions(
    request: Request,
    db: Db,
    patient_id: UUID | None = None,
    after: Annotated[str | None, Query()] = None,
) -> Response:
    """Show a page of the list of sessions."""
    pages = _pages(request)
    language = pages.language(request)
    sessions, cursor = store.list_sessions(
        db, patient_id=patient_id, after=read_cursor(after), limit=PER_PAGE
    )
    newest = f"/sessions?patient_id={patient_id}" if patient_id else "/sessions"
    joint = "&" if patient_id else "?"
    return pages.show(
        request,
        "sessions.html",
        live_url=_live_url(request, db, patient_id),
        patient=store.get_patient(db, patient_id) if patient_id else None,
        lines=[lists.line(one, language) for one in sessions],
        newest=newest,
        is_later_page=after is not None,
        older=f"{newest}{joint}after={write_cursor(cursor)}" if cursor else None,
    )


@router.get("/sessions/{session_id}")
def show_session(request: Request, session_id: UUID, db: Db, who: Who) -> Response:
    """Show one session."""
    pages = _pages(request)
    session = store.get_session(db, session_id)
    language = pages.language(request)
    return pages.show(
        request,
        "session.html",
        view=views.session_view(session, language, course_reading.list_corrections(db, session_id)),
        left_out=[
            left_out_line(mark, language)
            for mark in list_marks(db, session_id)
            if mark.kind == "discarded"
        ],
        may_review=who.role is not Role.PATIENT,
        session_id=session_id,
        patient=store.get_patient(db, session.patient_id),
        recording_url=session.recording and session.recording.url,
    )


@router.get("/favicon.ico")
def get_icon() -> FileResponse:
    """Return the icon to who asks for it by its old name."""
    return FileResponse(OWN / "static" / "icon.svg", media_type="image/svg+xml")


def _live_url(request: Request, db: Db, patient_id: UUID | None) -> str | None:
    """Return where a clinician looks on while a patient trains, if both allow it."""
    who = identity_of(request)
    if patient_id is None or who.role is not Role.CLINICIAN:
        return None
    if not _pages(request).has(request, "/patients/{patient_id}/live"):
        return None
    is_allowed = is_within_reach(db, who, patient_id, Scope.LIVE)
    return f"/patients/{patient_id}/live" if is_allowed else None


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages
