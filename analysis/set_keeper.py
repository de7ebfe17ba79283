"""Gather repetitions into sets: a long enough pause, or the button, ends one."""

from collections.abc import Sequence
from typing import Final

from analysis.events import SetFinished
from analysis.exercise import Exercise
from analysis.feedback import choose_feedback
from analysis.quality import set_quality
from analysis.results import Gap, Rep, SetResult

TAKING_TURNS: Final = 2  # one step of the other leg is a change of mind


class SetKeeper:
    """The running set and those that are finished."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._reps: list[Rep] = []
        self._n_other_leg = 0
        self.finished: list[SetResult] = []

    @property
    def n_reps(self) -> int:
        """Repetitions of the running set."""
        return len(self._reps)

    def add(self, rep: Rep) -> None:
        """Take in a repetition."""
        self._reps.append(rep)

    def add_other_leg(self) -> None:
        """Take note of a step that the other leg led."""
        self._n_other_leg += 1

    def has_paused(self, now_s: float) -> bool:
        """Whether the running set's last repetition is long enough ago to end it."""
        return bool(self._reps) and now_s - self._reps[-1].end_s >= self._exercise.set_pause_s

    def close(
        self, at_s: float, gaps: Sequence[Gap], calibration_quality: float
    ) -> SetFinished | None:
        """End the running set at that time, if there is one."""
        n_other_leg, self._n_other_leg = self._n_other_leg, 0
        if not self._reps:
            return None
        reps, self._reps = tuple(self._reps), []
        start_s, end_s = reps[0].start_s, reps[-1].end_s
        coverage = coverage_of(start_s, end_s, gaps)
        quality = set_quality(
            self._exercise,
            reps,
            coverage=coverage,
            calibration_quality=calibration_quality,
            n_other_leg=n_other_leg,
        )
        result = SetResult(
            start_s=start_s,
            end_s=end_s,
            quality=quality,
            reps=reps,
            feedback=choose_feedback(
                self._exercise,
                reps,
                reps_prescribed=_share_of_leg(self._exercise.reps, n_other_leg),
                coverage=coverage,
            ),
        )
        self.finished.append(result)
        return SetFinished(set_result=result, at_s=at_s)


def _share_of_leg(reps_prescribed: int | None, n_other_leg: int) -> int | None:
    """Return what is due of one leg: half, where the legs were seen to take turns."""
    if reps_prescribed is None or n_other_leg < TAKING_TURNS:
        return reps_prescribed
    return (reps_prescribed + 1) // 2


def coverage_of(start_s: float, end_s: float, gaps: Sequence[Gap]) -> float:
    """Share of the time from start to end that is not in a gap."""
    missing_s = sum(max(0.0, min(gap.end_s, end_s) - max(gap.start_s, start_s)) for gap in gaps)
    return 1.0 - missing_s / max(end_s - start_s, 1e-9)
