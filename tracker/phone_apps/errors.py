"""What goes wrong between this program and an app on a phone."""

from tracker.errors import TrackerError


class PhoneAwayError(TrackerError, ConnectionError):
    """The phone did not answer; the message says what to look at."""


class PhoneElsewhereError(PhoneAwayError):
    """An address is not on the local network, where the phone has to be."""

    def __init__(self, addresses: str) -> None:
        super().__init__(
            f"{addresses} is not on this computer's own network: "
            "give the address that phyphox shows."
        )


class PhoneAppSpecError(TrackerError, ValueError):
    """What follows `sensor-logger:` or `phyphox:` cannot be used."""
