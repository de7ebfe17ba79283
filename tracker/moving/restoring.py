"""Take a backup in: all of it is checked beside the data folder before that is touched.

Nothing is merged: the restored folder takes the place of the old one, which is kept aside.
"""

import hashlib
import os
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from api import knows_tables
from tracker.adopting import adopt, ready_place
from tracker.moving.backing_up import DATABASE, PIECE_BYTES
from tracker.moving.contents import (
    MANIFEST_LIMIT_BYTES,
    MANIFEST_NAME,
    PREFIX,
    BackedUpFile,
    BackupError,
    Manifest,
    Progress,
)
from tracker.moving.drafts import draft_folder
from tracker.part_file import sync_folder
from tracker.profile import Profile
from tracker.running import taken
from tracker.settings import DataFolder

DRAFT_PREFIX: Final = ".restoring-"
DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What the zip reader raises for bytes that are not as they were written."""


def restore(
    folder: DataFolder, path: Path, *, now: datetime, progress: Progress | None = None
) -> Path | None:
    """Put a backup in the place of the data folder.

    Parameters
    ----------
    folder : DataFolder
        Where to; empty, missing or full.
    path : Path
        The backup.
    now : datetime
        For the name of the old folder.
    progress : callable, optional
        Told how many bytes of how many are done.

    Returns
    -------
    Path or None
        Where the old data are kept; None if there were none.

    Raises
    ------
    BackupError
        If the file is not a whole backup that this version understands; nothing is changed then.
    AlreadyRunningError
        If tempo90 is using the folder.

    """
    with taken(folder):
        stage(folder, path, progress)
    return adopt(folder.root, now)


def stage(folder: DataFolder, path: Path, progress: Progress | None = None) -> Manifest:
    """Unpack and check a backup beside the data folder, to be put in place at the next start.

    Raises
    ------
    BackupError
        If the file is not a whole backup that this version understands; nothing is changed then.

    """
    beside = folder.root.parent
    beside.mkdir(parents=True, exist_ok=True)
    with draft_folder(beside, f"{folder.root.name}{DRAFT_PREFIX}") as draft:
        unpacked = draft / folder.root.name
        unpacked.mkdir(mode=0o700)
        try:
            with _open(path) as archive:
                manifest = _read_manifest(archive)
                _check_room(beside, manifest)
                _unpack(archive, manifest, unpacked, progress)
            _check_contents(DataFolder(unpacked), manifest)
        except DAMAGED as error:
            raise BackupError(f"{path.name} is damaged ({error}): it was not restored.") from error
        _put_ready(unpacked, ready_place(folder.root))
    return manifest


def _put_ready(unpacked: Path, ready: Path) -> None:
    """Give a checked folder the name that counts, once the disk has every name in it."""
    for place, _, _ in os.walk(unpacked):
        sync_folder(Path(place))
    if ready.exists():  # an earlier one that nobody has started with: this one is meant
        shutil.rmtree(ready)
    unpacked.rename(ready)
    sync_folder(ready.parent)


def look(path: Path) -> Manifest:
    """Return what a backup says of itself; its files are compared with it when it is staged.

    Raises
    ------
    BackupError
        If it is not a backup, or one of a newer kind.

    """
    try:
        with _open(path) as archive:
            manifest = _read_manifest(archive)
    except DAMAGED as error:
        raise BackupError(f"{path.name} is damaged ({error}).") from error
    if manifest.tables is not None:
        _check_tables(manifest)
    return manifest


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BackupError(
            f"{path.name} is not a backup of tempo90, or a part of it is missing."
        ) from error


def _read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """Read what the backup says of itself, and hold its list of files against it."""
    try:
        about = archive.getinfo(MANIFEST_NAME)
    except KeyError as error:
        raise BackupError("This zip file is not a backup of tempo90.") from error
    if about.file_size > MANIFEST_LIMIT_BYTES:
        raise BackupError("This zip file is not a backup of tempo90.")
    manifest = Manifest.from_json(archive.read(about))
    there = sorted(archive.namelist())
    if there != sorted([MANIFEST_NAME, *(PREFIX + one.name for one in manifest.files)]):
        raise BackupError("The files in the backup are not those that it lists.")
    return manifest


def _check_room(beside: Path, manifest: Manifest) -> None:
    free_bytes = shutil.disk_usage(beside).free
    if manifest.n_bytes > free_bytes:
        raise BackupError(
            f"The backup needs {manifest.n_bytes / 1e6:.0f} MB and {beside} has "
            f"{free_bytes / 1e6:.0f} MB free: make room first."
        )


def _unpack(
    archive: zipfile.ZipFile, manifest: Manifest, into: Path, progress: Progress | None
) -> None:
    done_bytes = 0
    for one in manifest.files:
        target = into / one.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _unpack_one(archive, one, target)
        done_bytes += one.n_bytes
        if progress is not None:
            progress(done_bytes, manifest.n_bytes)


def _unpack_one(archive: zipfile.ZipFile, one: BackedUpFile, target: Path) -> None:
    """Write one file, never longer than it should be, and compare it with its digest."""
    digest, left = hashlib.sha256(), one.n_bytes
    with archive.open(PREFIX + one.name) as source, target.open("xb") as file:
        target.chmod(0o600)
        while left and (piece := source.read(min(left, PIECE_BYTES))):
            file.write(piece)
            digest.update(piece)
            left -= len(piece)
        is_longer = bool(source.read(1))
        file.flush()
        os.fsync(file.fileno())
    if left or is_longer or digest.hexdigest() != one.sha256:
        raise BackupError(f"{one.name} in the backup is damaged: nothing was restored.")


def _check_contents(draft: DataFolder, manifest: Manifest) -> None:
    """Open what has a form, so that a backup of broken data is not taken for a good one."""
    if draft.profile.exists():
        Profile.from_json(draft.profile.read_text("utf-8"))
    if not draft.database.exists():
        return
    _check_tables(manifest)
    try:
        with closing(sqlite3.connect(f"{draft.database.as_uri()}?mode=ro", uri=True)) as reader:
            found = reader.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{DATABASE} in the backup is not a database ({error}).") from error
    if found != "ok":
        raise BackupError(f"{DATABASE} in the backup is damaged ({found}).")


def _check_tables(manifest: Manifest) -> None:
    if manifest.tables is not None and not knows_tables(manifest.tables):
        raise BackupError(
            f"The backup was made by a newer tempo90 ({manifest.version}): update this one first."
        )
