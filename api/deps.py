"""What routes ask for."""

from collections.abc import Iterator
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
from api.needs.keeping import keep_up
from api.recordings import RecordingFiles
from api.settings import OwnPatient

MAX_FIELDS: Final = 100


def open_db(request: Request) -> Iterator[Session]:
    """Open one transaction for a request: commit on success, else roll back.

    It shows rows of no patient whom the sender may not see, notes in the audit log whose rows
    were written, and brings what the list by need says of them up to date.
    """
    identity = identity_of(request)
    with transaction(database(request), writes=request.method not in READING) as db:
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


def recording_files(request: Request) -> RecordingFiles:
    """Return the folder of recordings."""
    files: RecordingFiles = request.app.state.recordings
    return files


def access_control(request: Request) -> AccessControl:
    """Return what the app decides about access with."""
    access: AccessControl = request.app.state.access
    return access


@dataclass(frozen=True, slots=True)
class PagePatient:
    """Whose page it is: the patient of the address, else the one of a local install.

    `base` goes before the addresses of this patient's pages, `home` is the page of the day.
    """

    id: UUID
    base: str

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
        return PagePatient(patient_id, f"/patients/{patient_id}")
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


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent; of a field given twice the last counts."""
    sent = await request.form(max_files=0, max_fields=MAX_FIELDS)
    return {name: value for name, value in sent.items() if isinstance(value, str)}


# "function": the transaction ends before the answer goes out, so a failed commit is no 200.
Db = Annotated[Session, Depends(open_db, scope="function")]
Whose = Annotated[PagePatient, Depends(page_patient)]
Fields = Annotated[dict[str, str], Depends(read_form)]
Database = Annotated[Engine, Depends(database)]
Now = Annotated[datetime, Depends(read_clock)]
Files = Annotated[RecordingFiles, Depends(recording_files)]
Access = Annotated[AccessControl, Depends(access_control)]
Who = Annotated[Identity, Depends(identity_of)]
