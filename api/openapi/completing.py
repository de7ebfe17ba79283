"""What FastAPI cannot know of the interface: refusals of the gate, limits, examples, summaries."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.openapi.examples import ANSWERS
from api.outcomes import MEDIA_TYPE as FHIR_TYPE
from api.outcomes import is_fhir
from api.problems import MEDIA_TYPE as PROBLEM_TYPE

Document = dict[str, Any]
WHY: Final = {
    HTTPStatus.BAD_REQUEST: "A parameter, a header or the body cannot be read.",
    HTTPStatus.UNAUTHORIZED: "Nobody is logged in, or not in full.",
    HTTPStatus.FORBIDDEN: "This is not for the role that asks, or another site's page asked.",
    HTTPStatus.NOT_FOUND: "There is no such thing, or it is not the asker's to see.",
    HTTPStatus.NOT_ACCEPTABLE: "Only JSON is spoken here.",
    HTTPStatus.CONFLICT: "Something else is stored under this id, or the state does not allow it.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than this service takes.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The request does not fit this description; see `errors`.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database is busy; `Retry-After` says when to try again.",
}
WRITING: Final = frozenset({"put", "post", "patch", "delete"})
NO_BODY: Final = frozenset({str(int(HTTPStatus.NO_CONTENT)), str(int(HTTPStatus.NOT_MODIFIED))})


def operation_id(route: APIRoute) -> str:
    """Name an operation as its function is named: that is what a generated client calls it."""
    return route.name


def complete(app: FastAPI) -> None:
    """Complete the OpenAPI document of an app."""
    plain = app.openapi

    def completed() -> Document:
        document = plain()
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                _complete(path, method, operation)
        for name, example in ANSWERS.items():
            schema = document["components"]["schemas"].get(name)
            if schema is not None:
                schema["examples"] = [example]
        return document

    app.openapi = completed  # type: ignore[method-assign]  # as FastAPI's own docs extend it


def _complete(path: str, method: str, operation: Document) -> None:
    description = operation.get("description", "")
    if description:
        operation["summary"] = description.splitlines()[0].split(". ")[0].rstrip(".")
    responses: Document = operation["responses"]
    _same_answer_for_each_success(responses)
    kept = responses.get("default")
    for status in _refusals(path, method, operation):
        body = {"content": _refusal_body(path, kept)} if method != "head" else {}
        responses.setdefault(str(int(status)), {"description": WHY[status], **body})
    for status_code, answer in responses.items():
        if method == "head" or status_code in NO_BODY:
            answer.pop("content", None)


def _same_answer_for_each_success(responses: Document) -> None:
    """Describe what is answered when something is new as when it was there, and the other way.

    FastAPI describes the body of one status; a generated client would read nothing of the other.
    """
    successes = {
        code: one for code, one in responses.items() if code.startswith("2") and code not in NO_BODY
    }
    told = next((one["content"] for one in successes.values() if _has_schema(one)), None)
    for one in successes.values():
        if told is not None and not _has_schema(one):
            one["content"] = told


def _has_schema(answer: Document) -> bool:
    return any(one.get("schema") for one in answer.get("content", {}).values())


def _refusals(path: str, method: str, operation: Document) -> Iterator[HTTPStatus]:
    """Give the refusals that an operation may answer with, as its description tells them."""
    parameters = operation.get("parameters", [])
    has_body = "requestBody" in operation
    yield HTTPStatus.SERVICE_UNAVAILABLE
    if operation.get("security"):
        yield HTTPStatus.UNAUTHORIZED
    if operation.get("security") or method in WRITING:
        yield HTTPStatus.FORBIDDEN
    if operation.get("security") or "{" in path:
        yield HTTPStatus.NOT_FOUND
    if is_fhir(path):
        yield HTTPStatus.BAD_REQUEST
        yield HTTPStatus.NOT_ACCEPTABLE
        return
    if has_body or any(one["in"] in {"query", "header"} for one in parameters):
        yield HTTPStatus.BAD_REQUEST
    if parameters or has_body:
        yield HTTPStatus.UNPROCESSABLE_ENTITY
    if method in WRITING:
        yield HTTPStatus.CONFLICT
    if has_body:
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def _refusal_body(path: str, kept: Document | None) -> Document:
    """Return what a refusal looks like: an outcome to FHIR, a problem to all others."""
    if is_fhir(path) and kept is not None:
        return {FHIR_TYPE: kept["content"][FHIR_TYPE]}
    return {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
