"""Edits by several people at once: nobody overwrites what they have not seen.

What a person can edit carries a version, which `ETag` shows and every change raises. A change
that says `If-Match` is made only to that version, and refused with 412 otherwise; one that does
not say it is made to whatever is there, as a client that owns its data repeats it.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Header, Response

from api.errors import ApiError, BadHeaderError

FIRST: Final = 1
ANYTHING: Final = "*"


class VersionConflictError(ApiError, ValueError):
    """Somebody else changed it since it was read."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "version-conflict"

    def __init__(self, version: int | None) -> None:
        super().__init__(
            "There is nothing to change: it was never stored, or was removed."
            if version is None
            else "It was changed by somebody else in the meantime: read it again, then change it."
        )
        self.version = version

    @property
    def headers(self) -> dict[str, str]:
        """Say which version there is now."""
        return {} if self.version is None else {"ETag": write_etag(self.version)}


class Edited(Protocol):
    """A row that people edit."""

    version: int

    def sqlmodel_update(self, obj: dict[str, Any]) -> Any:
        """Set columns."""


def read_if_match(
    if_match: Annotated[
        str | None, Header(description='Change only this version, as `ETag` gave it: `"3"`.')
    ] = None,
) -> int | None:
    """Return the version that a request wants to change; None for any, 0 for any that is there.

    Raises
    ------
    BadHeaderError
        If the field is no entity tag of ours.

    """
    if if_match is None:
        return None
    field = if_match.strip()
    if field == ANYTHING:
        return 0
    number = field.removeprefix('"').removesuffix('"')
    if field != f'"{number}"' or not number.isascii() or not number.isdecimal():
        raise BadHeaderError('If-Match is an ETag of before, such as "3".')
    return min(int(number), 2**31)


def check(row: Edited | None, wanted: int | None) -> None:
    """Refuse to change another version than the wanted one.

    Raises
    ------
    VersionConflictError
        If the row is missing or has another version.

    """
    if wanted is None:
        return
    if row is None:
        raise VersionConflictError(None)
    if wanted not in {0, row.version}:
        raise VersionConflictError(row.version)


def edit(row: Edited, values: Mapping[str, Any], wanted: int | None = None) -> bool:
    """Set columns of a row and raise its version; False when nothing differs.

    Raises
    ------
    VersionConflictError
        If the row has another version than the wanted one.

    """
    check(row, wanted)
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    row.sqlmodel_update({**values, "version": row.version + 1})
    return True


def write_etag(version: int) -> str:
    """Write a version as an entity tag."""
    return f'"{version}"'


def tag(response: Response, version: int) -> None:
    """Tell the version in an answer."""
    response.headers["ETag"] = write_etag(version)


IfMatch = Annotated[int | None, Depends(read_if_match)]
