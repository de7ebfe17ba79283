"""What a training may tell a clinic: a closed list of messages, each small and of the right shape.

Answers to questions are not among them: they go to the clinic with the session, if at all.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

MAX_TEXT: Final = 16 * 1024  # the plan of a long sitting has some 4 kB
MAX_NUMBER: Final = 2_000  # repetitions of a set, as in a stored session
MAX_SNAPSHOT: Final = 256
MAX_BOUTS: Final = 200
KINDS: Final = frozenset(
    {"state", "plan", "sensor", "frame", "rep", "hold", "bout", "card", "saved", "summary"}
)
NUMBERED: Final = frozenset({"rep", "hold"})
LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {"state": frozenset({"question"})}


class Telling:
    """Read what one computer tells, message by message."""

    def __init__(self) -> None:
        self._n_bouts = 0

    def read(self, text: str) -> list[dict[str, Any]]:
        """Return the messages of one text that may go on; none for anything else."""
        if len(text) > MAX_TEXT:
            return []
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return []
        if not isinstance(message, dict):
            return []
        if message.get("type") == "snapshot":
            told = message.get("messages")
            listed = told[:MAX_SNAPSHOT] if isinstance(told, list) else []
            return [one for each in listed for one in self._passed(each)]
        return self._passed(message)

    def _passed(self, message: Any) -> list[dict[str, Any]]:
        kind = message.get("type") if isinstance(message, dict) else None
        if not isinstance(kind, str) or kind not in KINDS:
            return []
        if kind in NUMBERED and not _is_number(message.get("n")):
            return []
        if kind == "state":
            self._n_bouts = 0
        if kind == "bout":
            self._n_bouts += 1
            if self._n_bouts > MAX_BOUTS:
                return []
        left_out = LEFT_OUT.get(kind, frozenset()) | {"age_s"}
        return [{name: value for name, value in message.items() if name not in left_out}]


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_NUMBER
