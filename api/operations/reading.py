"""Who may read the figures of a service: a program of the same computer, or one with the token.

Behind a proxy of the same computer every request comes from it, so one that was passed on, or that
asks for the clinic's own name, counts as one from elsewhere.
"""

import hmac
import ipaddress
from typing import Final

from starlette.requests import Request

from api.guard import host_name
from api.settings import LOOPBACK_HOSTS

PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def may_read(request: Request, token: str | None) -> bool:
    """Whether a request may see the figures.

    Parameters
    ----------
    request : Request
        What was asked.
    token : str or None
        The one that opens them from elsewhere; None: nothing does.

    """
    return _has_token(request, token) or _is_of_this_computer(request)


def _has_token(request: Request, token: str | None) -> bool:
    word, _, given = request.headers.get("authorization", "").partition(" ")
    if not token or word.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode(), token.encode())


def _is_of_this_computer(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in PASSED_ON):
        return False
    try:
        is_own = ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return is_own and host_name(request.headers.get("host", "")) in LOOPBACK_HOSTS
