"""What is done with an upload: looked at, then stored as a session. One after the other."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from analysis import load_catalogue
from tracker.delivery import deliver
from tracker.file_session import ImportedSession, ImportOptions, import_file
from tracker.importing import load_recording
from tracker.preview import preview_of
from tracker.profile import Profile, load_profile
from tracker.settings import DataFolder
from tracker.unit_check import check_units
from tracker.upload.trays import Trays
from tracker.uploader import UploadError


class UploadDesk:
    """Where uploads of one data folder are handled.

    Parameters
    ----------
    folder : DataFolder
        Where sessions go.
    service_url : callable
        Tells the address of the service they are sent to.

    """

    def __init__(self, folder: DataFolder, service_url: Callable[[], str]) -> None:
        self.trays = Trays(folder.uploads)
        self._folder = folder
        self._service_url = service_url
        self._busy = asyncio.Lock()  # a large file takes memory: one at a time

    @property
    def profile(self) -> Profile:
        """Whose sessions they become."""
        return load_profile(self._folder.profile)

    async def look(self, tray_id: UUID) -> dict[str, Any]:
        """Read an upload, and return what there is to see.

        Raises
        ------
        TrackerError, AnalysisError, FirmwareBridgeError
            If it is no recording, or none of use.

        """
        async with self._busy:
            return await asyncio.to_thread(_look, self.trays.recording(tray_id))

    async def store(
        self, tray_id: UUID, options: ImportOptions, profile: Profile
    ) -> ImportedSession:
        """Make a session of an upload and store it; the tray is emptied.

        Raises
        ------
        UploadError
            If the service refuses; the session stays in the outbox.
        TrackerError, AnalysisError, FirmwareBridgeError
            If it is no recording, or none of use.

        """
        known = load_catalogue()[options.exercise]
        async with self._busy:
            path = self.trays.recording(tray_id)
            asked = replace(options, exercise=known.id)
            imported = await asyncio.to_thread(import_file, path, asked, profile, self._folder)
            report = await deliver(self._service_url(), self._folder, profile)
        for session_id, reason in report.failed:
            if session_id == imported.session_id:
                raise UploadError(reason)
        self.trays.discard(tray_id)
        return imported


def _look(path: Path) -> dict[str, Any]:
    recording = load_recording(path)
    check_units(recording.samples)
    return preview_of(recording).document()
