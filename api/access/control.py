"""Everything that deciding about access needs, held by the app as `app.state.access`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from api.access.identity import Identity, owner
from api.access.passwords import Passwords
from api.access.rules import RuleBook
from api.access.settings import AccessSettings


def utc_now() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)


@dataclass
class AccessControl:
    """How one app decides.

    Parameters
    ----------
    settings : AccessSettings
        What was told.
    needs_login : bool
        False only for a service that nothing but its own computer can reach.
    rules : RuleBook
        The permission table; packages add the rules of their routes.
    now : callable
        The clock.

    """

    settings: AccessSettings
    needs_login: bool
    rules: RuleBook = field(default_factory=RuleBook)
    now: Callable[[], datetime] = utc_now

    @cached_property
    def passwords(self) -> Passwords:
        """Hashing, at the cost that was set."""
        return Passwords(self.settings.argon2)

    @property
    def local(self) -> Identity | None:
        """Who everyone is where nobody has to log in.

        The one place that lets requests in without a log-in: there is no other.
        """
        return None if self.needs_login else owner(self.settings.local_name)
