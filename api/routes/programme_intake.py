"""The intake: what a patient tells before the programme begins. Warning signs come first."""

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Final
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from analysis import Exercise, Programme, load_programme, local_date
from api import course_reading as reading
from api import course_store, store
from api.course_schemas import EnrolmentCreate, ProgrammeAnswerCreate
from api.deps import Db, Fields, Now, PagePatient, Whose
from api.errors import NotFoundError
from api.pages import Pages
from api.pages.forms import Form
from api.pages.language import N_
from api.schemas import InjuryEpisodeCreate, PatientCreate
from api.settings import ApiSettings
from api.zones import usual_zone

router = APIRouter(include_in_schema=False)
CAUSES: Final = ("tear", "overload", "back", "unknown")
SITES: Final = ("sit_bone", "muscle_tendon", "unknown")
SIDES: Final = ("left", "right")
PROGRAMME: Final = "hamstring"


@router.get("/intake")
def show_intake(request: Request, db: Db, now: Now, whose: Whose, *, new: bool = False) -> Response:
    """Ask what is needed to begin; for the same injury, what was told before is filled in."""
    if whose.base:
        reading.check_patient(db, whose.id)
    told = {} if new else _told_before(db, whose)
    return _ask(request, _form(request, told), now, whose)


@router.post("/intake")
def take_intake(request: Request, fields: Fields, db: Db, now: Now, whose: Whose) -> Response:
    """Begin the programme, or say that a physician comes first."""
    form = _form(request, fields)
    signs, is_complete_tear = form.yes_no("warning_signs"), form.yes_no("complete_tear")
    if signs or is_complete_tear:
        pages: Pages = request.app.state.pages
        return pages.show(request, "gate.html", whose=whose, has_warning_signs=bool(signs))
    zone = _zone(form, request)
    injury = _injury(form, local_date(now, ZoneInfo(zone)))
    enrolment = _enrolment(form, zone)
    if injury is None or enrolment is None or form.errors:
        return _ask(request, form, now, whose)
    _ensure_patient(request, db, whose)
    kept = _kept(db, whose, enrolment.injury_episode_id)
    store.put_injury_episode(db, whose.id, enrolment.injury_episode_id, injury)
    course_store.put_enrolment(db, whose.id, enrolment.model_copy(update=kept), now=now)
    answer = ProgrammeAnswerCreate(
        id=uuid5(form.id("form_id"), "warning_signs"),
        at=now,
        question="warning_signs",
        is_yes=False,
    )
    if not kept:
        course_store.add_answer(db, whose.id, answer, now=now)
    return RedirectResponse(whose.home, HTTPStatus.SEE_OTHER)


def variant_choices(programme: Programme) -> list[Exercise]:
    """Return the exercises of the first place where the patient may choose."""
    slots = (slot for block in programme.blocks for slot in block.slots if len(slot) > 1)
    return [programme.exercises[name] for name in next(slots, ())]


def _injury(form: Form, today: date) -> InjuryEpisodeCreate | None:
    side = form.choice("side", SIDES)
    cause = form.choice("cause", CAUSES)
    site = form.choice("site", SITES, is_needed=False)
    injured_on = form.day("injured_on", is_needed=cause == "tear")
    injected_on = form.day("injected_on")
    for name, on in (("injured_on", injured_on), ("injected_on", injected_on)):
        if on is not None and on > today:
            form.refuse(name, N_("This day is still to come."))
    given = {
        "side": side,
        "cause": None if cause == "unknown" else cause,
        "site": None if site == "unknown" else site,
        "injured_on": injured_on,
        "injected_on": injected_on,
        "sport": form.text("sport"),
        "baseline_complaints": form.score("baseline", is_needed=True),
    }
    return None if form.errors else InjuryEpisodeCreate.model_validate(given)


def _enrolment(form: Form, zone: str) -> EnrolmentCreate | None:
    variants = {exercise.id for exercise in variant_choices(load_programme(PROGRAMME))}
    choice = form.choice("variant", variants)
    start_on, band = form.day("start_on", is_needed=True), form.text("band")
    if form.errors or start_on is None or choice is None:
        return None
    return EnrolmentCreate(
        injury_episode_id=form.id(),
        programme=PROGRAMME,
        start_on=start_on,
        time_zone=zone,
        choices=[choice],
        band=band,
    )


def _zone(form: Form, request: Request) -> str:
    """Return the zone that the browser told, if it is one, else that of the service."""
    settings: ApiSettings = request.app.state.settings
    try:
        ZoneInfo(form.given("time_zone"))
    except (LookupError, ValueError, OSError):
        return usual_zone(settings)
    return form.given("time_zone")


def _kept(db: Db, whose: PagePatient, episode_id: UUID) -> dict[str, object]:
    """Return what an intake that is filled in again does not ask: the return to sport."""
    row = reading.find_enrolment(db, whose.id)
    if row is None or row.injury_episode_id != episode_id:
        return {}
    return row.model_dump(include={"sport", "sport_from", "sport_confirmed_by"})


def _told_before(db: Db, whose: PagePatient) -> dict[str, str]:
    """Return the form as it was filled in for the current injury."""
    row = reading.find_enrolment(db, whose.id)
    if row is None:
        return {}
    injury = next(
        one for one in store.list_injury_episodes(db, whose.id) if one.id == row.injury_episode_id
    )
    told = {
        "id": injury.id,
        "side": injury.side,
        "cause": injury.cause or "unknown",
        "site": injury.site or "unknown",
        "injured_on": injury.injured_on,
        "injected_on": injury.injected_on,
        "sport": injury.sport,
        "baseline": injury.baseline_complaints,
        "start_on": row.start_on,
        "variant": next(iter(row.choices), ""),
        "band": row.band,
        "time_zone": row.time_zone,
    }
    return {name: str(value) for name, value in told.items() if value is not None}


def _ask(request: Request, form: Form, now: datetime, whose: PagePatient) -> Response:
    pages: Pages = request.app.state.pages
    settings: ApiSettings = request.app.state.settings
    zone = _zone(form, request)
    usual: Mapping[str, str] = {
        "id": str(uuid4()),
        "start_on": local_date(now, ZoneInfo(zone)).isoformat(),
        "variant": variant_choices(load_programme(PROGRAMME))[0].id,
        "time_zone": usual_zone(settings),
    }
    return pages.show(
        request,
        "intake.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        whose=whose,
        values={**usual, **form.fields},
        errors=form.errors,
        is_change="id" in form.fields and not form.errors,
        variants=variant_choices(load_programme(PROGRAMME)),
    )


def _ensure_patient(request: Request, db: Db, whose: PagePatient) -> None:
    """Store the patient of a local install with the first thing that is told."""
    if reading.has_patient(db, whose.id):
        return
    own = request.app.state.settings.own_patient
    if own is None or own.id != whose.id:
        raise NotFoundError(f"There is no patient {whose.id}.")
    body = PatientCreate(name=own.name, language=own.language)
    store.put_patient(db, whose.id, body)


def _form(request: Request, fields: Mapping[str, str]) -> Form:
    pages: Pages = request.app.state.pages
    return Form(fields, pages.language(request))
