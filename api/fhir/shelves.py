"""The kinds of resources: from which rows each comes, and what can be asked of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from api.fhir import observations, people, sittings, store
from api.fhir.elements import Resource
from api.fhir.questionnaires import questionnaire_response
from api.fhir.store import Source
from api.prescribing.store import standing_ids

# Of rows, the resources of each; `now` decides what is over.
Making = Callable[[Session, Sequence[Any], datetime], list[list[Resource]]]


@dataclass(frozen=True, slots=True)
class Part:
    """One table that a kind of resource comes from."""

    source: Source
    make: Making


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind of resource.

    Parameters
    ----------
    parts : sequence of Part
        Its tables; a list runs through all of them, newest first.
    date : str or None
        The search parameter for the moment.
    tokens : mapping of str to callable
        The search parameters for codes, and where in a resource they look.
    is_patient : bool
        Whether the rows are the patients themselves.

    """

    parts: Sequence[Part]
    date: str | None = None
    tokens: Mapping[str, Callable[[Resource], Sequence[Resource]]] | None = None


def _people(make: Callable[[Any], Resource]) -> Making:
    return lambda _db, rows, _now: [[make(row)] for row in rows]


def _orders(db: Session, rows: Sequence[Any], now: datetime) -> list[list[Resource]]:
    per_day = store.sessions_a_day(db, (row.patient_id for row in rows))
    standing = standing_ids(db, (row.patient_id for row in rows))
    return [
        [
            people.service_request(
                row,
                today=now.date(),
                per_day=per_day.get(row.patient_id),
                is_standing=row.id in standing,
            )
        ]
        for row in rows
    ]


def _procedures(db: Session, rows: Sequence[Any], _: datetime) -> list[list[Resource]]:
    found = store.sittings(db, rows, with_reps=False)
    return [[sittings.procedure(one)] for one in found]


def _measured(db: Session, rows: Sequence[Any], _: datetime) -> list[list[Resource]]:
    return [list(observations.observations(one)) for one in store.sittings(db, rows)]


def _told(_db: Session, rows: Sequence[Any], _now: datetime) -> list[list[Resource]]:
    return [list(observations.check_in_observations(row)) for row in rows]


def _told_of_sport(_db: Session, rows: Sequence[Any], _now: datetime) -> list[list[Resource]]:
    return [list(observations.diary_observations(row)) for row in rows]


def _sources(db: Session, rows: Sequence[Any], _: datetime) -> list[list[Resource]]:
    return [
        [sittings.provenance(one, [f"Procedure/{one.row.id}", *observations.observation_ids(one)])]
        for one in store.sittings(db, rows)
    ]


def _documents(db: Session, rows: Sequence[Any], _: datetime) -> list[list[Resource]]:
    return [
        [sittings.document_reference(one, one.recording)] if one.recording else []
        for one in store.sittings(db, rows, with_reps=False)
    ]


def _codes(resource: Resource) -> list[Resource]:
    found: list[Resource] = resource["code"].get("coding", [])
    return found


def _categories(resource: Resource) -> list[Resource]:
    return [one for category in resource["category"] for one in category["coding"]]


def _states(resource: Resource) -> list[Resource]:
    return [{"code": resource["status"]}]


def _questionnaires(resource: Resource) -> list[Resource]:
    return [{"code": resource["questionnaire"]}]


SHELVES: Final[Mapping[str, Shelf]] = {
    "Patient": Shelf([Part(store.PATIENTS, _people(people.patient))]),
    "Condition": Shelf([Part(store.INJURIES, _people(people.condition))], "recorded-date"),
    "ServiceRequest": Shelf(
        [Part(store.ORDERS, _orders)], "authored", {"code": _codes, "status": _states}
    ),
    "Procedure": Shelf(
        [Part(store.SESSIONS, _procedures)], "date", {"code": _codes, "status": _states}
    ),
    "Observation": Shelf(
        [
            Part(store.SESSIONS, _measured),
            Part(store.CHECK_INS, _told),
            Part(store.DIARY, _told_of_sport),
        ],
        "date",
        {"code": _codes, "category": _categories, "status": _states},
    ),
    "QuestionnaireResponse": Shelf(
        [Part(store.TOTALS, _people(questionnaire_response))],
        "authored",
        {"status": _states, "questionnaire": _questionnaires},
    ),
    "DocumentReference": Shelf([Part(store.SESSIONS, _documents)], "period", {"status": _states}),
    "Provenance": Shelf([Part(store.RECEIVED, _sources)], "recorded"),
}
