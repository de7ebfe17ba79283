"""What routes ask for."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlmodel import Session

from api.access import AccessControl, Identity, Role, confine, identity_of, note_writes
from api.db import transaction
from api.errors import NotFoundError
from api.guard import READING
from api.models import PatientRow
from api.needs.keeping import keep_up
from api.recording_store import RecordingStore
from api.settings import OwnPatient

MAX_FIELDS: Final = 100


def open_db(request: Request) -> Iterator[Session]:
    """Open one transaction for a request: commit on success, else roll back.

    It shows rows of no patient whom the sender may not see, notes in the audit log whose rows
    were written, and brings what the list by need says of them up to date.
    """
    yield from _open(request, is_serial=True)


def open_db_to_add(request: Request) -> Iterator[Session]:
    """Open one transaction, as `open_db`, for a route that only adds rows under ids of their own.

    What it writes depends on nothing that it read, so that many may do so side by side: the
    schema itself decides which of two rows with the same id is the first.
    """
    yield from _open(request, is_serial=False)


def _open(request: Request, *, is_serial: bool) -> Iterator[Session]:
    identity = identity_of(request)
    writes = request.method not in READING
    with transaction(database(request), writes=writes, is_serial=is_serial) as db:
        confine(db, identity)
        with note_writes(db, request), keep_up(db, read_clock(request)):
            yield db


def database(request: Request) -> Engine:
    """Return the database of the app."""
    engine: Engine = request.app.state.engine
    return engine


def read_clock(request: Request) -> datetime:
    """Return the time of this request, UTC; tests move the clock of the app."""
    now: datetime = request.app.state.clock()
    return now


def recording_files(request: Request) -> RecordingStore:
    """Return where recordings are kept."""
    files: RecordingStore = request.app.state.recordings
    return files


def access_control(request: Request) -> AccessControl:
    """Return what the app decides about access with."""
    access: AccessControl = request.app.state.access
    return access


@dataclass(frozen=True, slots=True)
class PagePatient:
    """Whose page it is: the patient of the address, else the one of a local install.

    `base` goes before the addresses of this patient's pages, `home` is the page of the day;
    `name` is known where somebody else looks, who must see whose page it is.
    """

    id: UUID
    base: str
    name: str | None = None

    @property
    def home(self) -> str:
        """The address of the page of the day."""
        return f"{self.base}/today" if self.base else "/"


def page_patient(request: Request) -> PagePatient:
    """Return whose page a request asks for.

    Raises
    ------
    NotFoundError
        If the address names nobody, and no patient has this service for their own.

    """
    given = request.path_params.get("patient_id")
    if given is not None:
        try:
            patient_id = UUID(str(given))
        except ValueError as error:
            raise NotFoundError(f"There is no patient {given!r}.") from error
        base = f"/patients/{patient_id}"
        if identity_of(request).role is Role.PATIENT:
            return PagePatient(patient_id, base)
        # Some routes of pages open their transactions themselves, so this has one of its own.
        with transaction(database(request), writes=False) as db:
            confine(db, identity_of(request))
            known = db.get(PatientRow, patient_id)
            return PagePatient(patient_id, base, None if known is None else known.name)
    own_id = own_patient_id(request)
    if own_id is None:
        raise NotFoundError("This service has several patients: open the page of one of them.")
    return PagePatient(own_id, "")


def own_patient_id(request: Request) -> UUID | None:
    """Return whose pages stand at "/": those of who is logged in, or of a local install."""
    identity = identity_of(request)
    if identity.role is Role.PATIENT:
        return identity.patient_id
    own: OwnPatient | None = request.app.state.settings.own_patient
    return own.id if own is not None else None


def form_reader(most_fields: int) -> Callable[[Request], Awaitable[dict[str, str]]]:
    """Return what reads a form of so many fields at most; of one given twice the last counts."""

    async def read(request: Request) -> dict[str, str]:
        sent = await request.form(max_files=0, max_fields=most_fields)
        return {name: value for name, value in sent.items() if isinstance(value, str)}

    return read


read_form = form_reader(MAX_FIELDS)


# "function": the transaction ends before the answer goes out, so a failed commit is no 200.
Db = Annotated[Session, Depends(open_db, scope="function")]
AddingDb = Annotated[Session, Depends(open_db_to_add, scope="function")]
Whose = Annotated[PagePatient, Depends(page_patient)]
Fields = Annotated[dict[str, str], Depends(read_form)]
Database = Annotated[Engine, Depends(database)]
Now = Annotated[datetime, Depends(read_clock)]
Files = Annotated[RecordingStore, Depends(recording_files)]
Access = Annotated[AccessControl, Depends(access_control)]
Who = Annotated[Identity, Depends(identity_of)]
