"""One set as the engine sees it: from the coach's "hold still" to its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from analysis import (
    AnalysisError,
    Event,
    ImuSamples,
    LiveState,
    RecordingResult,
    SetAnalyzer,
    SetResult,
    choose_feedback,
)
from tracker.profile import Language
from tracker.session_record import set_documents
from tracker.still_watch import StillWatch
from tracker.training_plan import Step

FOLLOWED: Final = "followed"
_NONE: Final = ImuSamples([], [], [])


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSet:
    """What a measurement came to: the engine's sets, and the same as documents."""

    results: Sequence[SetResult] = ()
    documents: Sequence[dict[str, Any]] = ()


class SetMeasurement:
    """Feed the engine for one set; a new one takes a new rest pose.

    Parameters
    ----------
    step : Step
        The exercise.
    set_number, step_number : int
        Which set of which exercise of the sitting, from 1.
    has_thigh : bool
        Whether a second sensor is on the thigh.

    """

    def __init__(
        self, step: Step, set_number: int, step_number: int = 1, *, has_thigh: bool = False
    ) -> None:
        self._step = step
        self._numbers = set_number, step_number
        self.has_thigh = has_thigh
        self._analyzer = SetAnalyzer(step.exercise, has_thigh=has_thigh)
        self._times: list[Any] = []
        self._still = StillWatch()

    @property
    def live(self) -> LiveState:
        """Where the leg is."""
        return self._analyzer.live

    @property
    def still_s(self) -> float:
        """How long the leg has been still, in s."""
        return self._still.still_s

    def update(self, samples: ImuSamples) -> list[Event]:
        """Take in the next samples."""
        self._times.append(samples.time_s)
        self._still.update(samples)
        return self._analyzer.update(samples)

    def update_thigh(self, samples: ImuSamples) -> list[Event]:
        """Take in the next samples of the sensor on the thigh."""
        return self._analyzer.update(_NONE, thigh=samples)

    def sensor_restarted(self) -> list[Event]:
        """Take note that the sensor began anew."""
        return self._analyzer.sensor_restarted()

    def close(self, *, t0_s: float, language: Language, pain: int | None) -> MeasuredSet:
        """End the set; too few samples, or samples of no use, give a set without anything in it.

        Parameters
        ----------
        t0_s : float
            The session's zero on the clock of the samples.
        language : {"en", "nl"}
            Of the feedback's text.
        pain : int, optional
            Pain before the session: from 4 on nothing is said of deeper or heavier.

        """
        try:
            result = self._analyzer.finish()
        except AnalysisError:  # a link that fell away at once, or a sensor at a rate of its own
            return MeasuredSet()
        result = _with_feedback(result, self._step, pain)
        set_number, step_number = self._numbers
        documents = set_documents(
            result,
            self._step,
            np.concatenate(self._times),
            t0_s=t0_s,
            language=language,
            set_number=set_number,
            step_number=step_number,
        )
        return MeasuredSet(results=result.sets, documents=documents)


def _with_feedback(result: RecordingResult, step: Step, pain: int | None) -> RecordingResult:
    """Choose the feedback anew with what the engine cannot know: how much it hurts."""
    if step.reps is None:
        return result
    exercise = step.exercise
    if result.calibration.thigh == FOLLOWED:  # depth is known, and can be spoken of
        exercise = exercise.with_thigh_sensor()
    sets = tuple(
        replace(
            one,
            feedback=choose_feedback(
                exercise,
                one.reps,
                reps_prescribed=step.reps,
                pain=pain,
                coverage=one.quality.coverage,
            ),
        )
        for one in result.sets
    )
    return replace(result, sets=sets)
