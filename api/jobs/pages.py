"""The page of jobs: asking for one, seeing how far it is, stopping it, fetching what it made."""

import zipfile
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Final, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from sqlmodel import Session
from starlette.background import BackgroundTask

from api.access import About, Role, confine
from api.access.audit import note
from api.db import transaction
from api.deps import Database, Db, Fields, Now, Who
from api.errors import ApiError, NotFoundError
from api.jobs import queue
from api.jobs.kinds import Kind
from api.jobs.queue import Asked, Wanted
from api.jobs.reanalysis import count_wanted, wanted_sessions
from api.jobs.reports import READERS, files_of, wanted_reports
from api.jobs.retention import (
    LEAST_DAYS,
    MOST_DAYS,
    NOTICE,
    Retention,
    count_too_old,
    read_retention,
    set_retention,
)
from api.jobs.rows import JobItemRow, JobRow
from api.jobs.view import show_job
from api.own_data import Pipe
from api.pages import Pages
from api.pages.forms import Form
from api.pages.language import N_, Language
from api.reports.pdf import can_print

router = APIRouter(include_in_schema=False, prefix="/jobs")
PAGE: Final = "/jobs"
ZIP: Final = "application/zip"
FETCHING: Final = "GET /jobs/{job_id}/reports.zip"
Step = Literal["cancel", "again", "remove"]


@router.get("")
def show_jobs(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Show one's jobs, and what can be asked for."""
    return _show(request, db, who, now)


@router.post("/reports")
def ask_for_reports(request: Request, fields: Fields, db: Db, who: Who, now: Now) -> Response:
    """Ask for the reports of all patients in reach."""
    form = Form(fields, _language(request))
    first_on, last_on = form.day("from"), form.day("to")
    reader = form.choice("reader", READERS)
    if first_on is not None and last_on is not None and first_on > last_on:
        form.refuse("to", N_("The last day is before the first."))
    if form.errors:
        return _show(request, db, who, now, form=form)
    wishes = {
        "reader": reader or READERS[0],
        "language": _language(request).code,
        **({"from": first_on.isoformat()} if first_on else {}),
        **({"to": last_on.isoformat()} if last_on else {}),
    }
    asked = Asked(Kind.REPORTS, who, now, wishes)
    return _ask(request, db, asked, wanted_reports(db))


@router.post("/reanalysis")
def ask_for_reanalysis(request: Request, db: Db, who: Who, now: Now) -> Response:
    """Ask for the sessions in reach to be analysed by the present engine."""
    return _ask(request, db, Asked(Kind.REANALYSIS, who, now), wanted_sessions(db))


@router.post("/retention")
def keep_retention(request: Request, fields: Fields, db: Db, who: Who, now: Now) -> Response:
    """Set for how long recordings are kept; without a number: for ever."""
    form = Form(fields, _language(request))
    keep_days = form.whole("keep_days", LEAST_DAYS, MOST_DAYS)
    if form.errors:
        return _show(request, db, who, now, form=form)
    set_retention(db, keep_days, by=who, now=now)
    return _back(request)


@router.post("/{job_id}/{step}")
def take_step(
    request: Request, job_id: UUID, step: Step, *, db: Db, who: Who, now: Now
) -> Response:
    """Stop a job, let it try again, or forget it."""
    job = queue.find_job(db, job_id, who)
    if step == "cancel":
        queue.cancel(db, job, now)
    elif step == "again":
        queue.try_again(db, job, now)
    else:
        queue.remove(db, job)
    return _back(request)


@router.get("/{job_id}/reports.zip")
def get_reports(job_id: UUID, engine: Database, who: Who, now: Now) -> StreamingResponse:
    """Return the reports that a job made, of those patients who are still in reach."""
    with transaction(engine, writes=True) as db:
        confine(db, who)
        job = queue.find_job(db, job_id, who)
        if job.kind != Kind.REPORTS or job.state != "done":
            raise NotFoundError("There is nothing to fetch: the job made no reports, or not yet.")
        for item in queue.list_items(db, job_id, state="done"):
            note(db, who, "read", FETCHING, about=About(None, item.patient_id), now=now)

    def pieces() -> Iterator[bytes]:
        with transaction(engine, writes=False) as db:
            confine(db, who)
            yield from _zipped(files_of(db, job_id))

    headers = {
        "Content-Disposition": 'attachment; filename="tempo90-reports.zip"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(pieces(), headers=headers, media_type=ZIP)


def _zipped(files: Iterator[tuple[str, bytes]]) -> Iterator[bytes]:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as packed:  # a PDF is packed already
        for name, data in files:
            packed.writestr(name, data)
            yield pipe.take()
    yield pipe.take()


def _ask(
    request: Request,
    db: Session,
    asked: Asked,
    wanted: Sequence[Wanted],
) -> Response:
    try:
        queue.ask(db, asked, wanted)
    except ApiError as error:
        return _show(request, db, asked.by, asked.at, refused=error)
    return _back(request)


def _back(request: Request) -> RedirectResponse:
    after = BackgroundTask(request.app.state.jobs.wake)
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER, background=after)


def _show(
    request: Request,
    db: Session,
    who: Who,
    now: Now,
    *,
    form: Form | None = None,
    refused: ApiError | None = None,
) -> Response:
    pages: Pages = request.app.state.pages
    language = _language(request)
    held = read_retention(db)
    is_clinician = who.role is not Role.ADMINISTRATOR
    status = HTTPStatus.OK
    if form is not None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif refused is not None:
        status = refused.status
    return pages.show(
        request,
        "jobs.html",
        status=status,
        jobs=[show_job(job, language, now, _refused(db, job)) for job in queue.list_jobs(db, who)],
        kept_days=queue.KEPT.days,
        form=form or Form({}, language),
        refused=refused,
        is_clinician=is_clinician,
        is_administrator=who.role is Role.ADMINISTRATOR,
        can_print=can_print(),
        n_outdated=count_wanted(db) if is_clinician else 0,
        retention=held,
        retention_starts=None if held is None else language.day(held.starts_at),
        n_too_old=_count_too_old(request, held, now),
        notice_days=NOTICE.days,
    )


def _refused(db: Session, job: JobRow) -> Sequence[JobItemRow]:
    """Return the files of an import that could not be used."""
    is_asked = job.kind == Kind.IMPORT and job.n_failed
    return queue.list_items(db, job.id, state="failed") if is_asked else ()


def _count_too_old(request: Request, held: Retention | None, now: Now) -> int:
    """Count those of everybody: an administrator sees how many there are, and nobody's."""
    if held is None:
        return 0
    with transaction(request.app.state.engine, writes=False) as db:
        return count_too_old(db, held.keep_days, now)


def _language(request: Request) -> Language:
    pages: Pages = request.app.state.pages
    return pages.language(request)
