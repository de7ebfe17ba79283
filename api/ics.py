"""Appointments as a calendar file (RFC 5545), for whichever calendar the patient has.

Each moment is written in UTC: it was worked out in the patient's zone, so that summer time is
right in every calendar, also in those that do not know the zone by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

LINE_BYTES: Final = 75  # RFC 5545 section 3.1, without the line break
EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)  # revisions are minutes since then
ESCAPES: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One moment to be reminded of; `is_off` takes back what an earlier file announced."""

    id: UUID
    begins_at: datetime
    minutes: int
    title: str
    words: str = ""
    is_off: bool = False


def calendar_file(name: str, appointments: Iterable[Appointment], *, now: datetime) -> str:
    """Return the text of a calendar file.

    Parameters
    ----------
    name : str
        Of the calendar.
    appointments : iterable of Appointment
        Their ids stay the same from file to file, so that a later one takes the place of this one.
    now : datetime
        When it is made, with a time zone; it also numbers the revision.

    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//tempo90//programme//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for one in appointments:
        lines += _event(one, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def fold(line: str) -> str:
    """Break a line after at most 75 bytes, never inside a character.

    Examples
    --------
    >>> [len(part) for part in fold("a" * 160).split(chr(13) + chr(10))]
    [75, 75, 12]

    """
    parts, room = [""], LINE_BYTES
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append(" ")  # the space that says "continued" counts
            room = LINE_BYTES - 1
        parts[-1] += character
        room -= size
    return "\r\n".join(parts)


def _event(one: Appointment, now: datetime) -> list[str]:
    ends_at = one.begins_at + timedelta(minutes=one.minutes)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{one.id}@tempo90",
        f"DTSTAMP:{_stamp(now)}",
        f"SEQUENCE:{int((now - EPOCH).total_seconds() // 60)}",
        f"DTSTART:{_stamp(one.begins_at)}",
        f"DTEND:{_stamp(ends_at)}",
        f"SUMMARY:{_escaped(one.title)}",
        f"STATUS:{'CANCELLED' if one.is_off else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",  # one may be called away from a training
    ]
    if one.words:
        lines.append(f"DESCRIPTION:{_escaped(one.words)}")
    if not one.is_off:
        alarm = f"DESCRIPTION:{_escaped(one.title)}"
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", alarm, "TRIGGER:PT0S", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    return "".join(ESCAPES.get(character, character) for character in text)
