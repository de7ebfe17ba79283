"""What can go wrong on the way in."""

from http import HTTPStatus

from api.errors import ApiError


class LoginNeededError(ApiError, PermissionError):
    """Nobody is logged in, or the log-in has ended."""

    status = HTTPStatus.UNAUTHORIZED
    code = "login-needed"

    @property
    def headers(self) -> dict[str, str]:
        """Say how a program proves who it is."""
        return {"WWW-Authenticate": 'Bearer realm="tempo90"'}


class NotAllowedError(ApiError, PermissionError):
    """Something is not for this role."""

    status = HTTPStatus.FORBIDDEN
    code = "not-allowed"


class WrongLoginError(ApiError, PermissionError):
    """Name and password, or the code, do not fit; which of them stays unsaid."""

    status = HTTPStatus.FORBIDDEN
    code = "wrong-login"


class WrongPasskeyError(WrongLoginError):
    """What a device signed opens nothing here; why stays unsaid."""

    code = "wrong-passkey"


class TooManyTriesError(ApiError, PermissionError):
    """Something was tried too often in a short time."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too-many-tries"

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"That was tried too often; try again in {wait_s} seconds.")
        self.wait_s = wait_s

    @property
    def headers(self) -> dict[str, str]:
        """Say how long to wait."""
        return {"Retry-After": str(self.wait_s)}


class TooManyLinesError(ApiError, PermissionError):
    """An account holds as many WebSockets open as it may."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too-many-lines"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} live pages of this account are open: close some of them.")


class WeakPasswordError(ApiError, ValueError):
    """A new password is too easy to guess."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "weak-password"


class SpentCodeError(ApiError, ValueError):
    """An invitation or reset code is unknown, used or too old."""

    status = HTTPStatus.GONE
    code = "spent-code"


class LoginTakenError(ApiError, ValueError):
    """Another account has this log-in name."""

    status = HTTPStatus.CONFLICT
    code = "login-taken"


class BadLoginNameError(ApiError, ValueError):
    """A log-in name has a space in it, or is empty or too long."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "bad-login-name"


class ElsewhereError(ApiError, PermissionError):
    """Logging in with a log-in service of others did not work."""

    status = HTTPStatus.FORBIDDEN
    code = "elsewhere"
