"""The page for whoever runs a server names everything that the service tells."""

import re
from datetime import UTC, datetime
from pathlib import Path

from api import migrate, open_engine
from api.operations.json_log import FIELDS
from api.operations.metrics import JobFigures, Metrics, ReadyFigures
from api.service_schemas import Readiness

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "operate-a-server.md"


def told_figures(folder):
    url = f"sqlite:///{folder / 'empty.sqlite'}"
    migrate(url)
    engine = open_engine(url)
    ready = ReadyFigures(Readiness(is_ready=True, version="0.1.0", checks=[]))
    text = Metrics().text(ready, JobFigures(engine, datetime.now(UTC))).decode()
    engine.dispose()
    names = re.findall(r"^# HELP (\w+) ", text, re.MULTILINE)
    return {name for name in names if not name.endswith("_created")}


def test_every_figure_has_its_line_and_every_line_its_figure(tmp_path):
    listed = set(re.findall(r"^\| `(tempo90_\w+)` \|", PAGE.read_text("utf-8"), re.MULTILINE))

    assert listed == told_figures(tmp_path)


def test_alarms_ask_for_figures_that_there_are(tmp_path):
    known = told_figures(tmp_path)
    known |= {f"{name}_bucket" for name in known}

    used = set(re.findall(r"tempo90_\w+", PAGE.read_text("utf-8").partition("## What to do")[2]))

    assert {name for name in used if name not in known} <= {"tempo90_restored"}


def test_every_field_of_a_line_of_the_log_is_explained():
    fields = {"time", "level", "logger", "message", "pid", "request_id", "error", *FIELDS}

    table = PAGE.read_text("utf-8").partition("## Read the log")[2].partition("## What")[0]

    assert {name for name in fields if f"`{name}`" not in table} == set()
