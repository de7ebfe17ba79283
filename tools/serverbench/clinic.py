"""A clinic that grows: patients with 200 sets each, of which every twentieth has all its curves.

Rows of sessions and sets are those of `big_clinic`. The repetitions and traces are what the engine
made of one simulated session, copied: a page of one session reads a few of them, however many
others there are.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import uuid5

import big_clinic
import sqlalchemy as sql
from big_clinic import CLINICIAN, NAMESPACE, NOW, SETS_EACH, patient_rows
from pydantic_core import to_json
from sqlalchemy import Engine

from api import convert, transaction
from api.access import logins
from api.access.identity import Stage
from api.access.rows import AccountRow
from api.access.settings import AccessSettings
from api.models import Row
from api.needs.keeping import rebuild_all
from api.schemas import SessionCreate
from tracker.demo.clinic import session_document
from tracker.demo.people import PATIENTS, timetable

TABLES: Final = Row.metadata.tables
WITH_CURVES: Final = 20  # of so many patients one has them
AT_ONCE: Final = 250
SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
FEW: Final = 80  # patients of the second clinician, as one physiotherapist has them
OTHER_ID: Final = uuid5(NAMESPACE, "clinician of a few")
ORDER: Final = ("patient", "injury_episode", "enrolment", "care", "consent", "session")


@cache
def real_session() -> SessionCreate:
    """Return what the engine makes of one simulated session."""
    first = next(iter(timetable(date(2026, 5, 12), PATIENTS)))
    document = json.loads(to_json(session_document(first, "nl")))
    return SessionCreate.model_validate(document)


def grow(engine: Engine, n_sets: int, n_before: int = 0) -> None:
    """Add patients until there are so many sets, then make what is derived of them."""
    if n_before == 0:
        with engine.begin() as db:
            more = {"name": "Synthetic", "totp_step": 0, "is_active": True, "created_at": NOW}
            for account_id, login in ((CLINICIAN.account_id, "of all"), (OTHER_ID, "of a few")):
                columns = {"id": account_id, "role": "clinician", "login": login}
                db.execute(sql.insert(TABLES["account"]), [columns | more])
    numbers = range(n_before // SETS_EACH, n_sets // SETS_EACH)
    template = real_session()
    for first in range(numbers.start, numbers.stop, AT_ONCE):
        _add(engine, range(first, min(first + AT_ONCE, numbers.stop)), template)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.exec_driver_sql("VACUUM ANALYZE")
    else:
        with engine.begin() as db:
            db.exec_driver_sql("ANALYZE")
    rebuild_all(engine, now=NOW, only_outdated=True)


def log_in(engine: Engine, account_id: Any = CLINICIAN.account_id) -> str:
    """Return the cookie of a clinician: of everybody's, or `OTHER_ID`."""
    settings = AccessSettings()
    with transaction(engine, writes=True) as db:
        account = db.get_one(AccountRow, account_id)
        return logins.start(db, account, Stage.FULL, agent="bench", settings=settings, now=NOW)


def _add(engine: Engine, numbers: Iterable[int], template: SessionCreate) -> None:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (*ORDER, "exercise_set")}
    for number in numbers:
        for table, row in patient_rows(number):
            rows[table].append(row)
            if number < FEW and table in {"care", "consent"}:
                rows[table].append(row | _of_other(table, number))
    with engine.begin() as db:
        for table in ORDER:
            _insert(db, TABLES[table], rows[table])
        next_id = 1 + (db.execute(sql.text("SELECT max(id) FROM exercise_set")).scalar() or 0)
        sets = [one | {"id": next_id + n} for n, one in enumerate(rows["exercise_set"])]
        _insert(db, TABLES["exercise_set"], sets)
        whose = {uuid5(NAMESPACE, f"patient/{n}") for n in numbers if n % WITH_CURVES == 1}
        seen = {one["id"] for one in rows["session"] if one["patient_id"] in whose}
        with_curves = [one["id"] for one in sets if one["session_id"] in seen]
        _insert(db, TABLES["rep"], list(_reps(with_curves, template)))
        packed = [
            convert.pack_trace(convert.write_trace(one.trace))
            for one in template.exercise_sets
            if one.trace is not None
        ]
        traces = [
            {"set_id": set_id, "packed": packed[n % len(packed)]}
            for n, set_id in enumerate(with_curves)
        ]
        _insert(db, TABLES["trace"], traces)
        if db.dialect.name == "postgresql":
            db.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('exercise_set', 'id'), max(id))"
                " FROM exercise_set"
            )


def _of_other(table: str, number: int) -> dict[str, Any]:
    """Return what differs in a row of the second clinician's treatments."""
    care_id = uuid5(NAMESPACE, f"other care/{number}")
    if table == "care":
        return {"id": care_id, "clinician_id": OTHER_ID}
    return {"id": uuid5(NAMESPACE, f"other consent/{number}"), "care_id": care_id}


def _reps(set_ids: Sequence[int], template: SessionCreate) -> Iterator[dict[str, Any]]:
    sets = template.exercise_sets
    for n, set_id in enumerate(set_ids):
        for number, rep in enumerate(sets[n % len(sets)].reps, 1):
            yield convert.rep_columns(set_id, number, rep)


def _insert(db: Any, table: sql.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows: by COPY in PostgreSQL, which takes a million in a minute."""
    if not rows:
        return
    if db.dialect.name != "postgresql":
        db.execute(sql.insert(table), rows)
        return
    names = list(rows[0])
    is_json = [isinstance(table.c[name].type, sql.JSON) for name in names]
    with (
        db.connection.driver_connection.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(
                [
                    to_json(value).decode() if as_json else value
                    for as_json, value in zip(is_json, row.values(), strict=True)
                ]
            )


def patient_with_curves() -> Any:
    """Return the id of a patient whose pages show everything."""
    return uuid5(big_clinic.NAMESPACE, "patient/1")


def session_with_curves() -> Any:
    """Return the id of the last session of that patient."""
    return uuid5(big_clinic.NAMESPACE, "session/1/0")
