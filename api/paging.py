"""Where a list of sessions goes on, as one opaque word in an address."""

import base64
import binascii
import json
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from api.errors import ApiError
from api.store import Cursor


class BadCursorError(ApiError, ValueError):
    """A list was asked to go on from a place that no answer named."""

    status = HTTPStatus.BAD_REQUEST
    code = "bad-cursor"


def write_cursor(cursor: Cursor) -> str:
    """Pack a place in a list."""
    text = json.dumps([cursor.started_at.isoformat(), cursor.session_id.hex])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(word: str | None) -> Cursor | None:
    """Unpack what `write_cursor` packed.

    Raises
    ------
    BadCursorError
        If it is anything else.

    """
    if word is None:
        return None
    try:
        text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        started_at, session_id = json.loads(text)
        return Cursor(datetime.fromisoformat(started_at), UUID(session_id))
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise BadCursorError("Take `after` from the `next` address of a list.") from error
