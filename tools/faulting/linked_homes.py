"""Patients' own computers and a clinic: the line is cut, the sender killed, two send the same."""

import contextlib
import random
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from api import open_engine, transaction
from api.access.app_tokens import add_token
from api.access.rows import AccountRow
from api.models import PatientRow
from tools.faulting.cutting_line import cutting_line
from tools.faulting.doomed import kill_after, run_tempo90, running, start, tempo90, wait_for
from tools.faulting.trials import Kind, Trial
from tools.faulting.worlds import (
    EXERCISE,
    brought_up_to_date,
    csv_file,
    filled,
    held,
    scratch,
)
from tracker.linking.here import database_of, make_link, person_of, send_now
from tracker.profile import load_profile
from tracker.settings import DataFolder

LONGEST_BYTES = 60_000
MANY_ROUNDS = 60
LONGEST_SYNC_S = 0.7
_making = Lock()


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic's service in a process of its own, with one patient."""

    data: DataFolder
    url: str
    patient_id: UUID

    def key(self) -> str:
        """Make a key for another of the patient's computers."""
        engine = open_engine(self.data.database_url)
        with transaction(engine, writes=True) as db:
            token = add_token(db, self.patient_id, "Synthetic", now=datetime.now(UTC))
        engine.dispose()
        return token


@cache
def _template() -> tuple[Path, UUID]:
    data = DataFolder(scratch() / "clinic").make()
    brought_up_to_date(data)
    engine, patient_id = open_engine(data.database_url), uuid4()
    with transaction(engine, writes=True) as db:
        now = datetime.now(UTC)
        db.add(PatientRow(id=patient_id, name="Synthetic", created_at=now))
        db.flush()
        # A key is that of an account, and ends with it.
        account = {"role": "patient", "login": "synthetic", "name": "Synthetic"}
        db.add(AccountRow(id=uuid4(), patient_id=patient_id, created_at=now, **account))
    engine.dispose()
    return data.root, patient_id


@contextlib.contextmanager
def clinic_in(folder: Path) -> Iterator[Clinic]:
    """Run a clinic's service."""
    with _making:
        template, patient_id = _template()
    data, log = DataFolder(folder / "clinic"), folder / "clinic-log"
    shutil.copytree(template, data.root)
    words = ("--clinic", "https://localhost", "--port", "0", "--data", str(data.root))

    def address() -> str:
        said = log.read_text() if log.exists() else ""
        found = re.search(r"listening at (http://[\d.:]+)", said)
        return found.group(1) if found else ""

    with running(tempo90, log, "serve", *words):
        wait_for(lambda: bool(address()), "the clinic does not start")
        yield Clinic(data, address(), patient_id)


def _link(home: DataFolder, url: str, key: str) -> None:
    with database_of(home) as engine:
        make_link(engine, person_of(load_profile(home.profile)), url, key)


def _compare(home: DataFolder, clinic: Clinic) -> list[str]:
    """Say what of a home is not at the clinic, exactly once and whole."""
    here, there = held(home), held(clinic.data)
    problems = [f"session {one} is not there" for one in here.sessions if one not in there.sessions]
    problems += [
        f"recording {one} is not there"
        for one, sha256 in here.recordings.items()
        if there.recordings.get(one) != sha256
    ]
    return problems + list(there.trouble)


def cut_line(rng: random.Random, folder: Path) -> Trial:
    """Cut the line after random numbers of bytes, again and again, until all has arrived."""
    home = filled(folder / "data")
    with clinic_in(folder) as clinic:
        port = urlsplit(clinic.url).port or 0
        with cutting_line(port, rng) as (line, url):
            _link(home, url, clinic.key())
            line.begin(LONGEST_BYTES)
            began_s, said = time.monotonic(), ""
            person = person_of(load_profile(home.profile))
            with database_of(home) as engine:
                for _ in range(MANY_ROUNDS):
                    came_to = send_now(engine, home, person, sleep=lambda _: None)
                    if came_to is None or came_to.trouble is None:
                        break
                    said = came_to.reason or said
            problems = _compare(home, clinic)
    sentence = said.replace(url, "https://tempo.clinic.example")
    hit = "one to ten cuts" if line.n_cuts <= 10 else "more than ten cuts"  # noqa: PLR2004
    return Trial(hit, tuple(problems), back_s=time.monotonic() - began_s, said=sentence)


def kill_sync(rng: random.Random, folder: Path) -> Trial:
    """Kill `tempo90 sync` while it sends, then give it again."""
    home, log = filled(folder / "data"), folder / "log"
    with clinic_in(folder) as clinic:
        _link(home, clinic.url, clinic.key())
        doomed = start(tempo90, log, "sync", "--data", str(home.root))
        was_hit = kill_after(doomed, rng.uniform(0.0, LONGEST_SYNC_S))
        status, took_s = run_tempo90(log, "sync", "--data", str(home.root))
        problems = _compare(home, clinic)
    if status:
        problems.append(f"the second sync ended with {status}: {log.read_text()[-200:]}")
    return Trial("sync" if was_hit else "ended before", tuple(problems), back_s=took_s)


def two_homes(rng: random.Random, folder: Path) -> Trial:
    """Let two computers with one profile send the same and different sessions at once."""
    first = filled(folder / "first")
    shutil.copytree(first.root, folder / "second")
    second = DataFolder(folder / "second")
    log = folder / "log"
    changed = _change_one(second)  # while each of its sessions is on the other computer too
    more = csv_file(folder, rng.randint(100, 10_000))
    run_tempo90(log, "import", str(more), "--exercise", EXERCISE, "--data", str(second.root))
    with clinic_in(folder) as clinic:
        for home in (first, second):
            _link(home, clinic.url, clinic.key())
        began_s = time.monotonic()
        syncing = [start(tempo90, log, "sync", "--data", str(one.root)) for one in (first, second)]
        for process in syncing:
            process.join()
        took_s = time.monotonic() - began_s
        for home in (first, second):  # what the two got in each other's way is sent now
            run_tempo90(log, "sync", "--data", str(home.root))
        problems = _compare(first, clinic) + _compare(second, clinic)
    refused = [one for home in (first, second) for one in _refused(home)]
    if [session_id for session_id, _ in refused] != [changed]:
        problems.append(f"refused: {refused} instead of {changed}")
    said = next((sentence for _, sentence in refused), "")
    said = said.replace(str(UUID(changed)), "…").replace(clinic.url, "")
    return Trial("both", tuple(problems), back_s=took_s, said=said)


def _change_one(home: DataFolder) -> str:
    """Let one session say something else here than on the other computer."""
    with contextlib.closing(sqlite3.connect(home.database)) as db, db:
        session_id = str(db.execute("SELECT min(id) FROM session").fetchone()[0])
        db.execute("UPDATE session SET soreness = 7 WHERE id = ?", (session_id,))
    return session_id


def _refused(home: DataFolder) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(home.database)) as db:
        found = db.execute("SELECT key, refusal FROM sent_item WHERE refusal IS NOT NULL")
        return [(UUID(key.partition("/")[0]).hex, str(refusal)) for key, refusal in found]


Run = Callable[[random.Random, Path], Trial]
LATER = "The page My clinic says what waits; it is sent later, on from where it stopped."
KINDS = (
    Kind("kill-sync", "`sync` killed while it sends", LATER, "nothing", 30, kill_sync, True),
    Kind("line", "the line to the clinic cut after any byte", LATER, "nothing", 20, cut_line),
    Kind(
        "two-homes",
        "two computers with one profile send the same, other and contradicting sessions at once",
        "Each session is at the clinic once; of two that contradict the first counts.",
        "nothing",
        10,
        two_homes,
    ),
)
