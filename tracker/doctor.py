"""Checks of this machine: each says what it found, and what to do when it is not right."""

import asyncio
import importlib.metadata
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tracker.errors import RadioError
from tracker.settings import DataFolder
from tracker.sounds import find_player

OLDEST_PYTHON: Final = (3, 11)
PACKAGES: Final = ("bleak", "fastapi", "mcap", "numpy", "rich", "scipy", "sqlmodel", "typer", "vqf")
LOW_DISK_BYTES: Final = 200 * 1024 * 1024  # some forty hours of recordings
SCAN_S: Final = 1.0
SCAN_LIMIT_S: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: whether it is well, what was found, and what to do if not.

    `is_needed` is False where the product works without it.
    """

    name: str
    is_well: bool
    found: str
    advice: str = ""
    is_needed: bool = True


def check_all(folder: DataFolder) -> list[Finding]:
    """Run every check; none raises, and none changes anything but the tables' version."""
    checks: list[Callable[[], Finding]] = [
        check_python,
        check_packages,
        check_bluetooth,
        lambda: check_folder(folder),
        lambda: check_disk(folder),
        lambda: check_database(folder),
        check_sound,
        lambda: check_unfinished(folder),
        lambda: check_outbox(folder),
    ]
    return [check() for check in checks]


def check_python() -> Finding:
    """Check the version of Python."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    is_well = sys.version_info[:2] >= OLDEST_PYTHON
    return Finding(
        name="Python", is_well=is_well, found=found, advice="Install Python 3.11 or newer."
    )


def check_packages() -> Finding:
    """Check that everything needed is installed; say whether the simulated sensor is."""
    missing = [name for name in PACKAGES if not _is_installed(name)]
    simulated = "with" if _is_installed("bumble") else "without"
    found = f"missing: {', '.join(missing)}" if missing else f"all there, {simulated} the simulator"
    advice = "Run `make setup` in the checkout, or install tempo90 again."
    return Finding(name="Packages", is_well=not missing, found=found, advice=advice)


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def check_bluetooth() -> Finding:
    """Check that a scan can be started; sensors need not be near."""
    from tracker.ble import scan  # noqa: PLC0415  # a missing bleak is a finding, no crash

    async def listen() -> int:
        async with asyncio.timeout(SCAN_LIMIT_S):
            return len(await scan(SCAN_S))

    advice = (
        "Switch Bluetooth on and allow this program to use it; "
        "without it `tempo90 demo` and `--sensor sim` still work."
    )
    try:
        n_heard = asyncio.run(listen())
    except TimeoutError:
        found = f"the adapter gave no answer in {SCAN_LIMIT_S:.0f} s"
    except RadioError as error:
        found = str(error)
    else:
        return Finding(name="Bluetooth", is_well=True, found=f"on, {n_heard} devices heard")
    return Finding(name="Bluetooth", is_well=False, found=found, advice=advice, is_needed=False)


def check_folder(folder: DataFolder) -> Finding:
    """Check that the data folder can be written, and is not open to other users."""
    try:
        folder.make()
        with tempfile.NamedTemporaryFile(dir=folder.root):
            pass
    except OSError as error:
        advice = "Give yourself the right to write there, or name another folder with --data."
        return Finding(name="Data folder", is_well=False, found=str(error), advice=advice)
    is_open = os.name != "nt" and bool(folder.root.stat().st_mode & 0o077)
    return Finding(
        name="Data folder",
        is_well=not is_open,
        found=f"{folder.root}{', open to other users' if is_open else ''}",
        advice=f'Run `chmod go-rwx "{folder.root}"`: it holds health data.',
        is_needed=False,
    )


def check_disk(folder: DataFolder) -> Finding:
    """Check the free space."""
    place = next(path for path in (folder.root, *folder.root.parents) if path.exists())
    free_bytes = shutil.disk_usage(place).free
    return Finding(
        name="Disk",
        is_well=free_bytes >= LOW_DISK_BYTES,
        found=f"{free_bytes / 1e9:.1f} GB free",
        advice="Make room: a session takes about 2 MB.",
    )


def check_database(folder: DataFolder) -> Finding:
    """Check that the database opens, and bring its tables up to date."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  # slow to import

    from api import ApiError  # noqa: PLC0415
    from tracker.updating import bring_up_to_date  # noqa: PLC0415

    is_new = not folder.database.exists()
    try:
        bring_up_to_date(folder)
    except (SQLAlchemyError, sqlite3.Error, ApiError, OSError) as error:
        advice = (
            "Move the file away to start anew, or restore it; the recordings are apart from it."
        )
        found = f"{folder.database}: {str(error).splitlines()[0]}"
        return Finding(name="Database", is_well=False, found=found, advice=advice)
    found = "made now, up to date" if is_new else "opens, up to date"
    return Finding(name="Database", is_well=True, found=found)


def check_sound() -> Finding:
    """Check that tones can be played."""
    command = find_player()
    return Finding(
        name="Sound",
        is_well=command is not None,
        found="no player" if command is None else command[0],
        advice="Install pulseaudio-utils or alsa-utils for tones; else the terminal bell sounds.",
        is_needed=False,
    )


def check_unfinished(folder: DataFolder) -> Finding:
    """Look for sessions that were cut off."""
    n_found = len(list(folder.unfinished.glob("*/*.json")))
    return Finding(
        name="Unfinished",
        is_well=n_found == 0,
        found=f"{n_found} sessions" if n_found else "none",
        advice="The next `tempo90 train` brings them back by itself.",
        is_needed=False,
    )


def check_outbox(folder: DataFolder) -> Finding:
    """Look for sessions that could not be stored yet."""
    n_found = len(list(folder.outbox.glob("*.json")))
    return Finding(
        name="Outbox",
        is_well=n_found == 0,
        found=f"{n_found} sessions wait" if n_found else "empty",
        advice="The next `tempo90 train` sends them by itself.",
        is_needed=False,
    )
