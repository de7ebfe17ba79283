"""Log in, show the second factor, log out: pages that work without JavaScript."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.access import AccessControl, Door, Entered, Role, Stage, Visitor, passkeys
from api.access.cookies import DEVICE_COOKIE, clear_login, set_device, set_login
from api.access.gate import STEPS
from api.access.logins import end
from api.deps import Access, Database, Db, Who
from api.errors import ApiError
from api.pages import Pages
from api.pages.access_words import refusal

router = APIRouter(include_in_schema=False)
HOMES: Final = {Role.ADMINISTRATOR: "/users"}
Field = Annotated[str, Form(max_length=400)]


@router.get("/log-in")
def show_log_in(request: Request, access: Access, who: Who, next: str = "/") -> Response:  # noqa: A002  # its name in the address
    """Show the form, unless somebody is in already."""
    if who.is_logged_in or who.role is Role.OWNER:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    pages, onward = pages_of(request), own_path(next)
    return pages.show(request, "log_in.html", onward=onward, **_other_ways(access))


@router.post("/log-in")
def log_in(
    request: Request,
    engine: Database,
    access: Access,
    *,
    login: Field = "",
    password: Field = "",
    onward: Field = "/",
) -> Response:
    """Come in with name and password."""
    try:
        entered = Door(engine, access).log_in(login, password, visitor(request))
    except ApiError as error:
        return show_log_in_again(request, access, error, login=login, onward=own_path(onward))
    return let_in(entered, own_path(onward))


@router.get("/log-in/second-factor")
def show_factor(request: Request, next: str = "/") -> Response:  # noqa: A002
    """Ask for the second factor."""
    return pages_of(request).show(request, "second_factor.html", onward=own_path(next))


@router.post("/log-in/second-factor")
def give_factor(
    request: Request,
    engine: Database,
    access: Access,
    who: Who,
    *,
    code: Field = "",
    onward: Field = "/",
) -> Response:
    """Show the second factor."""
    try:
        entered = Door(engine, access).give_factor(who, code, visitor(request))
    except ApiError as error:
        return show_again(request, "second_factor.html", error, onward=own_path(onward))
    return let_in(entered, own_path(onward))


@router.post("/log-out")
def log_out(db: Db, who: Who) -> Response:
    """End the log-in of this browser, and let it forget the pages it kept."""
    end(db, who.account_id, who.session_id)
    response = RedirectResponse("/log-in", HTTPStatus.SEE_OTHER)
    clear_login(response)
    response.headers["Clear-Site-Data"] = '"cache"'  # not "storage": sessions may wait there
    return response


def pages_of(request: Request) -> Pages:
    """Return the pages of the app."""
    pages: Pages = request.app.state.pages
    return pages


def show_again(request: Request, template: str, error: ApiError, **values: object) -> Response:
    """Show a form again, with why it did not work."""
    pages = pages_of(request)
    said = refusal(error, pages.language(request))
    response = pages.show(request, template, status=error.status, refusal=said, **values)
    response.headers.update(error.headers)
    return response


def show_log_in_again(
    request: Request,
    access: AccessControl,
    error: ApiError,
    *,
    login: str = "",
    onward: str = "/",
) -> Response:
    """Show the form of the log-in again, with why it did not work."""
    shown = {"login": login, "onward": onward, **_other_ways(access)}
    return show_again(request, "log_in.html", error, **shown)


def _other_ways(access: AccessControl) -> dict[str, Any]:
    """Tell the form of the log-in what else it may offer: passkeys, a log-in service of others."""
    oidc = access.settings.oidc
    return {
        "has_passkeys": passkeys.is_offered(),
        "other_login": oidc.name if oidc is not None else "",
    }


def let_in(entered: Entered, onward: str) -> Response:
    """Hand out the cookies of a log-in, and go on to the next step."""
    home = HOMES.get(entered.role, "/")
    if onward == "/":
        onward = home
    step = STEPS.get(entered.stage)
    if step is not None and entered.stage is Stage.FACTOR and onward != home:
        step = f"{step}?next={quote(onward, safe='')}"
    response = RedirectResponse(step or onward, HTTPStatus.SEE_OTHER)
    set_login(response, entered.login)
    if entered.device is not None:
        set_device(response, entered.device)
    return response


def visitor(request: Request) -> Visitor:
    """Return the browser that a request comes from."""
    return Visitor(
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", ""),
        device=request.cookies.get(DEVICE_COOKIE),
    )


def own_path(asked: str) -> str:
    """Return where to go on: a path of this service, never an address elsewhere.

    Examples
    --------
    >>> own_path("/sessions?after=x"), own_path("//evil.example"), own_path("https://evil.example")
    ('/sessions?after=x', '/', '/')

    """
    is_own = asked.startswith("/") and asked.isprintable()
    return "/" if not is_own or asked[1:2] in {"/", "\\"} else asked
