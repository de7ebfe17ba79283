"""What is said aloud in a training, and how it ranks: one choice for the terminal and all pages.

The coach says sentences; a repetition becomes its number, near the end of a set what is left; the
card of a set becomes its result. Whoever has a voice speaks it, in its own language; whoever has
none sounds the cue that stands in its place, if there is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tracker.sounds import Cue
from tracker.words import Text

COUNTS_DOWN_FROM: Final = 3  # repetitions left; earlier it would be no news
LONG_SET_REPS: Final = 6  # a shorter set is over before a countdown helps
TEACHES_LET_GO: Final = 2  # times a session; from then on the tone alone says it, and at once

LEFT: Final = {
    3: Text("Three more", "Nog drie"),
    2: Text("Two more", "Nog twee"),
    1: Text("One more", "Nog één"),
}
LEFT_CUES: Final = {3: Cue.LEFT_3, 2: Cue.LEFT_2, 1: Cue.LEFT_1}
REMARKS: Final = {
    "too_fast": Text("too fast", "te snel"),
    "too_slow": Text("a little quicker", "mag iets vlotter"),
    "shallow": Text("bend further", "verder buigen"),
}
RESULT_CUES: Final = {True: Cue.RESULT_CHANGE, False: Cue.RESULT_GOOD}  # is there a correction
LET_GO: Final = Text("Let go", "Laat los")


class Rank(StrEnum):
    """What a saying is worth while others wait."""

    URGENT = "urgent"  # at once, whatever is being said
    COUNT = "count"  # true at this moment only: the newest takes the place of older ones
    GUIDE = "guide"  # what comes now: the newest takes the place of older ones
    RESULT = "result"  # waits for its turn


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to be said aloud.

    Parameters
    ----------
    rank : Rank
        What it is worth while others wait.
    text : Text
        The words.
    cue : Cue, optional
        What sounds in its place where there is no voice.

    """

    rank: Rank
    text: Text
    cue: Cue | None = None

    def message(self) -> dict[str, Any]:
        """Return it as a live message."""
        cue = None if self.cue is None else str(self.cue)
        return {"type": "say", "rank": str(self.rank), "text": self.text.as_json(), "cue": cue}


class Narrator:
    """Turn what happens in a training into sayings."""

    def __init__(self) -> None:
        self._target = 0
        self._n_let_go = 0
        self._told: tuple[int, int] | None = None  # of the card that was said last

    def take(self, message: Mapping[str, Any]) -> Saying | None:
        """Take in a live message; return what is to be said of it."""
        match message["type"]:
            case "state":
                self._target = message["reps_target"]
            case "rep":
                return self._count(message)
            case "card":
                return self._result(message)
        return None

    def cue(self, cue: Cue) -> Saying | None:
        """Take in a sound of the coach; the first times "let go" is said as well."""
        if cue is not Cue.LET_GO or self._n_let_go >= TEACHES_LET_GO:
            return None
        self._n_let_go += 1
        return Saying(Rank.COUNT, LET_GO)

    def _count(self, rep: Mapping[str, Any]) -> Saying:
        left = self._target - rep["n"]
        is_countdown = self._target >= LONG_SET_REPS and 0 < left <= COUNTS_DOWN_FROM
        number = LEFT[left] if is_countdown else Text(str(rep["n"]), str(rep["n"]))
        remark = None if "fast_drop" in rep["flags"] else REMARKS.get(rep["verdict"])
        if remark is not None:
            number = Text(f"{number.en}, {remark.en}", f"{number.nl}, {remark.nl}")
        return Saying(Rank.COUNT, number, LEFT_CUES[left] if is_countdown else None)

    def _result(self, card: Mapping[str, Any]) -> Saying | None:
        """Say the sentences of a card, once: it comes again when the patient corrects the count."""
        number = card["step"], card["set"]
        told = [card[name] for name in ("praise", "correction", "next_step") if card[name]]
        if number == self._told or not told:
            return None
        self._told = number
        text = Text(" ".join(one["en"] for one in told), " ".join(one["nl"] for one in told))
        return Saying(Rank.RESULT, text, RESULT_CUES[card["correction"] is not None])
