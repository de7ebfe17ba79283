"""Recordings that a clinician hands in for a patient: each becomes a session, one after the other.

The file itself stands in the queue, so it outlives a crash; it is forgotten when its session is
stored. The id of the session follows from the file, so that a file which is handed in twice, or
worked on twice, is one session.
"""

from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, cast

from api import session_store
from api.access import About, Identity, Scope
from api.access.audit import note
from api.access.confinement import confine
from api.access.ownership import is_within_reach
from api.db import repeated, transaction
from api.errors import NotFoundError
from api.jobs.kinds import Imported, ImportOrder, Kind, Work, Workplace, Write
from api.jobs.queue import asker
from api.jobs.rows import JobItemRow, JobRow
from api.models import SessionRow
from api.needs.keeping import keep_up
from api.recording_store import keep_file
from api.review.errors import NoEngineError

ROUTE: Final = f"JOB {Kind.IMPORT}"
NOON: Final = time(12)  # of the day that was named: the hour is not known


def import_item(place: Workplace, job: JobRow, item: JobItemRow) -> Write:
    """Make a session of one file; it is stored before the item is marked, and a repeat is none."""
    if place.take_in is None:
        raise NoEngineError("This service stores results; it cannot read recordings itself.")
    who = asker(job)
    with transaction(place.engine, writes=False) as db:
        if not is_within_reach(db, who, item.patient_id, Scope.RECORDINGS):
            raise NotFoundError("There is no consent to see the recordings any more.")
    if item.content is None:
        raise NotFoundError("The file is not there any more.")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "given" / (Path(item.file_name).name or "recording")
        file.parent.mkdir()
        file.write_bytes(item.content)
        imported = place.take_in(file, _order(place, job, item), Path(folder) / "made")
        repeated(lambda: _store(place, who, item, imported))
        keep_file(place.engine, place.recordings, imported.session_id, imported.recording)

    def write(_: object, row: JobItemRow) -> None:
        row.content, row.session_id = None, imported.session_id

    return write


def _order(place: Workplace, job: JobRow, item: JobItemRow) -> ImportOrder:
    wishes = job.wishes
    began_at = datetime.combine(date.fromisoformat(str(wishes["on"])), NOON, place.zone)
    return ImportOrder(
        patient_id=item.patient_id,
        exercise=str(wishes["exercise"]),
        side=cast("Literal['left', 'right'] | None", wishes.get("side")),
        language=cast("Literal['en', 'nl']", wishes.get("language", "nl")),
        began_at=began_at,
    )


def _store(place: Workplace, who: Identity, item: JobItemRow, imported: Imported) -> None:
    now = place.now()
    with transaction(place.engine, writes=True) as db:
        confine(db, who)
        if db.get(SessionRow, imported.session_id) is not None:
            return  # from before, perhaps by an earlier engine: stored results never change
        with keep_up(db, now):
            session_store.put_session(db, imported.session_id, imported.session)
        about = About(imported.session_id, item.patient_id)
        note(db, who, "write", ROUTE, about=about, now=now)


WORK: Final[Work] = import_item
