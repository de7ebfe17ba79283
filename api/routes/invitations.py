"""Invitations: made by clinicians and administrators, taken with a code that works once.

The code stands behind the # of a link, which no server and no log sees, or is typed; it is only
ever sent in the body of a form.
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.access import Door, Role, Scope, audit, invitations
from api.access.identity import ACCOUNTS
from api.db import transaction
from api.deps import Access, Database, Db, Who
from api.errors import ApiError
from api.pages import access_words
from api.pages.square_code import square_code
from api.routes.ways_in import Field, let_in, pages_of, show_again, visitor

router = APIRouter(include_in_schema=False)
Scopes = Annotated[list[Scope], Form()]


@router.get("/invitation")
def show_code_form(request: Request) -> Response:
    """Ask for the code; a module of the page takes it from behind the # of the link."""
    return pages_of(request).show(request, "invitation.html")


@router.post("/invitation")
def show_invitation(
    request: Request, engine: Database, access: Access, who: Who, *, code: Field = ""
) -> Response:
    """Show what the code opens."""
    try:
        with transaction(engine, writes=False) as db:
            invitation = invitations.look(db, code, now=access.now())
    except ApiError as error:
        return show_again(request, "invitation.html", error)
    if invitation.purpose == "reset":
        return pages_of(request).show(request, "new_password.html", code=code)
    return _form(request, code, invitation, who.patient_id is not None)


@router.post("/invitation/accept")
def accept(
    request: Request,
    engine: Database,
    access: Access,
    who: Who,
    *,
    code: Field = "",
    login: Field = "",
    name: Field = "",
    password: Field = "",
    scopes: Scopes = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Make an account, and for a patient the treatment with its consent."""
    try:
        entered = Door(engine, access).accept(
            code,
            login=login,
            name=name,
            password=password,
            scopes=scopes,
            language=pages_of(request).language(request).code,
            visitor=visitor(request),
        )
    except ApiError as error:
        try:
            with transaction(engine, writes=False) as db:
                invitation = invitations.look(db, code, now=access.now())
        except ApiError as spent:
            return show_again(request, "invitation.html", spent)
        typed = {"login": login, "name": name, "given": [scope.value for scope in scopes]}
        return _form(request, code, invitation, who.patient_id is not None, error, **typed)
    return let_in(entered, "/")


@router.post("/invitation/join")
def join(
    request: Request,
    engine: Database,
    access: Access,
    who: Who,
    *,
    code: Field = "",
    scopes: Scopes = [],  # noqa: B006
) -> Response:
    """Take a clinician's invitation with the account of today."""
    try:
        Door(engine, access).join_care(who, code, scopes)
    except ApiError as error:
        return show_again(request, "invitation.html", error)
    return RedirectResponse("/consent", HTTPStatus.SEE_OTHER)


@router.get("/invitations")
def show_invitations(request: Request, db: Db, access: Access, who: Who) -> Response:
    """Show the form for an invitation, and those that wait."""
    return pages_of(request).show(
        request,
        "invitations.html",
        roles=_roles(request, who.role),
        waiting=invitations.list_open(db, who.account_id, now=access.now()),
    )


@router.post("/invitations")
def make_invitation(
    request: Request, db: Db, access: Access, who: Who, *, name: Field = "", role: Field = ""
) -> Response:
    """Make an invitation and show its code, once."""
    allowed = [code for code, _ in _roles(request, who.role)]
    chosen = Role(role) if role in allowed else Role(allowed[0])
    code = invitations.invite(
        db,
        role=chosen,
        name=name,
        invited_by=who.account_id,
        lasts_s=access.settings.invitation_s,
        now=access.now(),
    )
    audit.note(db, who, "account", f"invitation: {chosen.value}", now=access.now())
    lasts = timedelta(seconds=access.settings.invitation_s)
    return show_code(request, code, name, until=access.now() + lasts, back="/invitations")


@router.post("/invitations/{invitation_id}/withdraw")
def withdraw(invitation_id: UUID, db: Db, access: Access, who: Who) -> Response:
    """Let an invitation stop to work."""
    invitations.withdraw(db, who.account_id, invitation_id, now=access.now())
    return RedirectResponse("/invitations", HTTPStatus.SEE_OTHER)


def show_code(request: Request, code: str, name: str, *, until: datetime, back: str) -> Response:
    """Show a code that was just made, and where to go on: it cannot be shown again."""
    pages = pages_of(request)
    base = request.app.state.access.settings.address or str(request.base_url).rstrip("/")
    page = f"{base}/invitation"
    link = f"{page}#{code}"
    response = pages.show(
        request,
        "code.html",
        code=code,
        link=link,
        page=page,
        name=name,
        picture=square_code(link),
        until=pages.language(request).moment(until),
        back=back,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _form(
    request: Request,
    code: str,
    invitation: invitations.InvitationPublic,
    has_account: bool,
    error: ApiError | None = None,
    **typed: object,
) -> Response:
    pages = pages_of(request)
    language = pages.language(request)
    shown = {"login": "", "name": invitation.name, "given": ["results"]} | typed
    return pages.show(
        request,
        "accept.html",
        status=error.status if error is not None else HTTPStatus.OK,
        code=code,
        invitation=invitation,
        has_account=has_account,
        role=access_words.role(invitation.role, language),
        is_patient=invitation.role is Role.PATIENT,
        scopes=access_words.scopes(language),
        refusal=access_words.refusal(error, language) if error is not None else "",
        **shown,
    )


def _roles(request: Request, role: Role) -> list[tuple[str, str]]:
    """Return whom somebody may invite: clinicians their patients, administrators the staff."""
    language = pages_of(request).language(request)
    staff = [Role.CLINICIAN, Role.ADMINISTRATOR]
    invited = (
        [Role.PATIENT] if role is Role.CLINICIAN else [one for one in staff if one in ACCOUNTS]
    )
    return [(one.value, access_words.role(one, language)) for one in invited]
