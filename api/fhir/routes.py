"""The FHIR interface over HTTP: `/api/v1/fhir`. It reads; nothing is written through it."""

from typing import Annotated, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import JSONResponse, Response

from api.access import consents
from api.deps import Db, Now
from api.errors import NotFoundError
from api.fhir import bundles, people
from api.fhir.capabilities import capabilities
from api.fhir.definitions import definitions
from api.fhir.described import RESPONSES, answers, id_parameter, search_parameters
from api.fhir.elements import Resource
from api.fhir.errors import BadSearchError, NotAcceptableError
from api.fhir.parameters import FORMATS, read_search
from api.fhir.searching import find_page, read_one
from api.fhir.shelves import SHELVES, Shelf
from api.fhir.sittings import owner_of
from api.outcomes import FHIR, MEDIA_TYPE
from api.zones import usual_zone

PREFIX: Final = "/fhir"
# The parameter of an address that says whose a resource is (`api.access.ownership`).
ID_NAMES: Final = {
    "Patient": "patient_id",
    "Condition": "episode_id",
    "ServiceRequest": "prescription_id",
    "Procedure": "session_id",
    "Observation": "observation_id",
    "DocumentReference": "session_id",
    "Provenance": "session_id",
    "QuestionnaireResponse": "response_id",
}


def check_accept(request: Request) -> None:
    """Refuse whoever takes no JSON."""
    taken = [
        part.partition(";")[0].strip() for part in request.headers.get("accept", "").split(",")
    ]
    wide = {"", "*/*", "application/*"}
    if not any(one in wide or one in FORMATS for one in taken):
        raise NotAcceptableError("Only application/fhir+json is spoken here.")


class FhirAnswer(JSONResponse):
    """A resource."""

    media_type = MEDIA_TYPE


router = APIRouter(
    default_response_class=FhirAnswer,
    prefix=PREFIX,
    tags=["fhir"],
    responses=RESPONSES,
    dependencies=[Depends(check_accept)],
)
Patient = Annotated[
    str | None,
    Query(
        description="`Patient/<id>` or the id alone.",
        examples=["Patient/7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01"],
    ),
]


@router.get("/metadata", responses=answers("CapabilityStatement"))
def get_metadata(request: Request) -> Response:
    """Say what this interface can do."""
    return _answer(capabilities(_base(request)))


@router.get("/Patient/{patient_id}/$everything", responses=answers("Bundle"))
def get_everything(
    patient_id: Annotated[str, Path(description="Id of the patient.")],
    request: Request,
    db: Db,
    now: Now,
) -> Response:
    """Return everything about one patient as one bundle."""
    owner = owner_of(patient_id)
    if owner is None:
        raise NotFoundError(f"There is no Patient {patient_id}.")
    found = bundles.everything(db, owner, now)
    return _answer(bundles.everything_bundle(found, _base(request)))


@router.get("/Device", responses=answers("Bundle"))
def search_devices(request: Request, db: Db, patient: Patient = None) -> Response:
    """List the sensors and the software that one patient trained with."""
    found = bundles.patient_devices(db, _named(request, patient))
    return _answer(bundles.list_bundle(found, str(request.url), _base(request)))


@router.get("/Device/{device_id}", responses=answers("Device"))
def read_device(device_id: str, db: Db) -> Response:
    """Return one sensor, or the software, as one patient used it."""
    owner = owner_of(device_id)
    found = bundles.patient_devices(db, owner) if owner else []
    return _answer(_one(found, "Device", device_id))


@router.get("/Consent", responses=answers("Bundle"))
def search_consents(request: Request, db: Db, patient: Patient = None) -> Response:
    """List what one patient lets each clinician see."""
    found = _consents(request, db, _named(request, patient))
    return _answer(bundles.list_bundle(found, str(request.url), _base(request)))


@router.get("/Consent/{care_id}", responses=answers("Consent"))
def read_consent(care_id: str, request: Request, db: Db) -> Response:
    """Return what one clinician may see of a patient."""
    owner = consents.patient_of(db, owner_of(care_id))
    return _answer(_one(_consents(request, db, owner) if owner else [], "Consent", care_id))


def _add_shelf(kind: str, shelf: Shelf) -> None:
    """Add the search and the read of a kind of resource."""

    def search(request: Request, db: Db, now: Now) -> Response:
        asked = read_search(
            request.query_params.multi_items(),
            date=shelf.date,
            tokens=tuple(shelf.tokens or ()),
            zone=_zone(request),
        )
        page = find_page(db, kind, asked, now)
        return _answer(bundles.search_bundle(page, kind, _base(request), asked))

    def read(request: Request, db: Db, now: Now) -> Response:
        return _answer(read_one(db, kind, request.path_params[ID_NAMES[kind]], now))

    router.add_api_route(
        f"/{kind}",
        search,
        name=f"search_{kind}",
        summary=f"Search {kind}, newest first",
        responses=answers("Bundle"),
        openapi_extra={"parameters": search_parameters(shelf)},
    )
    router.add_api_route(
        f"/{kind}/{{{ID_NAMES[kind]}}}",
        read,
        name=f"read_{kind}",
        summary=f"Return one {kind}",
        responses=answers(kind),
        openapi_extra={"parameters": [id_parameter(ID_NAMES[kind])]},
    )


def _add_definitions(kind: str) -> None:
    """Add the list and the read of a kind of definition."""

    def search(request: Request, url: Annotated[str | None, Query()] = None) -> Response:
        unknown = set(request.query_params) - {"url", "_format"}
        if unknown:
            raise BadSearchError(f"The search parameter {min(unknown)!r} is not supported.")
        found = [one for one in definitions()[kind].values() if url in {None, one["url"]}]
        return _answer(bundles.list_bundle(found, str(request.url), _base(request)))

    def read(definition_id: str) -> Response:
        return _answer(_one(list(definitions()[kind].values()), kind, definition_id))

    router.add_api_route(
        f"/{kind}",
        search,
        name=f"search_{kind}",
        summary=f"List each {kind} of ours",
        responses=answers("Bundle"),
    )
    router.add_api_route(
        f"/{kind}/{{definition_id}}",
        read,
        name=f"read_{kind}",
        summary=f"Return one {kind} of ours",
        responses=answers(kind),
    )


def _named(request: Request, patient: str | None) -> UUID:
    """Return whose devices or consents are asked for; nobody's are listed for all at once."""
    unknown = set(request.query_params) - {"patient", "_format"}
    if unknown:
        raise BadSearchError(f"The search parameter {min(unknown)!r} is not supported.")
    asked = read_search([("patient", patient or "")], date=None, tokens=(), zone=_zone(request))
    if asked.patient_id is None:
        raise BadSearchError("Say of whom: patient=Patient/<id>.")
    return asked.patient_id


def _consents(request: Request, db: Db, patient_id: UUID) -> list[Resource]:
    zone = _zone(request)
    return [people.consent(care, patient_id, zone) for care in consents.list_care(db, patient_id)]


def _one(found: list[Resource], kind: str, resource_id: str) -> Resource:
    for one in found:
        if one["id"] == resource_id:
            return one
    raise NotFoundError(f"There is no {kind} {resource_id}.")


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/") + FHIR


def _zone(request: Request) -> ZoneInfo:
    return ZoneInfo(usual_zone(request.app.state.settings))


def _answer(resource: Any) -> Response:
    return FhirAnswer(resource)


for _kind, _shelf in SHELVES.items():
    _add_shelf(_kind, _shelf)
for _kind in ("CodeSystem", "ValueSet", "StructureDefinition", "Questionnaire"):
    _add_definitions(_kind)
