"""Reports of many patients, as one file to fetch: each is a PDF of its own inside it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlmodel import Session, col, select

from api.access import About
from api.access.audit import note
from api.access.confinement import confine
from api.db import transaction
from api.jobs.kinds import Kind, Work, Workplace, Write
from api.jobs.queue import Wanted, asker
from api.jobs.rows import JobItemRow, JobRow
from api.models import PatientRow
from api.reports.content import Reader, report_content
from api.reports.making import report_facts
from api.reports.pdf import print_report

ROUTE: Final = f"JOB {Kind.REPORTS}"
READERS: Final = ("patient", "clinician")


def wanted_reports(db: Session) -> Sequence[Wanted]:
    """Return the patients in reach, by name."""
    query = select(PatientRow.id).order_by(col(PatientRow.name), col(PatientRow.id))
    return [Wanted(patient_id) for patient_id in db.exec(query)]


def make_report(place: Workplace, job: JobRow, item: JobItemRow) -> Write:
    """Make the report of one patient, within what the asker may see at this moment."""
    who = asker(job)
    with transaction(place.engine, writes=False) as db:
        confine(db, who)
        facts = report_facts(
            db,
            item.patient_id,
            first_on=_day(job, "from"),
            last_on=_day(job, "to"),
            zone=place.zone,
            now=place.now(),
        )
        reader = cast("Reader", job.wishes.get("reader", READERS[0]))
        content = report_content(facts, reader, place.speak(str(job.wishes.get("language", "nl"))))
        # Names in a zip are seen by whoever holds it closed: the id says as much and no more.
        name = f"{facts.days.first_on}-{facts.days.last_on}-{item.patient_id}.pdf"
    printed = print_report(content)

    def write(db: Session, row: JobItemRow) -> None:
        row.file_name, row.content = name, printed
        note(db, who, "read", ROUTE, about=About(None, item.patient_id), now=place.now())

    return write


def files_of(db: Session, job_id: UUID) -> Iterator[tuple[str, bytes]]:
    """Give the files that a job made, one at a time, of those patients who are in reach now."""
    items = select(JobItemRow.number).where(
        JobItemRow.job_id == job_id, JobItemRow.state == "done", JobItemRow.file_name != ""
    )
    for number in db.exec(items.order_by(col(JobItemRow.number))).all():
        item = db.get_one(JobItemRow, (job_id, number))
        yield item.file_name, item.content or b""
        db.expunge(item)


def _day(job: JobRow, name: str) -> date | None:
    given = job.wishes.get(name)
    return date.fromisoformat(str(given)) if given else None


WORK: Final[Work] = make_report
