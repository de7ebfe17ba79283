"""Searches and reads: rows in batches, made into resources, filtered, and put on pages."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlmodel import Session

from api.errors import NotFoundError
from api.fhir.elements import Resource
from api.fhir.parameters import Search
from api.fhir.shelves import SHELVES, Part, Shelf
from api.fhir.sittings import owner_of
from api.fhir.store import Place, Wanted

BATCH: Final = 25  # rows; a session is some twenty resources
MAX_ROWS: Final = 1_000  # of one page: a filter that little meets ends the page, not the search


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a search, and where the next one starts: a row and how many of it were taken."""

    resources: list[Resource]
    place: Place | None = None
    n_taken: int = 0


def find_page(db: Session, kind: str, search: Search, now: datetime) -> Page:
    """Return one page of a search.

    Parameters
    ----------
    db : Session
        Confined to what the asker may see.
    kind : str
        The kind of resource.
    search : Search
        What was asked.
    now : datetime
        Decides which orders are over.

    """
    shelf = SHELVES[kind]
    resources: list[Resource] = []
    at, n_taken, n_rows = search.at, search.n_taken, 0
    while True:
        rows = _batch(db, shelf, search, at, now)
        for place, made in rows:
            skipped = n_taken if place == at else 0
            for index, resource in enumerate(made[skipped:], skipped):
                if not _is_meant(resource, shelf, search):
                    continue
                if len(resources) == search.count:
                    return Page(resources, place, index)
                resources.append(resource)
            at, n_taken = place, len(made)
        n_rows += len(rows)
        if len(rows) < BATCH:
            return Page(resources)
        if n_rows >= MAX_ROWS:
            return Page(resources, at, n_taken)


def read_one(db: Session, kind: str, resource_id: str, now: datetime) -> Resource:
    """Return one resource.

    Raises
    ------
    NotFoundError
        If there is none with this id, or the asker may not see it.

    """
    found = find_page(db, kind, Search(resource_id=resource_id, count=1), now).resources
    if not found:
        raise NotFoundError(f"There is no {kind} {resource_id}.")
    return found[0]


def all_of_patient(db: Session, kind: str, search: Search, now: datetime) -> Iterator[Resource]:
    """Give every resource of a kind, page after page."""
    shelf = SHELVES[kind]
    at, n_taken = None, 0
    while True:
        rows = _batch(db, shelf, search, at, now)
        for place, made in rows:
            yield from made[n_taken if place == at else 0 :]
            at, n_taken = place, len(made)
        if len(rows) < BATCH:
            return


def _batch(
    db: Session, shelf: Shelf, search: Search, at: Place | None, now: datetime
) -> list[tuple[Place, list[Resource]]]:
    """Return the resources of the next rows, from a place on (that row included)."""
    row_id = owner_of(search.resource_id) if search.resource_id is not None else None
    if search.resource_id is not None and row_id is None:
        return []
    wanted = Wanted(
        patient_id=search.patient_id,
        row_id=row_id,
        begins=search.begins,
        ends=search.ends,
        at=at,
    )
    read: list[list[tuple[Place, Part, Any]]] = [
        [(place, part, row) for place, row in part.source.read(db, wanted, BATCH)]
        for part in shelf.parts
    ]
    merged = list(heapq.merge(*read, key=lambda one: one[0], reverse=True))[:BATCH]
    made: dict[Place, list[Resource]] = {}
    for part in shelf.parts:
        places = [place for place, of, _ in merged if of is part]
        rows = [row for _, of, row in merged if of is part]
        made |= zip(places, part.make(db, rows, now), strict=True)
    return [(place, made[place]) for place, _, _ in merged]


def _is_meant(resource: Resource, shelf: Shelf, search: Search) -> bool:
    if search.resource_id not in {None, resource["id"]}:
        return False
    looks = shelf.tokens or {}
    if not all(
        any(token.holds(looks[name](resource)) for token in tokens)
        for name, tokens in search.tokens.items()
    ):
        return False
    start, end = _span_of(resource)
    return all(one.holds(start, end) for one in search.spans)


MOMENTS: Final = (
    "performedPeriod",
    "effectivePeriod",
    "effectiveDateTime",
    "recordedDate",
    "authoredOn",
    "authored",
    "recorded",
)


def _span_of(resource: Resource) -> tuple[datetime, datetime]:
    """Return when a resource was, as its search parameter for the moment means it."""
    context = resource.get("context", {}).get("period")
    found = context or next((resource[name] for name in MOMENTS if name in resource), None)
    if found is None:
        return datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    if isinstance(found, str):
        return _moment(found), _moment(found)
    return _moment(found["start"]), _moment(found["end"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
