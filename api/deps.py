"""What routes ask for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlmodel import Session

from api.db import transaction
from api.guard import READING
from api.recordings import RecordingFiles


def open_db(request: Request) -> Iterator[Session]:
    """Open one transaction for a request: commit on success, else roll back."""
    with transaction(database(request), writes=request.method not in READING) as db:
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


# "function": the transaction ends before the answer goes out, so a failed commit is no 200.
Db = Annotated[Session, Depends(open_db, scope="function")]
Database = Annotated[Engine, Depends(database)]
Now = Annotated[datetime, Depends(read_clock)]
Files = Annotated[RecordingFiles, Depends(recording_files)]
