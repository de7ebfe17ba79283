"""What is said when several things want to be said: a voice that never lags behind the leg.

A count is true at this moment only: it goes first, a newer one takes its place, and it cuts off an
older count or a result. A guide takes the place of one that waits; a result waits for its turn;
what is urgent cuts off everything. The pages follow the same rules (`sound/queue.js`).
"""

from collections.abc import Mapping
from typing import Final

from tracker.narrator import Rank, Saying

PATIENCE_S: Final[Mapping[Rank, float]] = {
    Rank.URGENT: float("inf"),
    Rank.COUNT: 1.5,  # half a return: after it the number would be that of another repetition
    Rank.GUIDE: 8.0,
    Rank.RESULT: 30.0,  # half a rest: after it the next set is nearer than the last one
}
CUTS_OFF: Final[Mapping[Rank, frozenset[Rank]]] = {
    Rank.URGENT: frozenset(Rank),
    Rank.COUNT: frozenset({Rank.COUNT, Rank.RESULT}),
    Rank.GUIDE: frozenset(),
    Rank.RESULT: frozenset(),
}


class SpeechQueue:
    """Keep what waits to be said, at most one of each rank."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Saying, float]] = []  # and since when

    def take(self, saying: Saying, said: Rank | None, now_s: float) -> bool:
        """Take in a saying while another is said; return whether that one is to be cut off.

        Parameters
        ----------
        saying : Saying
            What comes.
        said : Rank or None
            The rank of what is being said; None: it is silent.
        now_s : float
            The time of a clock that never goes back.

        """
        if saying.rank is Rank.URGENT:
            self._waiting = [(saying, now_s)]
        else:
            self._waiting = [one for one in self._waiting if one[0].rank is not saying.rank]
            place = 0 if saying.rank is Rank.COUNT else len(self._waiting)
            self._waiting.insert(place, (saying, now_s))
        return said in CUTS_OFF[saying.rank]

    def next(self, now_s: float) -> Saying | None:
        """Return what is to be said now, if anything; what waited too long is left out."""
        while self._waiting:
            saying, since_s = self._waiting.pop(0)
            if now_s - since_s <= PATIENCE_S[saying.rank]:
                return saying
        return None

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
