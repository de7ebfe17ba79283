"""What the present service makes of an earlier one's data: every page, interface and key works."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from api import ApiSettings, OwnPatient, create_app, migrate, newest_tables, open_engine
from api.access import AccessSettings
from api.needs.keeping import rebuild_all
from tests.api.access.people import CHEAP, HTTPS, ORIGIN
from tests.api.builders import BASE_URL, exercise_set, session
from tests.api.upgrade.names import (
    APP_TOKEN,
    INJURY,
    LOGIN_TOKEN,
    ORDER,
    PASSWORD,
    PATIENT,
    RECORDING,
    SESSION,
)
from tests.api.upgrade.old_database import FIRST, put_recording

NOON = datetime(2026, 5, 11, 10, 0, tzinfo=UTC)
OF_PATIENT = f"/api/v1/patients/{UUID(PATIENT)}"
OF_SESSION = f"/api/v1/sessions/{UUID(SESSION)}"
FHIR = "/api/v1/fhir"
OWN_PAGES = (
    *("/", "/today", "/calendar", "/calendar/2026-05-11", "/sessions", "/results", "/sport"),
    *("/prescription", "/my-data", "/good-to-know", "/settings", "/reminders", "/self-report"),
    *("/report", "/intake", "/clinic"),
)
SESSION_PAGES = tuple(f"/sessions/{UUID(SESSION)}{end}" for end in ("", "/review", "/results"))
CLINIC_PAGES = (
    *("/clinic", "/clinic/thresholds", "/jobs", "/account"),
    *(f"/clinic/patients/{UUID(PATIENT)}{end}" for end in ("", f"/injuries/{UUID(INJURY)}")),
)
ANSWERS = (
    *("sessions", "enrolment", "calendar", "check-ins", "diary", "rest-days", "self-reports"),
    *("notes", "messages", "extra-weeks", "questionnaire-totals", "prescription/versions"),
    *("injury-episodes", "data-days", "export", "results.zip"),
)
OF_FHIR = ("Patient", "Observation", "ServiceRequest", "Condition", "Device", "Procedure")


@pytest.fixture(scope="module", params=[FIRST, newest_tables()])
def upgraded(request, old):
    """A data folder of an earlier service, brought up to date: the database and recordings."""
    with old.copy(request.param) as url, TemporaryDirectory() as folder:
        put_recording(Path(folder))
        migrate(url)
        yield url, Path(folder)


@contextmanager
def served(upgraded, address=BASE_URL, **settings):
    url, folder = upgraded
    engine = open_engine(url)
    given = {"recordings_dir": folder, "time_zone": "Europe/Amsterdam"} | settings
    app = create_app(engine, ApiSettings(**given))
    app.state.clock = lambda: NOON
    rebuild_all(engine, now=NOON, only_outdated=True)  # as a start of tempo90 does
    with TestClient(app, base_url=address, raise_server_exceptions=False) as client:
        yield client
    engine.dispose()


@pytest.fixture(scope="module")
def home(upgraded):
    """The patient's own machine."""
    own = OwnPatient(id=UUID(PATIENT), name="Synthetic patient 1")
    with served(upgraded, own_patient=own) as client:
        yield client


@pytest.fixture(scope="module")
def clinic(upgraded):
    """A clinic, where everybody has to log in, and how a browser opens it."""
    access = AccessSettings(argon2=CHEAP)
    with served(upgraded, HTTPS, is_loopback_only=False, access=access) as client:
        yield client


def refused(client, paths, **options):
    answers = {path: client.get(path, **options) for path in paths}
    return {path: one.status_code for path, one in answers.items() if one.status_code != 200}


def test_every_page_of_the_patient_opens(home):
    assert refused(home, [*OWN_PAGES, *SESSION_PAGES]) == {}


def test_every_answer_about_the_patient_is_given(home):
    assert refused(home, [f"{OF_PATIENT}/{what}" for what in ANSWERS]) == {}


def test_the_session_is_as_it_was_measured(home):
    listed = home.get(f"{OF_PATIENT}/sessions").json()["sessions"]
    found = home.get(OF_SESSION).json()
    raw = home.get(f"{OF_SESSION}/recording")
    trace = home.get(f"{OF_SESSION}/sets/1/trace")

    reps = found["exercise_sets"][0]["reps"]
    assert [one["id"] for one in listed] == [str(UUID(SESSION))]
    assert (found["engine"], found["soreness"]) == ("0.0.3", 1)
    assert [one["eccentric_s"] for one in reps] == [3.0, 2.5]
    assert reps[1]["flags"] == ["stepwise"]
    assert raw.content == RECORDING
    assert max(trace.json()["a"]) == 90.0


def test_today_follows_the_programme_and_the_order_of_before(home):
    today = home.get(f"{OF_PATIENT}/today").json()
    (order,) = (
        one
        for one in home.get(f"{OF_PATIENT}/prescription").json()["orders"]
        if one["exercise"] == "ecc_prone_helper"
    )

    (core,) = (one for one in today["exercises"] if one["is_core"])
    assert (today["day"], today["week"]) == (7, 1)  # the eighth, and one of them was for rest
    assert UUID(core["prescription"]["id"]).hex == UUID(order["id"]).hex == ORDER
    assert (core["sets_due"], core["sets_done"]) == (6, 2)  # one measured, one told


def test_fhir_gives_out_the_old_rows(home):
    search = f"patient={UUID(PATIENT)}"

    bundles = {kind: home.get(f"{FHIR}/{kind}?{search}").json() for kind in OF_FHIR}

    kinds = {
        kind: {one["resource"]["resourceType"] for one in bundles[kind]["entry"]}
        for kind in OF_FHIR
    }
    assert kinds == {kind: {kind} for kind in OF_FHIR}
    assert "2.75" in str(bundles["Observation"])  # the mean of the return, in seconds


def test_keys_of_before_still_open_the_clinic(clinic):
    by_app = clinic.get("/api/v1/me", headers={"Authorization": f"Bearer {APP_TOKEN}"})
    by_cookie = clinic.get("/clinic", headers={"Cookie": f"__Host-sid={LOGIN_TOKEN}"})
    form = {"login": "anna@example.org", "password": PASSWORD}
    by_password = clinic.post("/log-in", data=form, headers=ORIGIN, follow_redirects=False)
    clinic.cookies.clear()
    by_none = clinic.get(OF_SESSION)

    assert (by_app.status_code, by_cookie.status_code) == (200, 200)
    assert by_app.json()["role"] == "app"
    assert "Synthetic patient 1" in by_cookie.text
    assert by_password.status_code == 303
    assert by_none.status_code == 401


def test_every_page_of_the_clinician_opens(clinic):
    pages = [*CLINIC_PAGES, *SESSION_PAGES]

    assert refused(clinic, pages, headers={"Cookie": f"__Host-sid={LOGIN_TOKEN}"}) == {}


def test_training_goes_on_with_new_numbers(home):
    body = session(
        patient_id=str(UUID(PATIENT)),
        sets=[exercise_set((3.0,))],
        started_at=(NOON + timedelta(days=1)).isoformat(),
    )

    answer = home.put(f"/api/v1/sessions/{uuid4()}", json=body)

    assert answer.status_code == 201, answer.text
    assert len(home.get(f"{OF_PATIENT}/sessions").json()["sessions"]) == 2
