"""The errors of the FHIR interface: an OperationOutcome with the same words as a problem."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from api.convert import API
from api.service_schemas import Problem

FHIR: Final = f"{API}/fhir"
MEDIA_TYPE: Final = "application/fhir+json"
# The kind of an issue, from http://hl7.org/fhir/issue-type.
KINDS: Final[Mapping[int, str]] = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "not-supported",
    HTTPStatus.NOT_ACCEPTABLE: "not-supported",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too-long",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.SERVICE_UNAVAILABLE: "transient",
}


def is_fhir(path: str) -> bool:
    """Whether an address belongs to the FHIR interface."""
    return path == FHIR or path.startswith(f"{FHIR}/")


def outcome(problem: Problem) -> dict[str, Any]:
    """Return a problem as an OperationOutcome."""
    kind = KINDS.get(problem.status, "exception" if problem.status >= 500 else "processing")  # noqa: PLR2004
    details = [problem.detail, *(error["detail"] for error in problem.errors or ())]
    issue = {"severity": "error", "code": kind, "diagnostics": " ".join(details)}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def outcome_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Answer a problem in the words of FHIR."""
    return JSONResponse(outcome(problem), problem.status, dict(headers or {}), MEDIA_TYPE)
