"""Write the whole data folder into one file, also while tempo90 runs.

The order is that in which a session travels: unfinished, outbox, database, recordings, sent. What
moves on meanwhile is met again further on, so it is in the backup once or twice, never not at
all; sending a session twice stores it once. The database is copied by SQLite itself, which gives
the state of one moment whoever writes to it.

The file stands in a folder of its own until the disk has all of it: a power cut leaves no half
backup that looks like a whole one.
"""

import errno
import hashlib
import os
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final

from tracker.adopting import NOT_MOVED
from tracker.moving.contents import (
    MANIFEST_NAME,
    PREFIX,
    BackedUpFile,
    BackupError,
    Manifest,
    Progress,
    is_safe_name,
)
from tracker.moving.drafts import draft_folder
from tracker.part_file import sync_folder
from tracker.settings import DataFolder

PIECE_BYTES: Final = 2**20
TRAVEL: Final = ("unfinished", "outbox", "", "recordings", "sent")
"""Folders in the order in which a session passes; the empty name stands for the database."""
DRAFT_PREFIX: Final = ".tempo90-backup-"
DATABASE: Final = "tempo90.sqlite"
DATABASE_COMPANIONS: Final = ("-wal", "-shm", "-journal")
PACKED_ALREADY: Final = frozenset({".mcap", ".zip"})


def back_up(folder: DataFolder, path: Path, progress: Progress | None = None) -> Manifest:
    """Write a backup.

    Parameters
    ----------
    folder : DataFolder
        What to write; it may be in use.
    path : Path
        The file to make. It must not be there yet, and not be inside the folder.
    progress : callable, optional
        Told how many bytes of how many are done.

    Returns
    -------
    Manifest
        What is in the file.

    Raises
    ------
    BackupError
        If there is nothing to back up, or the file cannot be made there.
    OSError
        If the disk is full or broken; nothing is left behind then.

    """
    path = path.expanduser().absolute()
    if not folder.root.is_dir():
        raise BackupError(f"There is no data folder {folder.root} yet: nothing to back up.")
    if path.exists():
        raise BackupError(f"{path} is there already: choose another name.")
    if path.parent.resolve().is_relative_to(folder.root.resolve()):
        raise BackupError("The backup must not stand inside the data folder: choose another place.")
    with draft_folder(path.parent, DRAFT_PREFIX) as draft:
        part = draft / path.name
        with _private_file(part) as file:
            with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as archive:
                manifest = _fill(archive, folder, draft, progress or _tell_nobody)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    sync_folder(path.parent)
    return manifest


def _private_file(part: Path) -> BinaryIO:
    """Open a new file that only this user can read."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(part, flags, 0o600), "w+b")


def _fill(
    archive: zipfile.ZipFile, folder: DataFolder, draft: Path, progress: Progress
) -> Manifest:
    """Put everything in, and the manifest last, as only then it is known."""
    total = sum(path.stat().st_size for path in files_of(folder.root) if path.exists())
    packer = _Packer(archive, total, progress)
    tables = None
    for name in TRAVEL:
        if name:
            packer.add_all(folder.root, files_of(folder.root / name))
        elif folder.database.exists():
            tables = _add_database(packer, folder, draft)
    packer.add_all(folder.root, files_of(folder.root))
    manifest = Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("tempo90"),
        tables=tables,
        files=tuple(packer.files.values()),
    )
    archive.writestr(MANIFEST_NAME, manifest.as_json())
    return manifest


def _add_database(packer: "_Packer", folder: DataFolder, draft: Path) -> str | None:
    """Let SQLite copy itself next to the backup, where there must be room anyway."""
    copy = draft / folder.database.name
    copy_database(folder.database, copy)
    packer.add(folder.database.name, copy)
    tables = tables_of(copy)
    copy.unlink()
    return tables


class _Packer:
    """Add files to the archive, each once, with its digest; skips what has moved on."""

    def __init__(self, archive: zipfile.ZipFile, total_bytes: int, progress: Progress) -> None:
        self._archive = archive
        self._total_bytes = total_bytes
        self._progress = progress
        self._done_bytes = 0
        self.files: dict[str, BackedUpFile] = {}

    def add_all(self, root: Path, paths: Iterator[Path]) -> None:
        for path in paths:
            name = path.relative_to(root).as_posix()
            if name not in self.files and not _belongs_to_database(name):
                self.add(name, path)

    def add(self, name: str, path: Path) -> None:
        if not is_safe_name(name):
            raise BackupError(
                f"The file {name!r} in the data folder has a name that not every computer can "
                "have: give it another name, or move it away."
            )
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return  # it moved on: met again further on
        with source:
            self._copy(name, source, os.fstat(source.fileno()).st_size)

    def _copy(self, name: str, source: BinaryIO, n_bytes: int) -> None:
        """Copy a file as long as it was when opened: what grows is whole up to there."""
        entry = zipfile.ZipInfo(PREFIX + name)  # no time of its own: the digest is what counts
        is_packed = Path(name).suffix in PACKED_ALREADY
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        digest, left = hashlib.sha256(), n_bytes
        with self._archive.open(entry, "w", force_zip64=True) as target:
            while left and (piece := source.read(min(left, PIECE_BYTES))):
                target.write(piece)
                digest.update(piece)
                left -= len(piece)
                self._done_bytes += len(piece)
                self._progress(min(self._done_bytes, self._total_bytes), self._total_bytes)
        self.files[name] = BackedUpFile(name, n_bytes - left, digest.hexdigest())


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite database as it is at one moment, also while it is written to.

    Raises
    ------
    OSError
        If the copy cannot be written, as on a full disk.

    """
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as reader,
        closing(sqlite3.connect(target)) as writer,
    ):
        try:
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
        except sqlite3.OperationalError as error:
            raise OSError(errno.EIO, f"The database cannot be copied ({error})") from error


def tables_of(database: Path) -> str | None:
    """Return the version of the tables of a database; None where it has none."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as reader:
        try:
            row = reader.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return None
    return None if row is None else str(row[0])


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in the order of their names; links are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            if path.is_file() and not path.is_symlink() and name not in NOT_MOVED:
                yield path


def _belongs_to_database(name: str) -> bool:
    return name.startswith(DATABASE) and name.removeprefix(DATABASE) in {"", *DATABASE_COMPANIONS}


def _tell_nobody(_done: int, _total: int) -> None:
    pass
