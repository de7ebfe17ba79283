"""A clinic of thousands of synthetic patients, and how fast its list by need is.

    python tools/big_clinic.py [PATIENTS [FILE]]

Rows are inserted in bulk and stand for nobody; each patient gets 200 sets in 33 sessions. The
summaries are made by the product's own function. Prints milliseconds of the processor, which
other programs on the machine hardly change.
"""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from tempfile import mkdtemp
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sql
from sqlalchemy import Engine, event
from sqlmodel import Session

from api import migrate, open_engine, transaction
from api.access import Identity, Role
from api.models import Row
from api.needs import listing
from api.needs.keeping import bring_up, rebuild_all
from api.needs.listing import Show, Wanted

NAMESPACE = UUID("0c6c2c52-61a5-4d2c-9a4c-f8a7ce3f9090")
NOW = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
SETS_EACH, SETS_A_SESSION = 200, 6
TIMES = 15
AT_ONCE = 250
CLINICIAN = Identity(
    role=Role.CLINICIAN, name="Synthetic", account_id=uuid5(NAMESPACE, "clinician")
)


def fill(engine: Engine, n_patients: int) -> None:
    """Insert patients with their programme, sessions and sets."""
    with engine.begin() as db:
        columns = {"id": CLINICIAN.account_id, "role": "clinician", "login": "synthetic"}
        more = {"name": "Synthetic", "totp_step": 0, "is_active": True, "created_at": NOW}
        db.execute(sql.insert(Row.metadata.tables["account"]), [columns | more])
    for first in range(0, n_patients, AT_ONCE):
        rows: dict[str, list[dict[str, Any]]] = {}
        for number in range(first, min(first + AT_ONCE, n_patients)):
            for table, row in patient_rows(number):
                rows.setdefault(table, []).append(row)
        with engine.begin() as db:
            for table, listed in rows.items():
                db.execute(sql.insert(Row.metadata.tables[table]), listed)


def patient_rows(number: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the rows of one patient; every seventh is silent, every ninth in pain."""
    chance = Random(number)  # noqa: S311  # no secret
    ids = {name: uuid5(NAMESPACE, f"{name}/{number}") for name in ("patient", "injury", "care")}
    begins = NOW - timedelta(days=chance.randint(14, 70))
    patient_id = ids["patient"]
    yield (
        "patient",
        {
            "id": patient_id,
            "name": f"Synthetic {number:05}",
            "is_synthetic": True,
            "language": "nl",
            "created_at": begins,
        },
    )
    yield (
        "injury_episode",
        {"id": ids["injury"], "patient_id": patient_id, "side": "left", "created_at": begins},
    )
    yield "enrolment", enrolment(ids["injury"], patient_id, begins)
    care = {"id": ids["care"], "clinician_id": CLINICIAN.account_id, "patient_id": patient_id}
    yield "care", care | {"started_at": begins}
    consent = {"id": uuid5(NAMESPACE, f"consent/{number}"), "care_id": ids["care"]}
    yield "consent", consent | {"scope": "results", "given_at": begins}
    last = NOW - timedelta(days=6 if number % 7 == 0 else 0, hours=3)
    for n in range(-(-SETS_EACH // SETS_A_SESSION)):
        session_id = uuid5(NAMESPACE, f"session/{number}/{n}")
        pain = 7 if number % 9 == 0 and n == 1 else chance.randint(0, 3)
        yield "session", session(session_id, patient_id, last - timedelta(hours=12 * n), pain)
        for one in range(min(SETS_A_SESSION, SETS_EACH - n * SETS_A_SESSION)):
            yield "exercise_set", exercise_set(session_id, one + 1, chance)


def enrolment(injury_id: UUID, patient_id: UUID, begins: datetime) -> dict[str, Any]:
    """Return the programme that a patient follows."""
    return {
        "injury_episode_id": injury_id,
        "patient_id": patient_id,
        "programme": "hamstring",
        "start_on": date(begins.year, begins.month, begins.day),
        "time_zone": "Europe/Amsterdam",
        "choices": [],
        "created_at": begins,
        "changed_at": begins,
    }


def session(session_id: UUID, patient_id: UUID, at: datetime, pain: int) -> dict[str, Any]:
    """Return a sitting."""
    return {
        "id": session_id,
        "patient_id": patient_id,
        "started_at": at,
        "received_at": at,
        "engine": "0.1.0",
        "pain_worst": pain,
        "sensor_extra": {},
        "extra": {},
        "content_sha256": "0" * 64,
    }


def exercise_set(session_id: UUID, number: int, chance: Random) -> dict[str, Any]:
    """Return a set; half of them are of the core exercise."""
    took_s = chance.uniform(2.2, 3.4)
    return {
        "session_id": session_id,
        "number": number,
        "exercise": "ecc_prone_helper" if number % 2 else "iso_prone_raise",
        "start_s": 0.0,
        "end_s": 60.0,
        "reps": 15,
        "eccentric_mean_s": took_s,
        "dose_s": min(45.0, 15 * took_s),
        "dose_prescribed_s": 45.0,
        "coverage": chance.uniform(0.85, 1.0),
        "quality_extra": {},
        "feedback": [],
        "extra": {},
    }


def timed(engine: Engine, what: Callable[[Session], object], *, writes: bool = False) -> str:
    """Say how long something takes in a transaction of its own, and in how many statements."""
    took_ms, statements = [], []

    def keep(*given: Any) -> None:
        statements.append(given[2])

    event.listen(engine, "before_cursor_execute", keep)
    for _ in range(TIMES):
        start = time.process_time()
        with transaction(engine, writes=writes) as db:
            what(db)
        took_ms.append(1e3 * (time.process_time() - start))
    event.remove(engine, "before_cursor_execute", keep)
    return f"{median(took_ms):7.1f} ms  {len(statements) // TIMES} statements"


def measure(engine: Engine) -> None:
    """Print the figures of a filled clinic."""

    def show(**wanted: Any) -> Callable[[Session], object]:
        return lambda db: listing.list_by_need(db, CLINICIAN, Wanted(**wanted), now=NOW)

    some_id = uuid5(NAMESPACE, "patient/1")
    print("counts         ", timed(engine, lambda db: listing.count(db, CLINICIAN, now=NOW)))
    print("what is new    ", timed(engine, show()))
    print("all, page 100  ", timed(engine, show(show=Show.ALL, page=100)))
    print("search         ", timed(engine, show(show=Show.ALL, search="0123")))
    print("one reason     ", timed(engine, show(show=Show.ALL, reason="pain_severe")))
    kept = timed(engine, lambda db: bring_up(db, some_id, now=NOW), writes=True)
    print("one summary    ", kept)


def main(arguments: list[str]) -> None:
    """Make the clinic, if it is not there yet, and measure it."""
    n_patients = int(arguments[0]) if arguments else 5_000
    path = Path(arguments[1]) if len(arguments) > 1 else Path(mkdtemp()) / "big.db"
    is_new = not path.exists()
    url = f"sqlite:///{path}"
    migrate(url)
    engine = open_engine(url)
    if is_new:
        fill(engine, n_patients)
        start = time.process_time()
        n_made = rebuild_all(engine, now=NOW)
        each_ms = 1e3 * (time.process_time() - start) / n_made
        print(
            f"{n_made} patients, {n_made * SETS_EACH} sets; a summary made anew in {each_ms:.2f} ms"
        )
    measure(engine)
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
