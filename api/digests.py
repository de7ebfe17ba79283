"""The digest fields of RFC 9530: `Content-Digest: sha-256=:<base64>:`."""

import base64
import binascii
import re
from typing import Final

from api.errors import DigestMissingError

SHA256_BYTES: Final = 32
MEMBER: Final = re.compile(r"(?:^|,)\s*sha-256\s*=\s*:([A-Za-z0-9+/=]*):\s*(?=,|$)")


def read_sha256(field: str | None, name: str) -> str:
    """Return the SHA-256 of a digest field in hexadecimal; other algorithms beside it are skipped.

    Raises
    ------
    DigestMissingError
        If the field is absent or holds no SHA-256 that can be read.

    Examples
    --------
    >>> digest = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"
    >>> read_sha256(digest, "Content-Digest")[:8]
    'e3b0c442'

    """
    found = MEMBER.search(field or "")
    try:
        raw = base64.b64decode(found.group(1), validate=True) if found else b""
    except binascii.Error:
        raw = b""
    if len(raw) != SHA256_BYTES:
        raise DigestMissingError(
            f"Send `{name}: sha-256=:<base64 of the SHA-256 of the whole recording>:`."
        )
    return raw.hex()


def write_sha256(hexadecimal: str) -> str:
    """Return the digest field for a SHA-256 in hexadecimal.

    Examples
    --------
    >>> write_sha256("00" * 32)
    'sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:'

    """
    return f"sha-256=:{base64.b64encode(bytes.fromhex(hexadecimal)).decode()}:"
