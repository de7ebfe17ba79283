"""What a clinic's service tells whoever runs it, with and without the libraries for it."""

import io
import json
import logging
import sys

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import IntegrityError, OperationalError

from api.engines import reason_of
from api.operations.json_log import json_lines
from tracker.clinic_operations import ExtraMissingError, count_together, logging_as
from tracker.clinic_serving import ClinicOptions, clinic_app, prepare_database
from tracker.clinic_settings import ClinicSettings
from tracker.settings import DataFolder

ADDRESS = "https://tempo.clinic.example"
TOKEN = "a-token-for-the-monitor"  # noqa: S105  # of a clinic that does not exist
SETTINGS = {"metrics_token": TOKEN}


def metrics_of(folder):
    """What a monitor elsewhere gets of a clinic's app."""
    prepare_database(folder.database_url)
    app = clinic_app(folder, ClinicOptions(address=ADDRESS), ClinicSettings(**SETTINGS))
    browser = TestClient(app, base_url=ADDRESS, headers={"Authorization": f"Bearer {TOKEN}"})
    answer = browser.get("/metrics")
    app.state.engine.dispose()
    return answer


def test_a_monitor_with_the_token_of_the_settings_reads_the_figures(tmp_path):
    answer = metrics_of(DataFolder(tmp_path))

    assert answer.status_code == 200
    assert "tempo90_sittings_live 0.0" in answer.text


def test_without_its_library_nothing_is_counted_and_the_service_serves(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    answer = metrics_of(DataFolder(tmp_path))
    count_together(tmp_path / "counts")(1)

    assert answer.status_code == 404
    assert not (tmp_path / "counts").exists()


def test_a_log_as_json_without_its_library_says_what_to_install(monkeypatch):
    monkeypatch.delitem(sys.modules, "api.operations.json_log", raising=False)
    monkeypatch.setitem(sys.modules, "pythonjsonlogger", None)
    monkeypatch.setitem(sys.modules, "pythonjsonlogger.json", None)

    with pytest.raises(ExtraMissingError, match=r"tempo90\[server\]"):
        logging_as("json")


def test_the_token_for_the_figures_is_not_in_what_settings_print():
    assert TOKEN not in repr(ClinicSettings(**SETTINGS))


def test_the_log_is_as_before_when_it_is_over_and_plain_changes_nothing():
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.getLogger("api").level

    with logging_as("plain"):
        during = root.handlers[:], root.level, logging.getLogger("api").level
    with json_lines(io.StringIO()):
        pass

    assert during == before
    assert (root.handlers[:], root.level, logging.getLogger("api").level) == before


def test_what_others_log_is_cut_to_what_is_the_same_each_time():
    stream = io.StringIO()
    with json_lines(stream):
        logging.getLogger("of.others").warning("%s is read\nat once", "Synthetic anna")
        logging.getLogger("tracker.ours").info("a sitting %s", "begins", extra={"name_": "anna"})

    first, second = (json.loads(line) for line in stream.getvalue().splitlines())

    assert first["message"] == "%s is read"
    assert second["message"] == "a sitting begins"
    assert "anna" not in stream.getvalue()


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (OperationalError, "connection refused\nDETAIL: x", "OSError: connection refused"),
        (IntegrityError, "duplicate key\nDETAIL: Key (login)=(anna) is there", "OSError"),
    ],
)
def test_why_a_database_refused_is_told_without_what_stands_in_its_rows(kind, text, said):
    assert reason_of(kind("INSERT", {}, OSError(text))) == said
