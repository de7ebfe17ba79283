import io
import sys
from unittest.mock import patch

import pytest
from rich.console import Console

from analysis import load_catalogue
from tests.tracker.training_builders import PROFILE
from tracker import cli
from tracker.phone.family import NotOnAnkleError, check_ankle
from tracker.phone_apps.app_family import SENSOR_LOGGER
from tracker.phone_apps.app_settings import load_app_settings, remember_platform
from tracker.phone_apps.asking import ask_platform
from tracker.phone_apps.errors import PhoneAppSpecError
from tracker.phone_apps.opening import read_app_spec
from tracker.phone_apps.push_source import guess_platform
from tracker.sensor_choice import SensorChoice
from tracker.settings import DataFolder
from tracker.sitting import show_instructions
from tracker.words import Text


@pytest.mark.parametrize(
    ("spec", "host", "ports"),
    [
        ("phyphox:192.168.1.20", "192.168.1.20", (8080, 80)),
        ("phyphox:192.168.1.20:8081", "192.168.1.20", (8081,)),
        ("phyphox:http://phone.local:8080/", "phone.local", (8080,)),
        ("phyphox:[fe80::1]:8080", "fe80::1", (8080,)),
    ],
)
def test_an_address_of_phyphox_may_leave_out_its_port(spec, host, ports):
    read = read_app_spec(spec)

    assert (read.host, read.ports) == (host, ports)


@pytest.mark.parametrize(
    "spec",
    ["phyphox", "phyphox:", "phyphox:a:99999", "phyphox:host/path", "phyphox:me@host",
     "phyphox:a b", "sensor-logger:nokia", "sensor-logger:"],
)  # fmt: skip
def test_a_badly_named_phone_is_told_what_a_good_name_is(spec):
    with pytest.raises(PhoneAppSpecError, match=r"--sensor phyphox:|sensor-logger:ios"):
        read_app_spec(spec)


def test_other_sensors_are_none_of_the_apps():
    assert read_app_spec(None) is read_app_spec("sim") is read_app_spec("C6:90:00") is None


@pytest.mark.parametrize(
    "exercise", ["run_intervals", "run_continuous", "sprint_sets", "cycling", "step_up"]
)
@pytest.mark.parametrize("sensor", ["sensor-logger", "phyphox:10.0.0.2"])
def test_running_cycling_and_springing_are_refused_in_one_sentence(
    monkeypatch, capsys, tmp_path, exercise, sensor
):
    arguments = ["tempo90", "train", exercise, "--sensor", sensor, "--data", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", arguments)

    status = cli.main()

    said = capsys.readouterr().err
    assert status == 1
    assert "Never a phone on the ankle" in said
    assert len(said.splitlines()) == 1


def test_the_slow_exercises_may_be_done_with_a_phone():
    catalogue = load_catalogue()

    for exercise in ("ecc_prone_helper", "ecc_seated_solo", "squat_single"):
        check_ankle(catalogue[exercise])

    with pytest.raises(NotOnAnkleError):
        check_ankle(catalogue["cycling"])


def test_the_kind_of_phone_is_remembered_with_the_token(tmp_path):
    folder = DataFolder(tmp_path)
    before = load_app_settings(folder)

    remember_platform(folder, "standardised")

    after = load_app_settings(folder)
    assert before.platform is None
    assert (after.token, after.platform) == (before.token, "standardised")
    assert (tmp_path / "phone-app.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", "[]", "{", '{"token": "short"}', '{"token": 5}', "\x00"])
def test_settings_that_cannot_be_read_are_made_anew(tmp_path, content):
    (tmp_path / "phone-app.json").write_text(content)

    settings = load_app_settings(DataFolder(tmp_path))

    assert len(settings.token) == 10
    assert load_app_settings(DataFolder(tmp_path)) == settings


def asked(folder, spec, typed):
    console = Console(file=io.StringIO(), width=100)
    with patch("builtins.input", lambda *_: typed):
        ask_platform(spec, folder, "nl", console)
    return console.file.getvalue()


def test_which_phone_it_is_is_asked_once(tmp_path):
    folder = DataFolder(tmp_path)

    first, again = (asked(folder, "sensor-logger", "2") for _ in range(2))

    assert "iPhone" in first
    assert again == ""
    assert load_app_settings(folder).platform == "ios"


@pytest.mark.parametrize("spec", [None, "sim", "phyphox:10.0.0.2", "sensor-logger:android"])
def test_nothing_is_asked_where_it_does_not_matter(tmp_path, spec):
    assert asked(DataFolder(tmp_path), spec, "2") == ""


def test_the_address_to_type_is_shown_with_a_picture_only_in_a_terminal():
    choice = SensorChoice(
        family=SENSOR_LOGGER,
        instructions=Text("Push to {url}", "Stuur naar {url}").with_values(url="http://x/push/t"),
        address="http://x/push/t",
    )
    shown = []

    for is_terminal in (True, False):
        console = Console(file=io.StringIO(), force_terminal=is_terminal, width=100)
        show_instructions(console, choice, PROFILE)
        shown.append(console.file.getvalue())

    assert all("Stuur naar http://x/push/t" in one for one in shown)
    assert [one.count("\n") > 8 for one in shown] == [True, False]


def test_an_iphone_gives_itself_away_by_the_name_of_its_program():
    assert guess_platform("SensorLogger/1 CFNetwork/1410 Darwin/22.6.0") == "ios"
    assert guess_platform("okhttp/4.12.0") == guess_platform("") == "android"
