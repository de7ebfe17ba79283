"""The rules of the permission table: which roles a route is for, and whose data it is about.

A rule never says "yes" for data of a patient on its own: `api.access.ownership` looks at the ids
in the address, and `api.access.confinement` lets no row of another patient out of the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.access.identity import ACCOUNTS, Role, Stage


class Scope(StrEnum):
    """What a patient consents to, for one clinician."""

    RESULTS = "results"
    RECORDINGS = "recordings"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one route asks of whoever calls it.

    Parameters
    ----------
    roles : frozenset of Role
        Those who may call it.
    scope : Scope, optional
        Set where it touches data of patients: then it is written in the audit log, and a
        clinician needs this consent.
    stages : frozenset of Stage
        How far a log-in must have come.
    is_noted_within : bool
        The transaction that writes also writes the audit line, in place of one before it
        (`api.access.written`). Only for a route with one transaction, which keeps all it does.

    """

    roles: frozenset[Role]
    scope: Scope | None = None
    stages: frozenset[Stage] = frozenset({Stage.FULL})
    is_noted_within: bool = False

    def is_for(self, role: Role) -> bool:
        """Whether a menu shows this to a role: it leads somewhere of its own for it."""
        return role in self.roles and (self.scope is None or role is not Role.ADMINISTRATOR)

    @property
    def is_public(self) -> bool:
        """Whether nobody needs to log in for it."""
        return Role.NOBODY in self.roles


PUBLIC: Final = Rule(roles=frozenset(Role), stages=frozenset(Stage))
LOCAL_ONLY: Final = Rule(roles=frozenset({Role.OWNER}))


def clinical(*roles: Role, scope: Scope = Scope.RESULTS, is_noted_within: bool = False) -> Rule:
    """Let these roles at data of patients, each within its own reach, and the local owner."""
    everyone = frozenset({Role.OWNER, *roles})
    return Rule(roles=everyone, scope=scope, is_noted_within=is_noted_within)


def of_accounts(*roles: Role, stages: frozenset[Stage] = frozenset({Stage.FULL})) -> Rule:
    """Let people with these roles, or anyone who logged in, at log-ins themselves."""
    return Rule(roles=frozenset(roles) or ACCOUNTS, stages=stages)


class RuleBook:
    """The permission table of an app: one rule for each route, and no route without one.

    Routes are named by method and template, such as "GET /sessions/{session_id}"; a WebSocket by
    "WS /ws/live", a mount by "MOUNT /static". A route that is not in the book is for the local
    owner alone.
    """

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    def add(self, rules: Mapping[str, Rule]) -> None:
        """Add the rules of a package.

        Raises
        ------
        ValueError
            If a route has another rule already.

        """
        for name, rule in rules.items():
            if self._rules.setdefault(name, rule) != rule:
                raise ValueError(f"{name} has two rules.")

    def rule(self, name: str) -> Rule:
        """Return the rule of a route; closed to everyone elsewhere when it has none."""
        return self._rules.get(name, LOCAL_ONLY)

    @property
    def names(self) -> frozenset[str]:
        """The routes that have a rule."""
        return frozenset(self._rules)
