"""What can go wrong between this computer and a clinic."""

from tracker.errors import TrackerError


class LinkError(TrackerError, OSError):
    """A link cannot be made or used."""


class NotReachedError(LinkError):
    """No answer, or one that says to come again later.

    Parameters
    ----------
    reason : str
        What happened.
    after_s : float
        How long the clinic asks to wait.

    """

    def __init__(self, reason: str, after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.after_s = after_s


class KeyRefusedError(LinkError):
    """The key does not count at this clinic, or no longer."""


class NotTempo90Error(LinkError):
    """What answers at the address is no tempo90."""


class RefusedError(LinkError):
    """The clinic will never take this as it is."""
