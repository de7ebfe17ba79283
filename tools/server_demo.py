"""The set-up of a large clinic from nothing on one computer: what `make server-demo` runs.

PostgreSQL, a store that speaks S3, `tempo90 migrate`, `tempo90 serve` with two workers and
`tempo90 work` are started on free addresses of this computer, each as a process of its own. Then
people come: an administrator, a clinician and a patient, whose computer at home is linked and
sends a session with its recording. The clinician reads both back, and has a report made in the
background. In the end everything is stopped as a service manager does it. Nothing is left behind.
"""

import argparse
import hashlib
import io
import json
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tools.serverbench.postgres import own_postgres
from tools.serverdemo.machines import (
    ObjectStore,
    ProgramError,
    Running,
    object_store,
    run_tempo90,
    running_tempo90,
)
from tools.serverdemo.visitor import PageError, Visitor, shown
from tracker.sample_data import csv_text
from tracker.simulator import Scenario, simulate

HOST = "tempo.clinic.example"
EXERCISE = "ecc_prone_helper"
REPS = 5
WORKERS = 2
PATIENCE_S = 60.0
READS = 20  # of the recording, each over a connection of its own: either worker may answer
WHO_SERVES = (
    "SELECT count(DISTINCT application_name) FROM pg_stat_activity"
    " WHERE application_name ~ '^tempo90 [0-9a-f]{8} '"
)


@dataclass
class Steps:
    """What has been done, each step with its time."""

    done: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Do one step and say how long it took."""
        began_s = time.monotonic()
        yield
        self.done.append(what)
        print(f"{time.monotonic() - began_s:6.1f} s  {what}", flush=True)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The clinic's server: its processes, its database and its store."""

    url: str
    database: str
    store: ObjectStore
    serve: Running
    work: Running
    administrator_code: str


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What the patient's computer measured and sent, and who may read it."""

    session_id: str
    n_reps: int
    sha256: str
    physio: Visitor


def main() -> int:
    """Run it and say how it went."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    began_s, steps = time.monotonic(), Steps()
    try:
        with TemporaryDirectory(prefix="tempo90-server-") as folder:
            run(steps, Path(folder))
    except (ProgramError, PageError) as error:
        print(f"FAILED after {len(steps.done)} steps: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; everything that was started has ended.", file=sys.stderr)
        return 130
    print(f"{time.monotonic() - began_s:6.1f} s  in all: the whole set-up works.")
    return 0


def run(steps: Steps, folder: Path) -> None:
    """Bring everything up, use it, and bring it down again."""
    with ExitStack() as stack:
        site = bring_up(steps, folder, stack)
        trained = train_at_home(steps, folder, site)
        read_back(steps, site, trained)
        with steps.step("asked to end, both services end well"):
            codes = [site.serve.end(), site.work.end()]
            check(codes == [0, 0], f"exit codes {codes}")


def bring_up(steps: Steps, folder: Path, stack: ExitStack) -> Site:
    """Start the servers, make the tables, and start the service and the worker of the jobs."""
    with steps.step("PostgreSQL and a store that speaks S3 run"):
        database = stack.enter_context(own_postgres(None))
        store = stack.enter_context(object_store())
        data = {"TEMPO90_DATABASE": database, "TEMPO90_DATA": str(folder / "server")}
        environment = store.environment | data
    with steps.step("tempo90 migrate made the tables"):
        run_tempo90("migrate", env=environment)
    with steps.step(f"tempo90 serve runs with {WORKERS} workers, and tempo90 work"):
        options = ("--clinic", f"https://{HOST}", "--port", "0", "--workers", str(WORKERS))
        serve = stack.enter_context(running_tempo90("serve", *options, env=environment))
        work = stack.enter_context(running_tempo90("work", env=environment))
        url = serve.wait_for(r"listening at (http://[^;]+);").group(1)
        code = serve.wait_for(r"and type (\S+)").group(1)
        wait_until(lambda: n_serving(database) == WORKERS, "the workers do not come up")
    return Site(
        url=url, database=database, store=store, serve=serve, work=work, administrator_code=code
    )


def train_at_home(steps: Steps, folder: Path, site: Site) -> Trained:
    """Let people in, and send a session from the patient's own computer."""
    admin, physio, patient = (Visitor(site.url, HOST) for _ in range(3))
    with steps.step("an administrator, a clinician and a patient have accounts"):
        admin.take_invitation(site.administrator_code, "admin")
        physio.take_invitation(admin.invite("clinician"), "physio")
        scopes = ["results", "recordings", "live"]
        patient.take_invitation(physio.invite("patient"), "patient", scopes=scopes)
    home = {"TEMPO90_DATA": str(folder / "home"), "TEMPO90_KEY": patient.make_key()}
    scenario = Scenario(exercise_id=EXERCISE, reps=REPS)
    measured = folder / "synthetic.csv"
    measured.write_text(csv_text(simulate(scenario, seed=1)), "utf-8")
    with steps.step("the patient's computer measured a set and sent it to the clinic"):
        words = ("--exercise", EXERCISE, "--side", "left", "--json")
        (told,) = json.loads(run_tempo90("import", str(measured), *words, env=home))["imported"]
        run_tempo90("link", site.url, env=home)
        run_tempo90("sync", env=home)
    (recording,) = (folder / "home" / "recordings").rglob("*.mcap")
    return Trained(
        session_id=told["session"],
        n_reps=told["reps"],
        sha256=hashlib.sha256(recording.read_bytes()).hexdigest(),
        physio=physio,
    )


def read_back(steps: Steps, site: Site, trained: Trained) -> None:
    """Read as the clinician, through both workers, and look where the data lie."""
    path, physio = f"/api/v1/sessions/{trained.session_id}", trained.physio
    with steps.step(f"the clinician reads the session with its {trained.n_reps} repetitions"):
        (one,) = json.loads(physio.get(path))["exercise_sets"]
        check(len(one["reps"]) == trained.n_reps == REPS, "repetitions are missing")
        physio.get(f"/sessions/{trained.session_id}/review")
    with steps.step(f"and {READS} times the recording, unchanged, from the object store"):
        with ThreadPoolExecutor(4) as readers:
            read = readers.map(lambda _: physio.get(f"{path}/recording"), range(READS))
        digests = {hashlib.sha256(one).hexdigest() for one in read}
        check(digests == {trained.sha256}, "the recording came back otherwise")
        check(trained.sha256 in site.store.digests(), "the recording is not in the store")
        check(n_rows(site.database, "rep") == REPS, "the rows are not in PostgreSQL")
    with steps.step("the clinician's reports are made by tempo90 work"):
        page = physio.post("/jobs/reports", {"reader": "clinician"})
        job = shown(r"/jobs/([0-9a-f-]{36})/", page)
        wait_until(lambda: f"/jobs/{job}/reports.zip" in physio.get("/jobs").decode(), "no report")
        with zipfile.ZipFile(io.BytesIO(physio.get(f"/jobs/{job}/reports.zip"))) as made:
            check([Path(name).suffix for name in made.namelist()] == [".pdf"], "no PDF in it")


def n_serving(database: str) -> int:
    """Count the workers that have told the database that they serve."""
    return ask(database, WHO_SERVES)


def n_rows(database: str, table: str) -> int:
    """Count the rows of a table."""
    return ask(database, f"SELECT count(*) FROM {table}")  # noqa: S608  # a name of our own


def ask(database: str, question: str) -> int:
    """Ask the database for a number."""
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        (number,) = connection.execute(question.encode()).fetchone() or (0,)
    return int(number)


def wait_until(holds: Callable[[], bool], otherwise: str) -> None:
    """Wait for something, and stop with what is wrong when it does not come."""
    until_s = time.monotonic() + PATIENCE_S
    while not holds():
        check(time.monotonic() < until_s, otherwise)
        time.sleep(0.1)


def check(holds: bool, otherwise: str) -> None:
    """Stop with what is wrong."""
    if not holds:
        raise ProgramError(otherwise)


if __name__ == "__main__":
    sys.exit(main())
