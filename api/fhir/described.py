"""The FHIR interface in the OpenAPI document."""

from typing import Any, Final

from api.fhir.parameters import AFTER, MAX_COUNT
from api.fhir.shelves import Shelf
from api.outcomes import MEDIA_TYPE

ID_PATTERN: Final = r"^[A-Za-z0-9\-\.]{1,64}$"
OUTCOME: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"type": "string", "const": "OperationOutcome"},
        "issue": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["severity", "code"],
                "properties": {
                    "severity": {"type": "string"},
                    "code": {"type": "string"},
                    "diagnostics": {"type": "string"},
                },
            },
        },
    },
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": "An OperationOutcome: what is wrong, in words.",
        "content": {MEDIA_TYPE: {"schema": OUTCOME}},
    }
}
ENTRY: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["fullUrl", "resource"],
    "properties": {
        "fullUrl": {"type": "string", "format": "uri"},
        "resource": {"type": "object"},
    },
}
BUNDLE: Final[dict[str, Any]] = {
    "type": {"type": "string", "const": "searchset"},
    "total": {"type": "integer"},
    "link": {"type": "array", "items": {"type": "object"}},
    "entry": {"type": "array", "items": ENTRY},
}
EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "Bundle": {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [
            {
                "fullUrl": "https://clinic.example/api/v1/fhir/Patient/"
                "7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01",
                "resource": {
                    "resourceType": "Patient",
                    "id": "7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01",
                },
            }
        ],
    }
}


def answers(kind: str) -> dict[int | str, dict[str, Any]]:
    """Return how the answer of a route is described: one resource of a kind."""
    schema: dict[str, Any] = {
        "type": "object",
        "required": ["resourceType"],
        "properties": {
            "resourceType": {"type": "string", "const": kind},
            "id": {"type": "string", "pattern": ID_PATTERN},
            **(BUNDLE if kind == "Bundle" else {}),
        },
    }
    example = EXAMPLES.get(kind, {"resourceType": kind})
    content = {MEDIA_TYPE: {"schema": schema, "example": example}}
    return {200: {"description": f"A {kind} of FHIR R4.", "content": content}}


def search_parameters(shelf: Shelf) -> list[dict[str, Any]]:
    """Return the parameters of a search."""
    texts = [
        ("_id", "Id of one resource."),
        ("patient", "`Patient/<id>` or the id alone."),
        *((name, "`code` or `system|code`; more with commas.") for name in shelf.tokens or ()),
        (AFTER, "Taken from the `next` link of the page before."),
    ]
    parameters = [_parameter(name, words, {"type": "string"}) for name, words in texts]
    if shelf.date is not None:
        words = "A moment or a span, after eq, ne, gt, ge, lt, le, sa or eb; may be given twice."
        schema = {"type": "array", "items": {"type": "string", "examples": ["ge2026-05-04"]}}
        parameters.append(_parameter(shelf.date, words, schema))
    limit = {"type": "integer", "minimum": 1}
    words = f"Resources on a page, up to {MAX_COUNT}."
    return [*parameters, _parameter("_count", words, limit)]


def id_parameter(name: str) -> dict[str, Any]:
    """Return the id in the address of one resource."""
    schema = {"type": "string", "pattern": ID_PATTERN}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _parameter(name: str, words: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}
