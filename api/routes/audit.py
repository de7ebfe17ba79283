"""The audit log: a patient's own lines, or all of them for an administrator."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.access import audit
from api.access_schemas import AuditLine, AuditList
from api.db import transaction
from api.deps import Database, Who
from api.pages import access_words
from api.problems import RESPONSES
from api.routes.ways_in import pages_of

page_router = APIRouter(include_in_schema=False)
router = APIRouter(tags=["access"], responses=RESPONSES)
Before = Annotated[int | None, Query(ge=1, description="Taken from `next` of the page before.")]


@page_router.get("/audit")
def show_audit(request: Request, engine: Database, who: Who, before: Before = None) -> Response:
    """Show who looked, changed and logged in, newest first."""
    pages = pages_of(request)
    language = pages.language(request)
    with transaction(engine, writes=False) as db:
        entries = audit.read_log(db, who, before=before)
    return pages.show(
        request,
        "audit.html",
        lines=[
            (
                entry,
                language.moment(entry.at),
                access_words.role(entry.role, language),
                language.say(access_words.ACTIONS[entry.action]),
                access_words.place(entry.route, language),
            )
            for entry in entries
        ],
        is_all=who.patient_id is None,
        older=entries[-1].id if len(entries) == audit.PAGE else None,
        is_later_page=before is not None,
    )


@router.get("/audit")
def get_audit(engine: Database, who: Who, before: Before = None) -> AuditList:
    """List who looked, changed and logged in, newest first."""
    with transaction(engine, writes=False) as db:
        entries = audit.read_log(db, who, before=before)
    more = entries[-1].id if len(entries) == audit.PAGE else None
    return AuditList(
        lines=[AuditLine.model_validate(entry, from_attributes=True) for entry in entries],
        next=f"/api/v1/audit?before={more}" if more else None,
    )
