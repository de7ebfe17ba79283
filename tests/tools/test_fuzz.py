import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from firmware_bridge import SENSORS, read_export
from firmware_bridge.exports import READERS
from tools.fuzzing.mutation import MAX_PART, MAX_PARTS, mutate
from tools.fuzzing.running import fuzz, repeat
from tools.fuzzing.seeds import export_seeds
from tools.fuzzing.targets import Target, all_targets

ROOT = Path(__file__).resolve().parents[2]
TARGETS = all_targets()


def test_every_sensor_and_every_format_is_fuzzed_from_good_input():
    names = {target.name for target in TARGETS}

    assert {f"sensor:{sensor_id}" for sensor_id in SENSORS} <= names
    assert {f"export:{reader.id}" for reader in READERS} <= names
    assert all(target.seeds for target in TARGETS)


@pytest.mark.parametrize("format_id", [reader.id for reader in READERS])
def test_the_good_input_of_a_format_is_read_as_that_format(format_id):
    for files in export_seeds()[format_id]:
        assert read_export(dict(files)).format == format_id


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_moment_of_fuzzing_breaks_nothing(target, tmp_path):
    outcome = fuzz(target, seconds=0.1, seed=90, folder=tmp_path)

    assert outcome.n_inputs >= 10
    assert outcome.failures == []


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_gives_the_same_inputs_and_they_stay_small(seed):
    corpus = TARGETS[0].seeds

    first, second = (random.Random(seed) for _ in range(2))  # noqa: S311

    for _ in range(50):
        given = mutate(first, corpus)
        assert given == mutate(second, corpus)
        assert len(given) <= MAX_PARTS
        assert all(len(content) <= MAX_PART for _, content in given)


def brittle(given):
    if any(b"\xff" in content for _, content in given):
        raise ZeroDivisionError
    return ""


def test_what_breaks_is_kept_once_and_can_be_repeated(tmp_path, capsys):
    target = Target("brittle", ((("", b"good"),),), brittle)

    outcome = fuzz(target, seconds=0.2, seed=1, folder=tmp_path)

    (path,) = outcome.failures
    assert f"--repeat {path}" in capsys.readouterr().err
    with pytest.raises(ZeroDivisionError):
        repeat(path, (target,))


def test_an_input_that_reaches_new_lines_is_kept(tmp_path):
    target = next(target for target in TARGETS if target.name == "sensor:witmotion")

    outcome = fuzz(target, seconds=0.2, seed=3, folder=tmp_path)

    assert outcome.n_lines > 50
    assert outcome.n_kept > 0


def test_the_command_reports_its_counts_and_seed():
    command = [sys.executable, "tools/fuzz.py", "--seconds", "0.1", "--seed", "7", "--jobs", "1"]
    only = ["--only", "sensor:polar", "--only", "export:generic-csv"]

    done = subprocess.run([*command, *only], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.startswith("seed 7; 0.1 s each")
    assert re.search(r"sensor:polar +\d[\d,]* inputs", done.stdout)
    assert re.search(r"\d inputs to 2 targets: 0 failures", done.stdout)
