"""What a patient lets each clinician see, and taking it back."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.access import About, Scope, audit, consents
from api.deps import Access, Db, Who
from api.pages import access_words
from api.routes.ways_in import pages_of

router = APIRouter(include_in_schema=False, prefix="/consent")


@router.get("")
def show_consents(request: Request, db: Db, who: Who) -> Response:
    """Show the clinicians of a patient, and what each may see."""
    pages = pages_of(request)
    language = pages.language(request)
    listed = consents.list_care(db, who.patient_id)
    return pages.show(
        request,
        "consent.html",
        listed=[
            (one, [scope.value for scope in one.scopes], language.short_day(one.started_at))
            for one in listed
        ],
        scopes=access_words.scopes(language),
    )


@router.post("/{care_id}")
def set_consent(
    care_id: UUID,
    db: Db,
    access: Access,
    who: Who,
    scopes: Annotated[list[Scope], Form()] = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Change what one clinician may see; it counts from the next request on."""
    now = access.now()
    consents.set_consent(db, who.patient_id, care_id, scopes, now=now)
    audit.note(db, who, "account", "consent", about=About(care_id, who.patient_id), now=now)
    return RedirectResponse("/consent", HTTPStatus.SEE_OTHER)


@router.post("/{care_id}/end")
def end_care(care_id: UUID, db: Db, access: Access, who: Who) -> Response:
    """End the treatment by one clinician, and every consent with it."""
    now = access.now()
    consents.end_care(db, who.patient_id, care_id, now=now)
    audit.note(db, who, "account", "treatment ended", about=About(care_id, who.patient_id), now=now)
    return RedirectResponse("/consent", HTTPStatus.SEE_OTHER)
