"""From the files of a sitting to the database and the recordings: in one step, and repeatable.

What an install at home sends over HTTP is stored here by the same functions, confined to the
patient and noted in the audit log in the same transaction. A file is removed when all of it is
stored; until then a repeat does no harm.
"""

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api import ApiError, course_store, session_store, transaction
from api.access import About, Identity, audit, confine
from api.course_schemas import CorrectionPut, SelfReportCreate
from api.db import repeated
from api.needs.keeping import keep_up
from api.recording_store import RecordingStore, keep_file
from api.schemas import SessionCreate
from tracker.settings import DataFolder
from tracker.told_items import corrections, self_reports

ROUTE: Final = "WS /ws/phone"
"""As the audit log names it: the line over which the session came."""

_log = logging.getLogger(__name__)


class SittingStore:
    """Store what sittings leave in their folders.

    Parameters
    ----------
    engine, recordings
        Where results and recordings are kept.
    now : callable
        The clock of the service.

    """

    def __init__(
        self, engine: Engine, recordings: RecordingStore, now: Callable[[], datetime]
    ) -> None:
        self.engine = engine
        self._recordings = recordings
        self.now = now

    def store_all(self, folder: DataFolder, who: Identity) -> list[UUID]:
        """Store every session of an outbox; what cannot be stored now stays for the next time."""
        stored: list[UUID] = []
        for path in sorted(folder.outbox.glob("*.json")):
            try:
                self._store(path, who)
            except (ApiError, SQLAlchemyError, OSError, ValueError) as error:
                # Its kind, not its words: they may hold what was measured.
                _log.warning("session %s waits to be stored: %s", path.stem, type(error).__name__)
            else:
                stored.append(UUID(path.stem))
        return stored

    def _store(self, path: Path, who: Identity) -> None:
        session_id, body = UUID(path.stem), path.read_bytes()
        document = json.loads(body)
        repeated(lambda: self._store_results(session_id, document, body, who))
        recording = path.with_suffix(".mcap")
        if recording.exists():
            keep_file(self.engine, self._recordings, session_id, recording)
        recording.unlink(missing_ok=True)
        path.unlink()

    def _store_results(
        self, session_id: UUID, document: Mapping[str, Any], body: bytes, who: Identity
    ) -> None:
        now = self.now()
        with transaction(self.engine, writes=True) as db:
            confine(db, who)
            with keep_up(db, now):
                session_store.put_session(db, session_id, SessionCreate.model_validate_json(body))
                self._store_told(db, session_id, document, now)
            about = About(object_id=session_id, patient_id=who.patient_id)
            audit.note(db, who, "write", ROUTE, about=about, now=now)

    def _store_told(
        self, db: Session, session_id: UUID, document: Mapping[str, Any], now: datetime
    ) -> None:
        """Store what a session tells beside its measured sets."""
        patient_id = UUID(document["patient_id"])
        for report in self_reports(session_id, document):
            told = SelfReportCreate.model_validate(report)
            course_store.add_self_report(db, patient_id, told, now=now)
        for number, reps in corrections(document):
            course_store.put_correction(db, session_id, number, CorrectionPut(reps=reps), now=now)


def waits(folder: DataFolder) -> bool:
    """Whether a folder holds anything of a session."""
    with suppress(OSError):
        return any(folder.outbox.iterdir()) or any(folder.unfinished.iterdir())
    return False
