"""Passwords: argon2id, and the same time for names that nobody has."""

import secrets
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.access.errors import WeakPasswordError
from api.access.settings import Argon2Cost

SHORTEST: Final = 10
LONGEST: Final = 200
FEWEST_LETTERS: Final = 4  # different ones


class Passwords:
    """Hash and check passwords at one cost. Slow on purpose: never call it on the event loop."""

    def __init__(self, cost: Argon2Cost) -> None:
        self._hash = PasswordHash((Argon2Hasher(cost.passes, cost.memory_kib, cost.lanes),))
        self._nobodys = self._hash.hash(secrets.token_urlsafe())

    def hash(self, password: str, *, login: str) -> str:
        """Return what is stored of a new password.

        Raises
        ------
        WeakPasswordError
            If it is short, or the name itself; nothing else is asked of it, as length is what
            counts (NIST SP 800-63B).

        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise WeakPasswordError(f"A password has {SHORTEST} to {LONGEST} characters.")
        if login.casefold() in password.casefold() or len(set(password)) < FEWEST_LETTERS:
            raise WeakPasswordError("This password is too easy to guess; take a few words.")
        return self._hash.hash(password)

    def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Return whether a password is right, and its new hash if the cost has changed.

        Without a stored hash the time is the same and the answer is no.
        """
        if len(password) > LONGEST:
            return False, None
        is_right, renewed = self._hash.verify_and_update(password, stored or self._nobodys)
        return (is_right, renewed) if stored is not None else (False, None)
