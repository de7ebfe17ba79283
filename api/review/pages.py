"""The pages of a review: a session down to its curves, and marks on its repetitions."""

import re
from dataclasses import replace
from http import HTTPStatus
from typing import Final, get_args
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api import course_reading, store
from api.deps import Db, Fields
from api.errors import NotFoundError
from api.pages import Pages, figures
from api.pages.forms import Form
from api.pages.language import N_, Language
from api.pages.lists import exercises
from api.pages.views import pain_and_soreness, set_summary, where_from
from api.review import mark_words, marks
from api.review.counts import count_reps
from api.review.marks import RepPlace, SetPlace
from api.review.places import InRep, InSet
from api.review.reviewer import Signed
from api.review.rows import REMARK_LENGTH
from api.review.schemas import MarkKind, MarkPublic, MarkPut, MarkReason
from api.review.view import left_out_of, review_sets
from api.schemas import SessionPublic, SetSummary
from api.set_targets import exercise_of

router = APIRouter(include_in_schema=False, prefix="/sessions/{session_id}")
MARKS: Final = "/sets/{number}/marks"
UNDO: Final = "/sets/{number}/reps/{rep_number}/mark/undo"
CHOSEN: Final = re.compile(r"rep-([1-9]\d{0,3})")


@router.get("/review")
def show_review(request: Request, session_id: UUID, db: Db) -> Response:
    """Show a session with every curve, every repetition and every mark."""
    return _show(request, db, session_id)


@router.post(MARKS)
def post_marks(request: Request, place: InSet, fields: Fields, db: Db, signed: Signed) -> Response:
    """Mark the repetitions that were chosen in the table of a set."""
    form = Form(fields, _pages(request).language(request))
    chosen = sorted(int(found[1]) for name in fields if (found := CHOSEN.fullmatch(name)))
    body = _read_mark(form)
    if not chosen:
        form.refuse("reps", N_("Choose one repetition or more."))
    if body is None or form.errors:
        return _show(request, db, place.session_id, form=form, form_of=place.set_number)
    for rep_number in chosen:
        marks.put_mark(db, RepPlace(*place, rep_number), body, by=signed)
    return _back(place)


@router.post(UNDO)
def undo_mark(place: InRep, db: Db, signed: Signed) -> Response:
    """Take back the mark on a repetition; back from elsewhere it may be gone already."""
    try:
        marks.end_mark(db, place, by=signed)
    except NotFoundError:
        store.find_recording(db, place.session_id)  # the session itself must be there
    return _back(place)


def _read_mark(form: Form) -> MarkPut | None:
    kind = form.choice("kind", get_args(MarkKind))
    reason = form.choice("reason", get_args(MarkReason))
    remark = form.text("remark", longest=REMARK_LENGTH) or ""
    if form.errors:
        return None
    return MarkPut.model_validate({"kind": kind, "reason": reason, "remark": remark})


def _show(
    request: Request,
    db: Db,
    session_id: UUID,
    *,
    form: Form | None = None,
    form_of: int | None = None,
) -> Response:
    pages = _pages(request)
    language = pages.language(request)
    session = store.get_session(db, session_id)
    found = marks.list_marks(db, session_id, with_ended=True)
    current = [mark for mark in found if mark.ended_at is None]
    corrections = course_reading.list_corrections(db, session_id)
    summaries = [set_summary(n, one) for n, one in enumerate(session.exercise_sets, 1)]
    return pages.show(
        request,
        "review.html",
        status=HTTPStatus.OK if form is None else HTTPStatus.UNPROCESSABLE_ENTITY,
        session=session,
        title=exercises(summaries, language),
        moment=f"{language.day(session.started_at)}, {language.time(session.started_at)}",
        patient=store.get_patient(db, session.patient_id),
        summary=_summary(session, current, summaries, language),
        origin=where_from(session, language),
        sets=review_sets(session, current, corrections, language),
        history=[mark_words.history_line(mark, language) for mark in found],
        reasons=[(code, language.say(said)) for code, said in mark_words.REASONS.items()],
        form=form,
        form_of=form_of,
    )


def _summary(
    session: SessionPublic,
    current: list[MarkPublic],
    summaries: list[SetSummary],
    language: Language,
) -> list[figures.Figure]:
    """Add the sets up: as measured, and beneath what counts where something was left out."""
    shown = figures.totals(summaries, language)
    if any(mark.kind == "discarded" for mark in current):
        counted = [_counted(session, summary, current) for summary in summaries]
        shown = [
            _with_note(figure, own, language)
            for figure, own in zip(shown, figures.totals(counted, language), strict=True)
        ]
    return shown + pain_and_soreness(session, language)


def _with_note(figure: figures.Figure, own: figures.Figure, language: Language) -> figures.Figure:
    if figure.value == own.value:
        return figure
    note = language.say(N_("%(value)s without what was left out"), value=own.value)
    return replace(figure, note=note)


def _counted(session: SessionPublic, summary: SetSummary, current: list[MarkPublic]) -> SetSummary:
    one = session.exercise_sets[summary.number - 1]
    left_out = left_out_of(current, summary.number)
    if not left_out:
        return summary
    count = count_reps(one, exercise_of(one), left_out)
    in_tempo = None if summary.in_tempo is None else count.in_tempo
    numbers = {"reps": count.reps, "in_tempo": in_tempo, "dose_s": count.dose_s}
    return summary.model_copy(update=numbers)


def _back(place: SetPlace | RepPlace) -> RedirectResponse:
    page = f"/sessions/{place.session_id}/review#set-{place.set_number}"
    return RedirectResponse(page, HTTPStatus.SEE_OTHER)


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages
