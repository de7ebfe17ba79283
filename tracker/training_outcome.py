"""What a training session came to, for whoever started it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOutcome:
    """What a session came to.

    Parameters
    ----------
    session_id : UUID
        Its id.
    path : Path or None
        Where its JSON is; None when there was nothing worth storing.
    document : dict
        The JSON.
    cards : tuple of dict
        One a set.
    plan : dict
        What became of each exercise, as the live page shows it.
    was_interrupted : bool
        Whether Ctrl-C ended it.
    has_seen_sensor : bool
        Whether a sensor ever sent anything.

    """

    session_id: UUID
    path: Path | None
    document: dict[str, Any]
    cards: tuple[dict[str, Any], ...]
    plan: dict[str, Any]
    was_interrupted: bool
    has_seen_sensor: bool
