"""What routes ask for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlmodel import Session

from api.access import AccessControl, Identity, confine, identity_of, note_writes
from api.db import transaction
from api.guard import READING
from api.recordings import RecordingFiles


def open_db(request: Request) -> Iterator[Session]:
    """Open one transaction for a request: commit on success, else roll back.

    It shows rows of no patient whom the sender may not see, and notes in the audit log whose
    rows were written.
    """
    identity = identity_of(request)
    with transaction(database(request), writes=request.method not in READING) as db:
        confine(db, identity)
        with note_writes(db, request):
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


# "function": the transaction ends before the answer goes out, so a failed commit is no 200.
Db = Annotated[Session, Depends(open_db, scope="function")]
Database = Annotated[Engine, Depends(database)]
Now = Annotated[datetime, Depends(read_clock)]
Files = Annotated[RecordingFiles, Depends(recording_files)]
Access = Annotated[AccessControl, Depends(access_control)]
Who = Annotated[Identity, Depends(identity_of)]
