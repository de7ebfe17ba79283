"""The parameters of a FHIR search, read from an address.

An unknown parameter is refused: to ignore a filter would return what nobody asked for.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from api.fhir.elements import Resource
from api.fhir.errors import BadSearchError
from api.fhir.store import Place

DEFAULT_COUNT: Final = 50
MAX_COUNT: Final = 500
AFTER: Final = "_after"  # ours: where the page before ended
FORMATS: Final = frozenset({"json", "application/json", "application/fhir+json", "text/json"})
OF_PATIENT: Final = ("patient", "subject")
MOMENT: Final = re.compile(
    r"(?P<prefix>eq|ne|gt|ge|lt|le|sa|eb)?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<clock>\d\d:\d\d(:\d\d(\.\d{1,6})?)?)(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A date of a search: a comparison with the span of time that was written, end excluded."""

    prefix: str
    low: datetime
    high: datetime

    def holds(self, start: datetime, end: datetime) -> bool:
        """Whether something that lasted from `start` to `end` meets the comparison."""
        is_inside = self.low <= start and end < self.high
        answers = {
            "eq": is_inside,
            "ne": not is_inside,
            "gt": end >= self.high,
            "ge": end >= self.low,
            "lt": start < self.low,
            "le": start < self.high,
            "sa": start >= self.high,
            "eb": end < self.low,
        }
        return answers[self.prefix]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A code of a search; `system` is None where any will do."""

    code: str
    system: str | None = None

    def holds(self, found: Iterable[Resource]) -> bool:
        """Whether one of these codings is meant."""
        return any(
            one.get("code") == self.code and self.system in {None, one.get("system")}
            for one in found
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search as it was asked.

    Parameters
    ----------
    patient_id, resource_id : UUID or str, optional
        Of whom, and one resource alone.
    spans : sequence of Span
        All of them must hold.
    tokens : mapping of str to sequence of Token
        By parameter; one of each must hold.
    count : int
        At most so many on a page.
    at : Place, optional
        The row at which the page before ended, and `n_taken` of its resources were on it.
    asked : sequence of (str, str)
        The parameters as given, without the place, for the addresses of the pages.

    """

    patient_id: UUID | None = None
    resource_id: str | None = None
    spans: Sequence[Span] = ()
    tokens: Mapping[str, Sequence[Token]] = field(default_factory=dict)
    count: int = DEFAULT_COUNT
    at: Place | None = None
    n_taken: int = 0
    asked: Sequence[tuple[str, str]] = ()

    @property
    def begins(self) -> datetime | None:
        """Nothing before this can be meant."""
        lows = {"eq": "low", "ge": "low", "gt": "high", "sa": "high"}
        found = [getattr(one, lows[one.prefix]) for one in self.spans if one.prefix in lows]
        return max(found, default=None)

    @property
    def ends(self) -> datetime | None:
        """Nothing that starts then or later can be meant."""
        highs = {"eq": "high", "le": "high", "lt": "low", "eb": "low"}
        found = [getattr(one, highs[one.prefix]) for one in self.spans if one.prefix in highs]
        return min(found, default=None)


def read_search(
    given: Sequence[tuple[str, str]], *, date: str | None, tokens: Sequence[str], zone: tzinfo
) -> Search:
    """Read the parameters of a search.

    Parameters
    ----------
    given : sequence of (str, str)
        As they stand in the address.
    date : str or None
        The name of the parameter for the moment, if the resource has one.
    tokens : sequence of str
        The names of the parameters for codes.
    zone : tzinfo
        Of dates that say none.

    Raises
    ------
    BadSearchError
        If a parameter is unknown, given twice where that means nothing, or cannot be read.

    """
    once: dict[str, str] = {}
    spans: list[Span] = []
    found: dict[str, list[Token]] = {}
    known = {*OF_PATIENT, "_id", "_count", "_format", "_sort", "_pretty", AFTER}
    for name, value in given:
        if name == date:
            spans.append(_span(name, value, zone))
        elif name in tokens:
            if name in found:  # to keep the last alone would ignore a filter
                raise BadSearchError(f"Give {name!r} once: a comma between codes means either.")
            found[name] = [_token(one) for one in value.split(",")]
        elif name not in known:
            raise BadSearchError(f"The search parameter {name!r} is not supported.")
        elif once.setdefault(name, value) != value:
            raise BadSearchError(f"The search parameter {name!r} can be given once only.")
    _check_rest(once, date)
    at, n_taken = _place(once.get(AFTER))
    return Search(
        patient_id=_patient(once),
        resource_id=once.get("_id"),
        spans=spans,
        tokens=found,
        count=_count(once.get("_count")),
        at=at,
        n_taken=n_taken,
        asked=[(name, value) for name, value in given if name != AFTER],
    )


def write_place(place: Place, n_taken: int) -> str:
    """Pack where a page ended into one word."""
    text = json.dumps([place.moment.isoformat(), place.id.hex, n_taken])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(word: str | None) -> tuple[Place | None, int]:
    if word is None:
        return None, 0
    try:
        text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        moment, row_id, n_taken = json.loads(text)
        at = datetime.fromisoformat(moment).astimezone(UTC)
        return Place(at, UUID(row_id)), max(0, int(n_taken))
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
        raise BadSearchError(f"Take {AFTER} from the next link of a page.") from error


def _span(name: str, value: str, zone: tzinfo) -> Span:
    match = MOMENT.fullmatch(value)
    if match is None:
        raise BadSearchError(
            f"{name}={value!r} is no date: write 2026, 2026-05, 2026-05-12 or "
            "2026-05-12T08:30:00Z, after eq, ne, gt, ge, lt, le, sa or eb."
        )
    try:
        low, high = _limits(match, zone)
    except (ValueError, OverflowError) as error:
        raise BadSearchError(f"{name}={value!r} is not in the calendar.") from error
    return Span(match["prefix"] or "eq", low, high)


def _limits(match: re.Match[str], zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the span that a date stands for: a year, a month, a day, a minute, a second."""
    year, month, day = int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)
    if match["clock"]:
        written = f"{match['year']}-{match['month']}-{match['day']}T{match['clock']}"
        low = datetime.fromisoformat(written + (match["zone"] or ""))
        has_seconds = match["clock"].count(":") > 1
        length = timedelta(seconds=1) if has_seconds else timedelta(minutes=1)
        if "." in match["clock"]:
            length = timedelta(microseconds=1)
        low = low if low.tzinfo else low.replace(tzinfo=zone)
        return low.astimezone(UTC), low.astimezone(UTC) + length
    low = datetime(year, month, day, tzinfo=zone)
    if match["day"]:
        high = low + timedelta(days=1)  # the wall clock's next midnight, in the same zone
    elif match["month"]:
        high = low.replace(year=year + month // 12, month=month % 12 + 1)
    else:
        high = low.replace(year=year + 1)
    return low.astimezone(UTC), high.astimezone(UTC)


def _token(value: str) -> Token:
    system, bar, code = value.rpartition("|")
    if not code:
        raise BadSearchError("A code is written as code, or as system|code.")
    return Token(code=code, system=system or None) if bar else Token(code=code)


def _patient(once: Mapping[str, str]) -> UUID | None:
    given = {once[name] for name in OF_PATIENT if name in once}
    if not given:
        return None
    if len(given) > 1:
        raise BadSearchError("Ask for one patient at a time.")
    value = given.pop()
    try:
        return UUID(value.rpartition("/")[2])
    except ValueError as error:
        raise BadSearchError(f"{value!r} names no patient; write Patient/<id>.") from error


def _count(value: str | None) -> int:
    if value is None:
        return DEFAULT_COUNT
    if not (value.isascii() and value.isdigit()) or int(value[:9]) < 1:
        raise BadSearchError("_count is a number from 1.")
    return min(int(value[:9]), MAX_COUNT)


def _check_rest(once: Mapping[str, str], date: str | None) -> None:
    if once.get("_format", "json") not in FORMATS:
        raise BadSearchError("Only JSON is spoken here: leave _format out.")
    if once.get("_sort", f"-{date}") != f"-{date}":
        raise BadSearchError("Resources come newest first; no other order is supported.")
