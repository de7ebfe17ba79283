import re
from pathlib import Path

import pytest

from api.errors import ApiError
from tests.api.builders import service

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "http.md"
JSON = {"Content-Type": "application/json"}
PERSON = {"Accept": "text/html"}
FHIR = "/api/v1/fhir/"


def kinds(base):
    return {base, *(one for child in base.__subclasses__() for one in kinds(child))}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("GET", "/api/v1/sessions/7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01", 404),
        ("DELETE", "/api/v1/sessions", 405),
        ("PUT", "/api/v1/patients/7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01", 422),
        ("GET", "/api/v1/sessions?limit=0", 422),
        ("GET", "/static/missing.css", 404),
    ],
)
def test_every_error_is_a_problem_document(api, method, path, status):
    answer = api.client.request(method, path)

    problem = answer.json()
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert problem["status"] == status
    assert problem["instance"] == path.partition("?")[0]
    assert problem["title"]
    assert problem["detail"].endswith(".")


def test_a_method_that_is_not_allowed_names_those_that_are(api):
    answer = api.client.delete("/health")

    assert answer.headers["allow"] == "GET"


def test_a_problem_does_not_repeat_what_was_sent_about_a_patient(api):
    body = {"name": "Secret Name", "language": "secret language"}

    answer = api.client.put("/api/v1/patients/7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01", json=body)

    assert answer.status_code == 422
    assert "ecret" not in answer.text


def test_text_that_is_no_json_is_a_problem(api):
    path = "/api/v1/patients/7b0f5a34-0c54-4d0e-9a53-3f1a1c2d9e01"

    answers = [
        api.client.put(path, content=text, headers=JSON) for text in (b"{", b"\xff", b"[]", b"")
    ]

    assert {answer.status_code for answer in answers} <= {400, 422}
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}


def test_a_person_gets_a_page_and_a_program_a_document(api):
    page = api.client.get("/nothing", headers=PERSON | {"Accept-Language": "nl"})
    program = api.client.get("/api/v1/nothing", headers=PERSON)

    assert page.status_code == 404
    assert "Deze pagina is er niet" in page.text
    assert program.headers["content-type"] == "application/problem+json"


def test_a_defect_is_told_without_its_details(api):
    @api.app.get("/defect")
    def fail():
        raise RuntimeError("internal detail")

    document = api.client.get("/defect")
    page = api.client.get("/defect", headers=PERSON)

    assert (document.status_code, page.status_code) == (500, 500)
    assert "internal detail" not in document.text + page.text
    assert "Nothing that was stored is lost" in page.text


def test_every_problem_type_has_its_own_code_and_its_entry_in_the_docs():
    codes = [kind.code for kind in kinds(ApiError) - {ApiError} if kind.code != ApiError.code]

    documented = set(re.findall(r"`urn:tempo90:problem:([a-z-]+)`", DOCS.read_text("utf-8")))

    assert len(codes) == len(set(codes))
    assert documented == {*codes, "invalid-body"}


def test_every_address_of_the_interface_is_in_the_docs():
    with service() as opened:
        paths = opened.client.get("/api/v1/openapi.json").json()["paths"]
    routes = {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods
        if not path.startswith(FHIR)
    }

    documented = set(
        re.findall(r"`((?:GET|PUT|POST|PATCH|HEAD|DELETE) /\S+)`", DOCS.read_text("utf-8"))
    )

    assert documented == routes | {f"GET {FHIR}..."}  # a page of its own tells the rest
