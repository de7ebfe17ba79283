"""Deleting what this machine keeps of one person's sessions outside the service's own store.

Sessions that wait in the outbox, that were sent, or that were cut off, each with its recording.
A session that runs at this moment is left: its writer holds it, and it can be deleted afterwards.
"""

import json
import shutil
from pathlib import Path
from uuid import UUID

from tracker.locking import FileLock
from tracker.session_store import LOCK
from tracker.settings import DataFolder


def forget_patient(folder: DataFolder, patient_id: UUID) -> int:
    """Delete a patient's session files; return how many sessions went.

    Parameters
    ----------
    folder : DataFolder
        Where they are.
    patient_id : UUID
        Whose; files of others, and those that cannot be read, stay.

    """
    n_gone = 0
    for place in (folder.outbox, folder.sent):
        for path in place.glob("*.json"):
            if _patient_of(path) == str(patient_id):
                path.with_suffix(".mcap").unlink(missing_ok=True)
                path.unlink()
                n_gone += 1
    for place in folder.unfinished.glob("*/"):
        document = place / f"{place.name}.json"
        if _patient_of(document) == str(patient_id):
            n_gone += _remove_unless_running(place)
    return n_gone


def _remove_unless_running(place: Path) -> bool:
    lock = FileLock(place / LOCK)
    if not lock.take():
        return False
    lock.release()
    shutil.rmtree(place)
    return True


def _patient_of(path: Path) -> str | None:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return str(document.get("patient_id")) if isinstance(document, dict) else None
