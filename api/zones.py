"""The time zone of a patient who has not said one."""

from typing import Final

from babel.dates import LOCALTZ

from api.settings import ApiSettings

UNKNOWN: Final = "UTC"


def usual_zone(settings: ApiSettings) -> str:
    """Return the zone of the service, else that of the machine, such as "Europe/Amsterdam"."""
    return settings.time_zone or machine_zone()


def machine_zone() -> str:
    """Return the zone that this machine is set to, or UTC where that has no name."""
    return getattr(LOCALTZ, "key", None) or getattr(LOCALTZ, "zone", None) or UNKNOWN
