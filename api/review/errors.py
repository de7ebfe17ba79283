"""What can keep a session from being analysed again."""

from http import HTTPStatus
from uuid import UUID

from api.errors import ApiError, NotFoundError


class RecordingGoneError(NotFoundError):
    """There is no recording to analyse."""

    code = "recording-gone"

    def __init__(self, session_id: UUID, *, was_stored: bool) -> None:
        self.session_id = session_id
        why = (
            "Its recording was stored once, and its file is not there any more"
            if was_stored
            else "No recording is stored with it"
        )
        super().__init__(
            f"Session {session_id} cannot be analysed again. {why}; its results stay as they are."
        )


class UnreadableRecordingError(ApiError, ValueError):
    """A recording is there, and nothing can be made of it."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "unreadable-recording"


class NoEngineError(ApiError, RuntimeError):
    """A service that stores results and cannot read recordings was asked to."""

    status = HTTPStatus.NOT_IMPLEMENTED
    code = "no-engine"


class AlreadyDecidedError(ApiError, ValueError):
    """A result is the current one, or was declined: there is nothing left to decide."""

    status = HTTPStatus.CONFLICT
    code = "already-decided"
