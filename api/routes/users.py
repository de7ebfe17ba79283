"""Who can log in: for administrators, who see accounts and counts and nobody's results."""

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from api.access import accounts, audit, invitations
from api.db import transaction
from api.deps import Access, Database, Db, Who
from api.errors import ApiError
from api.pages import access_words
from api.routes.invitations import show_code
from api.routes.ways_in import pages_of

router = APIRouter(include_in_schema=False, prefix="/users")


@router.get("")
def show_users(request: Request, engine: Database, who: Who) -> Response:
    """Show all accounts, and how much the service holds."""
    return _page(request, engine, who.account_id)


@router.post("/{account_id}/reset")
def allow_reset(request: Request, account_id: UUID, db: Db, access: Access, who: Who) -> Response:
    """Make a code for a new password, to print or to tell; it is shown once."""
    account = accounts.get_account(db, account_id)
    lasts_s = access.settings.reset_s
    code = invitations.allow_reset(
        db, account, invited_by=who.account_id, lasts_s=lasts_s, now=access.now()
    )
    audit.note(db, who, "account", "reset code", now=access.now())
    until = access.now() + timedelta(seconds=lasts_s)
    return show_code(request, code, account.name, until=until, back="/users")


@router.post("/{account_id}/close")
def close(
    request: Request, account_id: UUID, engine: Database, access: Access, who: Who
) -> Response:
    """Let an account no longer log in."""
    try:
        with transaction(engine, writes=True) as db:
            accounts.set_active(db, account_id, is_active=False)
            audit.note(db, who, "account", "account closed", now=access.now())
    except ApiError as error:
        return _page(request, engine, who.account_id, error)
    return RedirectResponse("/users", HTTPStatus.SEE_OTHER)


@router.post("/{account_id}/open")
def open_again(account_id: UUID, db: Db, access: Access, who: Who) -> Response:
    """Let a closed account log in again."""
    accounts.set_active(db, account_id, is_active=True)
    audit.note(db, who, "account", "account opened", now=access.now())
    return RedirectResponse("/users", HTTPStatus.SEE_OTHER)


@router.post("/{account_id}/forget-factor")
def forget_factor(account_id: UUID, db: Db, access: Access, who: Who) -> Response:
    """Let somebody who lost phone and recovery codes set the second step anew."""
    accounts.forget_factors(db, account_id)
    audit.note(db, who, "account", "second factor forgotten", now=access.now())
    return RedirectResponse("/users", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, engine: Database, own_id: UUID | None, error: ApiError | None = None
) -> Response:
    pages = pages_of(request)
    language = pages.language(request)
    with transaction(engine, writes=False) as db:
        listed, counts = accounts.list_accounts(db), accounts.count_all(db)
    return pages.show(
        request,
        "users.html",
        status=error.status if error is not None else HTTPStatus.OK,
        people=[(one, access_words.role(one.role, language)) for one in listed],
        counts=counts,
        own_id=own_id,
        refusal=access_words.refusal(error, language) if error is not None else "",
    )
