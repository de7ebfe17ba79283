"""The editor of an injury: side, cause, grade, site, dates, and how it began."""

from contextlib import suppress
from datetime import date
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
from api.pages.edits import SEEN, ConflictView, conflict_view, seen, two_edits
from api.pages.forms import Form
from api.pages.language import N_, Language
from api.schemas import InjuryEpisodeCreate, InjuryEpisodePublic
from api.settings import ApiSettings
from api.zones import usual_zone

router = APIRouter(include_in_schema=False, prefix="/clinic/patients/{patient_id}/injuries")
CAUSES: Final = ("tear", "overload", "back")
SITES: Final = ("sit_bone", "muscle_tendon")
SIDES: Final = ("left", "right")
GRADES: Final = ("1", "2", "3")
LABELS: Final = {
    "side": N_("Side"),
    "cause": N_("Cause"),
    "grade": N_("Grade"),
    "site": N_("Site"),
    "injured_on": N_("Injured on"),
    "injected_on": N_("Injection on"),
    "sport": N_("Sport to go back to"),
    "baseline_complaints": N_("Complaints at the start"),
}
WORDS: Final = {
    "left": N_("left"),
    "right": N_("right"),
    "tear": N_("tear"),
    "overload": N_("overload"),
    "back": N_("from the back"),
    "sit_bone": N_("at the sit bone"),
    "muscle_tendon": N_("muscle and tendon"),
}
DAYS: Final = ("injured_on", "injected_on")
CHOSEN: Final = ("side", "cause", "site")


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
    told = _told(known[episode_id])
    told |= seen(told, LABELS)
    return _show(request, db, patient_id, episode_id, _form(request, told), now, is_new=False)


@router.post("/{episode_id}")
def keep_injury(
    request: Request, patient_id: UUID, episode_id: UUID, *, fields: Fields, db: Db, now: Now
) -> Response:
    """Store an injury, new or changed."""
    known = {one.id: one for one in store.list_injury_episodes(db, patient_id)}
    stored = known.get(episode_id)
    edits = two_edits(fields, {} if stored is None else _told(stored), LABELS)
    if stored is not None and edits.changed:
        language = _language(request)
        told = edits.fields | seen(_told(stored), LABELS)
        conflict = conflict_view(
            edits.changed,
            {name: language.say(label) for name, label in LABELS.items()},
            lambda name, value: _value(name, value, language),
            language,
        )
        form = _form(request, told)
        return _show(request, db, patient_id, episode_id, form, now, conflict=conflict)
    form = _form(request, fields)
    body = _read(form, local_date(now, _zone(request)))
    if body is None:
        is_new = stored is None
        return _show(request, db, patient_id, episode_id, form, now, is_new=is_new)
    wanted = None if stored is None else stored.version
    store.put_injury_episode(db, patient_id, episode_id, body, wanted=wanted)
    return RedirectResponse(f"/clinic/patients/{patient_id}#injuries", HTTPStatus.SEE_OTHER)


def _read(form: Form, today: date) -> InjuryEpisodeCreate | None:
    days = {name: form.day(name) for name in DAYS}
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
    return None if form.errors else InjuryEpisodeCreate.model_validate(given)


def _told(stored: InjuryEpisodePublic) -> dict[str, str]:
    """Return an injury as the fields of the form."""
    told = stored.model_dump(mode="json", include=set(LABELS))
    return {name: "" if value is None else str(value) for name, value in told.items()}


def _value(name: str, value: str, language: Language) -> str:
    """Say what a field is set to; what never was one of its values is told as it came."""
    if name in DAYS:
        with suppress(ValueError):
            on = date.fromisoformat(value)
            return f"{language.short_date(on)} {on.year}"
    return language.say(WORDS.get(value, value)) if name in CHOSEN else value


def _show(  # noqa: PLR0917  # the parts of one page
    request: Request,
    db: Db,
    patient_id: UUID,
    episode_id: UUID,
    form: Form,
    now: Now,
    *,
    is_new: bool = False,
    conflict: ConflictView | None = None,
) -> Response:
    pages: Pages = request.app.state.pages
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.show(
        request,
        "clinic_injury.html",
        status=wrong if conflict is None else HTTPStatus.CONFLICT,
        patient=store.get_patient(db, patient_id),
        episode_id=episode_id,
        form=form,
        is_new=is_new,
        conflict=conflict,
        seen={name: value for name, value in form.fields.items() if name.startswith(SEEN)},
        grades=GRADES,
        today=local_date(now, _zone(request)),
    )


def _form(request: Request, fields: dict[str, str]) -> Form:
    return Form(fields, _language(request))


def _language(request: Request) -> Language:
    pages: Pages = request.app.state.pages
    return pages.language(request)


def _zone(request: Request) -> ZoneInfo:
    settings: ApiSettings = request.app.state.settings
    return ZoneInfo(usual_zone(settings))
