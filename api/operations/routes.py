"""`/ready` and `/metrics`: for programs that watch the service."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import PlainTextResponse

from api.deps import read_clock
from api.errors import NotFoundError
from api.operations.readiness import Watch
from api.operations.reading import may_read
from api.problems import MEDIA_TYPE, RESPONSES
from api.service_schemas import Readiness

if TYPE_CHECKING:
    from api.operations.metrics import Metrics

TEXT_FORMAT: Final = "text/plain; version=0.0.4; charset=utf-8"  # that of Prometheus
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


@router.get("/metrics", include_in_schema=False)
def get_metrics(request: Request) -> Response:
    """Return the figures of the service, to this computer or with the token for them."""
    state = request.app.state
    metrics: Metrics | None = state.metrics
    if metrics is None or not may_read(request, state.metrics_token):
        raise NotFoundError("There is nothing at /metrics.")
    from api.operations.metrics import JobFigures, ReadyFigures  # noqa: PLC0415  # an extra

    jobs = JobFigures(state.engine, read_clock(request))
    text = metrics.text(ReadyFigures(state.watch.look()), jobs)
    return PlainTextResponse(text, media_type=TEXT_FORMAT, headers={"Cache-Control": "no-store"})
