"""The clinician's home: the list by need, and what is done with a patient of it."""

from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from analysis import local_date
from api import store
from api.deps import Db, Fields, Now, Who
from api.needs import listing, marks
from api.needs.listing import LONGEST_SEARCH, MAX_PAGE, Show, Wanted
from api.needs.marks import MarkKind
from api.needs.rows import NOTE
from api.needs.rules import load_rules
from api.pages import Pages
from api.pages.forms import Form
from api.pages.needs_view import count_line, need_line, tabs
from api.settings import ApiSettings
from api.zones import usual_zone

router = APIRouter(include_in_schema=False, prefix="/clinic")
MORNING: Final = time(6)  # a snoozed patient is back before the day's work begins
SNOOZE_DAYS: Final = (1, 3, 7, 14)
Search = Annotated[str, Query(max_length=LONGEST_SEARCH)]
Page = Annotated[int, Query(ge=1, le=MAX_PAGE)]


@router.get("")
def show_list(
    request: Request,
    db: Db,
    now: Now,
    who: Who,
    *,
    show: Show = Show.NEW,
    reason: str | None = None,
    q: Search = "",
    page: Page = 1,
    done: UUID | None = None,
) -> Response:
    """Show who needs this clinician, the most urgent first."""
    pages: Pages = request.app.state.pages
    language = pages.language(request)
    rule = load_rules().rule(reason or "")
    wanted = Wanted(
        show=show, reason=None if rule is None else rule.code, search=q.strip(), page=page
    )
    counts = listing.count(db, who, now=now)
    found, has_more = listing.list_by_need(db, who, wanted, now=now)
    mark = None if done is None else marks.find_mark(db, who, done)
    return pages.show(
        request,
        "clinic.html",
        wanted=wanted,
        counts=counts,
        count_line=count_line(counts, language),
        tabs=tabs(counts, show, language),
        reasons=[(one.code, one.short[language.code]) for one in load_rules().rules],
        lines=[need_line(one, language, now=now) for one in found],
        here=_address(wanted),
        newer=_address(wanted, page=page - 1) if page > 1 else None,
        older=_address(wanted, page=page + 1) if has_more else None,
        snooze_days=SNOOZE_DAYS,
        mark=mark,
        marked=store.get_patient(db, mark.patient_id) if mark else None,
    )


@router.post("/patients/{patient_id}/marks")
def add_mark(
    request: Request, patient_id: UUID, *, fields: Fields, db: Db, now: Now, who: Who
) -> Response:
    """Keep that a patient of the list was seen, handled or snoozed."""
    pages: Pages = request.app.state.pages
    form = Form(fields, pages.language(request))
    kind = form.choice("kind", {one.value for one in MarkKind})
    note = form.text("note", longest=NOTE)
    days = form.whole("days", 1, max(SNOOZE_DAYS)) or SNOOZE_DAYS[0]
    back = _back(form)
    if form.errors or kind is None:
        return RedirectResponse(back, HTTPStatus.SEE_OTHER)
    store.get_patient(db, patient_id)
    until = _morning(request, now, days) if kind == MarkKind.SNOOZED else None
    mark_id = marks.add_mark(db, who, patient_id, MarkKind(kind), now=now, until=until, note=note)
    joint = "&" if "?" in back else "?"
    return RedirectResponse(f"{back}{joint}done={mark_id}", HTTPStatus.SEE_OTHER)


@router.post("/patients/{patient_id}/marks/{mark_id}/undo")
def undo_mark(
    request: Request, patient_id: UUID, mark_id: UUID, *, fields: Fields, db: Db, now: Now, who: Who
) -> Response:
    """Take a mark back."""
    pages: Pages = request.app.state.pages
    marks.undo_mark(db, who, patient_id, mark_id, now=now)
    return RedirectResponse(_back(Form(fields, pages.language(request))), HTTPStatus.SEE_OTHER)


def _morning(request: Request, now: datetime, days: int) -> datetime:
    """Return the morning after so many days, where the clinic is."""
    settings: ApiSettings = request.app.state.settings
    zone = ZoneInfo(usual_zone(settings))
    on = local_date(now, zone) + timedelta(days=days)
    return datetime.combine(on, MORNING, zone)


def _back(form: Form) -> str:
    """Return where the form was, if that is a page of the clinic."""
    given = form.given("back")
    is_ours = given == "/clinic" or given.startswith(("/clinic?", "/clinic/"))
    return given if is_ours else "/clinic"


def _address(wanted: Wanted, page: int | None = None) -> str:
    given = {
        "show": wanted.show.value,
        "reason": wanted.reason,
        "q": wanted.search or None,
        "page": page or wanted.page,
    }
    return f"/clinic?{urlencode({name: value for name, value in given.items() if value})}"
