"""The pages of a patient's prescription: what stands, its history, and the clinician's editor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from analysis import local_date
from api import course_reading as reading
from api import store as patients
from api.access import Identity, Role
from api.course import Course
from api.deps import Db, Now, PagePatient, Who, Whose, form_reader
from api.errors import ClinicPrescribesError, ContentConflictError, StaleVersionError
from api.models import LABEL, PrescriptionRow
from api.pages import Pages, prescription_form, prescription_view
from api.pages import prescription_words as said
from api.pages.forms import Form
from api.pages.language import N_, Language
from api.pages.words import exercise_name
from api.prescribing import store, templates
from api.prescribing.changes import changes, merged
from api.prescribing.rows import REASON
from api.routes.prescriptions import author_of
from api.schemas import Day, OrderCreate

router = APIRouter(include_in_schema=False)
EDITORS: Final = frozenset({Role.OWNER, Role.CLINICIAN})
MOST_FIELDS: Final = 1_500
EditorFields = Annotated[dict[str, str], Depends(form_reader(MOST_FIELDS))]
DEEDS: Final = ("save", "preview", "template")


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page of a prescription needs."""

    request: Request
    course: Course
    whose: PagePatient
    who: Identity
    now: datetime

    @property
    def pages(self) -> Pages:
        """The pages of the app."""
        found: Pages = self.request.app.state.pages
        return found

    @property
    def language(self) -> Language:
        """Of the reader."""
        return self.pages.language(self.request)

    @property
    def today(self) -> date:
        """The patient's."""
        return local_date(self.now, self.course.zone)

    @property
    def orders(self) -> tuple[PrescriptionRow, ...]:
        """What stands."""
        return self.course.versions[-1].orders if self.course.versions else ()

    @property
    def is_from_afar(self) -> bool:
        """Whether a clinic prescribes that this computer is linked to."""
        return any(one.is_from_afar for one in self.course.versions)

    @property
    def number(self) -> int:
        """The version that stands; 0 without one."""
        return self.course.versions[-1].number if self.course.versions else 0


@router.get("/prescription")
def show_prescription(
    request: Request, db: Db, now: Now, whose: Whose, who: Who, *, on: Day | None = None
) -> Response:
    """Show what was ordered, what a day asks, and every change."""
    desk = _desk(request, db, now, whose, who)
    return _to_begin(db, whose) if desk is None else _show(desk, db, on=on)


@router.get("/prescription/edit")
def show_editor(
    request: Request, db: Db, now: Now, whose: Whose, who: Who, *, template_id: UUID | None = None
) -> Response:
    """Show the editor, filled in with what stands or with a template as well."""
    desk = _desk(request, db, now, whose, who)
    if desk is None:
        return _to_begin(db, whose)
    if desk.is_from_afar:
        raise ClinicPrescribesError
    if template_id is None:
        return _edit(desk, db, desk.orders)
    given = templates.orders_of(db, template_id, from_on=desk.today)
    names = {order.exercise for order in given}
    kept = [store.order_of(row) for row in desk.orders if row.exercise not in names]
    draft = store.match_orders(whose.id, desk.orders, [*kept, *given], now=now)
    note = N_("Filled in with the template, and not saved yet: look it through and save it.")
    return _edit(desk, db, draft, note=desk.language.say(note))


@router.post("/prescription/edit")
def take_editor(
    request: Request,
    db: Db,
    now: Now,
    whose: Whose,
    who: Who,
    *,
    fields: EditorFields,
) -> Response:
    """Save what was filled in, show what it would mean, or keep it as a template."""
    desk = _desk(request, db, now, whose, who)
    if desk is None:
        return _to_begin(db, whose)
    form = Form(fields, desk.language)
    orders = prescription_form.read_orders(
        form, desk.course.programme, _seen(desk, form), today=desk.today
    )
    do = form.choice("do", DEEDS) or "preview"
    on = form.day("preview_on") or desk.today
    if do == "save":
        form.text("reason", longest=REASON)
        if not form.given("reason"):
            form.refuse("reason", N_("Say why; the patient reads it too."))
    if form.errors:
        return _edit(desk, db, desk.orders, form=form)
    draft = store.match_orders(whose.id, _seen(desk, form), orders, now=now)
    if do == "template":
        return _keep_template(desk, db, form, orders, draft)
    if do == "preview":
        return _edit(desk, db, draft, form=form, preview_on=on)
    return _save(desk, db, form, orders, draft)


@router.post("/prescription/undo")
def undo_change(
    request: Request,
    db: Db,
    now: Now,
    whose: Whose,
    who: Who,
    *,
    fields: EditorFields,
) -> Response:
    """Take the last change back."""
    desk = _desk(request, db, now, whose, who)
    if desk is None or not desk.course.versions:
        return _to_begin(db, whose)
    form = Form(fields, desk.language)
    reason = form.text("reason", longest=REASON)
    if reason is None:
        form.refuse("reason", N_("Say why; the patient reads it too."))
        return _show(desk, db, form=form)
    based_on = form.whole("based_on", 0, desk.number) or 0
    try:
        store.undo_last(db, whose.id, author_of(who), based_on=based_on, reason=reason, now=now)
    except StaleVersionError:
        form.refuse("reason", N_("Somebody changed it in the meantime: look at it first."))
        return _show(desk, db, form=form)
    return _back(whose)


@router.post("/prescription/templates/{template_id}/remove")
def remove_template(template_id: UUID, db: Db, whose: Whose) -> Response:
    """Forget a template of the clinic."""
    templates.remove_template(db, template_id)
    return RedirectResponse(f"{whose.base}/prescription/edit", HTTPStatus.SEE_OTHER)


def _desk(
    request: Request, db: Db, now: datetime, whose: PagePatient, who: Identity
) -> Desk | None:
    course = reading.load_course(db, whose.id, now=now)
    return None if course is None else Desk(request, course, whose, who, now)


def _seen(desk: Desk, form: Form) -> tuple[PrescriptionRow, ...]:
    """Return what stood when the form was shown."""
    based_on = form.whole("based_on", 0, MOST_FIELDS) or 0
    seen = [one for one in desk.course.versions if one.number == based_on]
    return seen[0].orders if seen else ()


def _save(
    desk: Desk,
    db: Db,
    form: Form,
    orders: Sequence[OrderCreate],
    draft: Sequence[PrescriptionRow],
) -> Response:
    try:
        _, is_new = store.put_orders(
            db,
            desk.whose.id,
            orders,
            author_of(desk.who),
            based_on=form.whole("based_on", 0, MOST_FIELDS) or 0,
            reason=form.given("reason"),
            now=desk.now,
        )
    except StaleVersionError:
        return _show_conflict(desk, db, form, draft)
    if not is_new:
        form.refuse("do", N_("Nothing was changed, so nothing was saved."))
        return _edit(desk, db, draft, form=form)
    return _back(desk.whose)


def _keep_template(
    desk: Desk,
    db: Db,
    form: Form,
    orders: Sequence[OrderCreate],
    draft: Sequence[PrescriptionRow],
) -> Response:
    name = form.text("template_name", longest=LABEL)
    if name is None:
        form.refuse("template_name", N_("Give it a name."))
    elif not orders:
        form.refuse("template_name", N_("Nothing is ordered yet."))
    else:
        programme = desk.course.programme.id
        try:
            templates.add_template(db, programme, name, orders, author_of(desk.who), now=desk.now)
        except ContentConflictError:
            form.refuse("template_name", N_("This name is taken."))
    kept = desk.language.say(N_("Kept as a template. The prescription itself is not saved yet."))
    return _edit(desk, db, draft, form=form, note=None if form.errors else kept)


def _show_conflict(desk: Desk, db: Db, form: Form, draft: Sequence[PrescriptionRow]) -> Response:
    """Show what both writers did, and both changes put together to be saved."""
    base, theirs = _seen(desk, form), desk.orders
    together, by_both = merged(base, draft, theirs)
    language = desk.language
    latest = desk.course.versions[-1]
    return _edit(
        desk,
        db,
        together,
        form=form,
        conflict={
            "by": latest.made_by,
            "at": language.moment(latest.made_at),
            "reason": latest.reason,
            "number": latest.number,
            "theirs": said.changes_words(changes(base, theirs), language),
            "mine": said.changes_words(changes(base, draft), language),
            "by_both": [exercise_name(one, language) for one in by_both],
        },
    )


def _show(desk: Desk, db: Db, *, on: date | None = None, form: Form | None = None) -> Response:
    language = desk.language
    shown_on = on or desk.today
    return desk.pages.show(
        desk.request,
        "prescription.html",
        status=_status(form),
        whose=desk.whose,
        patient=patients.get_patient(db, desk.whose.id),
        may_edit=desk.who.role in EDITORS and not desk.is_from_afar,
        is_from_afar=desk.is_from_afar,
        lines=prescription_view.standing_lines(
            desk.course.programme, desk.orders, desk.today, language
        ),
        versions=prescription_view.version_views(desk.course.versions, language),
        number=desk.number,
        day=prescription_view.day_view(desk.course, shown_on, desk.now, language),
        on=shown_on,
        errors={} if form is None else form.errors,
    )


def _edit(
    desk: Desk,
    db: Db,
    orders: Sequence[PrescriptionRow],
    *,
    form: Form | None = None,
    note: str | None = None,
    preview_on: date | None = None,
    conflict: dict[str, Any] | None = None,
) -> Response:
    language, programme = desk.language, desk.course.programme
    is_wrong = form is not None and bool(form.errors)
    shown = [row for row in orders if not prescription_form.is_over(row, desk.today)]
    preview = None
    if preview_on is not None:
        course = prescription_view.with_draft(desk.course, orders, desk.now)
        preview = prescription_view.day_view(
            course, preview_on, desk.now, language, before=desk.course
        )
    fields = {} if form is None else form.fields
    places = prescription_form.places_of(
        programme, shown, language, form=form if is_wrong else None
    )
    return desk.pages.show(
        desk.request,
        "prescription_edit.html",
        status=HTTPStatus.CONFLICT if conflict else _status(form),
        whose=desk.whose,
        patient=patients.get_patient(db, desk.whose.id),
        places=places,
        wrongs=[] if form is None else prescription_form.wrongs(places, form, language),
        based_on=desk.number if conflict or form is None else fields.get("based_on", "0"),
        values=fields,
        errors={} if form is None else form.errors,
        sides=prescription_form.SIDES,
        strands=prescription_form.STRANDS,
        templates=templates.list_templates(db, programme.id),
        note=note,
        preview=preview,
        preview_on=preview_on or desk.today,
        conflict=conflict,
    )


def _status(form: Form | None) -> HTTPStatus:
    is_wrong = form is not None and bool(form.errors)
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK


def _to_begin(db: Db, whose: PagePatient) -> Response:
    """Lead to the page that says how to begin: without a programme there is nothing to order."""
    if whose.base:
        reading.check_patient(db, whose.id)
    return RedirectResponse(whose.home, HTTPStatus.SEE_OTHER)


def _back(whose: PagePatient) -> Response:
    return RedirectResponse(f"{whose.base}/prescription", HTTPStatus.SEE_OTHER)
