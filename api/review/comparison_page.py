"""The page of two sessions side by side."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from api import store
from api.deps import Db
from api.pages import Pages
from api.review.comparison_view import Marked, compare_sessions
from api.review.marks import list_marks
from api.review.neighbours import check_same_patient, list_neighbours, nearest_before

router = APIRouter(include_in_schema=False)


@router.get("/sessions/{session_id}/compare")
def show_comparison(
    request: Request, session_id: UUID, db: Db, other: UUID | None = None
) -> Response:
    """Show a session beside another one of the same patient: the one before, unless told."""
    pages: Pages = request.app.state.pages
    session = store.get_session(db, session_id)
    others = list_neighbours(db, session)
    nearest = nearest_before(session, others)
    other_id = other if other is not None or nearest is None else nearest.id
    pair = None
    if other_id is not None and other_id != session_id:
        chosen = store.get_session(db, other_id)
        check_same_patient(session, chosen)
        pair = sorted((session, chosen), key=lambda one: (one.started_at, str(one.id)))
    marked = [Marked(one, list_marks(db, one.id)) for one in pair or ()]
    return pages.show(
        request,
        "compare.html",
        session=session,
        patient=store.get_patient(db, session.patient_id),
        others=others,
        other_id=other_id,
        pair=pair,
        compared=compare_sessions(marked[0], marked[1], pages.language(request)) if pair else [],
    )
