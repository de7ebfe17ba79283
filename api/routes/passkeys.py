"""Passkeys: log in with one, make one, remove one. The module `passkeys.js` talks to these."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field

from api.access import (
    NOBODY,
    AccessControl,
    Door,
    Identity,
    Role,
    accounts,
    audit,
    passkeys,
    throttle,
)
from api.access.errors import WrongPasskeyError
from api.access.ownership import About
from api.access.passkeys import Party
from api.db import transaction
from api.deps import Access, Database, Db, Who
from api.errors import ApiError
from api.guard import host_name
from api.pages.access_words import refusal
from api.routes.account import PAGE
from api.routes.ways_in import let_in, own_path, pages_of, visitor

router = APIRouter(include_in_schema=False)
MAX_NAME: Final = 80
MAX_PATH: Final = 400
Password = Annotated[str, Field(max_length=400)]


class NewPasskeyWish(BaseModel):
    """Somebody wants to make a passkey, and shows again who they are."""

    password: Password


class NewPasskey(BaseModel):
    """What a device answered that was asked to make a passkey."""

    name: str = Field(default="", max_length=MAX_NAME)
    credential: dict[str, Any]


class Signature(BaseModel):
    """What a device answered that was asked to sign at a log-in."""

    onward: str = Field(default="/", max_length=MAX_PATH)
    credential: dict[str, Any]


@router.post("/log-in/passkey/options")
def ask_to_sign(request: Request, engine: Database, access: Access) -> Response:
    """Tell a browser what a device is to sign."""
    try:
        _count(request, engine, access)
        with transaction(engine, writes=True) as db:
            asked = passkeys.ask_to_sign(db, _party(request, access), now=access.now())
    except ApiError as error:
        return _refused(request, error)
    return JSONResponse(asked)


@router.post("/log-in/passkey")
def log_in(request: Request, engine: Database, access: Access, signature: Signature) -> Response:
    """Come in with what a device signed."""
    party, sent, now = _party(request, access), signature.credential, access.now()
    try:
        _count(request, engine, access)
        with transaction(engine, writes=True) as db:
            challenge = passkeys.use_challenge(db, None, sent, now=now)
        with transaction(engine, writes=True) as db:
            account = passkeys.find_signer(db, sent, party, challenge=challenge, now=now)
            entered = Door(engine, access).enter_by_passkey(db, account, visitor(request))
    except WrongPasskeyError as error:
        with transaction(engine, writes=True) as db:
            audit.note(db, NOBODY, "account", "passkey", is_allowed=False, now=now)
        return _refused(request, error)
    except ApiError as error:
        return _refused(request, error)
    led = let_in(entered, own_path(signature.onward))
    answer = JSONResponse({"onward": led.headers["location"]})
    for field in led.headers.getlist("set-cookie"):
        answer.headers.append("set-cookie", field)
    return answer


@router.post("/account/passkeys/options")
def ask_to_make(
    request: Request, engine: Database, access: Access, who: Who, wish: NewPasskeyWish
) -> Response:
    """Tell a browser what passkey a device is to make, when the password is right."""
    try:
        Door(engine, access).check_password(who, wish.password)
        with transaction(engine, writes=True) as db:
            account = accounts.get_account(db, who.account_id)
            asked = passkeys.ask_to_make(db, account, _party(request, access), now=access.now())
    except ApiError as error:
        return _refused(request, error)
    return JSONResponse(asked)


@router.post("/account/passkeys")
def keep(
    request: Request, engine: Database, access: Access, who: Who, made: NewPasskey
) -> Response:
    """Keep a passkey that a device made."""
    party, now = _party(request, access), access.now()
    try:
        with transaction(engine, writes=True) as db:
            challenge = passkeys.use_challenge(db, who.account_id, made.credential, now=now)
        with transaction(engine, writes=True) as db:
            account = accounts.get_account(db, who.account_id)
            sent, name = made.credential, made.name
            passkeys.keep(db, account, sent, party, challenge=challenge, name=name, now=now)
            _note(db, who, "passkey added", access)
    except ApiError as error:
        return _refused(request, error)
    return JSONResponse({"onward": PAGE}, HTTPStatus.CREATED)


@router.post("/account/passkeys/{passkey_id}/remove")
def remove(passkey_id: UUID, db: Db, access: Access, who: Who) -> Response:
    """Let a passkey open nothing any more; the password and its second step stay."""
    if passkeys.remove_passkey(db, who.account_id, passkey_id):
        _note(db, who, "passkey removed", access)
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


def _party(request: Request, access: AccessControl) -> Party:
    """Return as who this service asks: by the address it was told, else by that of the page."""
    address = access.settings.address
    origin = address or f"{request.url.scheme}://{request.headers.get('host', '')}"
    parts = urlsplit(origin)
    return Party(name=host_name(parts.netloc), origin=f"{parts.scheme}://{parts.netloc}")


def _count(request: Request, engine: Database, access: AccessControl) -> None:
    """Count a try as one with a password is counted."""
    with transaction(engine, writes=True) as db:
        key = f"from {visitor(request).address}"
        throttle.count_try(db, key, throttle.PER_ADDRESS, now=access.now())


def _note(db: Db, who: Identity, what: str, access: AccessControl) -> None:
    about = About(patient_id=who.patient_id if who.role is Role.PATIENT else None)
    audit.note(db, who, "account", what, about=about, now=access.now())


def _refused(request: Request, error: ApiError) -> Response:
    """Answer with a sentence in the reader's language."""
    said = refusal(error, pages_of(request).language(request))
    answer = JSONResponse({"refusal": said, "code": error.code}, error.status)
    answer.headers.update(error.headers)
    return answer
