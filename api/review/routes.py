"""Marks on repetitions over HTTP."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from api import store
from api.deps import Db
from api.problems import RESPONSES
from api.review import marks
from api.review.places import InRep
from api.review.reviewer import Signed
from api.review.schemas import MarkList, MarkPublic, MarkPut

router = APIRouter(tags=["review"], responses=RESPONSES)
MARK: Final = "/sessions/{session_id}/sets/{number}/reps/{rep_number}/mark"


@router.get("/sessions/{session_id}/marks")
def get_marks(session_id: UUID, db: Db) -> MarkList:
    """List the marks on the repetitions of a session, those that were taken back too."""
    store.find_recording(db, session_id)  # refuses a session that is not there
    return MarkList(marks=marks.list_marks(db, session_id, with_ended=True))


@router.put(MARK, responses={201: {"model": MarkPublic, "description": "Marked."}})
def put_mark(place: InRep, body: MarkPut, db: Db, signed: Signed, response: Response) -> MarkPublic:
    """Mark a repetition; the measured values stay as they are.

    The first time answers 201, the same again 200. A mark with other words takes the place of
    the one that was there, which is kept as ended.
    """
    mark, is_new = marks.put_mark(db, place, body, by=signed)
    response.status_code = HTTPStatus.CREATED if is_new else HTTPStatus.OK
    return mark


@router.delete(MARK, status_code=HTTPStatus.NO_CONTENT)
def delete_mark(place: InRep, db: Db, signed: Signed) -> None:
    """Take back the mark on a repetition; it stays in the list, as ended."""
    marks.end_mark(db, place, by=signed)
