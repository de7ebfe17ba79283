import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.access import Role
from tests.api.access.people import PASSWORD
from tracker.clinic_serving import (
    ClinicOptions,
    ClinicSettings,
    administrator_code,
    check_options,
    clinic_app,
    prepare_database,
)
from tracker.serving import ServingError
from tracker.settings import DataFolder

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://tempo.clinic.example"
READY_S = 30
AS_JSON = {"TEMPO90_CLINIC_LOG": "json"}


@pytest.fixture
def app(tmp_path):
    folder = DataFolder(tmp_path)
    prepare_database(folder.database_url)
    made = clinic_app(folder, ClinicOptions(address=ADDRESS), ClinicSettings())
    yield made
    made.state.engine.dispose()


def browser(app):
    return TestClient(app, base_url=ADDRESS, headers={"Origin": ADDRESS})


@pytest.mark.parametrize(
    "options",
    [
        ClinicOptions(address="http://tempo.clinic.example"),
        ClinicOptions(address="tempo.clinic.example"),
        ClinicOptions(address="https://tempo.clinic.example/below"),
        ClinicOptions(address=ADDRESS, listen="192.0.2.7"),
        ClinicOptions(address=ADDRESS, listen="0.0.0.0"),  # noqa: S104
        ClinicOptions(address=ADDRESS, listen="here"),
        ClinicOptions(address=ADDRESS, listen="0.0.0.0", key=Path("key.pem")),  # noqa: S104
    ],
    ids=str,
)
def test_passwords_never_cross_a_network_in_the_open(options):
    with pytest.raises(ServingError):
        check_options(options)


def test_behind_a_proxy_or_with_a_certificate_it_may_listen():
    check_options(ClinicOptions(address=ADDRESS))
    check_options(
        ClinicOptions(
            address=ADDRESS,
            listen="192.0.2.7",
            certificate=Path("chain.pem"),
            key=Path("key.pem"),
        )
    )


def test_the_first_administrator_comes_in_with_a_code_and_sets_a_second_step(app):
    code = administrator_code(app, is_wanted=False)
    first = browser(app)
    form = {"code": code, "login": "admin", "name": "Synthetic admin", "password": PASSWORD}

    answer = first.post("/invitation/accept", data=form, follow_redirects=False)

    assert answer.headers["location"] == "/account/second-factor"
    assert administrator_code(app, is_wanted=False) is None
    assert administrator_code(app, is_wanted=True) is not None


def test_in_a_clinic_nothing_of_a_training_on_the_server_can_be_reached(app):
    assert browser(app).get("/live").status_code == 401
    assert browser(app).get("/intervals").status_code == 200
    assert browser(app).get("/api/v1/patients").status_code == 401
    assert app.state.access.local is None
    assert Role.OWNER not in app.state.access.rules.rule("GET /users").roles


def test_the_environment_tells_what_no_list_of_processes_may_show(monkeypatch):
    monkeypatch.setenv("TEMPO90_CLINIC_MAIL__HOST", "mail.clinic.example")
    monkeypatch.setenv("TEMPO90_CLINIC_MAIL__SENDER", "tempo90@clinic.example")
    monkeypatch.setenv("TEMPO90_CLINIC_MAIL__PASSWORD", "a secret of the mail server")

    settings = ClinicSettings()

    assert settings.mail.host == "mail.clinic.example"
    assert "a secret" not in repr(settings)


def test_the_command_serves_a_clinic_logs_as_told_and_prints_the_code_once(tmp_path):
    command = [sys.executable, "-m", "tracker.cli", "serve", "--clinic", ADDRESS, "--port", "0"]
    process = subprocess.Popen(
        [*command, "--data", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | AS_JSON,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline() + process.stdout.readline()
        url = re.search(r"listening at (http://\S+);", line).group(1)
        code = re.search(r"type (\S+)", line).group(1)
        with urllib.request.urlopen(f"{url}/ready", timeout=READY_S) as answer:  # noqa: S310
            status = answer.status
        with urllib.request.urlopen(f"{url}/metrics", timeout=READY_S) as answer:  # noqa: S310
            figures = answer.read().decode()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{url}/api/v1/patients", timeout=READY_S)  # noqa: S310
        refused.value.close()
    finally:
        process.send_signal(signal.SIGINT)
        rest, log = process.communicate(timeout=READY_S)

    assert (status, refused.value.code) == (200, 401)
    assert len(code) == 23
    assert code not in rest
    assert 'tempo90_requests_total{method="GET",route="/ready",status="200"} 1.0' in figures
    lines = [json.loads(line) for line in log.splitlines()]
    told = [(one["route"], one["status"]) for one in lines if "route" in one]
    assert told == [("/api/v1/patients", 401)]
    assert code not in log


@pytest.mark.parametrize(("told", "limit_bytes"), [(None, 4_000_000_000), ("7", 7_000_000)])
def test_a_clinic_limits_the_recordings_of_a_patient(tmp_path, monkeypatch, told, limit_bytes):
    if told is not None:
        monkeypatch.setenv("TEMPO90_CLINIC_PATIENT_RECORDINGS_MB", told)
    folder = DataFolder(tmp_path)
    prepare_database(folder.database_url)

    app = clinic_app(folder, ClinicOptions(address=ADDRESS), ClinicSettings())

    assert app.state.settings.max_patient_recording_bytes == limit_bytes
    app.state.engine.dispose()
