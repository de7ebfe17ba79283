"""What the FHIR interface can do, as a CapabilityStatement."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

from api.fhir.definitions import PUBLISHED, definitions
from api.fhir.elements import Resource
from api.fhir.observations import PAIN_PROFILE, SET_PROFILE
from api.fhir.people import ORDER
from api.fhir.profiles import FHIR_VERSION
from api.fhir.shelves import SHELVES, Shelf
from api.fhir.sittings import SESSION_PROFILE

READ: Final = [{"code": "read"}, {"code": "search-type"}]
PROFILES: Final[Mapping[str, list[str]]] = {
    "Observation": [SET_PROFILE, PAIN_PROFILE],
    "Procedure": [SESSION_PROFILE],
    "ServiceRequest": [ORDER],
}
EVERYTHING: Final = {
    "name": "everything",
    "definition": "http://hl7.org/fhir/OperationDefinition/Patient-everything",
}


def capabilities(base: str) -> Resource:
    """Return the statement of the service at an address."""
    resources = [_stored(kind, shelf) for kind, shelf in SHELVES.items()]
    resources += [_of_patient("Device"), _of_patient("Consent")]
    resources += [_published(kind) for kind in definitions()]
    words = "Reads what was ordered, done, measured and told. Nothing is written by FHIR."
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": PUBLISHED,
        "kind": "instance",
        "software": {"name": "tempo90", "version": version("tempo90")},
        "implementation": {"description": "tempo90", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["json"],
        "rest": [{"mode": "server", "documentation": words, "resource": resources}],
    }


def _stored(kind: str, shelf: Shelf) -> dict[str, Any]:
    parameters = [("_id", "token")]
    if kind != "Patient":
        parameters.append(("patient", "reference"))
    if shelf.date is not None:
        parameters.append((shelf.date, "date"))
    parameters += [(name, "token") for name in shelf.tokens or ()]
    described = _resource(kind, parameters)
    if kind in PROFILES:
        described["supportedProfile"] = PROFILES[kind]
    if kind == "Patient":
        described["operation"] = [EVERYTHING]
    return described


def _of_patient(kind: str) -> dict[str, Any]:
    return _resource(kind, [("patient", "reference")])


def _published(kind: str) -> dict[str, Any]:
    return _resource(kind, [("url", "uri")])


def _resource(kind: str, parameters: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "type": kind,
        "interaction": READ,
        "searchParam": [{"name": name, "type": sort} for name, sort in parameters],
    }
