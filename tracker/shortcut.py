"""An icon on the desktop that runs `tempo90 open`: one small text file on each system."""

import os
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Final

from tracker.errors import TrackerError

OWNER_MAY_RUN: Final = 0o755
USER_DIRS: Final = "xdg-user-dirs"
DESKTOP_ASKED_S: Final = 5.0


class ShortcutError(TrackerError, OSError):
    """The icon cannot be made."""


def find_desktop(platform: str = sys.platform) -> Path:
    """Return the folder of the desktop, also where it has a Dutch name."""
    if platform == "linux":
        try:
            asked = subprocess.run(
                ["xdg-user-dir", "DESKTOP"],  # noqa: S607 - found on the path, as every program of the desktop
                capture_output=True,
                text=True,
                check=True,
                timeout=DESKTOP_ASKED_S,
            )
        except (OSError, subprocess.SubprocessError):
            return Path.home() / "Desktop"
        return Path(asked.stdout.strip() or Path.home() / "Desktop")
    if platform == "win32" and (cloud := os.environ.get("OneDrive")):  # noqa: SIM112 - its own spelling
        moved = Path(cloud) / "Desktop"
        if moved.is_dir():
            return moved
    return Path.home() / "Desktop"


def make_shortcut(desktop: Path, data: Path | None = None, *, platform: str = sys.platform) -> Path:
    """Make the icon; one that is there is made anew.

    Parameters
    ----------
    desktop : Path
        The folder to put it in.
    data : Path, optional
        A data folder of its own.
    platform : str
        As `sys.platform` has it.

    Returns
    -------
    Path
        The file that was made.

    Raises
    ------
    ShortcutError
        If the folder is not there or cannot be written.

    """
    command = [sys.executable, "-m", "tracker.cli", "open"]
    if data is not None:
        command += ["--data", str(data.expanduser().absolute())]
    name, text = shortcut_file(command, platform)
    path = desktop.expanduser() / name
    try:
        path.write_bytes(text.encode("utf-8"))
        if platform != "win32":
            path.chmod(OWNER_MAY_RUN)  # a file manager starts nothing that may not be run
    except OSError as error:
        raise ShortcutError(
            f"The icon cannot be put in {desktop} ({error.strerror}): give a folder with --desktop."
        ) from error
    return path


def shortcut_file(command: list[str], platform: str) -> tuple[str, str]:
    """Return the name and the text of the icon for a system."""
    if platform == "win32":
        # Doubled percent signs and quotes: the command interpreter reads the line.
        line = " ".join(f'"{part}"' for part in command).replace("%", "%%")
        return (
            "tempo90.cmd",
            f"@echo off\r\nchcp 65001 >nul\r\ntitle tempo90\r\n{line}\r\nif errorlevel 1 pause\r\n",
        )
    if platform == "darwin":
        return "tempo90.command", f"#!/bin/sh\nexec {shlex.join(command)}\n"
    entry = {
        "Type": "Application",
        "Name": "tempo90",
        "Comment": "Coach for eccentric hamstring training",
        "Comment[nl]": "Coach voor excentrische hamstringtraining",
        "Exec": " ".join(_for_exec(part) for part in command),
        "Icon": str(files("api") / "pages" / "static" / "icon.svg"),
        "Terminal": "true",  # Ctrl-C or closing it ends tempo90
        "Categories": "MedicalSoftware;Sports;",
    }
    lines = "".join(f"{key}={value}\n" for key, value in entry.items())
    return "tempo90.desktop", f"[Desktop Entry]\n{lines}"


def _for_exec(part: str) -> str:
    r"""Quote an argument as the Desktop Entry Specification wants it, twice: string, then value.

    Examples
    --------
    >>> print(_for_exec("100% mine"), _for_exec("a$b"))
    "100%% mine" "a\\$b"

    """
    quoted = part
    for sign in '\\"`$':
        quoted = quoted.replace(sign, f"\\{sign}")
    return '"' + quoted.replace("\\", "\\\\").replace("%", "%%") + '"'
