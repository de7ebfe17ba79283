"""The examples of `deploy/`: what they run is run, what they name exists."""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest
import typer
import yaml

from tools.serverdemo.machines import run_tempo90, running_tempo90
from tracker.cli import app
from tracker.clinic_settings import ClinicSettings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text("utf-8"))
OURS = sorted(name for name, one in COMPOSE["services"].items() if one.get("image") == "tempo90")
UNITS = sorted((DEPLOY / "systemd").glob("tempo90-*.service"))
ENV_FILES = (DEPLOY / "systemd" / "settings.env", DEPLOY / "compose" / "settings.example.env")
INSTALLED = "/opt/tempo90/bin/tempo90"
SYSTEMD = shutil.which("systemd-analyze")
IN_FLIGHT_S = 30.0  # what run-a-clinic.md asks for beyond the time of draining


def unit(path):
    parsed = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parsed.optionxform = str
    parsed.read_string(path.read_text("utf-8"))
    return parsed


def settings_of(path):
    lines = path.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def words_of(path, **values):
    """The words after `tempo90` of a unit, as systemd would fill them in."""
    line = unit(path)["Service"]["ExecStart"]
    assert line.startswith(f"{INSTALLED} ")
    filled = re.sub(r"\$\{(\w+)\}", lambda found: values[found.group(1)], line)
    return shlex.split(filled.removeprefix(INSTALLED))


def parse(words):
    """Read a command line as the program does, without running it; a wrong one raises."""
    program = typer.main.get_command(app)
    command = program.commands[words[0]]
    with command.make_context(words[0], list(words[1:])) as context:
        return context.params


def known_settings():
    names = {"TEMPO90_DATA"}
    for name, field in ClinicSettings.model_fields.items():
        names.add(f"TEMPO90_CLINIC_{name.upper()}")
        names |= set(getattr(field.validation_alias, "choices", ()))
    return names


def seconds(text):
    return float(text.removesuffix("s"))


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_the_compose_file_is_one_that_this_version_knows(name):
    parsed = parse(COMPOSE["services"][name]["command"])

    assert parsed.get("port", 8090) == 8090


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_every_command_of_a_unit_is_one_that_this_version_knows(path):
    words = words_of(path, **settings_of(ENV_FILES[0]))

    parsed = parse(words)

    assert "$" not in " ".join(words)
    assert parsed.get("clinic") in {None, "https://tempo.clinic.example"}


@pytest.mark.parametrize("path", ENV_FILES, ids=lambda path: path.parent.name)
def test_every_setting_that_is_named_exists_and_no_secret_is_given_away(path):
    given = settings_of(path)

    assert {name for name in given if name.startswith("TEMPO90_")} <= known_settings()
    for name, value in given.items():
        if "PASSWORD" in name or "SECRET" in name:
            assert value == "change-me"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_is_ended_no_earlier_than_a_set_that_runs(path):
    service = unit(path)["Service"]
    drain_s = float(settings_of(ENV_FILES[0])["TEMPO90_CLINIC_DRAIN_S"])

    assert service["User"] == "tempo90"
    if service.get("Type") != "oneshot":
        assert seconds(service["TimeoutStopSec"]) >= drain_s + IN_FLIGHT_S


def test_the_services_start_in_order_and_are_ended_in_time():
    services = COMPOSE["services"]
    drain_s = float(settings_of(ENV_FILES[1])["TEMPO90_CLINIC_DRAIN_S"])

    for name in ("serve", "work"):
        waits = services[name]["depends_on"]["migrate"]
        assert waits == {"condition": "service_completed_successfully"}
        assert seconds(services[name]["stop_grace_period"]) >= drain_s + IN_FLIGHT_S
    assert set(services["migrate"]["depends_on"]) == {"database", "bucket"}
    used = {one.split(":")[0] for each in services.values() for one in each.get("volumes", ())}
    assert {one for one in used if not one.startswith(".")} == set(COMPOSE["volumes"])


def test_the_proxies_pass_on_to_where_the_service_listens():
    port = parse(
        words_of(DEPLOY / "systemd" / "tempo90-serve.service", **settings_of(ENV_FILES[0]))
    )
    for folder in ("systemd", "compose"):
        told = (DEPLOY / folder / "Caddyfile").read_text("utf-8")
        assert f"reverse_proxy 127.0.0.1:{port['port']}" in told
    assert COMPOSE["services"]["serve"]["network_mode"] == "service:proxy"


@pytest.mark.skipif(SYSTEMD is None, reason="needs systemd-analyze")
@pytest.mark.parametrize(
    "path", sorted((DEPLOY / "systemd").glob("*.[st]*i*e*")), ids=lambda p: p.name
)
def test_systemd_finds_no_fault_in_a_unit(path, tmp_path):
    program = tmp_path / "tempo90"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for one in (DEPLOY / "systemd").glob("tempo90-*"):
        text = one.read_text("utf-8").replace(INSTALLED, str(program))
        (tmp_path / one.name).write_text(text)

    told = subprocess.run(
        [SYSTEMD, "verify", "--man=no", str(tmp_path / path.name)],
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in told.stderr.splitlines() if "tempo90" in line]
    assert (ours, told.returncode) == ([], 0), told.stderr


def test_the_units_make_the_tables_serve_and_back_up(tmp_path):
    given = settings_of(ENV_FILES[0]) | {"TEMPO90_CLINIC_BACKUPS": str(tmp_path)}
    units = DEPLOY / "systemd"
    env = given | {"TEMPO90_DATA": str(tmp_path / "data"), "TEMPO90_CLINIC_DRAIN_S": "1"}
    serve = words_of(units / "tempo90-serve.service", **given)
    serve[serve.index("--port") + 1] = "0"

    run_tempo90(*words_of(units / "tempo90-migrate.service"), env=env)
    with running_tempo90(*serve, env=env) as service:
        url = service.wait_for(r"listening at (http://[^;]+);").group(1)
        with urllib.request.urlopen(f"{url}/ready") as answer:  # noqa: S310  # of our own
            rows = json.load(answer)["checks"]
        run_tempo90(*words_of(units / "tempo90-backup.service", **given), env=env)
        code = service.end()

    assert {row["is_well"] for row in rows} == {True}
    assert code == 0
    assert (tmp_path / "tonight.zip").stat().st_size > 0
