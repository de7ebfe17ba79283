"""Data folders to do harm to, filled by the product itself, and what is there afterwards."""

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from api import migrate
from tools.faulting.doomed import run_tempo90
from tracker.sample_data import csv_text
from tracker.settings import DataFolder
from tracker.simulator import Scenario, simulate
from tracker.updating import bring_up_to_date

N_FILES = 4
REPS = 3
EXERCISE = "ecc_prone_helper"
_making = Lock()
_migrating = Lock()


def brought_up_to_date(folder: DataFolder, tables: str | None = None) -> None:
    """Do what every start does, or go back to earlier tables; Alembic does one at a time."""
    with _migrating:
        if tables is None:
            bring_up_to_date(folder)
        else:
            migrate(folder.database_url, tables)


def migrated(url: str) -> None:
    """Make the tables of a database at an address; Alembic does one at a time."""
    with _migrating:
        migrate(url)


def csv_file(folder: Path, seed: int) -> Path:
    """Write a simulated recording of some repetitions."""
    scenario = Scenario(exercise_id=EXERCISE, reps=REPS, rate_hz=50.0)
    path = folder / f"synthetic-{seed}.csv"
    path.write_text(csv_text(simulate(scenario, seed=seed)), "utf-8")
    return path


def csv_files() -> tuple[Path, ...]:
    """Return some simulated recordings, made once."""
    with _making:
        return _csv_files()


@cache
def _csv_files() -> tuple[Path, ...]:
    folder = scratch()
    return tuple(csv_file(folder, seed) for seed in range(1, N_FILES + 1))


def filled(root: Path) -> DataFolder:
    """Return a data folder with some sessions and their recordings, a copy of one made once."""
    files = csv_files()
    with _making:
        template = _template(files)
    shutil.copytree(template, root)
    return DataFolder(root)


@cache
def _template(files: tuple[Path, ...]) -> Path:
    root = scratch() / "data"
    log = root.with_name("log")
    words = ("--exercise", EXERCISE, "--side", "left", "--data", str(root))
    status, _ = run_tempo90(log, "import", *map(str, files), *words)
    if status:
        raise RuntimeError(f"the folder could not be filled: {log.read_text()}")
    return root


@cache
def _scratch() -> Path:
    return Path(mkdtemp(prefix="tempo90-faults-"))


def scratch() -> Path:
    """Return a new folder that `clear` removes."""
    return Path(mkdtemp(dir=_scratch()))


def clear() -> None:
    """Remove everything that `scratch` gave."""
    shutil.rmtree(_scratch(), ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Held:
    """What a data folder holds: sessions by id, with the SHA-256 of content and recording."""

    sessions: Mapping[str, str]
    recordings: Mapping[str, str]
    trouble: tuple[str, ...] = ()


def held(folder: DataFolder) -> Held:
    """Read a data folder with SQLite alone, and every recording byte by byte."""
    if not folder.database.exists():
        return Held({}, {})
    uri = f"{folder.database.as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
        trouble = [f"integrity: {row[0]}" for row in db.execute("PRAGMA integrity_check")]
        trouble = [one for one in trouble if one != "integrity: ok"]
        if db.execute("PRAGMA foreign_key_check").fetchall():
            trouble.append("rows point at nothing")
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'session'").fetchall():
            return Held({}, {}, tuple(trouble))
        sessions = dict(db.execute("SELECT id, content_sha256 FROM session"))
        recordings = dict(db.execute("SELECT session_id, sha256 FROM recording"))
    for session_id, sha256 in recordings.items():
        name = _dashed(session_id)
        path = folder.recordings / session_id[:2] / f"{name}.mcap"
        if not path.exists():
            trouble.append(f"the recording of {name} is not there")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            trouble.append(f"the recording of {name} is another one")
    return Held(sessions, recordings, tuple(trouble))


def missing(before: Held, after: Held) -> list[str]:
    """Say what was there and is not any more, and what is wrong with the rest."""
    gone = [f"session {one} is gone" for one in before.sessions if one not in after.sessions]
    changed = [
        f"session {one} is another one"
        for one, sha256 in before.sessions.items()
        if after.sessions.get(one, sha256) != sha256
    ]
    unheard = [
        f"recording {one} is gone" for one in before.recordings if one not in after.recordings
    ]
    return [*gone, *changed, *unheard, *after.trouble]


def leftovers(folder: Path, *known: str) -> list[str]:
    """Say which names in a folder nobody needs any more."""
    return [f"{one.name} is left over" for one in folder.iterdir() if one.name not in known]


def _dashed(hexadecimal: str) -> str:
    return "-".join(hexadecimal[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
