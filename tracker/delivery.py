"""After a training: what is in the outbox goes to the local service, and what was cut off too."""

import asyncio
import json
from contextlib import suppress
from uuid import UUID

from tracker.leftovers import remove_leftovers
from tracker.profile import Profile, simulated
from tracker.recovery import mend
from tracker.session_store import RecoveredSession, recover_sessions
from tracker.settings import DataFolder
from tracker.uploader import SendReport, Uploader, UploadError


async def recover(folder: DataFolder) -> list[RecoveredSession]:
    """Bring sessions that were cut off to the outbox, and remove what else was left half made."""
    await asyncio.to_thread(remove_leftovers, folder)
    return await asyncio.to_thread(recover_sessions, folder, mend)


async def deliver(base_url: str, folder: DataFolder, profile: Profile) -> SendReport:
    """Send everything in the outbox; what fails stays there for the next time.

    Parameters
    ----------
    base_url : str
        Address of the service.
    folder : DataFolder
        Where the outbox is.
    profile : Profile
        The person of this machine.

    """
    return await asyncio.to_thread(_deliver, Uploader(base_url, folder), folder, profile)


def _deliver(uploader: Uploader, folder: DataFolder, profile: Profile) -> SendReport:
    waiting = patients_of(folder)
    try:
        for one, is_synthetic in ((profile, False), (simulated(profile), True)):
            if str(one.patient_id) in waiting:
                uploader.introduce(one, is_synthetic=is_synthetic)
    except UploadError as error:
        return SendReport(failed=tuple((session_id, str(error)) for session_id in waiting.values()))
    return uploader.send_all()


def patients_of(folder: DataFolder) -> dict[str, UUID]:
    """Return whose sessions are in the outbox: by patient, one of the sessions."""
    found: dict[str, UUID] = {}
    for path in folder.outbox.glob("*.json"):
        with suppress(ValueError, AttributeError):
            patient_id = str(json.loads(path.read_text("utf-8")).get("patient_id"))
            found[patient_id] = UUID(path.stem)
    return found
