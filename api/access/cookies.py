"""The cookies. `__Host-`: this host alone, over HTTPS alone, for all its paths."""

from typing import Final

from starlette.responses import Response

LOGIN_COOKIE: Final = "__Host-sid"
DEVICE_COOKIE: Final = "__Host-device"
OTHER_COOKIE: Final = "__Host-elsewhere"
OTHER_S: Final = 10 * 60  # to log in elsewhere
DEVICE_S: Final = 365 * 24 * 3600


def set_login(response: Response, token: str, *, max_age_s: int | None = None) -> None:
    """Hand a browser its log-in."""
    _set(response, LOGIN_COOKIE, token, max_age_s)


def set_device(response: Response, token: str) -> None:
    """Let a browser show later that it was used before."""
    _set(response, DEVICE_COOKIE, token, DEVICE_S)


def set_other(response: Response, begun: str) -> None:
    """Let a browser keep what a log-in elsewhere needs when it comes back."""
    _set(response, OTHER_COOKIE, begun, OTHER_S)


def clear_login(response: Response) -> None:
    """Take the log-in back."""
    _clear(response, LOGIN_COOKIE)


def clear_other(response: Response) -> None:
    """Let a browser forget a log-in elsewhere: each counts once."""
    _clear(response, OTHER_COOKIE)


def _set(response: Response, name: str, value: str, max_age_s: int | None) -> None:
    response.set_cookie(
        name, value, max_age_s, path="/", secure=True, httponly=True, samesite="lax"
    )


def _clear(response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
