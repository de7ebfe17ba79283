"""`/ready`: whether the service can take requests, for whoever sends them here."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from api.operations.readiness import Watch
from api.problems import MEDIA_TYPE, RESPONSES
from api.service_schemas import Readiness

router = APIRouter(tags=["health"], responses=RESPONSES)


NOT_READY: Final[dict[str, Any]] = {
    "model": Readiness,
    "description": "It is not ready; or a problem document, where not even that can be told.",
    "content": {MEDIA_TYPE: RESPONSES["default"]["content"][MEDIA_TYPE]},
}


@router.get("/ready", responses={503: NOT_READY})
def get_ready(request: Request, response: Response) -> Readiness:
    """Answer 200 when database, recordings and disk are well; 503 otherwise, and why."""
    watch: Watch = request.app.state.watch
    found = watch.look()
    if not found.is_ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Cache-Control"] = "no-store"
    return found
