"""The page tells how to add a sensor; here it is done, in a copy of the package."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "add-a-sensor.md").read_text("utf-8")
FILE, IMPORT = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
[ROW] = re.findall(r"```text\n( +\(ACME.*?)```", PAGE, flags=re.DOTALL)
[CAPTURE] = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)

TRAIN = """
import json, sys
from pathlib import Path
import io
from rich.console import Console
from tracker.live import LiveHub
from tracker.planning import make_plan
from tracker.profile import load_profile
from tracker.runner import Training
from tracker.sensor_choice import open_sensor
from tracker.settings import DataFolder
from tracker.sounds import SilentSpeaker
from tracker.terminal import PlainView
from tracker.virtual_radio import run_virtually

folder = DataFolder(Path(sys.argv[1])).make()
plan = make_plan("ecc_prone_helper", sets=1, reps=2, side="left", has_questions=False)

async def train():
    async with open_sensor("sim:acme", "ecc_prone_helper", seed=4) as sensor:
        training = Training(
            plan, sensor, load_profile(folder.profile), folder, hub=LiveHub(),
            view=PlainView(Console(file=io.StringIO()), "en"), speaker=SilentSpeaker(),
        )
        return await training.run()

document = json.loads(run_virtually(train()).path.read_text())
print(document["sensor"]["family"], len(document["exercise_sets"][0]["reps"]))
"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """A folder in which the page was followed."""
    folder = tmp_path_factory.mktemp("acme")
    package = folder / "firmware_bridge"
    shutil.copytree(ROOT / "firmware_bridge", package)
    (package / "acme.py").write_text(FILE)
    registry = (package / "registry.py").read_text()
    begin, end = registry.split("\n)\n\nSENSORS", 1)
    registry = f"{begin}\n{ROW}\n)\n\nSENSORS{end}"
    first = "from firmware_bridge.decoder import"
    (package / "registry.py").write_text(registry.replace(first, IMPORT + first, 1))
    (folder / "twist.jsonl").write_text(CAPTURE)
    return folder


def run(folder, *arguments):
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )


def test_the_capture_of_the_page_is_decoded_and_its_gap_is_kept(followed):
    done = run(followed, "-m", "tracker.cli", "decode", "acme", "twist.jsonl")

    rows = [[float(cell) for cell in row] for row in list(csv.reader(done.stdout.splitlines()))[1:]]
    assert [row[0] for row in rows] == pytest.approx([0.0, 0.01, 0.03], abs=0.002)
    assert all(row[3] == pytest.approx(9.80665) for row in rows)
    assert all(row[6] == pytest.approx(0.10908, abs=1e-4) for row in rows)
    assert "no frame of an Acme Twist: 1 x" in done.stderr


def test_a_set_is_trained_with_the_sensor_of_the_page(followed):
    done = run(followed, "-c", TRAIN, str(followed / "data"))

    assert done.stdout.split() == ["acme", "2"]


def test_the_sensor_of_the_page_is_heard_among_the_others(followed):
    done = run(followed, "-m", "tracker.cli", "sensors", "--sim", "--seconds", "0.5")

    assert "(Acme Twist)" in done.stdout


def test_the_file_of_the_page_is_as_tidy_as_ours(followed):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), "-q",
         str(followed / "firmware_bridge" / "acme.py")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert not done.stdout
