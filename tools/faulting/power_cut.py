"""The power fails: whatever was acknowledged is there, wherever between two system calls it was.

Each piece of work is done once under strace. Then the power is cut after some call, in each of
the ways of `disk_model.Cut`, the product is started on what the disk would have, and what it had
acknowledged up to that call is looked for.
"""

import contextlib
import json
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient

from api import ApiSettings, create_app, newest_tables, open_engine
from tools.faulting.disk_model import Cut, Disk
from tools.faulting.old_tables import OLDEST, filled_with_old_tables
from tools.faulting.system_calls import Call, can_trace, traced
from tools.faulting.traced_work import (
    BACKUP,
    DATA,
    MARKS,
    RECORDING_BYTES,
    RefusedPieceError,
    recording_bytes,
    send_piece,
)
from tools.faulting.trials import Kind, Trial
from tools.faulting.worlds import Held, brought_up_to_date, filled, held, missing, scratch
from tracker.leftovers import remove_leftovers
from tracker.moving.backing_up import back_up, tables_of
from tracker.recording_file import read_mcap
from tracker.recovery import mend
from tracker.session_store import recover_sessions
from tracker.settings import DataFolder

LOOKS = frozenset({"lseek", "close", "fcntl"})
Note = dict[str, Any]
Check = Callable[["Work", Path, Sequence[Note]], list[str]]
_making = Lock()


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work that was traced.

    Parameters
    ----------
    place : Path
        Where it was done; what it made is still there.
    before : Path
        What was there before.
    calls : sequence of Call
        What it asked the system for.
    held_before, held_after : Held
        What its data folder held before and afterwards.

    """

    place: Path
    before: Path
    calls: Sequence[Call]
    held_before: Held
    held_after: Held


def cut_power(name: str, check: Check, rng: random.Random, folder: Path) -> Trial:
    """Cut the power at a random call, in every way, and look for what was acknowledged."""
    with _making:
        work = _worked(name)
    at = rng.choice([n for n, call in enumerate(work.calls) if call.name not in LOOKS])
    disk = Disk(work.place)
    disk.load(work.before)
    for call in work.calls[: at + 1]:
        disk.take(call)
    notes = _notes(disk)
    problems: list[str] = []
    began_s = time.monotonic()
    for way in Cut.WAYS:
        into = folder / way
        Cut(way, rng).write(disk.top, into)
        try:
            found = check(work, into, notes)
        except Exception as error:  # noqa: BLE001 - a start that fails is what is looked for
            found = [f"{type(error).__name__}: {error}"]
        problems += [f"after call {at} ({work.calls[at].name}), {way}: {one}" for one in found]
        shutil.rmtree(into)
    return Trial(name, tuple(problems), back_s=(time.monotonic() - began_s) / len(Cut.WAYS))


def _notes(disk: Disk) -> list[Note]:
    """Return what had been acknowledged."""
    marks = disk.top.now.get(MARKS)
    lines = bytes(getattr(marks, "now", b"")).decode().splitlines()
    return [json.loads(line) for line in lines]


@cache
def _worked(name: str) -> Work:
    place = scratch() / "work"
    before = place.with_name("before")
    place.mkdir()
    if name == "update":
        filled_with_old_tables(place / DATA, OLDEST)
    elif name == "restore":
        source = filled(scratch() / DATA)
        back_up(source, place / BACKUP)
        filled(place / DATA)
        with _database(place) as db:
            db.execute("UPDATE session SET content_sha256 = 'old ' || substr(id, 1, 8)")
    shutil.copytree(place, before)
    calls = traced(place.with_name("log"), "tools.faulting.traced_work", name, str(place))
    return Work(place, before, calls, _held(before), _held(place))


@contextlib.contextmanager
def _database(place: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(DataFolder(place / DATA).database)) as db, db:
        yield db


def _held(place: Path) -> Held:
    return held(DataFolder(place / DATA))


def check_sitting(work: Work, cut: Path, notes: Sequence[Note]) -> list[str]:
    """Look after the next start for every set that was kept, and every chunk that was synced."""
    data = DataFolder(cut / DATA).make()
    remove_leftovers(data)
    recover_sessions(data, mend)
    n_sets = max((note.get("sets", 0) for note in notes), default=0)
    kept = [json.loads(path.read_text("utf-8")) for path in data.outbox.glob("*.json")]
    n_found = sum(len(one["exercise_sets"]) for one in kept)
    problems = [] if n_found >= n_sets else [f"{n_found} of {n_sets} sets"]
    if any(data.unfinished.iterdir()):
        problems.append("a session is still unfinished")
    synced = {note["synced"]: note["n_bytes"] for note in notes if "synced" in note}
    for name, n_bytes in synced.items():
        n_samples = _samples_in(work, name, n_bytes)
        found = data.outbox / name
        n_there = read_mcap(found).samples.n_samples if found.exists() else 0
        if n_there < n_samples and (kept or n_sets):
            problems.append(f"{n_there} of {n_samples} samples")
    return problems


def _samples_in(work: Work, name: str, n_bytes: int) -> int:
    """Return how many samples the first bytes of a recording hold."""
    whole = next((work.place / DATA).rglob(name)).read_bytes()
    with tempfile.NamedTemporaryFile(suffix=".mcap") as first:
        first.write(whole[:n_bytes])
        first.flush()
        return read_mcap(Path(first.name)).samples.n_samples


def check_upload(_work: Work, cut: Path, notes: Sequence[Note]) -> list[str]:
    """Look after the next start for every session and every piece; send the rest."""
    data = DataFolder(cut / DATA).make()
    brought_up_to_date(data)
    after = held(data)
    problems = list(after.trouble)
    sessions = {note["session"] for note in notes if "session" in note}
    problems += [f"session {one} is gone" for one in sessions - set(after.sessions)]
    whole = {note["recording"] for note in notes if note.get("is_whole")}
    problems += [f"recording {one} is gone" for one in whole - set(after.recordings)]
    pieces = {note["recording"]: note["n_bytes"] for note in notes if "recording" in note}
    engine = open_engine(data.database_url)
    app = create_app(engine, ApiSettings(recordings_dir=data.recordings))
    with TestClient(app, base_url="http://localhost") as client:
        for session in sessions & set(after.sessions):
            problems += _go_on(client, UUID(session), pieces.get(session, 0))
    engine.dispose()
    return problems + list(held(data).trouble)


def _go_on(client: TestClient, session_id: UUID, n_bytes: int) -> list[str]:
    """Send the rest of a recording, as the sender of a patient's computer does."""
    path = f"/api/v1/sessions/{session_id}/recording"
    offset = int(client.head(path).headers["upload-offset"])
    if offset < n_bytes:
        return [f"{offset} of {n_bytes} bytes of {session_id} are there"]
    with contextlib.suppress(
        RefusedPieceError
    ):  # what was torn is found by its digest: it starts over
        send_piece(client, session_id, offset, RECORDING_BYTES, is_last=True)
    offset = int(client.head(path).headers["upload-offset"])
    if offset != RECORDING_BYTES:
        send_piece(client, session_id, offset, RECORDING_BYTES, is_last=True)
    got = client.get(path).content
    return [] if got == recording_bytes(session_id) else [f"{session_id} reads otherwise"]


def check_update(work: Work, cut: Path, notes: Sequence[Note]) -> list[str]:
    """See that the tables are the old or the new ones, and the new ones after the next start."""
    data = DataFolder(cut / DATA).make()
    tables = tables_of(data.database)
    problems = [] if tables in {OLDEST, newest_tables()} else [f"half-way: tables {tables}"]
    if notes and tables != newest_tables():
        problems.append("the update was acknowledged and is not there")
    problems += missing(work.held_before, held(data))
    copy = data.before_update / f"tables-{OLDEST}.sqlite"
    if tables == newest_tables() and (not copy.exists() or tables_of(copy) != OLDEST):
        problems.append("there is no copy from before the update")
    brought_up_to_date(data)
    return problems + missing(work.held_before, held(data))


def check_restore(work: Work, cut: Path, notes: Sequence[Note]) -> list[str]:
    """See that the data are the old or the new ones, never a mixture, and the old ones aside."""
    data = DataFolder(cut / DATA).make()
    remove_leftovers(data)
    now = held(data)
    is_new, is_old = now == work.held_after, now == work.held_before
    problems = [] if is_new or is_old else ["neither the old nor the new data are there"]
    if notes and not is_new:
        problems.append("the restore was acknowledged and is not there")
    asides = [held(DataFolder(one)) for one in cut.glob(f"{DATA}-before-*")]
    if not is_old and work.held_before not in asides:
        problems.append("the old data are not kept aside")
    return problems


SEES = "The computer is off. At the next start everything is there."


def _kind(name: str, title: str, n_usual: int, check: Check, lost: str = "nothing stored") -> Kind:
    title = f"power cut {title}, at any system call, four ways"
    return Kind(f"power-{name}", title, SEES, lost, n_usual, partial(cut_power, name, check))


KINDS = (
    (
        _kind("sitting", "in a sitting", 150, check_sitting, "what came after the last sync"),
        _kind("upload", "while sessions are stored", 250, check_upload, "what was not confirmed"),
        _kind("update", "in an update of the tables", 100, check_update),
        _kind("restore", "in a restore", 100, check_restore),
    )
    if can_trace()
    else ()
)
