"""A wheel installed from nothing, with what the lock pins, and used far from the checkout."""

import json
import os
import subprocess
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

INSTALL: Final = ("-m", "pip", "--disable-pip-version-check", "install", "-q")
EXERCISE: Final = "ecc_prone_helper"
SAMPLE: Final = "prone_good.csv"
SAMPLE_REPS: Final = 15  # sample_data/MANIFEST.toml
# Of the caller: a trial must find its modules and its data by itself.
NOT_INHERITED: Final = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def wrong_in_use(wheel: Path, lock: Path, folder: Path, version: str) -> Iterator[str]:
    """Install a wheel into a folder, and yield what does not work."""
    place = folder / "venv"
    venv.create(place, with_pip=True)
    binaries = place / ("Scripts" if os.name == "nt" else "bin")
    python = str(binaries / "python")
    _run(folder, python, *INSTALL, "--no-deps", "--require-hashes", "-r", str(lock))
    _run(folder, python, *INSTALL, "--no-deps", "--no-index", str(wheel))
    _run(folder, python, "-m", "pip", "check")
    tempo90 = str(binaries / "tempo90")
    told = _run(folder, tempo90, "--version").strip()
    if told != f"tempo90 {version}":
        yield f"use: --version says {told!r}"
    checks = json.loads(_run(folder, tempo90, "doctor", "--json"))
    if not checks:
        yield "use: doctor looked at nothing"
    sample = next(place.rglob(f"recordings/{SAMPLE}"))
    found = _run(folder, tempo90, "analyse", str(sample), "--exercise", EXERCISE, "--json")
    if (n := json.loads(found)["summary"]["reps"]) != SAMPLE_REPS:
        yield f"use: {n} repetitions in {SAMPLE}, not {SAMPLE_REPS}"


def _run(folder: Path, *command: str) -> str:
    """Run a command there with data of its own; what it says goes on to whoever called, if wrong.

    Raises
    ------
    subprocess.CalledProcessError
        If it fails; what it said on stderr was shown.

    """
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment = inherited | {"TEMPO90_DATA": str(folder / "data")}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout
