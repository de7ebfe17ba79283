"""The amplitude of a person's own movement, learnt repetition by repetition."""

from collections import deque
from statistics import median
from typing import Final

from analysis.exercise import Exercise
from analysis.rep_finder import Excursion, Levels

REPS: Final = 5  # the amplitude is the median over this many
LEAST_REPS: Final = 3


class OwnAmplitude:
    """Scales the levels of an exercise that prescribes no height."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._heights_deg: deque[float] = deque(maxlen=REPS)

    def learnt_from(self, ended: Excursion) -> Levels | None:
        """Take in a repetition that counted; None while the levels stay as they are."""
        if self._exercise.has_peak_target:
            return None
        self._heights_deg.append(ended.top_deg - min(ended.start_deg, ended.low_deg))
        if len(self._heights_deg) < LEAST_REPS:
            return None
        return Levels.of(self._exercise, median(self._heights_deg))
