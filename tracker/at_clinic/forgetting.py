"""Deleting what the server keeps of one patient's sittings beside the database."""

import shutil

from tracker.session_store import is_any_running
from tracker.settings import DataFolder


def is_in_sitting(folder: DataFolder) -> bool:
    """Whether a training of this patient runs now, in any process of this computer."""
    return folder.unfinished.is_dir() and is_any_running(folder)


def forget_sittings(folder: DataFolder) -> int:
    """Delete the folder of a patient; return how many sessions were in it, not stored yet."""
    if not folder.root.is_dir():
        return 0
    n_gone = len(list(folder.outbox.glob("*.json"))) + len(list(folder.unfinished.glob("*/")))
    shutil.rmtree(folder.root)
    return n_gone
