"""Small pieces that FHIR resources are made of; a resource is a plain JSON object."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

Resource = dict[str, Any]
UCUM: Final = "http://unitsofmeasure.org"
ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
DECIMALS: Final = 3  # of seconds and degrees; finer than anything that is measured


def coding(system: str, code: str, display: str | None = None) -> Resource:
    """Return a code of a system."""
    return without_nothing({"system": system, "code": code, "display": display})


def concept(*codings: Resource, text: str | None = None) -> Resource:
    """Return a concept: codes for it, and words."""
    return without_nothing({"coding": list(codings) or None, "text": text})


def quantity(value: float, unit: str, words: str | None = None) -> Resource:
    """Return a number with its unit as UCUM writes it; `words` where people read another."""
    rounded = round(value, DECIMALS)
    return {"value": rounded, "unit": words or unit, "system": UCUM, "code": unit}


def absent(code: str, text: str | None = None) -> Resource:
    """Say why a value is missing."""
    return concept(coding(ABSENT, code), text=text)


def reference(kind: str, resource_id: UUID | str) -> Resource:
    """Point at another resource of this service."""
    return {"reference": f"{kind}/{resource_id}"}


def instant(at: datetime) -> str:
    """Write a moment, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def period(start: datetime, end: datetime) -> Resource:
    """Return a span of time."""
    return {"start": instant(start), "end": instant(end)}


def without_nothing(given: Mapping[str, Any]) -> Resource:
    """Leave out what there is nothing to say of: FHIR knows neither null nor empty lists."""
    return {key: value for key, value in given.items() if value not in (None, [], {}, "")}
