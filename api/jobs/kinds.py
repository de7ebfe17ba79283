"""What a kind of job is: how one item is done. The runners know nothing else of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from api.jobs.rows import JobItemRow, JobRow
from api.pages.language import Language
from api.recording_store import RecordingStore
from api.review.reanalysis import Reanalyser
from api.schemas import SessionCreate


class Kind(StrEnum):
    """The kinds of job, as they are stored."""

    REPORTS = "reports"
    REANALYSIS = "reanalysis"
    IMPORT = "import"
    RETENTION = "retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What a file that was handed in is to be read as. `began_at`: the day is all that is known."""

    patient_id: UUID
    exercise: str
    side: Literal["left", "right"] | None
    language: Literal["en", "nl"]
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The session that a file became, and its recording as a file of our own."""

    session_id: UUID
    session: SessionCreate
    recording: Path


Importer = Callable[[Path, ImportOrder, Path], Imported]
"""Reads a file by an order; what it makes goes to the folder named last.

Raises `NotImportedError` for a file that is no recording, or none of use.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What jobs work with, wherever they run.

    Parameters
    ----------
    engine : Engine
        The database.
    recordings : RecordingStore
        Where raw recordings are.
    speak : callable
        From "nl" or "en" to the language of what is written.
    zone : ZoneInfo
        Of days where nobody says another.
    now : callable
        The clock, UTC.
    reanalyse : callable, optional
        Analyses a recording; handed in by whoever can read one.
    take_in : callable, optional
        Makes a session of a file, likewise.

    """

    engine: Engine
    recordings: RecordingStore
    speak: Callable[[str], Language]
    zone: ZoneInfo
    now: Callable[[], datetime]
    reanalyse: Reanalyser | None = None
    take_in: Importer | None = None


Write = Callable[[Session, JobItemRow], None]
"""Stores what came of an item, in the transaction that marks it as done."""

Work = Callable[[Workplace, JobRow, JobItemRow], Write]
"""Does one item: reads and computes without holding a lock, and returns what is to be written.

Raises an `ApiError` for what another try would not change; the item has failed then.
"""

Kinds = Mapping[str, Work]
