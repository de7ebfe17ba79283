"""On how many days of a window there are data.

Remote monitoring is often looked at in windows of 30 days of which 16 should have data. This
counts and no more: whether anything follows from it is for others to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WINDOW_DAYS: Final = 30
ENOUGH_DAYS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A window of days, both ends included, and the days in it that have data."""

    first_on: date
    last_on: date
    days_with_data: int
    is_complete: bool

    @property
    def has_enough(self) -> bool:
        """Whether there are data on 16 days or more."""
        return self.days_with_data >= ENOUGH_DAYS


def windows(days: Iterable[date], first_on: date, last_on: date) -> list[Window]:
    """Count the days with data in windows of 30 days, one after another.

    Parameters
    ----------
    days : iterable of date
        Days with data; each counts once, whatever happened on it.
    first_on : date
        Where the first window begins.
    last_on : date
        The last day that is looked at; a window that goes on after it is not complete.

    Examples
    --------
    >>> [found] = windows([date(2026, 5, 4), date(2026, 5, 4)], date(2026, 5, 4), date(2026, 5, 9))
    >>> found.days_with_data, found.last_on, found.is_complete
    (1, datetime.date(2026, 6, 2), False)

    """
    known = set(days)
    found = []
    while first_on <= last_on:
        end_on = first_on + timedelta(days=WINDOW_DAYS - 1)
        inside = sum(first_on <= day <= min(end_on, last_on) for day in known)
        found.append(
            Window(
                first_on=first_on,
                last_on=end_on,
                days_with_data=inside,
                is_complete=end_on <= last_on,
            )
        )
        first_on += timedelta(days=WINDOW_DAYS)
    return found
