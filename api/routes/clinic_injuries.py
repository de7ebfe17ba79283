"""The editor of an injury: side, cause, grade, site, dates, and how it began."""

from http import HTTPStatus
from typing import Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from analysis import local_date
from api import store
from api.deps import Db, Fields, Now
from api.errors import NotFoundError
from api.pages import Pages
from api.pages.forms import Form
from api.pages.language import N_
from api.schemas import InjuryEpisodeCreate
from api.settings import ApiSettings
from api.zones import usual_zone

router = APIRouter(include_in_schema=False, prefix="/clinic/patients/{patient_id}/injuries")
CAUSES: Final = ("tear", "overload", "back")
SITES: Final = ("sit_bone", "muscle_tendon")
SIDES: Final = ("left", "right")
GRADES: Final = ("1", "2", "3")


@router.get("/new")
def show_new(request: Request, patient_id: UUID, db: Db, now: Now) -> Response:
    """Show an empty form."""
    return _show(request, db, patient_id, uuid4(), _form(request, {}), now, is_new=True)


@router.get("/{episode_id}")
def show_injury(request: Request, patient_id: UUID, episode_id: UUID, db: Db, now: Now) -> Response:
    """Show an injury to change it."""
    known = {one.id: one for one in store.list_injury_episodes(db, patient_id)}
    if episode_id not in known:
        raise NotFoundError(f"This patient has no injury {episode_id}.")
    told = {
        name: "" if value is None else str(value)
        for name, value in known[episode_id].model_dump(mode="json").items()
    }
    return _show(request, db, patient_id, episode_id, _form(request, told), now, is_new=False)


@router.post("/{episode_id}")
def keep_injury(
    request: Request, patient_id: UUID, episode_id: UUID, *, fields: Fields, db: Db, now: Now
) -> Response:
    """Store an injury, new or changed."""
    form = _form(request, fields)
    today = local_date(now, _zone(request))
    days = {name: form.day(name) for name in ("injured_on", "injected_on")}
    for name, on in days.items():
        if on is not None and on > today:
            form.refuse(name, N_("This day is still to come."))
    grade = form.choice("grade", GRADES, is_needed=False)
    given = {
        **days,
        "side": form.choice("side", SIDES),
        "cause": form.choice("cause", CAUSES, is_needed=False),
        "site": form.choice("site", SITES, is_needed=False),
        "grade": None if grade is None else int(grade),
        "sport": form.text("sport"),
        "baseline_complaints": form.score("baseline_complaints"),
    }
    if form.errors:
        known = {one.id for one in store.list_injury_episodes(db, patient_id)}
        is_new = episode_id not in known
        return _show(request, db, patient_id, episode_id, form, now, is_new=is_new)
    body = InjuryEpisodeCreate.model_validate(given)
    store.put_injury_episode(db, patient_id, episode_id, body)
    return RedirectResponse(f"/clinic/patients/{patient_id}#injuries", HTTPStatus.SEE_OTHER)


def _show(  # noqa: PLR0917  # the parts of one page
    request: Request,
    db: Db,
    patient_id: UUID,
    episode_id: UUID,
    form: Form,
    now: Now,
    *,
    is_new: bool,
) -> Response:
    pages: Pages = request.app.state.pages
    return pages.show(
        request,
        "clinic_injury.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        patient=store.get_patient(db, patient_id),
        episode_id=episode_id,
        form=form,
        is_new=is_new,
        grades=GRADES,
        today=local_date(now, _zone(request)),
    )


def _form(request: Request, fields: dict[str, str]) -> Form:
    pages: Pages = request.app.state.pages
    return Form(fields, pages.language(request))


def _zone(request: Request) -> ZoneInfo:
    settings: ApiSettings = request.app.state.settings
    return ZoneInfo(usual_zone(settings))
