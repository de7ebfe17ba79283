"""The files in which the processes of one service count, so that any of them can add all up.

The library maps a file for each process and kind of figure into memory. It makes them with holes,
and a hole that is written to on a full disk ends the process (SIGBUS); and who reads one that
another process has just made finds it empty, and fails. So a process takes whole files, with all
the room that it will need, before it counts.
"""

import os
from pathlib import Path
from typing import Final

from prometheus_client.multiprocess import mark_process_dead

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"  # the name that the library gives it
KINDS: Final = ("counter", "histogram", "gauge_livesum")  # as the library names them
ROOM_BYTES: Final = 2**20  # for all routes and answers, twice over


def prepare_folder(folder: Path) -> None:
    """Make an empty folder for the counts of several processes, before any of them counts."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.iterdir():
        left.unlink()


def take_room() -> None:
    """Make the files of this process, whole, where several processes count together.

    Raises
    ------
    OSError
        If the disk has no room for them; nothing is left then.

    """
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder is None:
        return
    pid = os.getpid()
    for kind in KINDS:
        whole = Path(folder, f"{kind}_{pid}.db")
        part = whole.with_suffix(".part")  # not seen by who adds up
        try:
            part.write_bytes(bytes(ROOM_BYTES))
            part.rename(whole)
        except OSError:
            part.unlink(missing_ok=True)
            for made in KINDS:
                Path(folder, f"{made}_{pid}.db").unlink(missing_ok=True)
            raise


def forget_process(pid: int) -> None:
    """Take out what a process that ended had at its end; what it counted stays counted."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]
        for part in Path(folder).glob(f"*_{pid}.part"):
            part.unlink()
