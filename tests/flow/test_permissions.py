"""The permission matrix, generated: every route of the whole app x role x ownership."""

import re
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocketDisconnect

from api.access import Gate, Role, Stage
from api.access.route_map import RouteMap
from tests.api.access.people import HTTPS, open_clinic
from tests.tracker.phone_builders import a_desk
from tracker.app import create_app
from tracker.live import LiveHub
from tracker.moving.desk import BackupDesk
from tracker.moving.pages import install as install_backup
from tracker.phone.web import add_pairing_page, add_phone_page
from tracker.settings import DataFolder
from tracker.upload.desk import UploadDesk
from tracker.whats_new.news import NewsDesk
from tracker.whats_new.pages import install as install_news

REACHED = 299
OWN_PAGES = {Role.OWNER, Role.PATIENT}  # pages whose patient is who asks
ROLES = (Role.NOBODY, Role.APP, Role.PATIENT, Role.CLINICIAN, Role.ADMINISTRATOR)
OWNERS = (
    "patient_id",
    "session_id",
    "prescription_id",
    "episode_id",
    "observation_id",
    "device_id",
    "response_id",
    "care_id",
)
FHIR = "GET /api/v1/fhir"
DEFINED = ("CodeSystem", "ValueSet", "StructureDefinition", "Questionnaire")
WITHOUT_LOGIN = {
    "MOUNT /static",
    "GET /favicon.ico",
    "GET /health",
    "GET /ready",
    "GET /metrics",
    "GET /api/v1/openapi.json",
    "HEAD /api/v1/openapi.json",
    "GET /good-to-know",
    "GET /manifest.webmanifest",
    "GET /worker.js",
    "GET /icons/{name}.png",
    "GET /offline",
    "GET /settings",
    "GET /practice",
    "GET /intervals",
    "POST /settings",
    "GET /log-in",
    "POST /log-in",
    "POST /log-in/passkey/options",
    "POST /log-in/passkey",
    "GET /log-in/elsewhere",
    "GET /log-in/elsewhere/back",
    "GET /invitation",
    "POST /invitation",
    "POST /invitation/accept",
    "GET /password-reset",
    "POST /password-reset",
    "POST /password-reset/code",
    f"{FHIR}/metadata",
    *(f"{FHIR}/{kind}" for kind in DEFINED),
    *(f"{FHIR}/{kind}/{{definition_id}}" for kind in DEFINED),
}
BY_APP = {
    "PUT /api/v1/sessions/{session_id}",
    "HEAD /api/v1/sessions/{session_id}/recording",
    "PUT /api/v1/sessions/{session_id}/recording",
    "PATCH /api/v1/sessions/{session_id}/recording",
    "PUT /api/v1/sessions/{session_id}/sets/{number}/correction",
    "POST /api/v1/patients/{patient_id}/answers",
    "POST /api/v1/patients/{patient_id}/check-ins",
    "POST /api/v1/patients/{patient_id}/diary",
    "POST /api/v1/patients/{patient_id}/self-reports",
    "GET /api/v1/patients/{patient_id}/from-clinic",
    "PUT /api/v1/patients/{patient_id}/from-home/programme",
    "PUT /api/v1/patients/{patient_id}/messages/{message_id}/seen",
    "WS /ws/my-live",
}


class Site:
    """The whole app, and the gate before a stub that says when a request has come through."""

    def __init__(self, clinic):
        self.clinic, self.app = clinic, clinic.api.app
        self.rules = self.app.state.access.rules
        self.names = RouteMap(self.app).names
        self._gate = Gate(reached, self.app.state.access)
        self.anna = clinic.add(Role.PATIENT, "anna")
        self.bert = clinic.add(Role.PATIENT, "bert")
        self.physio = clinic.add(Role.CLINICIAN, "physio")
        self.admin = clinic.add(Role.ADMINISTRATOR, "admin")
        clinic.treat(self.physio, self.anna)
        self.ids = {"own": self.ids_of(self.anna), "others": self.ids_of(self.bert)}

    def ids_of(self, patient):
        clinician = self.clinic.add(Role.CLINICIAN, f"of-{patient.login}")
        self.clinic.treat(clinician, patient)
        order = {
            "patient_id": str(patient.patient_id),
            "exercise": "ecc_prone_helper",
            "sets": 3,
            "starts_on": "2026-05-12",
        }
        ordered = clinician.client.post("/api/v1/prescriptions", json=order)
        assert ordered.status_code == 201, ordered.text
        session_id, episode_id = str(self.clinic.session_of(patient)), str(uuid4())
        episode = f"/api/v1/patients/{patient.patient_id}/injury-episodes/{episode_id}"
        assert patient.client.put(episode, json={"side": "left"}).status_code == 201
        device = patient.client.get(f"/api/v1/fhir/Device?patient={patient.patient_id}").json()
        consent = patient.client.get(f"/api/v1/fhir/Consent?patient={patient.patient_id}").json()
        total = {"instrument": "fash", "total": 62, "measured_on": "2026-05-12"}
        totals = f"/api/v1/patients/{patient.patient_id}/questionnaire-totals"
        assert clinician.client.put(f"{totals}/{uuid4()}", json=total).status_code == 201
        return {
            "patient_id": str(patient.patient_id),
            "session_id": session_id,
            "prescription_id": ordered.json()["id"],
            "episode_id": episode_id,
            "observation_id": f"set-1.{session_id}",
            "device_id": device["entry"][0]["resource"]["id"],
            "response_id": f"fash-2026-05-12.{patient.patient_id}",
            "care_id": consent["entry"][0]["resource"]["id"],
        }

    def client(self, role, app=None):
        """A browser or program of somebody; before the stub, or before another app."""
        made = {Role.NOBODY: self.clinic.browser, Role.APP: lambda: self.clinic.app(self.anna)}
        people = {
            Role.PATIENT: self.anna,
            Role.CLINICIAN: self.physio,
            Role.ADMINISTRATOR: self.admin,
        }
        known = people[role].client if role in people else made[role]()
        return TestClient(
            app or self.stubbed,
            base_url=HTTPS,
            headers=known.headers,
            cookies=known.cookies,
            follow_redirects=False,
            raise_server_exceptions=False,
        )

    async def stubbed(self, scope, receive, send):
        if scope["type"] != "lifespan":
            await self._gate({**scope, "app": self.app}, receive, send)

    def path(self, name, whose):
        ids = self.ids[whose]

        def value(found):
            key = found.group(1)
            return ids.get(key) or ("1" if key == "number" else str(uuid4()))

        return re.sub(r"{(\w+)}", value, name.partition(" ")[2])


def whole_app(folder):
    def make(engine, settings):
        app = create_app(engine, settings, LiveHub(), UploadDesk(DataFolder(folder), lambda: ""))
        install_news(app, NewsDesk(DataFolder(folder)))
        install_backup(app, BackupDesk(DataFolder(folder)))
        add_phone_page(app, app.state.pages, a_desk())
        add_pairing_page(app, app.state.pages, a_desk(), None)
        return app

    return make


async def reached(scope, receive, send):
    """Where a request comes that the gate let through."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 1000})
        return
    await PlainTextResponse("reached", REACHED)(scope, receive, send)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with open_clinic(make=whole_app(tmp_path_factory.mktemp("data"))) as clinic:
        yield Site(clinic)


def asked(client, name, path):
    """What becomes of a request: "through", "log in", "forbidden" or "not there"."""
    method = name.partition(" ")[0]
    if method == "WS":
        try:
            with client.websocket_connect(f"wss://localhost{path}") as opened:
                opened.receive()
        except WebSocketDisconnect as closed:
            return "through" if closed.code == 1000 else f"closed: {closed.reason}"
        return "through"
    if method == "MOUNT":
        method, path = "GET", f"{path}/tempo90.css"
    answer = client.request(method, path)
    words = {REACHED: "through", 401: "log in", 403: "forbidden", 404: "not there"}
    return words[answer.status_code]


def expected(rule, role, whose, names_owner):
    if rule.is_public:
        return "through"
    if role is Role.NOBODY or not rule.stages & {Stage.FULL}:
        return "log in"
    if role not in rule.roles:
        return "forbidden"
    return "not there" if names_owner and whose == "others" else "through"


def test_every_route_has_a_line_in_the_permission_table_and_every_line_a_route(site):
    assert set(site.names) - site.rules.names == set()
    assert site.rules.names - set(site.names) == set()


def test_every_id_of_patient_data_in_an_address_is_checked_or_stands_below_one_that_is(site):
    checked = {name: set(re.findall(r"{(\w+)}", name)) & set(OWNERS) for name in site.names}

    unchecked = [
        name
        for name in site.names
        if site.rules.rule(name).scope is not None and "{" in name and not checked[name]
    ]

    assert {name for name in unchecked if site.rules.rule(name).roles != OWN_PAGES} == set()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_what_the_table_says_and_nothing_of_another_patient(site, role):
    client = site.client(role)
    wrong = []
    for name in site.names:
        rule = site.rules.rule(name)
        names_owner = rule.scope is not None and any(owner in name for owner in OWNERS)
        for whose in ("own", "others"):
            found = asked(client, name, site.path(name, whose))
            due = expected(rule, role, whose, names_owner)
            closed = {
                "log in": "closed: login-needed",
                "forbidden": "closed: not-allowed",
                "not there": "closed: not-found",
            }
            if found not in {due, closed.get(due)}:
                wrong.append((name, whose, found, due))

    assert wrong == []


def test_what_needs_no_login_is_this_and_no_more(site):
    public = {name for name in site.names if site.rules.rule(name).is_public}

    assert public == WITHOUT_LOGIN


def test_an_app_sends_what_was_trained_and_told_and_reads_the_clinics_orders_alone(site):
    clinical = {name for name in site.names if site.rules.rule(name).scope is not None}

    by_app = {name for name in clinical if Role.APP in site.rules.rule(name).roles}
    by_admin = {name for name in clinical if Role.ADMINISTRATOR in site.rules.rule(name).roles}

    assert by_app == BY_APP
    assert by_admin == {"GET /"}  # which leads on to the users


@pytest.mark.parametrize("role", [Role.APP, Role.PATIENT, Role.CLINICIAN, Role.ADMINISTRATOR])
def test_no_answer_of_the_real_app_holds_anything_of_another_patient(site, role):
    client = site.client(role, site.app)
    strange = [*site.ids["others"].values(), "Synthetic bert"]
    leaks, statuses, seen = [], set(), 0

    for name in site.names:
        method, _, template = name.partition(" ")
        if method != "GET" or site.rules.rule(name).scope is None:
            continue
        asked_for = (f"patient_id={strange[0]}", f"patient=Patient/{strange[0]}")
        for path in (site.path(name, "own"), *(f"{template}?{one}" for one in asked_for)):
            answer = client.get(path)
            statuses.add(answer.status_code)
            text = answer.text.replace(path, "")
            seen += site.ids["own"]["session_id"] in text
            leaks += [(path, word) for word in strange if word in text and word not in path]

    assert leaks == []
    assert statuses <= {200, 303, 400, 403, 404, 422}
    assert (seen > 3) is (role in {Role.PATIENT, Role.CLINICIAN})


def test_a_route_without_a_line_is_closed_to_everyone(site):
    @site.app.get("/forgotten")
    def forgotten():
        return "open"

    found = {role: asked(site.client(role), "GET", "/forgotten") for role in ROLES}

    site.app.router.routes.pop()
    assert set(found.values()) == {"log in", "forbidden"}
