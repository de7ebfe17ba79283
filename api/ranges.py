"""Which bytes of a whole a `Range` field asks for (RFC 9110, section 14)."""

import re
from typing import Final

from api.errors import RangeError

ONE_RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")


def read_range(field: str | None, size_bytes: int) -> tuple[int, int] | None:
    """Return the first byte that is asked for and the first that is not; None for the whole.

    Several ranges, other units and what cannot be read ask for the whole, as the RFC allows.

    Raises
    ------
    RangeError
        If it lies outside.

    Examples
    --------
    >>> read_range("bytes=10-19", 100), read_range("bytes=-5", 100), read_range(None, 100)
    ((10, 20), (95, 100), None)

    """
    found = ONE_RANGE.fullmatch((field or "").strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        begins, ends = max(0, size_bytes - int(last)), size_bytes
    else:
        begins, ends = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
    if last and first and int(last) < int(first):
        return None
    if begins >= ends:
        raise RangeError(size_bytes)
    return begins, ends
