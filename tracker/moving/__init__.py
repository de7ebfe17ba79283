"""One file out, one file in: a data folder moved to another computer."""

from tracker.moving.backing_up import back_up
from tracker.moving.contents import BackupError, Manifest
from tracker.moving.restoring import restore, stage

__all__ = ["BackupError", "Manifest", "back_up", "restore", "stage"]
