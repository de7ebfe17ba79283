"""The list by need: one statement counts the groups, one reads a page of a group.

The groups follow from a patient's summary, the moment, and what the reader did with the patient:

    attention    a reason holds that the reader did not set aside
    silent       nothing came on so many days with something to do: not done, or not sent
    aside        all of that is handled or snoozed
    on_schedule  the programme runs, and none of that
    idle         no programme, or one that has not begun or is over

Whoever joined and has never had a programme is new until the reader has looked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sql
from sqlalchemy import ColumnElement, Select
from sqlmodel import Session

from api.access import Identity, Role, Scope
from api.access.confinement import consenting, reach
from api.needs.gathering import TABLES
from api.needs.rules import Need, load_rules

PER_PAGE: Final = 25
MAX_PAGE: Final = 10_000
LONGEST_SEARCH: Final = 80
# The owner of a local install has no account, and is the one reader of its list.
OWNER_ID: Final = UUID(int=0)
SILENT_RANK: Final = 1_000  # after every reason
PATIENT: Final = TABLES["patient"]
SUMMARY: Final = TABLES["patient_summary"]
LOOK: Final = TABLES["need_look"]


class Group(StrEnum):
    """Where a patient stands."""

    ATTENTION = "attention"
    SILENT = "silent"
    ASIDE = "aside"
    ON_SCHEDULE = "on_schedule"
    IDLE = "idle"


class Show(StrEnum):
    """Which patients a reader asks for: those of one group, the new ones, or all."""

    NEW = "new"
    ATTENTION = "attention"
    SILENT = "silent"
    ON_SCHEDULE = "on_schedule"
    ASIDE = "aside"
    IDLE = "idle"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader asks for; `reason` is the code of a rule."""

    show: Show = Show.NEW
    reason: str | None = None
    search: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A patient of the list.

    Parameters
    ----------
    is_new : bool
        Whether something arose since the reader looked, a snoozed patient came back, or somebody
        joined.
    needs : list of Need
        The reasons that are not set aside, the most urgent first; of one set aside, all of them.
    new_codes : frozenset of str
        Those of them that are new.
    silent_from : datetime, optional
        Since when, if silence has begun.
    detail : mapping
        What their words are made of (`api.needs.keeping`).
    aside_until : datetime, optional
        For how long the reader snoozed the patient.

    """

    id: UUID
    name: str
    is_synthetic: bool
    group: Group
    is_new: bool
    needs: list[Need] = field(default_factory=list)
    new_codes: frozenset[str] = frozenset()
    heard_at: datetime | None = None
    silent_from: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    aside_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many patients stand where, and how many of them show something new."""

    groups: Mapping[Group, int]
    new: int

    @property
    def all(self) -> int:
        """All patients of the reader."""
        return sum(self.groups.values())

    def of(self, show: Show) -> int:
        """Return how many there are to show, before a search."""
        if show is Show.NEW:
            return self.new
        return self.all if show is Show.ALL else self.groups[Group(show.value)]


def reader_id(identity: Identity) -> UUID:
    """Return under which id a reader's looks are kept."""
    return identity.account_id or OWNER_ID


def count(db: Session, identity: Identity, *, now: datetime) -> Counts:
    """Count the patients that somebody may see, by group."""
    found = _Standing(now)
    query = _visible(identity, sql.select(found.group, sql.func.count(), _sum(found.is_new)))
    groups = dict.fromkeys(Group, 0)
    n_new = 0
    for name, n, new in db.execute(query.group_by(found.group)):
        groups[Group(name)] = n
        n_new += new or 0
    return Counts(groups=groups, new=n_new)


def list_by_need(
    db: Session, identity: Identity, wanted: Wanted, *, now: datetime
) -> tuple[list[Listed], bool]:
    """Return a page of the patients that somebody may see, and whether there are more.

    The most urgent reason comes first, of those with the same one the newest.
    """
    found = _Standing(now)
    order = (found.rank, found.arose_at.desc(), PATIENT.c.name, PATIENT.c.id)
    # Ids first: what is sorted and skipped is then small.
    page = (
        _narrowed(_visible(identity, sql.select(PATIENT.c.id)), wanted, now)
        .order_by(*order)
        .limit(PER_PAGE + 1)
        .offset((wanted.page - 1) * PER_PAGE)
        .subquery()
    )
    query = _joined(identity, _columns(now)).where(PATIENT.c.id.in_(sql.select(page.c.id)))
    rows = db.execute(query.order_by(*order)).all()
    return [_listed(row, now) for row in rows[:PER_PAGE]], len(rows) > PER_PAGE


def find_listed(
    db: Session, identity: Identity, patient_id: UUID, *, now: datetime
) -> Listed | None:
    """Return how one patient stands with a reader; None out of reach."""
    query = _visible(identity, _columns(now)).where(PATIENT.c.id == patient_id)
    row = db.execute(query).one_or_none()
    return None if row is None else _listed(row, now)


class _Standing:
    """The groups as expressions of SQL."""

    def __init__(self, now: datetime) -> None:
        moment = sql.literal(now, SUMMARY.c.heard_at.type)
        needs, silent = SUMMARY.c.newest_at, SUMMARY.c.silent_from
        is_silent = silent.is_not(None) & (silent <= moment)
        is_running = (SUMMARY.c.runs_from <= moment) & (moment < SUMMARY.c.runs_until)
        self.has_needs = needs.is_not(None) & ~_is_aside(needs, moment)
        self.is_silent = is_silent & ~_is_aside(silent, moment)
        self.group: ColumnElement[str] = sql.case(
            (self.has_needs, Group.ATTENTION.value),
            (self.is_silent, Group.SILENT.value),
            (needs.is_not(None) | is_silent, Group.ASIDE.value),
            (is_running, Group.ON_SCHEDULE.value),
            else_=Group.IDLE.value,
        )
        is_back = (LOOK.c.aside_until <= moment) & (LOOK.c.seen_at < LOOK.c.aside_until)
        has_joined = SUMMARY.c.runs_from.is_(None) & LOOK.c.seen_at.is_(None)
        self.is_new = (
            (self.has_needs & (_is_unseen(needs) | is_back))
            | (self.is_silent & (_is_unseen(silent) | is_back))
            | has_joined
        )
        self.rank = sql.case(
            (self.has_needs, SUMMARY.c.top_rank),
            (self.is_silent, SILENT_RANK),
            else_=SILENT_RANK + 1,
        )
        self.arose_at = sql.case((self.has_needs, needs), (self.is_silent, silent))


def _is_aside(at: ColumnElement[Any], moment: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the reader has set aside what arose at a moment, and has not asked for it again."""
    lasts = LOOK.c.aside_until.is_(None) | (LOOK.c.aside_until > moment)
    return LOOK.c.aside_at.is_not(None) & (LOOK.c.aside_at >= at) & lasts


def _is_unseen(at: ColumnElement[Any]) -> ColumnElement[bool]:
    return LOOK.c.seen_at.is_(None) | (LOOK.c.seen_at < at)


def _columns(now: datetime) -> Select[Any]:
    found = _Standing(now)
    return sql.select(
        PATIENT.c.id,
        PATIENT.c.name,
        PATIENT.c.is_synthetic,
        found.group.label("group"),
        found.is_new.label("is_new"),
        SUMMARY.c.heard_at,
        SUMMARY.c.silent_from,
        SUMMARY.c.detail,
        LOOK.c.seen_at,
        LOOK.c.aside_at,
        LOOK.c.aside_until,
    )


def _joined(identity: Identity, query: Any) -> Select[Any]:
    """Let a query read patients with their summaries and the looks of one reader."""
    is_own_look = (LOOK.c.patient_id == PATIENT.c.id) & (LOOK.c.reader_id == reader_id(identity))
    joined: Select[Any] = query.select_from(
        PATIENT.outerjoin(SUMMARY, SUMMARY.c.patient_id == PATIENT.c.id).outerjoin(
            LOOK, is_own_look
        )
    )
    return joined


def _visible(identity: Identity, query: Any) -> Select[Any]:
    """Let a query of the list go over the patients that somebody may see, and no others."""
    joined = _joined(identity, query)
    if identity.role is Role.CLINICIAN:  # as `reach`, but starting from the clinician's patients
        return joined.where(PATIENT.c.id.in_(consenting(identity.account_id, Scope.RESULTS)))
    is_wanted = reach(identity)
    return joined if is_wanted is None else joined.where(is_wanted(PATIENT.c.id))


def _narrowed(query: Select[Any], wanted: Wanted, now: datetime) -> Select[Any]:
    found = _Standing(now)
    if wanted.show is Show.NEW:
        query = query.where(found.is_new)
    elif wanted.show is not Show.ALL:
        query = query.where(found.group == wanted.show.value)
    if wanted.reason is not None:
        query = query.where(SUMMARY.c.codes.contains(f" {wanted.reason} ", autoescape=True))
    if wanted.search:
        query = query.where(PATIENT.c.name.icontains(wanted.search, autoescape=True))
    return query


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return sql.func.sum(sql.case((condition, 1), else_=0))


def _listed(row: Any, now: datetime) -> Listed:
    detail = row.detail or {}
    standing = {
        code: datetime.fromisoformat(since) for code, since in detail.get("needs", {}).items()
    }
    known = [rule.code for rule in load_rules().rules if rule.code in standing]
    lasts = row.aside_at is not None and (row.aside_until is None or row.aside_until > now)
    shown = [
        code
        for code in known
        if row.group == Group.ASIDE or not lasts or standing[code] > row.aside_at
    ]
    is_silent = row.silent_from is not None and row.silent_from <= now
    return Listed(
        id=row.id,
        name=row.name,
        is_synthetic=row.is_synthetic,
        group=Group(row.group),
        is_new=bool(row.is_new),
        needs=[Need(code, standing[code]) for code in shown],
        new_codes=frozenset(
            code for code in shown if row.seen_at is None or standing[code] > row.seen_at
        ),
        heard_at=row.heard_at,
        silent_from=row.silent_from if is_silent else None,
        detail=detail,
        aside_until=row.aside_until if row.group == Group.ASIDE else None,
    )
