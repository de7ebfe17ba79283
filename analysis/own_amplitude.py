"""A person's own movement, learnt repetition by repetition: how high it goes, how long it takes."""

from collections import deque
from statistics import median
from typing import Final

from analysis.exercise import Exercise
from analysis.rep_finder import Excursion, Levels

REPS: Final = 5  # the amplitude is the median over this many
LEAST_REPS: Final = 3
# Much higher than one's own and much quicker at once is another movement: a stride between sets.
# Who hurries shortens a repetition, and who tries harder lengthens it.
OTHER_HEIGHT_SHARE: Final = 1.5
OTHER_LENGTH_SHARE: Final = 0.45


class OwnAmplitude:
    """Scales the levels of an exercise that prescribes no height."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._heights_deg: deque[float] = deque(maxlen=REPS)
        self._lengths: deque[int] = deque(maxlen=REPS)

    def learnt_from(self, ended: Excursion) -> Levels | None:
        """Take in a repetition that counted; None while the levels stay as they are."""
        if self._exercise.has_peak_target:
            return None
        self._heights_deg.append(_height_deg(ended))
        self._lengths.append(ended.end_row - ended.start_row)
        if len(self._heights_deg) < LEAST_REPS:
            return None
        return Levels.of(self._exercise, median(self._heights_deg))

    def is_unlike(self, ended: Excursion) -> bool:
        """Whether an excursion is another movement than the person's own."""
        if len(self._heights_deg) < LEAST_REPS:
            return False
        is_quick = ended.end_row - ended.start_row < OTHER_LENGTH_SHARE * median(self._lengths)
        is_high = _height_deg(ended) > OTHER_HEIGHT_SHARE * median(self._heights_deg)
        return is_quick and is_high


def _height_deg(ended: Excursion) -> float:
    return ended.top_deg - min(ended.start_deg, ended.low_deg)
