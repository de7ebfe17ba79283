"""Pairing a phone: a short code that is shown here and used there, once and soon.

A code is worth something to whoever can reach the listener, so it lives for five minutes, opens
the door once, and is withdrawn after five wrong tries: of 32^8 codes that is no chance at all.
What a paired phone gets in exchange is a ticket, long and secret, with which it comes back after a
lost connection. Only the hash of it is kept here.
"""

import hashlib
import hmac
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O, U, which are read as 1, 1, 0 and V."""

LOOKALIKES: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
CODE_LENGTH: Final = 8
GROUP: Final = 4  # written as ABCD-EFGH
N_REMEMBERED: Final = 8  # old codes, to say why one does not work


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingParams:
    """How long and how often a code may be tried.

    Parameters
    ----------
    lifetime_s : float
        From being made to being worthless.
    max_wrong : int
        Wrong codes after which the present one is withdrawn.

    """

    lifetime_s: float = 300.0
    max_wrong: int = 5


class Refusal(StrEnum):
    """Why a code does not open."""

    WRONG = "wrong_code"
    EXPIRED = "expired_code"
    USED = "used_code"
    WITHDRAWN = "withdrawn_code"


def new_code() -> str:
    """Make a code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def written(code: str) -> str:
    """Return a code as people read it.

    Examples
    --------
    >>> written("7K3MP0QX")
    '7K3M-P0QX'

    """
    return f"{code[:GROUP]}-{code[GROUP:]}"


def as_typed(text: str) -> str:
    """Return the code that somebody meant.

    Examples
    --------
    >>> as_typed(" 7k3m-poqx ")
    '7K3MP0QX'

    """
    return text.strip().upper().translate(LOOKALIKES)


class Pairing:
    """The one code that opens at this moment.

    Parameters
    ----------
    now_s : callable
        A clock that never goes back.
    params : PairingParams, optional
        Its limits.
    make_code : callable
        Makes a new code.

    """

    def __init__(
        self,
        now_s: Callable[[], float],
        params: PairingParams | None = None,
        *,
        make_code: Callable[[], str] = new_code,
    ) -> None:
        self._now_s = now_s
        self._params = params or PairingParams()
        self._make_code = make_code
        self._old: deque[tuple[str, Refusal]] = deque(maxlen=N_REMEMBERED)
        self._code = ""
        self._expires_s = 0.0
        self._n_wrong = 0

    def code(self) -> str:
        """Return the code to show; a new one where the last is used, expired or withdrawn."""
        self._drop_expired()
        if not self._code:
            self._code = self._make_code()
            self._expires_s = self._now_s() + self._params.lifetime_s
            self._n_wrong = 0
        return self._code

    @property
    def left_s(self) -> float:
        """How long the present code still opens."""
        return max(0.0, self._expires_s - self._now_s()) if self._code else 0.0

    def use(self, typed: str) -> Refusal | None:
        """Try a code; None if it opened, which ends it."""
        self._drop_expired()
        given = as_typed(typed).encode()
        if self._code and hmac.compare_digest(given, self._code.encode()):
            self._end(Refusal.USED)
            return None
        for old, reason in self._old:
            if hmac.compare_digest(given, old.encode()):
                return reason
        self._n_wrong += 1
        if self._code and self._n_wrong >= self._params.max_wrong:
            self._end(Refusal.WITHDRAWN)
        return Refusal.WRONG

    def _drop_expired(self) -> None:
        if self._code and self._now_s() >= self._expires_s:
            self._end(Refusal.EXPIRED)

    def _end(self, reason: Refusal) -> None:
        self._old.append((self._code, reason))
        self._code = ""


class Tickets:
    """The secrets of phones that were paired, in this run of the program."""

    def __init__(self) -> None:
        self._hashes: set[bytes] = set()

    def give(self) -> str:
        """Make a ticket; only its hash stays here."""
        ticket = secrets.token_urlsafe(32)
        self._hashes.add(_hash(ticket))
        return ticket

    def is_known(self, ticket: str) -> bool:
        """Whether a ticket was given out here."""
        given = _hash(ticket)
        return any(hmac.compare_digest(given, known) for known in self._hashes)

    def withdraw(self) -> None:
        """Make all tickets worthless."""
        self._hashes.clear()


def _hash(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()
