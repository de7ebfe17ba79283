"""Analysing a stored recording again: what the service asks of whoever can read recordings.

This package knows no recording format and no sensor; the composition root hands in a function.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from fastapi import Request

from api.review.errors import NoEngineError, RecordingGoneError
from api.schemas import SessionPublic, SetBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Reanalysed:
    """What the present engine makes of a recording.

    Parameters
    ----------
    engine, catalogue : str
        Versions.
    sets : list of SetBody
        As a client would send them.

    """

    engine: str
    catalogue: str
    sets: list[SetBody]


class KeepsRecordings(Protocol):
    """Where recordings are, in files or elsewhere."""

    def has(self, session_id: UUID) -> bool:
        """Whether the complete recording of a session is there."""

    def local_copy(self, session_id: UUID) -> AbstractContextManager[Path]:
        """Give a file of this computer with the whole recording, only to be read."""


Reanalyser = Callable[[Path, SessionPublic], Reanalysed]
"""Analyses the recording of a session; raises `UnreadableRecordingError` if nothing can be made
of it."""


def analyse_again(
    session: SessionPublic, files: KeepsRecordings, analyse: Reanalyser | None
) -> Reanalysed:
    """Run the recording of a session through the present engine; nothing is stored.

    Raises
    ------
    NoEngineError
        If this service cannot read recordings.
    RecordingGoneError
        If there is no recording.
    UnreadableRecordingError
        If nothing can be made of it.

    """
    if analyse is None:
        raise NoEngineError("This service stores results; it cannot read recordings itself.")
    if session.recording is None or not files.has(session.id):
        raise RecordingGoneError(session.id, was_stored=session.recording is not None)
    with files.local_copy(session.id) as path:
        return analyse(path, session)


def reanalyser(request: Request) -> Reanalyser | None:
    """Return what the composition root handed in, if anything."""
    found: Reanalyser | None = getattr(request.app.state, "reanalyse", None)
    return found
