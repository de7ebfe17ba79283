"""Coming in: name and password, the second factor, an invitation, a new password.

Each step counts the try first, in a transaction of its own, and hashes passwords outside of any
transaction: a quarter of a second with the database locked would stop everybody else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import Session

from api.access import accounts, audit, consents, factors, invitations, logins, throttle
from api.access.control import AccessControl
from api.access.errors import ElsewhereError, NotAllowedError, WrongLoginError
from api.access.identity import Identity, Role, Stage
from api.access.ownership import About
from api.access.rows import AccountRow
from api.access.rules import Scope
from api.db import transaction
from api.models import PatientRow

WRONG: Final = "The name and the password do not belong together."
WRONG_CODE: Final = "This code is not right; a code from the phone works for half a minute, once."


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The browser that somebody comes in with.

    Parameters
    ----------
    address : str
        Where it is, as far as the connection shows.
    agent : str
        What it calls itself.
    device : str, optional
        The secret it got when it was used before.

    """

    address: str
    agent: str = ""
    device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What a browser gets that came in: two secrets, and which step is next."""

    login: str
    device: str | None
    stage: Stage
    role: Role


class Door:
    """The ways in to one service."""

    def __init__(self, engine: Engine, access: AccessControl) -> None:
        self._engine = engine
        self._access = access

    def log_in(self, typed_login: str, password: str, visitor: Visitor) -> Entered:
        """Come in with name and password.

        Raises
        ------
        TooManyTriesError
            If it was tried too often, from this address or for this account.
        WrongLoginError
            If they do not belong together, or nobody has this name.

        """
        now = self._access.now()
        with transaction(self._engine, writes=True) as db:
            throttle.count_try(db, f"from {visitor.address}", throttle.PER_ADDRESS, now=now)
        with transaction(self._engine, writes=True) as db:
            account = accounts.find_by_login(db, typed_login)
            key, limit = _counted_as(db, account, typed_login, visitor)
            throttle.count_try(db, key, limit, now=now)
            stored = account.password_hash if account is not None else None
            account_id = account.id if account is not None else None
            about = About(patient_id=account.patient_id if account is not None else None)
        is_right, renewed = self._access.passwords.verify(password, stored)
        with transaction(self._engine, writes=True) as db:
            if not is_right or account_id is None:
                refused = Identity(role=Role.NOBODY, account_id=account_id)
                audit.note(db, refused, "account", "log-in", about=about, is_allowed=False, now=now)
            else:
                found = accounts.get_account(db, account_id)
                found.password_hash = renewed or found.password_hash
                throttle.forget(db, key, limit)
                return self._enter(db, found, visitor)
        raise WrongLoginError(WRONG)

    def log_in_as(self, mail: str, visitor: Visitor) -> Entered:
        """Come in as who another log-in service says one is; the second step still follows.

        Raises
        ------
        ElsewhereError
            If no account has this mail address as its log-in name.

        """
        with transaction(self._engine, writes=True) as db:
            account = accounts.find_by_login(db, mail)
            if account is None:
                raise ElsewhereError("Nobody here has this mail address as log-in name.")
            return self._enter(db, account, visitor)

    def give_factor(self, identity: Identity, typed: str, visitor: Visitor) -> Entered:
        """Show the second factor, after the password was right.

        Raises
        ------
        TooManyTriesError
            If it was tried too often.
        WrongLoginError
            If the code is wrong or was used before.

        """
        now = self._access.now()
        with transaction(self._engine, writes=True) as db:
            key = f"factor of {identity.account_id}"
            throttle.count_try(db, key, throttle.PER_FACTOR, now=now)
        with transaction(self._engine, writes=True) as db:
            account = accounts.get_account(db, identity.account_id)
            if factors.check_factor(db, account, typed, now=now):
                throttle.forget(db, key, throttle.PER_FACTOR)
                return self.enter_fully(db, account, identity, visitor)
            audit.note(db, identity, "account", "second factor", is_allowed=False, now=now)
        raise WrongLoginError(WRONG_CODE)

    def enter_by_passkey(self, db: Session, account: AccountRow, visitor: Visitor) -> Entered:
        """Start a whole log-in: a signature shows the device, and that its owner unlocked it."""
        return self._start(db, account, Stage.FULL, visitor)

    def enter_fully(
        self, db: Session, account: AccountRow, identity: Identity, visitor: Visitor
    ) -> Entered:
        """Replace a half log-in by a whole one under a new secret."""
        logins.end(db, account.id, identity.session_id)
        return self._start(db, account, Stage.FULL, visitor)

    def accept(
        self,
        code: str,
        *,
        login: str,
        name: str,
        password: str,
        scopes: Collection[Scope],
        language: str,
        visitor: Visitor,
    ) -> Entered:
        """Take an invitation: make the account, and for a patient the treatment and the consent.

        Raises
        ------
        SpentCodeError, LoginTakenError, BadLoginNameError, WeakPasswordError, TooManyTriesError
            If the code, the name or the password will not do; nothing is used up then.

        """
        now = self._access.now()
        self._count_code(visitor)
        login = accounts.normal_login(login)
        hashed = self._access.passwords.hash(password, login=login)
        with transaction(self._engine, writes=True) as db:
            invitation = invitations.use(db, code, now=now)
            if invitation.purpose != "join":
                raise NotAllowedError("This code sets a new password.")
            patient_id = None
            if invitation.role is Role.PATIENT:
                patient_id = uuid4()
                db.add(
                    PatientRow(
                        id=patient_id, name=name.strip() or login, language=language, created_at=now
                    )
                )
                db.flush()
            account = accounts.add_account(
                db,
                role=invitation.role,
                login=login,
                name=name,
                password_hash=hashed,
                patient_id=patient_id,
                now=now,
            )
            if patient_id is not None and invitation.invited_by is not None:
                clinician = accounts.get_account(db, invitation.invited_by)
                if clinician.role == Role.CLINICIAN:
                    consents.start_care(db, clinician.id, patient_id, scopes, now=now)
            return self._enter(db, account, visitor)

    def join_care(self, identity: Identity, code: str, scopes: Collection[Scope]) -> None:
        """Take a clinician's invitation as a patient who has an account already.

        Raises
        ------
        SpentCodeError, NotAllowedError
            If the code is not of that kind.

        """
        now = self._access.now()
        with transaction(self._engine, writes=True) as db:
            invitation = invitations.use(db, code, now=now)
            is_for_patient = invitation.purpose == "join" and invitation.role is Role.PATIENT
            if identity.patient_id is None or invitation.invited_by is None or not is_for_patient:
                raise NotAllowedError("This code is not an invitation of a clinician.")
            patient_id = identity.patient_id
            consents.start_care(db, invitation.invited_by, patient_id, scopes, now=now)
            about = About(patient_id=patient_id)
            audit.note(db, identity, "account", "consent", about=about, now=now)

    def set_new_password(self, code: str, password: str, visitor: Visitor) -> Entered:
        """Set a new password with a reset code; every log-in of before ends.

        Raises
        ------
        SpentCodeError, WeakPasswordError, TooManyTriesError
            If the code or the password will not do.

        """
        now = self._access.now()
        self._count_code(visitor)
        with transaction(self._engine, writes=False) as db:
            account_id = invitations.look(db, code, now=now).account_id
            login = accounts.get_account(db, account_id).login
        hashed = self._access.passwords.hash(password, login=login)
        with transaction(self._engine, writes=True) as db:
            invitations.use(db, code, now=now)
            account = accounts.get_account(db, account_id)
            account.password_hash = hashed
            logins.end_all(db, account.id)
            return self._enter(db, account, visitor)

    def check_password(self, identity: Identity, typed: str) -> None:
        """Let somebody who is in show again that it is them, before something weighty.

        Raises
        ------
        WrongLoginError, TooManyTriesError
            If the password is wrong, or was wrong too often.

        """
        now = self._access.now()
        key = f"password of {identity.account_id}"
        with transaction(self._engine, writes=True) as db:
            throttle.count_try(db, key, throttle.PER_ACCOUNT, now=now)
            stored = accounts.get_account(db, identity.account_id).password_hash
        if not self._access.passwords.verify(typed, stored)[0]:
            raise WrongLoginError("The password of now is not right.")
        with transaction(self._engine, writes=True) as db:
            throttle.forget(db, key, throttle.PER_ACCOUNT)

    def change_password(self, identity: Identity, old: str, new: str) -> None:
        """Set a new password, knowing the old one; all other log-ins end.

        Raises
        ------
        WrongLoginError, WeakPasswordError, TooManyTriesError
            If the old one is wrong, or the new one will not do.

        """
        self.check_password(identity, old)
        with transaction(self._engine, writes=False) as db:
            login = accounts.get_account(db, identity.account_id).login
        hashed = self._access.passwords.hash(new, login=login)
        with transaction(self._engine, writes=True) as db:
            account = accounts.get_account(db, identity.account_id)
            account.password_hash = hashed
            logins.end_all(db, account.id, but=identity.session_id)
            audit.note(db, identity, "account", "new password", now=self._access.now())

    def _enter(self, db: Session, account: AccountRow, visitor: Visitor) -> Entered:
        """Start a log-in at the step that comes after the password."""
        stage = Stage.FULL
        if factors.has_factor(account):
            stage = Stage.FACTOR
        elif Role(account.role) in self._access.settings.factor_roles:
            stage = Stage.ENROL
        return self._start(db, account, stage, visitor)

    def _start(self, db: Session, account: AccountRow, stage: Stage, visitor: Visitor) -> Entered:
        now = self._access.now()
        settings = self._access.settings
        logins.clear_ended(db, now=now)
        token = logins.start(db, account, stage, agent=visitor.agent, settings=settings, now=now)
        device = None
        if stage is not Stage.FACTOR and not logins.is_known_device(db, account.id, visitor.device):
            device = logins.remember_device(db, account.id, now=now)
        role = Role(account.role)
        identity = Identity(role=role, name=account.name, account_id=account.id)
        about = About(patient_id=account.patient_id)
        audit.note(db, identity, "account", f"log-in: {stage.value}", about=about, now=now)
        return Entered(login=token, device=device, stage=stage, role=role)

    def _count_code(self, visitor: Visitor) -> None:
        now = self._access.now()
        with transaction(self._engine, writes=True) as db:
            throttle.count_try(db, f"code from {visitor.address}", throttle.PER_ADDRESS, now=now)


def _counted_as(
    db: Session, account: AccountRow | None, typed_login: str, visitor: Visitor
) -> tuple[str, throttle.Limit]:
    """Return under which name a try is counted: this browser's own, or all strangers' together."""
    if account is not None and logins.is_known_device(db, account.id, visitor.device):
        return f"device {visitor.device} {account.id}", throttle.PER_DEVICE
    return f"login {typed_login.strip().casefold()}", throttle.PER_ACCOUNT
