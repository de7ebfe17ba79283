"""Commands killed at random instants: import, backup, restore, reanalyse, and an update.

Each is tried in the same way: the command is killed, then given once more, as a person would who
saw the window close. After that everything must be there once, and nothing be left lying about.
"""

import contextlib
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock

from api import newest_tables
from tools.faulting.doomed import kill_after, run_tempo90, start, tempo90
from tools.faulting.old_tables import earlier_tables, filled_with_old_tables
from tools.faulting.trials import Kind, Trial
from tools.faulting.worlds import EXERCISE, Held, csv_files, filled, held, leftovers, missing
from tracker.moving.backing_up import tables_of
from tracker.settings import DataFolder

OVERLONG = 1.1  # kills are drawn from a little more than the whole of a command
_timing = Lock()


@dataclass(slots=True)
class Length:
    """How long a command takes when nobody kills it; learnt as it goes."""

    guess_s: float = 0.3
    known: list[float] = field(default_factory=list)

    def draw(self, rng: random.Random) -> float:
        """Draw an instant in it."""
        with _timing:
            length_s = sorted(self.known)[len(self.known) // 2] if self.known else self.guess_s
        return rng.uniform(0.0, OVERLONG * length_s)

    def learn(self, took_s: float) -> None:
        """Take in how long it took."""
        with _timing:
            self.known.append(took_s)


@cache
def _length(_name: str) -> Length:
    return Length()


def _killed_then_again(
    name: str, rng: random.Random, folder: Path, words: Sequence[str]
) -> tuple[bool, int, float, str]:
    """Kill a command and give it once more: whether it was hit, status, seconds, what it said."""
    log, length = folder / "log", _length(name)
    was_hit = kill_after(start(tempo90, log, *words), length.draw(rng))
    log.unlink(missing_ok=True)
    status, took_s = run_tempo90(log, *words)
    if was_hit:
        length.learn(took_s)
    return was_hit, status, took_s, _last_line(log)


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines() if log.exists() else []
    return lines[-1].strip() if lines else ""


def _hit(name: str, was_hit: bool) -> str:
    return name if was_hit else "ended before"


def kill_import(rng: random.Random, folder: Path) -> Trial:
    """Kill an import of some files."""
    data = DataFolder(folder / "data")
    words = ["import", *map(str, csv_files()), "--exercise", EXERCISE, "--side", "left"]
    words += ["--data", str(data.root)]
    was_hit, status, took_s, said = _killed_then_again("import", rng, folder, words)
    after = held(data)
    problems = list(after.trouble)
    if status:
        problems.append(f"the second import failed: {said}")
    if len(after.sessions) != len(csv_files()) or len(after.recordings) != len(csv_files()):
        problems.append(
            f"{len(after.sessions)} sessions and {len(after.recordings)} recordings of "
            f"{len(csv_files())} files"
        )
    problems += leftovers(data.outbox) + leftovers(data.unfinished)
    problems += leftovers(data.recordings / "incoming")
    return Trial(_hit("import", was_hit), tuple(problems), back_s=took_s)


def kill_backup(rng: random.Random, folder: Path) -> Trial:
    """Kill a backup; what has its name must be whole, and the next one must work."""
    data = filled(folder / "data")
    before = held(data)
    place = folder / "backups"
    place.mkdir()
    first, second = place / "first.zip", place / "second.zip"
    log, length = folder / "log", _length("backup")
    words = ("--data", str(data.root))
    doomed = start(tempo90, log, "backup", str(first), *words)
    was_hit = kill_after(doomed, length.draw(rng))
    has_name = first.exists()
    status, took_s = run_tempo90(log, "backup", str(second), *words)
    length.learn(took_s)
    problems = [] if status == 0 else [f"the next backup failed: {_last_line(log)}"]
    for made in (first, second) if has_name else (second,):
        into = DataFolder(folder / f"from-{made.stem}")
        if run_tempo90(log, "restore", str(made), "--data", str(into.root))[0]:
            problems.append(f"{made.name} cannot be restored: {_last_line(log)}")
        problems += missing(before, held(into))
    problems += missing(before, held(data)) + leftovers(place, first.name, second.name)
    return Trial(_hit("backup", was_hit), tuple(problems), back_s=took_s)


def kill_restore(rng: random.Random, folder: Path) -> Trial:
    """Kill a restore over a full folder; the old or the new data are there, then the new."""
    source = filled(folder / "source")
    wanted = held(source)
    backup, log = folder / "backup.zip", folder / "log"
    run_tempo90(log, "backup", str(backup), "--data", str(source.root))
    beside = folder / "beside"
    data = filled(beside / "data")
    with contextlib.closing(sqlite3.connect(data.database)) as db, db:
        db.execute("UPDATE patient SET name = 'the old one'")
    length = _length("restore")
    words = ("restore", str(backup), "--data", str(data.root))
    was_hit = kill_after(start(tempo90, log, *words), length.draw(rng))
    candidates = [data.root, data.root.with_name("data.restored")]
    whole = [one for one in candidates if one.is_dir() and not missing(wanted, _held_at(one))]
    problems = [] if whole else ["in the middle neither the old nor the new data were there"]
    status, took_s = run_tempo90(log, *words)
    length.learn(took_s)
    if status:
        problems.append(f"the second restore failed: {_last_line(log)}")
    problems += missing(wanted, held(data))
    asides = [one.name for one in beside.iterdir() if one.name.startswith("data-before-")]
    if not asides:
        problems.append("the old data were not kept aside")
    problems += leftovers(beside, "data", *asides)
    return Trial(_hit("restore", was_hit), tuple(problems), back_s=took_s)


def _held_at(root: Path) -> Held:
    return held(DataFolder(root))


def kill_reanalyse(rng: random.Random, folder: Path) -> Trial:
    """Kill a re-analysis; given again it goes on, and no session gets two results."""
    data = filled(folder / "data")
    with contextlib.closing(sqlite3.connect(data.database)) as db, db:
        db.execute("UPDATE session SET engine = '0.0.1'")
    before = held(data)
    words = ["reanalyse", "--all", "--accept", "all", "--data", str(data.root)]
    was_hit, status, took_s, said = _killed_then_again("reanalyse", rng, folder, words)
    problems = missing(before, held(data))
    if status:
        problems.append(f"the second run ended with {status}: {said}")
    with contextlib.closing(sqlite3.connect(data.database)) as db:
        numbers = db.execute(
            "SELECT session_id, count(*) FROM result_version GROUP BY 1"
        ).fetchall()
    if sorted(n for _, n in numbers) != [2] * len(before.sessions):
        problems.append(f"results of the sessions: {numbers}")
    return Trial(_hit("reanalyse", was_hit), tuple(problems), back_s=took_s)


def kill_migration(rng: random.Random, folder: Path) -> Trial:
    """Kill the first start after an update; the next one brings the tables up to date."""
    tables = rng.choice(earlier_tables())
    data = filled_with_old_tables(folder / "data", tables)
    rows = _sessions(data)
    length = _length("migration")
    doomed = start(_update, data)
    was_hit = kill_after(doomed, length.draw(rng))
    found = tables_of(data.database)
    problems = [] if found in {tables, newest_tables()} else [f"half-way: tables {found}"]
    began_s = time.monotonic()
    again = start(_update, data)
    again.join()
    took_s = time.monotonic() - began_s
    length.learn(took_s)
    if again.exitcode:
        problems.append("the next start failed")
    if tables_of(data.database) != newest_tables():
        problems.append(f"tables {tables_of(data.database)} after the next start")
    problems += [] if _sessions(data) == rows else ["rows are missing"]
    problems += leftovers(data.before_update, f"tables-{tables}.sqlite")
    return Trial(_hit(f"from {tables}", was_hit), tuple(problems), back_s=took_s)


def _update(data: DataFolder) -> None:
    from tracker.updating import bring_up_to_date  # noqa: PLC0415  # as the next start does

    bring_up_to_date(data)


def _sessions(data: DataFolder) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(data.database)) as db:
        return sorted(db.execute("SELECT id, patient_id, started_at, engine FROM session"))


Run = Callable[[random.Random, Path], Trial]


def _kind(command: str, sees: str, n_usual: int, run: Run) -> Kind:
    title = f"`{command}` killed"
    return Kind(
        f"kill-{command.split(maxsplit=1)[0]}", title, sees, "nothing stored", n_usual, run, True
    )


GONE = "The window is gone. The command given again does the whole of it."
KINDS = (
    _kind("import", GONE, 30, kill_import),
    _kind("backup", f"{GONE} A file with the backup's name is a whole backup.", 30, kill_backup),
    _kind("restore", f"{GONE} Until then the old data are there.", 30, kill_restore),
    _kind("reanalyse", "The window is gone. Given again it goes on.", 25, kill_reanalyse),
    _kind("migration", "The next start brings the data up to date.", 30, kill_migration),
)
