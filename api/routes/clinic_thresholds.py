"""The page on which a clinic says from when on somebody needs attention."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from api.db import transaction
from api.deps import Database, Db, Fields, Now, Who
from api.needs.keeping import read_thresholds, rebuild_all
from api.needs.rules import load_rules
from api.needs.thresholds import set_thresholds
from api.pages import Pages
from api.pages.forms import Form
from api.pages.language import N_, Language

router = APIRouter(include_in_schema=False, prefix="/clinic/thresholds")


@router.get("")
def show_thresholds(request: Request, db: Db) -> Response:
    """Show what holds now, and what would hold without a choice."""
    limits = load_rules().limits(read_thresholds(db))
    language = _language(request)
    given = {name: _written(value, language) for name, value in limits.items()}
    return _show(request, Form(given, language))


@router.post("")
def keep_thresholds(
    request: Request, *, fields: Fields, engine: Database, now: Now, who: Who
) -> Response:
    """Store what was chosen; the list follows patient by patient, after the answer."""
    form = Form(fields, _language(request))
    chosen: dict[str, float] = {}
    for name, known in load_rules().thresholds.items():
        try:
            chosen[name] = float(form.given(name).replace(",", "."))
        except ValueError:
            chosen[name] = float("nan")
        if not known.allows(chosen[name]):
            least, most = (_written(one, _language(request)) for one in (known.least, known.most))
            form.refuse(
                name, N_("Give a number from %(least)s to %(most)s."), least=least, most=most
            )
    if form.errors:
        return _show(request, form)
    with transaction(engine, writes=True) as db:
        set_thresholds(db, who, chosen, now=now)
    after = BackgroundTask(rebuild_all, engine, now=now)
    return RedirectResponse("/clinic?show=all", HTTPStatus.SEE_OTHER, background=after)


def _show(request: Request, form: Form) -> Response:
    pages: Pages = request.app.state.pages
    return pages.show(
        request,
        "clinic_thresholds.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        form=form,
        thresholds=[
            (one, _written(one.value, _language(request)))
            for one in load_rules().thresholds.values()
        ],
    )


def _written(value: float, language: Language) -> str:
    """Write a threshold with no more decimals than it has."""
    return language.number(value, 0 if value.is_integer() else 1)


def _language(request: Request) -> Language:
    pages: Pages = request.app.state.pages
    return pages.language(request)
