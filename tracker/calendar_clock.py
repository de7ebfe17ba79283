"""The calendar: which day it is for the patient. Durations are the event loop's, never of this."""

from datetime import UTC, datetime


def calendar_now() -> datetime:
    """Return the moment by the calendar, in UTC."""
    return datetime.now(UTC)
