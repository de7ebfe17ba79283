"""Deleting what this machine keeps of one person's sessions outside the service's own store.

Sessions that wait in the outbox, that were sent, or that were cut off, each with its recording.
Where it is the person whose machine this is, also the profile, files that were handed in and are no
sessions yet, and the copies of the database from before an update. A session that runs at this
moment is left, as its writer holds it: ask `is_in_training` first.
"""

import json
import shutil
from pathlib import Path
from uuid import UUID

from tracker.gear_memory import GearMemory
from tracker.locking import FileLock
from tracker.profile import Profile, ProfileError
from tracker.session_store import LOCK, is_running
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
    if _owner_of(folder) == patient_id:
        folder.profile.unlink(missing_ok=True)
        # Their files say whose they are only by whose machine it is.
        for place in (folder.before_update, folder.from_phones, folder.uploads):
            shutil.rmtree(place, ignore_errors=True)
    GearMemory(folder, patient_id).forget()
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


def is_in_training(folder: DataFolder, patient_id: UUID) -> bool:
    """Whether a session of a patient runs at this moment, in this program or another one."""
    return any(
        _patient_of(place / f"{place.name}.json") == str(patient_id) and is_running(place)
        for place in folder.unfinished.glob("*/")
    )


def _owner_of(folder: DataFolder) -> UUID | None:
    """Return who this machine belongs to; None if that cannot be read."""
    try:
        return Profile.from_json(folder.profile.read_text("utf-8")).patient_id
    except (OSError, ProfileError):
        return None


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
