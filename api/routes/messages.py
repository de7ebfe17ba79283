"""What a patient does with the messages of a clinician."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from api.care import writing
from api.deps import Db, Now, Whose

router = APIRouter(include_in_schema=False)


@router.post("/messages/{message_id}/seen")
def see_message(message_id: UUID, db: Db, now: Now, whose: Whose) -> Response:
    """Keep that the patient has seen a message."""
    writing.see_message(db, whose.id, message_id, now=now)
    return RedirectResponse(whose.home, HTTPStatus.SEE_OTHER)
