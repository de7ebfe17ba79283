"""What stands in a backup: a zip file with a manifest, and which names may be in it.

    manifest.json   schema, version of tempo90, of the tables, and every file: name, bytes, SHA-256
    data/...        the files of the data folder, under their own names

The names are checked before anything is written: a backup comes from another computer.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, Final, Self

from tracker.errors import TrackerError

SCHEMA: Final = "tempo90.backup/1"
MANIFEST_NAME: Final = "manifest.json"
PREFIX: Final = "data/"
MANIFEST_LIMIT_BYTES: Final = 64 * 2**20  # over 300,000 files; more is no backup of ours
DIGEST_LENGTH: Final = 64
Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes there are."""


class BackupError(TrackerError, ValueError):
    """A backup cannot be made, or the file is not one that may be restored."""


@dataclass(frozen=True, slots=True)
class BackedUpFile:
    """One file: its name from the data folder on, its length and its SHA-256 in hexadecimal."""

    name: str
    n_bytes: int
    sha256: str

    def __post_init__(self) -> None:
        if not is_safe_name(self.name):
            raise BackupError(f"The backup names a file outside the data folder: {self.name!r}.")
        if self.n_bytes < 0 or len(self.sha256) != DIGEST_LENGTH:
            raise BackupError(f"The backup does not describe {self.name!r} in full.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself.

    Parameters
    ----------
    made_at : str
        When, RFC 3339 in UTC.
    version : str
        Of the tempo90 that made it.
    tables : str, optional
        Version of the database's tables; None where there was no database.
    files : tuple of BackedUpFile
        Everything in it.

    """

    made_at: str
    version: str
    tables: str | None
    files: tuple[BackedUpFile, ...]

    @property
    def n_bytes(self) -> int:
        """Length of all files together."""
        return sum(one.n_bytes for one in self.files)

    def as_json(self) -> str:
        """Write the manifest as text."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read a manifest as `as_json` writes it.

        Raises
        ------
        BackupError
            If it is not one, is of a newer kind, or names a file that may not be written.

        """
        try:
            known: dict[str, Any] = json.loads(text)
            schema, version = str(known["schema"]), str(known["version"])
            if schema != SCHEMA:
                raise BackupError(
                    f"This file says it is {schema}, made by tempo90 {version}; "
                    f"this tempo90 reads {SCHEMA}: update it first."
                )
            files = tuple(
                BackedUpFile(str(one["name"]), int(one["n_bytes"]), str(one["sha256"]))
                for one in known["files"]
            )
            tables = None if known["tables"] is None else str(known["tables"])
            made_at = str(known["made_at"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            if isinstance(error, BackupError):
                raise
            raise BackupError(
                f"The list of contents of the backup is damaged ({error})."
            ) from error
        # Windows and macOS take A and a for one name: two such files would become one.
        if len({one.name.casefold() for one in files}) != len(files):
            raise BackupError("The backup names a file twice.")
        return cls(made_at=made_at, version=version, tables=tables, files=files)


def is_safe_name(name: str) -> bool:
    r"""Whether a name stays inside the folder it is put in, on every system.

    Examples
    --------
    >>> is_safe_name("recordings/ab/1.mcap")
    True
    >>> [is_safe_name(one) for one in ("../x", "/etc/x", "C:x", "a\\b", "a//b", "", "a/./b")]
    [False, False, False, False, False, False, False]

    """
    parts = name.split("/")
    return (
        bool(name)
        and not any(part in {"", ".", ".."} or part != part.rstrip(" .") for part in parts)
        and not any(sign in name for sign in '\\:*?"<>|')
        and name.isprintable()
        and not PurePosixPath(name).is_absolute()
    )
