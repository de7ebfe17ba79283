"""Results of a session over HTTP, and the pages about them.

Analysing takes a moment, so the transaction that reads ends before it and another one writes: no
other request waits for the engine.
"""

from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse

from api import store
from api.deps import Db, Files, open_db
from api.errors import ApiError
from api.pages import Pages
from api.pages.lists import exercises
from api.pages.views import set_summary
from api.problems import RESPONSES
from api.review import versions
from api.review.reanalysis import analyse_again, reanalyser
from api.review.result_words import change_lines, result_line
from api.review.reviewer import Signature, Signed
from api.review.schemas import ResultComparison, ResultList, ResultPublic
from api.review.waiting import list_waiting

router = APIRouter(tags=["review"], responses=RESPONSES)
page_router = APIRouter(include_in_schema=False)
RESULTS: Final = "/sessions/{session_id}/results"
ONE: Final = RESULTS + "/{result_number}"
ON_PAGE: Final = 200
Decision = Literal["accept", "decline"]
Number = Annotated[int, Path(ge=1, le=100_000)]


@router.get(RESULTS)
def get_results(session_id: UUID, db: Db) -> ResultList:
    """List the results that a session has had, newest first; none while there is only the first."""
    return ResultList(results=versions.list_results(db, session_id))


@router.post(RESULTS, status_code=HTTPStatus.CREATED)
def post_result(
    request: Request, session_id: UUID, files: Files, signed: Signed
) -> ResultComparison:
    """Analyse the recording of a session again; the new result waits to be accepted."""
    return _analyse(request, session_id, files, signed)


@router.get(ONE)
def get_result(session_id: UUID, result_number: Number, db: Db) -> ResultComparison:
    """Return one result, and what it says otherwise than the current one."""
    return versions.compare_result(db, session_id, result_number)


@router.post(ONE + "/accept")
def accept_result(session_id: UUID, result_number: Number, db: Db, signed: Signed) -> ResultPublic:
    """Make a result the current one; the one before is kept, and can be taken again."""
    return versions.accept(db, session_id, result_number, by=signed)


@router.post(ONE + "/decline")
def decline_result(session_id: UUID, result_number: Number, db: Db, signed: Signed) -> ResultPublic:
    """Decline a result that waits; it stays in the list."""
    return versions.decline(db, session_id, result_number, by=signed)


@page_router.get(RESULTS)
def show_results(request: Request, session_id: UUID, db: Db) -> Response:
    """Show the results of a session, and what the one that waits says otherwise."""
    return _show(request, db, session_id)


@page_router.post(RESULTS)
def reanalyse(request: Request, session_id: UUID, files: Files, signed: Signed) -> Response:
    """Analyse a session again, and show what that says otherwise."""
    try:
        _analyse(request, session_id, files, signed)
    except ApiError as error:
        with _transaction(request) as db:
            return _show(request, db, session_id, refused=error)
    return _back(session_id)


@page_router.post(ONE + "/{decision}")
def decide(
    session_id: UUID, result_number: Number, decision: Decision, db: Db, signed: Signed
) -> Response:
    """Accept or decline a result."""
    carry_out = versions.accept if decision == "accept" else versions.decline
    carry_out(db, session_id, result_number, by=signed)
    return _back(session_id)


@page_router.get("/results")
def show_waiting(request: Request, db: Db) -> Response:
    """Show every newer result that waits for a decision, of all patients in reach."""
    found = list_waiting(db, limit=ON_PAGE)
    return _pages(request).show(request, "results_waiting.html", waiting=found, most=ON_PAGE)


@page_router.post("/results/accept-same")
def accept_same(db: Db, signed: Signed) -> Response:
    """Accept the newer results that say the same as the current ones."""
    for one in list_waiting(db):
        if one.n_changes == 0:
            versions.accept(db, one.session_id, one.number, by=signed)
    return RedirectResponse("/results", HTTPStatus.SEE_OTHER)


def _analyse(
    request: Request, session_id: UUID, files: Files, signed: Signature
) -> ResultComparison:
    with _transaction(request) as db:
        session = store.get_session(db, session_id)
    found = analyse_again(session, files, reanalyser(request))
    with _transaction(request) as db:
        return versions.propose(db, session_id, found, by=signed)


def _show(
    request: Request, db: Db, session_id: UUID, *, refused: ApiError | None = None
) -> Response:
    pages = _pages(request)
    language = pages.language(request)
    session = store.get_session(db, session_id, with_traces=False)
    found = versions.list_results(db, session_id)
    waiting = next((one for one in found if one.state == "proposed"), None)
    compared = None if waiting is None else versions.compare_result(db, session_id, waiting.number)
    summaries = [set_summary(n, one) for n, one in enumerate(session.exercise_sets, 1)]
    return pages.show(
        request,
        "results.html",
        status=HTTPStatus.OK if refused is None else refused.status,
        session=session,
        title=exercises(summaries, language),
        moment=f"{language.day(session.started_at)}, {language.time(session.started_at)}",
        results=[result_line(one, language) for one in found],
        waiting=waiting,
        changes=change_lines(compared.differences, language) if compared else [],
        can_analyse=reanalyser(request) is not None and session.recording is not None,
        refused=refused and refused.code,
    )


def _back(session_id: UUID) -> RedirectResponse:
    return RedirectResponse(f"/sessions/{session_id}/results", HTTPStatus.SEE_OTHER)


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


_transaction = contextmanager(open_db)
