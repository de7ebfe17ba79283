"""The calendar: which day it is for the patient. Durations are the event loop's, never of this."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

Calendar = Callable[[], datetime]
"""Tells the moment, in UTC."""


def _of_the_machine() -> datetime:
    return datetime.now(UTC)


_calendar: ContextVar[Calendar] = ContextVar("calendar", default=_of_the_machine)


def calendar_now() -> datetime:
    """Return the moment by the calendar, in UTC."""
    return _calendar.get()()


@contextmanager
def calendar_by(calendar: Calendar) -> Iterator[None]:
    """Live by another calendar: this code, and the tasks and threads that it starts with asyncio.

    Examples
    --------
    >>> with calendar_by(lambda: datetime(2026, 9, 21, tzinfo=UTC)):
    ...     f"{calendar_now():%A}"
    'Monday'

    """
    token = _calendar.set(calendar)
    try:
        yield
    finally:
        _calendar.reset(token)
