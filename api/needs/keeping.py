"""Keeping the summaries up to date, in the transaction that stores what they are made of."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from api import carried
from api.db import transaction
from api.models import PatientRow
from api.needs.facts import Agreed, Judged, judge
from api.needs.gathering import PATIENT, TABLES, gather
from api.needs.rules import Need, arising, load_rules

# Goes up with every change of the facts or the rules: summaries made by another one are made anew.
MADE_BY: Final = 1
AT_ONCE: Final = 100  # patients to a transaction: nobody waits long while all are made anew
# Rows of these tables change what is known of a patient.
WATCHED: Final = frozenset(
    {
        "advice_answer",
        "check_in",
        "enrolment",
        "injury_episode",
        "patient",
        "programme_answer",
        "rest_day",
        "self_report",
        "session",
        "sport_diary",
    }
)
INSERTS: Final[Mapping[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@contextmanager
def keep_up(db: Session, now: datetime) -> Iterator[None]:
    """Bring the summary of each patient up to date of whom a transaction stores something."""
    touched: set[UUID] = set()

    @event.listens_for(db, "after_flush")
    def gather_ids(session: Session, _: Any) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if getattr(row, "__tablename__", None) in WATCHED:
                touched.add(row.id if isinstance(row, PatientRow) else row.patient_id)

    yield
    db.flush()
    for patient_id in touched.union(carried.touched(db)):
        bring_up(db, patient_id, now=now)


def bring_up(db: Session, patient_id: UUID, *, now: datetime) -> None:
    """Make the summary of a patient anew from what is stored; none of one who is gone.

    The patient's row is held meanwhile, so that of two sessions that arrive together the one
    that comes second sees the first.
    """
    connection = db.connection()
    held: Any = connection.execute(_hold(), {"patient_id": patient_id}).one_or_none()
    if held is None:
        return
    limits = load_rules().limits(read_thresholds(db))
    gathered = gather(db, patient_id, now=now)
    agreed = gathered.agreed
    judged = judge(agreed, gathered.visits, heard_at=gathered.heard_at, limits=limits)
    first_weeks = 0.0 if agreed is None else agreed.programme.settings.get("first_weeks", 0.0)
    needs = arising(
        judged.facts, judged.moments, limits | {"first_weeks": first_weeks}, _standing(held.detail)
    )
    values = _values(agreed, judged, needs) | {"made_by": MADE_BY, "made_at": now}
    keep = _keep(connection.dialect.name, tuple(values))
    connection.execute(keep, {"patient_id": patient_id, **values})


def rebuild_all(engine: Engine, *, now: datetime, only_outdated: bool = False) -> int:
    """Make the summaries of all patients anew, or of those that another version made.

    Some in each transaction, so that nobody has to wait long. Returns how many there were.
    """
    patient, summary = TABLES["patient"].c, TABLES["patient_summary"].c
    query = sql.select(patient.id).outerjoin_from(
        TABLES["patient"], TABLES["patient_summary"], summary.patient_id == patient.id
    )
    if only_outdated:
        query = query.where(summary.made_by.is_distinct_from(MADE_BY))
    with transaction(engine, writes=False) as db:
        ids = list(db.execute(query).scalars())
    for first in range(0, len(ids), AT_ONCE):
        with transaction(engine, writes=True) as db:
            for patient_id in ids[first : first + AT_ONCE]:
                bring_up(db, patient_id, now=now)
    return len(ids)


def read_thresholds(db: Session) -> dict[str, float]:
    """Return the thresholds that this clinic chose itself."""
    table = TABLES["need_threshold"].c
    rows = db.connection().execute(sql.select(table.name, table.value))
    return {row.name: row.value for row in rows}


def _standing(detail: Any) -> dict[str, datetime]:
    needs = (detail or {}).get("needs", {})
    return {code: datetime.fromisoformat(since) for code, since in needs.items()}


def _values(agreed: Agreed | None, judged: Judged, needs: list[Need]) -> dict[str, Any]:
    rules = load_rules()
    ranks = [rule.rank for need in needs if (rule := rules.rule(need.code)) is not None]
    return {
        "heard_at": judged.moments["heard_at"],
        "newest_at": max((need.since for need in needs), default=None),
        "top_rank": min(ranks, default=None),
        "codes": "".join(f" {need.code}" for need in needs) + " " if needs else "",
        "silent_from": judged.outlook.silent_from,
        "runs_from": judged.outlook.runs_from,
        "runs_until": judged.outlook.runs_until,
        "detail": {
            "needs": {need.code: need.since.isoformat() for need in needs},
            "facts": {
                name: round(value, 2) for name, value in judged.facts.items() if value is not None
            },
            "moments": {
                name: at.isoformat() for name, at in judged.moments.items() if at is not None
            },
            "judged_on": judged.judged_on and judged.judged_on.isoformat(),
            "plan": None if agreed is None else _plan(agreed),
        },
    }


def _plan(agreed: Agreed) -> dict[str, Any]:
    """Return what the week of any later day follows from."""
    return {
        "programme": agreed.programme.id,
        "first_on": agreed.first_on.isoformat(),
        "rest_days": sorted(on.isoformat() for on in agreed.rest_days),
        "extra_weeks": {str(week): n for week, n in agreed.enrolment.extra_weeks.items()},
        "zone": str(agreed.zone),
    }


@cache
def _hold() -> sql.Select[Any]:
    patient, summary = TABLES["patient"], TABLES["patient_summary"]
    return (
        sql.select(patient.c.id, summary.c.detail)
        .outerjoin_from(patient, summary, summary.c.patient_id == patient.c.id)
        .where(patient.c.id == PATIENT)
        .with_for_update(key_share=True, of=patient)  # "no key": new rows may still point at it
    )


@cache
def _keep(dialect: str, names: tuple[str, ...]) -> Any:
    insert = INSERTS[dialect](TABLES["patient_summary"])
    return insert.on_conflict_do_update(
        index_elements=["patient_id"], set_={name: insert.excluded[name] for name in names}
    )
