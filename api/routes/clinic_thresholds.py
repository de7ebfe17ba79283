"""The page on which a clinic says from when on somebody needs attention."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.background import BackgroundTask

from api.db import transaction
from api.deps import Database, Db, Fields, Now, Who
from api.needs.keeping import read_thresholds, rebuild_all
from api.needs.rules import load_rules
from api.needs.thresholds import last_change, set_thresholds
from api.pages import Pages
from api.pages.edits import (
    SEEN,
    ChangedField,
    ConflictView,
    conflict_view,
    seen,
    two_edits,
)
from api.pages.forms import Form
from api.pages.language import N_, Language

router = APIRouter(include_in_schema=False, prefix="/clinic/thresholds")


@router.get("")
def show_thresholds(request: Request, db: Db) -> Response:
    """Show what holds now, and what would hold without a choice."""
    language = _language(request)
    stored = _stored(db, language)
    return _show(request, Form(stored | seen(stored, stored), language))


@router.post("")
def keep_thresholds(
    request: Request, *, fields: Fields, engine: Database, now: Now, who: Who
) -> Response:
    """Store what was chosen; the list follows patient by patient, after the answer.

    What somebody else chose since the form was shown is told first, and nothing is stored.
    """
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
        stored = _stored(db, _language(request))
        edits = two_edits(fields, stored, stored)
        if edits.changed:
            both = Form(edits.fields | seen(stored, stored), _language(request))
            return _show(request, both, _conflict(db, edits.changed, _language(request)))
        set_thresholds(db, who, chosen, now=now)
    after = BackgroundTask(rebuild_all, engine, now=now)
    return RedirectResponse("/clinic?show=all", HTTPStatus.SEE_OTHER, background=after)


def _stored(db: Db, language: Language) -> dict[str, str]:
    limits = load_rules().limits(read_thresholds(db))
    return {name: _written(value, language) for name, value in limits.items()}


def _conflict(db: Db, changed: list[ChangedField], language: Language) -> ConflictView:
    known = load_rules().thresholds
    labels = {name: one.texts[language.code] for name, one in known.items()}
    last = last_change(db, [one.name for one in changed])
    by, at = ("", "") if last is None else (last[0], language.moment(last[1]))
    return conflict_view(changed, labels, lambda _, value: value, language, by=by, at=at)


def _show(request: Request, form: Form, conflict: ConflictView | None = None) -> Response:
    pages: Pages = request.app.state.pages
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.show(
        request,
        "clinic_thresholds.html",
        status=wrong if conflict is None else HTTPStatus.CONFLICT,
        form=form,
        conflict=conflict,
        seen={name: value for name, value in form.fields.items() if name.startswith(SEEN)},
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
