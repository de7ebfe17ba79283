"""Who is asking: a role, a name, and how far the log-in has come."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class Role(StrEnum):
    """What somebody is to the service."""

    OWNER = "owner"  # of a local install: nobody else can reach it, so nobody logs in
    PATIENT = "patient"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"
    APP = "app"  # a program that sends the sessions of one patient
    NOBODY = "nobody"  # not logged in


STAFF: Final = frozenset({Role.CLINICIAN, Role.ADMINISTRATOR})
ACCOUNTS: Final = STAFF | {Role.PATIENT}


class Stage(StrEnum):
    """How far a log-in has come."""

    FACTOR = "factor"  # the password was right, the second factor is still asked for
    ENROL = "enrol"  # this role needs a second factor, and there is none yet
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who sent a request.

    Parameters
    ----------
    role : Role
        Decides, with ownership and consent, what may be done.
    name : str
        As pages show it.
    stage : Stage
        Short of `FULL` nothing can be reached but the steps that are left.
    account_id : UUID, optional
        Of somebody who logged in, or who made the token.
    patient_id : UUID, optional
        Whose data are this person's own.
    session_id : UUID, optional
        Of the log-in.

    """

    role: Role
    name: str = ""
    stage: Stage = Stage.FULL
    account_id: UUID | None = None
    patient_id: UUID | None = None
    session_id: UUID | None = None

    @property
    def is_logged_in(self) -> bool:
        """Whether a person proved who they are, in full."""
        return self.account_id is not None and self.stage is Stage.FULL and self.role in ACCOUNTS


NOBODY: Final = Identity(role=Role.NOBODY)


def owner(name: str = "") -> Identity:
    """Return the one who sits at a computer that only itself can reach."""
    return Identity(role=Role.OWNER, name=name)
