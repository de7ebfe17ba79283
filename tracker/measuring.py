"""One set as the engine sees it: from the coach's "hold still" to its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

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
from tracker.coach_cues import TrainingPlan
from tracker.profile import Language
from tracker.session_record import set_documents


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredSet:
    """What a measurement came to: the engine's sets, and the same as documents."""

    results: Sequence[SetResult] = ()
    documents: Sequence[dict[str, Any]] = ()


class SetMeasurement:
    """Feed the engine for one set; a new one takes a new rest pose.

    Parameters
    ----------
    plan : TrainingPlan
        What is trained.

    """

    def __init__(self, plan: TrainingPlan) -> None:
        self._plan = plan
        self._analyzer = SetAnalyzer(plan.exercise)
        self._times: list[Any] = []

    @property
    def live(self) -> LiveState:
        """Where the leg is."""
        return self._analyzer.live

    def update(self, samples: ImuSamples) -> list[Event]:
        """Take in the next samples."""
        self._times.append(samples.time_s)
        return self._analyzer.update(samples)

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
        result = _with_feedback(result, self._plan, pain)
        documents = set_documents(
            result, self._plan, np.concatenate(self._times), t0_s=t0_s, language=language
        )
        return MeasuredSet(results=result.sets, documents=documents)


def _with_feedback(
    result: RecordingResult, plan: TrainingPlan, pain: int | None
) -> RecordingResult:
    """Choose the feedback anew with what the engine cannot know: how much it hurts."""
    sets = tuple(
        replace(
            one,
            feedback=choose_feedback(
                plan.exercise,
                one.reps,
                reps_prescribed=plan.reps,
                pain=pain,
                coverage=one.quality.coverage,
            ),
        )
        for one in result.sets
    )
    return replace(result, sets=sets)
