"""Every operation of the description is called with drawn requests, good ones and bad ones."""

from functools import cache

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.examples import PRESCRIPTION
from tests.api.builders import PATIENT_ID, service, session

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
N_REQUESTS = 6


@pytest.fixture(scope="module")
def filled():
    """A service with a patient, a session and an order, so that some requests find something."""
    with service() as api:
        api.put_patient()
        session_id, _ = api.put_session(session())
        ordered = api.client.post("/api/v1/prescriptions", json=PRESCRIPTION)
        api.known = {
            "patient_id": str(PATIENT_ID),
            "session_id": str(session_id),
            "prescription_id": ordered.json()["id"],
            "observation_id": f"set-1.{session_id}",
            "number": 1,
        }
        api.schema = schemathesis.openapi.from_dict(only_what_is_told(api))
        api.schema.app = api.app
        yield api


def only_what_is_told(api):
    """The description without the word "default", which stands for every answer."""
    document = api.client.get("/api/v1/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            del operation["responses"]["default"]
    return document


@cache
def operations():
    with service() as api:
        document = api.client.get("/api/v1/openapi.json").json()
    return [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
    ]


def modes(operation):
    """Good requests, and bad ones where the description leaves room for any."""
    yield GenerationMode.POSITIVE
    if any(one.location != "path" for one in operation.iter_parameters()) or operation.body:
        yield GenerationMode.NEGATIVE


@pytest.mark.parametrize("name", operations())
def test_no_drawn_request_is_answered_by_an_error_of_the_service_or_by_surprise(filled, name):
    method, _, path = name.partition(" ")
    operation = filled.schema[path][method]

    for mode in modes(operation):
        call_some(operation, mode, {} if method == "DELETE" else filled.known)


def call_some(operation, mode, known):
    """Call an operation with drawn requests; ids of what there is take the place of drawn ones.

    A part that is not installed is no error where the description tells it (501); that 500 is
    none of the answers that are told, another of the checks sees.
    """
    may_lack = "501" in operation.definition.raw["responses"]
    checks = [one for one in CHECKS if not (may_lack and one is not_a_server_error)]

    @settings(
        max_examples=N_REQUESTS,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def call(case):
        if mode is GenerationMode.POSITIVE:
            ids = {name: known[name] for name in case.path_parameters or {} if name in known}
            case.path_parameters = {**(case.path_parameters or {}), **ids}
        case.call_and_validate(checks=checks, headers={"Host": "localhost"})

    call()
