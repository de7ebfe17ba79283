"""Reading what the rules ask of one patient: a handful of statements, whatever was stored.

They go past the object layer, because each stored session is followed by one such look.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sql
from sqlalchemy import ColumnElement, Connection, FromClause, Select, bindparam
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from analysis import core_ids, load_programme
from api.course import enrolment_of
from api.models import Row
from api.needs import rows as need_rows  # noqa: F401
from api.needs.facts import WINDOW, Agreed, Asked, Visit
from api.set_targets import judged_by
from api.sport_phase import OWN_STATEMENTS

TABLES: Final = Row.metadata.tables
PATIENT: Final[ColumnElement[UUID]] = bindparam("patient_id", type_=sql.Uuid())
SINCE: Final[ColumnElement[datetime]] = bindparam("since", type_=UTCDateTime())
UNTIL: Final[ColumnElement[datetime]] = bindparam("until", type_=UTCDateTime())
# Where a patient gives a sign of life, and in which column the moment stands.
SIGNS: Final = (
    ("session", "started_at"),
    ("self_report", "at"),
    ("check_in", "at"),
    ("sport_diary", "at"),
    ("programme_answer", "at"),
    ("advice_answer", "answered_at"),
    ("rest_day", "taken_at"),
)
CLOCKS_DIFFER: Final = timedelta(hours=1)  # by so much a phone's clock may run ahead of ours
TRAINED, ANSWERED, IMPROVED = "trained", "answered", "improved"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is stored of a patient, as far as the rules ask."""

    agreed: Agreed | None
    visits: list[Visit]
    heard_at: datetime | None


def gather(db: Session, patient_id: UUID, *, now: datetime) -> Gathered:
    """Read the last two weeks before the last sign of life, and what was agreed."""
    given: dict[str, Any] = {"patient_id": patient_id, "until": now + CLOCKS_DIFFER}
    connection = db.connection()
    stands: Any = connection.execute(_standing(), given).one()
    heard_at: datetime | None = stands.heard_at
    told: Any = []
    sessions: Any = []
    agreed, core, enrolled_at = _agreed(connection, stands, given)
    if heard_at is not None:
        # What was done before this programme began belongs to another one.
        window_from = heard_at - WINDOW - timedelta(days=1)
        given["since"] = window_from if enrolled_at is None else max(window_from, enrolled_at)
        told = connection.execute(_told(), given).all()
        sessions = connection.execute(_sessions(), given | {"core": core}).all()
    improved = max((row for row in told if row.kind == IMPROVED), key=_at, default=None)
    if agreed is not None and improved is not None and improved.is_yes:
        agreed = _improved(agreed, improved.at)
    visits = _visits(sessions, [row for row in told if row.kind != IMPROVED])
    return Gathered(agreed, visits, heard_at)


def _agreed(
    connection: Connection, row: Any, given: dict[str, Any]
) -> tuple[Agreed | None, list[str], Any]:
    """Return what was agreed, the core exercises, and the start of the day of that."""
    if row.injury_episode_id is None:
        return None, sorted(core_ids(load_programme())), None
    shifts: Any = connection.execute(_shifts(), {**given, "episode_id": row.injury_episode_id})
    rest_days, weeks = [], []
    for shift in shifts:
        if shift.rest_on is None:
            weeks.append(shift.after_week)
        else:
            rest_days.append(shift.rest_on)
    programme = load_programme(row.programme)
    agreed = Agreed(
        programme=programme,
        enrolment=enrolment_of(row, row, extra_weeks=weeks),
        zone=ZoneInfo(row.time_zone),
        rest_days=frozenset(rest_days),
        sport_unconfirmed=row.sport_confirmed_by in OWN_STATEMENTS,
    )
    enrolled_on = min(row.start_on, row.created_at.astimezone(agreed.zone).date())
    begins = datetime.combine(enrolled_on, datetime.min.time(), agreed.zone)
    return agreed, sorted(core_ids(programme)), begins


def _improved(agreed: Agreed, at: datetime) -> Agreed:
    names = ("programme", "enrolment", "zone", "rest_days", "sport_unconfirmed")
    return Agreed(**{name: getattr(agreed, name) for name in names}, improved_at=at)


def _visits(sessions: Iterable[Any], told: Iterable[Any]) -> list[Visit]:
    """Put sittings together: what was told of a stored one is part of it."""
    reports: dict[UUID | datetime, datetime] = {}
    visits = []
    for row in told:
        if row.kind == TRAINED:
            key = row.session_id or row.at
            reports[key] = min(row.at, reports.get(key, row.at))
        else:
            visits.append(Visit(at=row.at, pain=row.pain, has_warning_signs=row.is_yes))
    for row in sessions:
        is_told_too = reports.pop(row.id, None) is not None
        visits.append(
            Visit(
                at=row.started_at,
                has_sets=bool(row.n_sets) or is_told_too,
                is_measured=bool(row.n_sets),
                pain=max(
                    (p for p in (row.pain_before, row.pain_worst) if p is not None), default=None
                ),
                has_warning_signs=_either(row.warning_signs_start, row.warning_signs_end),
                dose_s=row.dose_s,
                dose_due_s=row.dose_due_s,
                tempo_s=row.tempo_s,
                asked=_asked(row.exercise, row.extra),
                coverage=row.coverage,
            )
        )
    visits += [Visit(at=at, has_sets=True) for at in reports.values()]
    return sorted(visits, key=_at)


def _asked(exercise_id: str | None, extra: str | None) -> Asked | None:
    """Return the tempo of the order that a core set followed; None where it followed none."""
    given = {} if extra is None else json.loads(extra)
    if exercise_id is None or not isinstance(given, dict) or "targets" not in given:
        return None
    exercise = judged_by(exercise_id, given)
    if exercise is None or not exercise.eccentric_s:
        return None
    return Asked(exercise.eccentric_s, exercise.in_tempo_s[0])


def _at(row: Any) -> datetime:
    at: datetime = row.at
    return at


def _either(first: bool | None, second: bool | None) -> bool | None:
    known = [one for one in (first, second) if one is not None]
    return any(known) if known else None


@cache
def _standing() -> Select[Any]:
    """Read when a patient was last heard of, and the programme that runs, if one does."""
    latest = [
        sql.select(sql.func.max(TABLES[name].c[column]).label("at")).where(
            TABLES[name].c.patient_id == PATIENT, TABLES[name].c[column] <= UNTIL
        )
        for name, column in SIGNS
    ]
    together = sql.union_all(*latest).subquery()
    heard = sql.select(sql.func.max(together.c.at)).scalar_subquery().label("heard_at")
    patient, enrolment, injury = TABLES["patient"], TABLES["enrolment"], TABLES["injury_episode"]
    is_running = (enrolment.c.patient_id == patient.c.id) & enrolment.c.ended_at.is_(None)
    names = ("cause", "injured_on", "injected_on")
    return (
        sql.select(heard, enrolment, *(injury.c[name] for name in names))
        .select_from(
            patient.outerjoin(enrolment, is_running).outerjoin(
                injury, injury.c.id == enrolment.c.injury_episode_id
            )
        )
        .where(patient.c.id == PATIENT)
    )


@cache
def _shifts() -> sql.CompoundSelect[Any]:
    """Read what moves the days of a programme: rest that was taken, weeks that were added."""
    rest_day, extra_week = TABLES["rest_day"].c, TABLES["extra_week"].c
    episode_id: ColumnElement[UUID] = bindparam("episode_id", type_=sql.Uuid())
    no_week = sql.cast(sql.null(), sql.Integer()).label("after_week")
    no_day = sql.cast(sql.null(), sql.Date()).label("rest_on")
    return sql.union_all(
        sql.select(rest_day.rest_on, no_week).where(rest_day.patient_id == PATIENT),
        sql.select(no_day, extra_week.after_week).where(extra_week.injury_episode_id == episode_id),
    )


@cache
def _sessions() -> Select[Any]:
    """Read of each sitting its answers, and what its core sets add up to."""
    session, one = TABLES["session"], TABLES["exercise_set"]
    names = (
        "id",
        "started_at",
        "pain_before",
        "pain_worst",
        "warning_signs_start",
        "warning_signs_end",
    )
    is_core = one.c.exercise.in_(bindparam("core", expanding=True))
    timed = sql.case((is_core & one.c.eccentric_mean_s.is_not(None), _weight(one)))
    return (
        sql.select(
            *(session.c[name] for name in names),
            sql.func.count(one.c.id).label("n_sets"),
            sql.func.sum(sql.case((is_core, one.c.dose_s))).label("dose_s"),
            sql.func.sum(sql.case((is_core, one.c.dose_prescribed_s))).label("dose_due_s"),
            (
                sql.func.sum(sql.case((is_core, one.c.eccentric_mean_s * _weight(one))))
                / sql.func.nullif(sql.func.sum(timed), 0)
            ).label("tempo_s"),
            sql.func.max(sql.case((is_core, one.c.exercise))).label("exercise"),
            # Of one core set: a sitting follows one order.
            sql.func.max(sql.case((is_core, sql.cast(one.c.extra, sql.Text)))).label("extra"),
            sql.func.min(one.c.coverage).label("coverage"),
        )
        .join(one, one.c.session_id == session.c.id, isouter=True)
        .where(session.c.patient_id == PATIENT, session.c.started_at.between(SINCE, UNTIL))
        .group_by(*(session.c[name] for name in names))
    )


def _weight(one: FromClause) -> ColumnElement[int]:
    """Return how much a set's mean counts: its repetitions, where they are known."""
    return sql.func.coalesce(one.c.reps, 1)


@cache
def _told() -> sql.CompoundSelect[Any]:
    """Read what was told beside the measured sittings, and the answers to "clearly less?"."""
    report, check_in = TABLES["self_report"].c, TABLES["check_in"].c
    answer, diary = TABLES["programme_answer"].c, TABLES["sport_diary"].c
    no_id = sql.cast(sql.null(), sql.Uuid())
    no_pain = sql.cast(sql.null(), sql.Integer())
    no_answer = sql.cast(sql.null(), sql.Boolean())

    def part(kind: str, table: Any, *columns: Any) -> Select[Any]:
        names = ("session_id", "pain", "is_yes")
        labelled = (column.label(name) for name, column in zip(names, columns, strict=True))
        return sql.select(sql.literal(kind).label("kind"), table.at, *labelled).where(
            table.patient_id == PATIENT, table.at.between(SINCE, UNTIL)
        )

    asked = part(ANSWERED, answer, no_id, no_pain, answer.is_yes)
    return sql.union_all(
        part(TRAINED, report, report.session_id, no_pain, no_answer),
        part(ANSWERED, check_in, no_id, check_in.pain, check_in.warning_signs),
        part(ANSWERED, diary, no_id, diary.pain_worst, no_answer),
        asked.where(answer.question == "warning_signs"),
        sql.select(
            sql.literal(IMPROVED).label("kind"), answer.at, no_id, no_pain, answer.is_yes
        ).where(answer.patient_id == PATIENT, answer.question == "improved"),
    )
