"""Whether the log-in that opened a line still stands."""

from starlette.websockets import WebSocket

from api import transaction
from api.access import AccessControl, logins
from api.access.cookies import LOGIN_COOKIE


def is_logged_in(socket: WebSocket) -> bool:
    """Look the log-in of a line up; somebody who trains is using it."""
    access: AccessControl = socket.app.state.access
    cookie = socket.cookies.get(LOGIN_COOKIE)
    now = access.now()
    with transaction(socket.app.state.engine, writes=True, is_serial=False) as db:
        return cookie is not None and logins.find(db, cookie, access.settings, now=now) is not None
