"""Recordings made elsewhere as sessions: each analysed, put in the outbox, sent like any other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.delivery import deliver
from tracker.file_session import (
    REFUSALS,
    ImportedSession,
    ImportOptions,
    import_file,
    why_refused,
)
from tracker.live import LiveHub
from tracker.profile import Profile
from tracker.serving import LocalServer
from tracker.settings import DataFolder
from tracker.uploader import UploadError


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    """A file that is no recording, and why."""

    file: Path
    reason: str


Imported = ImportedSession | RefusedFile


async def import_recordings(
    files: Sequence[Path],
    options: ImportOptions,
    profile: Profile,
    folder: DataFolder,
    *,
    on_begin: Callable[[Path], None] = lambda _: None,
    on_done: Callable[[Imported], None] = lambda _: None,
) -> list[Imported]:
    """Analyse files and store them; the service runs for as long as that takes.

    Parameters
    ----------
    files : sequence of Path
        Each a recording; one that cannot be read does not stop the others.
    options : ImportOptions
        What they are.
    profile : Profile
        Whose they are.
    folder : DataFolder
        Where they are kept.
    on_begin, on_done : callable
        Told of each before and after it is read.

    Raises
    ------
    UploadError
        If the service refuses a session; it stays in the outbox.

    """
    imported: list[Imported] = []
    async with LocalServer(folder, LiveHub(), port=0) as server:
        for path in files:
            on_begin(path)
            one = await asyncio.to_thread(_import_or_refuse, path, options, profile, folder)
            imported.append(one)
            on_done(one)
        report = await deliver(server.url, folder, profile)
    ours = {one.session_id for one in imported if isinstance(one, ImportedSession)}
    for session_id, reason in report.failed:
        if session_id in ours:
            raise UploadError(reason)
    return imported


def _import_or_refuse(
    path: Path, options: ImportOptions, profile: Profile, folder: DataFolder
) -> Imported:
    try:
        return import_file(path, options, profile, folder)
    except REFUSALS as error:
        return RefusedFile(file=path, reason=why_refused(error))


def import_document(imported: Sequence[Imported]) -> dict[str, Any]:
    """Return what became of files as JSON values."""
    document: dict[str, Any] = {"imported": [], "refused": []}
    for one in imported:
        if isinstance(one, RefusedFile):
            document["refused"].append({"file": str(one.file), "reason": one.reason})
            continue
        document["imported"].append(
            {
                "file": str(one.file),
                "session": str(one.session_id),
                "sets": one.n_sets,
                "reps": one.n_reps,
                "path": str(one.path),
                "is_new": one.is_new,
            }
        )
    return document
