"""Log in with a log-in service of others, where the clinic has one."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access import AccessControl, Door
from api.access.cookies import OTHER_COOKIE, clear_other, set_other
from api.access.errors import ElsewhereError
from api.access.oidc import Begun, Elsewhere
from api.deps import Access, Database
from api.errors import ApiError, NotFoundError
from api.routes.ways_in import let_in, show_log_in_again, visitor

router = APIRouter(include_in_schema=False, prefix="/log-in/elsewhere")
BACK: Final = "/log-in/elsewhere/back"


@router.get("")
def go_elsewhere(request: Request, access: Access) -> Response:
    """Send the browser to the log-in service."""
    try:
        url, begun = _service(request, access).begin()
    except ElsewhereError as error:
        return show_log_in_again(request, access, error)
    response = RedirectResponse(url, HTTPStatus.SEE_OTHER)
    set_other(response, begun.as_cookie())
    return response


@router.get("/back")
def come_back(
    request: Request, engine: Database, access: Access, state: str = "", code: str = ""
) -> Response:
    """Take a browser in that comes back from the log-in service."""
    try:
        begun = Begun.from_cookie(request.cookies.get(OTHER_COOKIE, ""))
        mail = _service(request, access).finish(begun, state=state, code=code, now=access.now())
        entered = Door(engine, access).log_in_as(mail, visitor(request))
    except ApiError as error:
        response = show_log_in_again(request, access, error)
    else:
        response = let_in(entered, "/")
    clear_other(response)
    return response


def _service(request: Request, access: AccessControl) -> Elsewhere:
    if access.settings.oidc is None:
        raise NotFoundError("There is no other log-in service.")
    base = access.settings.address or str(request.base_url).rstrip("/")
    return Elsewhere(access.settings.oidc, f"{base}{BACK}")
