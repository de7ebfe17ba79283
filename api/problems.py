"""Every error as a problem document (RFC 9457), for programs; pages show the same in words."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from api.engines import as_told, is_collision, is_taken, reason_of
from api.errors import ApiError, ContentConflictError, UnstorableError
from api.outcomes import is_fhir, outcome_response
from api.repeating import COLLIDED
from api.request_id import HEADER as REQUEST_ID
from api.route_names import route_of
from api.service_schemas import Problem

logger = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
TYPE: Final = "urn:tempo90:problem:"
INVALID_BODY: Final = "invalid-body"
MAX_ERRORS: Final = 20
HEADER_FIELDS: Final = "header_fields"
"""Where `api.guard` leaves its header fields: the answer to a defect is made outside of it."""

# Errors of HTTP itself have no type of their own: "about:blank", and the status says it all.
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": "A problem document (RFC 9457).",
        "model": Problem,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}

Handler = Callable[[Request, Any], Awaitable[Response]]


def install(app: FastAPI, page: Callable[[Request, Problem], Response | None]) -> None:
    """Answer every error of an app with a problem.

    Parameters
    ----------
    app : FastAPI
        The app that gets the handlers.
    page : callable
        Turns a problem into a page for a person who is looking at one, or returns None.

    """

    def answer(request: Request, problem: Problem, headers: Mapping[str, str] | None) -> Response:
        shown = page(request, problem) or problem_response(problem)
        shown.headers.update(headers or {})
        return shown

    async def on_api_error(request: Request, error: ApiError) -> Response:
        return answer(request, from_api_error(error, request.url.path), error.headers)

    async def on_http_error(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        detail = error.detail if error.detail != status.phrase else _explain(status, request)
        problem = _problem("about:blank", status, detail, request.url.path)
        return answer(request, problem, error.headers)

    async def on_invalid(request: Request, error: RequestValidationError) -> Response:
        return answer(request, _from_validation(error.errors(), request.url.path), None)

    async def on_database(request: Request, error: DBAPIError) -> Response:
        known = _from_database(request, error)
        return await (on_api_error(request, known) if known else on_defect(request, error))

    async def on_disconnect(request: Request, _: ClientDisconnect) -> Response:
        logger.info("%s: the connection broke", route_of(request.scope))
        return Response(status_code=HTTPStatus.BAD_REQUEST)  # nobody is there to read it

    async def on_defect(request: Request, error: Exception) -> Response:
        logger.error("%s failed", route_of(request.scope), exc_info=error)
        name = request.scope.get("state", {}).get("request_id", "")
        detail = f"Something is wrong in the service itself; its log says what, at {name}."
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        problem = _problem("about:blank", status, detail, request.url.path)
        fields = request.scope.get("state", {}).get(HEADER_FIELDS, {})
        own = {"Cache-Control": "no-store", REQUEST_ID: name}  # nothing outside adds them
        return answer(request, problem, {**fields, **own})

    handlers: dict[type[Exception], Handler] = {
        ApiError: on_api_error,
        HTTPException: on_http_error,
        RequestValidationError: on_invalid,
        DBAPIError: on_database,
        ClientDisconnect: on_disconnect,
        Exception: on_defect,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def from_api_error(error: ApiError, path: str) -> Problem:
    """Describe an error of this package."""
    return _problem(f"{TYPE}{error.code}", error.status, str(error), path)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem as the JSON document of RFC 9457; as an OperationOutcome to FHIR."""
    if is_fhir(problem.instance):
        return outcome_response(problem, headers)
    content = problem.model_dump(exclude_none=True)
    return JSONResponse(content, problem.status, dict(headers or {}), MEDIA_TYPE)


def _from_validation(errors: Sequence[Any], path: str) -> Problem:
    """Say which fields are wrong, without repeating what was sent: it may be about a patient."""
    listed = [
        {"pointer": _pointer(error["loc"]), "detail": str(error["msg"])}
        for error in errors[:MAX_ERRORS]
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    plural = "One thing is" if len(errors) == 1 else f"{len(errors)} things are"
    problem = _problem(f"{TYPE}{INVALID_BODY}", status, f"{plural} wrong in the request.", path)
    return problem.model_copy(update={"errors": listed})


def _from_database(request: Request, error: DBAPIError) -> ApiError | None:
    """Return what an error of the database means to who asked; None for a defect of ours."""
    if isinstance(error, DataError):  # such as a NUL character in a text
        return UnstorableError("The request holds a character or number that cannot be stored.")
    has_collided = is_collision(error)
    if has_collided:
        request.scope.setdefault("state", {})[COLLIDED] = True  # api.repeating runs it again
    if is_taken(error):  # also when run again: no other request did it at this moment
        return ContentConflictError(
            "An id in this request belongs to something else; make another."
        )
    if not has_collided and not isinstance(error, OperationalError):
        return None
    logger.warning("The database did not answer: %s", reason_of(error))
    return as_told(error)


def _problem(kind: str, status: HTTPStatus, detail: str, path: str) -> Problem:
    return Problem(type=kind, title=status.phrase, status=status, detail=detail, instance=path)


def _pointer(location: Sequence[str | int]) -> str:
    """Return a JSON pointer into the body, or the name of a parameter."""
    where, *steps = location
    if where != "body":
        return f"{where}:{'.'.join(str(step) for step in steps)}"
    return "#" + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def _explain(status: HTTPStatus, request: Request) -> str:
    if status is HTTPStatus.NOT_FOUND:
        return f"There is nothing at {request.url.path}."
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.url.path} does not take {request.method}."
    return status.description or status.phrase
