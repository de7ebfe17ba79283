"""The bodies of the reports."""

from datetime import date
from typing import Any, Final

from pydantic import ConfigDict

from api.schemas import Body

WINDOWS: Final[dict[str, Any]] = {
    "enough_days": 16,
    "windows": [
        {
            "first_on": "2026-05-04",
            "last_on": "2026-06-02",
            "days_with_data": 21,
            "is_complete": True,
            "has_enough": True,
        }
    ],
}


class DataWindow(Body):
    """Thirty days, both ends included, and on how many of them a session was stored."""

    first_on: date
    last_on: date
    days_with_data: int
    is_complete: bool
    has_enough: bool


class DataDays(Body):
    """Windows of 30 days, one after another; `enough_days` is what `has_enough` compares with."""

    model_config = ConfigDict(json_schema_extra={"examples": [WINDOWS]})

    enough_days: int
    windows: list[DataWindow]
