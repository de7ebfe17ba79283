"""What can keep a job from being asked for."""

from http import HTTPStatus

from api.errors import ApiError


class QueueFullError(ApiError, RuntimeError):
    """Somebody has as many jobs waiting as anybody may have."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "queue-full"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} of your jobs are not done yet: wait for one to end, or cancel one."
        )


class NotImportedError(ApiError, ValueError):
    """A file is no recording, or none of use."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "not-imported"


class NothingToDoError(ApiError, ValueError):
    """A job would have no item."""

    status = HTTPStatus.CONFLICT
    code = "nothing-to-do"

    def __init__(self) -> None:
        super().__init__("There is nothing to do: no patient or session that it is about.")
