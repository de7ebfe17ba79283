"""A sitting that was cut off a while ago: what of it was done, so that one can go on."""

import json
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tracker.settings import DataFolder
from tracker.training_plan import Leg

Done = list[tuple[str, Leg | None, int]]


def done_earlier(folder: DataFolder, patient_id: UUID, now: datetime, within_s: float) -> Done:
    """Return the sets of the newest sitting of the programme, if it began not long ago.

    Parameters
    ----------
    folder : DataFolder
        Where stored sessions are.
    patient_id : UUID
        Whose.
    now : datetime
        With a time zone.
    within_s : float
        How long ago it may have begun.

    Returns
    -------
    list of (exercise id, leg, sets)
        Empty when there is none, or nothing was done.

    """
    earliest = now - timedelta(seconds=within_s)
    found: list[tuple[datetime, dict[str, Any]]] = []
    for place in (folder.outbox, folder.sent):
        for path in place.glob("*.json"):
            with suppress(OSError, ValueError, KeyError, TypeError):
                if path.stat().st_mtime < earliest.timestamp():
                    continue
                document = json.loads(path.read_text("utf-8"))
                began = datetime.fromisoformat(document["started_at"])
                is_own = document["patient_id"] == str(patient_id) and began >= earliest
                if is_own and isinstance(document["plan"], list) and len(document["plan"]) > 1:
                    found.append((began, document))
    return sets_done(max(found, key=lambda one: one[0])[1]) if found else []


def sets_done(document: dict[str, Any]) -> Done:
    """Return the sets of a session by exercise and leg, those before it included."""
    counts = Counter(
        (one.get("step"), one.get("set"))
        for kind in ("exercise_sets", "timed")
        for one in document.get(kind, ())
    )
    by_step = Counter(step for step, _ in counts)
    told = {one["step"] for one in document.get("self_reported", ())}
    done: Done = []
    for number, step in enumerate(document["plan"], start=1):
        n_sets = step.get("sets_done", 0) + by_step[number]
        n_sets = step["sets"] if number in told else n_sets
        done.append((step["exercise"], step.get("side"), n_sets))
    return [one for one in done if one[2]]
