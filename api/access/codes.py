"""Secrets: how they are made, compared, and written for people to type.

A cookie or token holds 256 random bits. A code that is printed or read aloud holds 100, in
Crockford's base 32 without letters that look like digits; both are stored as a SHA-256, which is
enough where a guess has no chance.
"""

import hashlib
import secrets
from typing import Final

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LETTERS: Final = 20
GROUP: Final = 5
ALIKE: Final = str.maketrans("OIL", "011")


def new_token() -> str:
    """Return a secret for programs: 256 random bits."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Return a secret for people, such as "7KQ2M-XW3D9-0RTYA-PHB5C"."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
    return "-".join(letters[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))


def digest(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_digest(typed: str) -> str:
    """Return what is stored of a code, however it was typed.

    Examples
    --------
    >>> code_digest(" 7kq2m xw3d9 ortya phb5c") == code_digest("7KQ2M-XW3D9-0RTYA-PHB5C")
    True

    """
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return digest(letters.translate(ALIKE))
