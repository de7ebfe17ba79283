"""What an export may fail with."""

from tracker.errors import TrackerError


class ExportError(TrackerError, OSError):
    """There is nothing to export, or no place for it."""
