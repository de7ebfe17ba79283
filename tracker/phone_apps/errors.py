"""What goes wrong between this program and an app on a phone."""

from tracker.errors import TrackerError


class PhoneAwayError(TrackerError, ConnectionError):
    """The phone did not answer; the message says what to look at."""


class PhoneAppSpecError(TrackerError, ValueError):
    """What follows `sensor-logger:` or `phyphox:` cannot be used."""
