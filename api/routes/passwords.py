"""A new password: with a code that was printed, or one that came by mail."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Request, Response
from fastapi import Form as FormField

from api.access import Door, accounts, invitations, mail, throttle
from api.access.errors import TooManyTriesError
from api.db import transaction
from api.deps import Access, Database
from api.errors import ApiError
from api.pages.access_mail import reset_letter
from api.routes.ways_in import Field, let_in, pages_of, show_again, visitor

router = APIRouter(include_in_schema=False, prefix="/password-reset")
Login = Annotated[str, FormField(max_length=254)]


@router.get("")
def show_reset(request: Request, access: Access) -> Response:
    """Ask for a code, or for the name to which one can be sent."""
    return pages_of(request).show(
        request, "password_reset.html", has_mail=bool(access.settings.mail)
    )


@router.post("")
def ask_for_mail(
    request: Request,
    engine: Database,
    access: Access,
    later: BackgroundTasks,
    login: Login = "",
) -> Response:
    """Send a code by mail. The answer is the same whether anybody has this name or not."""
    now = access.now()
    try:
        with transaction(engine, writes=True) as db:
            key = f"mail from {visitor(request).address}"
            throttle.count_try(db, key, throttle.PER_ADDRESS, now=now)
        with transaction(engine, writes=True) as db:
            throttle.count_try(db, f"mail to {login.casefold()}", throttle.PER_MAIL, now=now)
    except TooManyTriesError:
        return _sent(request)
    with transaction(engine, writes=True) as db:
        account = accounts.find_by_login(db, login)
        can_send = access.settings.mail is not None and account is not None and "@" in login
        if can_send and account is not None and access.settings.mail is not None:
            lasts_s = access.settings.reset_s
            code = invitations.allow_reset(db, account, invited_by=None, lasts_s=lasts_s, now=now)
            base = access.settings.address or str(request.base_url).rstrip("/")
            language = pages_of(request).language(request)
            letter = reset_letter(account.login, f"{base}/invitation#{code}", code, language)
            later.add_task(mail.send, access.settings.mail, letter)
    return _sent(request)


@router.post("/code")
def set_password(
    request: Request, engine: Database, access: Access, code: Field = "", password: Field = ""
) -> Response:
    """Set the new password with a code."""
    try:
        entered = Door(engine, access).set_new_password(code, password, visitor(request))
    except ApiError as error:
        template = "invitation.html" if error.code == "spent-code" else "new_password.html"
        return show_again(request, template, error, code=code)
    return let_in(entered, "/")


def _sent(request: Request) -> Response:
    return pages_of(request).show(request, "password_reset.html", has_mail=True, is_sent=True)
