"""One's own account: password, second factor, log-ins, tokens of apps."""

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access import Door, Identity, Stage, accounts, app_tokens, audit, factors, logins, passkeys
from api.access.control import AccessControl
from api.access.errors import WrongLoginError
from api.db import transaction
from api.deps import Access, Database, Db, Who
from api.errors import ApiError
from api.pages import access_words
from api.pages.square_code import square_code
from api.routes.ways_in import Field, let_in, pages_of, visitor

router = APIRouter(include_in_schema=False, prefix="/account")
PAGE: Final = "/account"


@router.get("")
def show_account(request: Request, db: Db, access: Access, who: Who) -> Response:
    """Show everything about one's own log-in."""
    return _page(request, db, access, who)


@router.post("/password")
def change_password(
    request: Request,
    engine: Database,
    access: Access,
    who: Who,
    *,
    old: Field = "",
    password: Field = "",
) -> Response:
    """Set a new password; all other log-ins end."""
    try:
        Door(engine, access).change_password(who, old, password)
    except ApiError as error:
        with transaction(engine, writes=False) as db:
            return _page(request, db, access, who, error)
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


@router.post("/log-ins/{login_id}/end")
def end_login(login_id: UUID, db: Db, who: Who) -> Response:
    """End one of one's log-ins, here or on another device."""
    logins.end(db, who.account_id, login_id)
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


@router.post("/tokens")
def make_token(
    request: Request, db: Db, access: Access, who: Who, *, label: Field = ""
) -> Response:
    """Make a token for an app, and show it once."""
    now = access.now()
    token = app_tokens.add_token(db, _patient(who), label, now=now)
    audit.note(db, who, "account", "app token", now=now)
    return pages_of(request).show(request, "token.html", token=token, label=label)


@router.post("/tokens/{token_id}/remove")
def remove_token(token_id: UUID, db: Db, who: Who) -> Response:
    """Let a token stop to work."""
    app_tokens.remove_token(db, who.patient_id, token_id)
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


@router.get("/second-factor")
def show_factor(request: Request, db: Db, who: Who) -> Response:
    """Show a new secret to scan; nothing is stored before a code proves that it arrived."""
    account = accounts.get_account(db, who.account_id)
    return _factor_page(request, account.login, factors.new_secret(), who)


@router.post("/second-factor")
def set_factor(
    request: Request,
    engine: Database,
    access: Access,
    who: Who,
    *,
    secret: Field = "",
    code: Field = "",
    password: Field = "",
) -> Response:
    """Store the secret when a code made from it and the password are right."""
    door = Door(engine, access)
    now = access.now()
    with transaction(engine, writes=False) as db:
        login = accounts.get_account(db, who.account_id).login
    try:
        door.check_password(who, password)
        step = factors.matching_step(secret, code, after=0, now=now)
        if step is None:
            raise WrongLoginError("The code does not fit.")
    except ApiError as error:
        return _factor_page(request, login, secret, who, error)
    with transaction(engine, writes=True) as db:
        account = accounts.get_account(db, who.account_id)
        codes = factors.set_totp(db, account, secret, step)
        audit.note(db, who, "account", "second factor set", now=now)
        entered = None
        if who.stage is not Stage.FULL:
            entered = door.enter_fully(db, account, who, visitor(request))
    shown = pages_of(request).show(request, "recovery_codes.html", codes=codes)
    if entered is not None:
        for field in let_in(entered, "/").headers.getlist("set-cookie"):
            shown.headers.append("set-cookie", field)
    return shown


@router.post("/recovery-codes")
def renew_codes(
    request: Request, engine: Database, access: Access, who: Who, *, password: Field = ""
) -> Response:
    """Make new recovery codes; the old ones stop to work."""
    try:
        Door(engine, access).check_password(who, password)
    except ApiError as error:
        with transaction(engine, writes=False) as db:
            return _page(request, db, access, who, error)
    with transaction(engine, writes=True) as db:
        account = accounts.get_account(db, who.account_id)
        codes = factors.renew_recovery_codes(db, account)
        audit.note(db, who, "account", "recovery codes", now=access.now())
    return pages_of(request).show(request, "recovery_codes.html", codes=codes)


def _page(
    request: Request,
    db: Db,
    access: AccessControl,
    who: Identity,
    error: ApiError | None = None,
) -> Response:
    pages = pages_of(request)
    language = pages.language(request)
    account = accounts.get_account(db, who.account_id)
    values: dict[str, Any] = {
        "account": account,
        "role": access_words.role(account.role, language),
        "has_factor": factors.has_factor(account),
        "logins": [
            (one, access_words.browser(one.agent), language.moment(one.seen_at))
            for one in logins.list_logins(db, who, now=access.now())
        ],
        "tokens": [
            (one, language.moment(one.used_at) if one.used_at else None)
            for one in app_tokens.list_tokens(db, who.patient_id)
        ],
        "has_passkeys": passkeys.is_offered(),
        "passkeys": [
            (one, language.moment(one.used_at) if one.used_at else None)
            for one in passkeys.list_passkeys(db, who.account_id)
        ],
        "refusal": access_words.refusal(error, language) if error is not None else "",
    }
    status = error.status if error is not None else HTTPStatus.OK
    return pages.show(request, "account.html", status=status, **values)


def _factor_page(
    request: Request, login: str, secret: str, who: Identity, error: ApiError | None = None
) -> Response:
    pages = pages_of(request)
    uri = factors.enrolment_uri(secret, login)
    return pages.show(
        request,
        "factor_enrolment.html",
        status=error.status if error is not None else HTTPStatus.OK,
        secret=secret,
        picture=square_code(uri),
        is_needed=who.stage is Stage.ENROL,
        refusal=access_words.refusal(error, pages.language(request)) if error is not None else "",
    )


def _patient(who: Identity) -> UUID:
    assert who.patient_id is not None  # noqa: S101  # the permission table lets only patients in
    return who.patient_id
