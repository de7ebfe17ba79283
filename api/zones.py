"""The time zone of a patient who has not said one."""

from typing import Final

from babel.dates import LOCALTZ

from api.settings import ApiSettings

UNKNOWN: Final = "UTC"


def usual_zone(settings: ApiSettings) -> str:
    """Return the zone of the service, else that of the machine, such as "Europe/Amsterdam"."""
    of_machine = getattr(LOCALTZ, "key", None) or getattr(LOCALTZ, "zone", None)
    return settings.time_zone or of_machine or UNKNOWN
