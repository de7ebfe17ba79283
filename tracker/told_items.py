"""What a session tells beside its measured sets, in the terms of the service.

Sets that a clock led and exercises that the patient says were done become self-reports; a count
that the patient put right becomes a correction. Their ids follow from the session, so that sending
them again changes nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID, uuid5

Document = Mapping[str, Any]

BY_CLOCK: Final = "timed"
BY_WORD: Final = "told"


def self_reports(session_id: UUID, document: Document) -> Iterator[dict[str, Any]]:
    """Return the self-reports of a session, each as the body of a request."""
    for number in sorted({one["step"] for one in document.get("timed", ())}):
        about = _timed(number, document)
        if about["sets"]:
            yield _report(session_id, document, about, BY_CLOCK)
    for one in document.get("self_reported", ()):
        about = {name: one.get(name) for name in ("exercise", "side", "sets", "reps")}
        yield _report(session_id, document, about, BY_WORD)


def _timed(number: int, document: Document) -> dict[str, Any]:
    """Return what the clock led of an exercise; where the legs take turns, a set is both."""
    step = document["plan"][number - 1]
    n_timed = sum(one["step"] == number for one in document["timed"])
    if step.get("sides"):
        n_seen = sum(one.get("step") == number for one in document["exercise_sets"])
        n_timed = max(0, (n_seen + n_timed) // 2 - n_seen)
    return {"exercise": step["exercise"], "side": step["side"], "sets": n_timed, "reps": None}


def corrections(document: Document) -> Iterator[tuple[int, int]]:
    """Return the sets whose count the patient put right: number in the session, and count."""
    for number, one in enumerate(document.get("exercise_sets", ()), start=1):
        if one.get("reps_by_patient") is not None:
            yield number, int(one["reps_by_patient"])


def _report(
    session_id: UUID, document: Document, about: dict[str, Any], reason: str
) -> dict[str, Any]:
    name = f"{reason}/{about['exercise']}/{about['side']}"
    return {
        "id": str(uuid5(session_id, name)),
        "session_id": str(session_id),
        "at": document["started_at"],
        **about,
        "reason": reason,
    }
