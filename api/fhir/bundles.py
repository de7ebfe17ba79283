"""Bundles: the pages of a search, everything about a patient, and a file of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session

from api.fhir import sittings, store
from api.fhir.elements import Resource, instant
from api.fhir.parameters import AFTER, Search, write_place
from api.fhir.searching import Page, all_of_patient, read_one
from api.fhir.shelves import SHELVES
from api.fhir.vocabulary import CANONICAL

PATIENT: Final = "Patient"


def search_bundle(page: Page, kind: str, base: str, search: Search) -> Resource:
    """Return a page of a search; `base` is the address of the interface."""
    links = [{"relation": "self", "url": _address(base, kind, search.asked)}]
    if page.place is not None:
        word = write_place(page.place, page.n_taken)
        asked = [*search.asked, (AFTER, word)]
        links.append({"relation": "next", "url": _address(base, kind, asked)})
    bundle = {"resourceType": "Bundle", "type": "searchset", "link": links}
    return bundle | _entries(page.resources, base, mode="match")


def everything(db: Session, patient_id: UUID, now: datetime) -> list[Resource]:
    """Return all resources of a patient, the patient first.

    Raises
    ------
    NotFoundError
        If there is no such patient, or the asker may not see them.

    """
    patient = read_one(db, PATIENT, str(patient_id), now)
    search = Search(patient_id=patient_id)
    return [
        patient,
        *(
            one
            for kind in SHELVES
            if kind != PATIENT
            for one in all_of_patient(db, kind, search, now)
        ),
        *patient_devices(db, patient_id),
    ]


def patient_devices(db: Session, patient_id: UUID) -> list[Resource]:
    """Return the sensors and the software that a patient trained with, each once."""
    found: dict[str, Resource] = {}
    for row, sensor in store.devices(db, patient_id):
        if sensor is not None:
            found.setdefault(sittings.sensor_id(row), sittings.sensor_device(row, sensor))
        found.setdefault(sittings.engine_id(row), sittings.engine_device(row))
    return list(found.values())


def everything_bundle(resources: Sequence[Resource], base: str) -> Resource:
    """Return everything about a patient as the answer to `$everything`."""
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(resources)}
    return bundle | _entries(resources, base, mode="match")


def file_bundle(resources: Sequence[Resource], now: datetime) -> Resource:
    """Return everything about a patient as a file."""
    bundle = {"resourceType": "Bundle", "type": "collection", "timestamp": instant(now)}
    return bundle | _entries(resources, CANONICAL)


def list_bundle(resources: Sequence[Resource], address: str, base: str) -> Resource:
    """Return a list that has one page."""
    links = [{"relation": "self", "url": address}]
    bundle = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "link": links,
    }
    return bundle | _entries(resources, base, mode="match")


def _entries(resources: Sequence[Resource], base: str, *, mode: str | None = None) -> Resource:
    more = {} if mode is None else {"search": {"mode": mode}}
    entries = [
        {"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one, **more}
        for one in resources
    ]
    return {"entry": entries} if entries else {}


def _address(base: str, kind: str, asked: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(asked))
    return f"{base}/{kind}?{query}" if query else f"{base}/{kind}"
