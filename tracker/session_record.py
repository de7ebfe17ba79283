"""A session as the document that is stored and sent (docs/reference/http.md)."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analysis import ENGINE_VERSION, RecordingResult, analysis_document
from tracker.coach_cues import TrainingPlan
from tracker.profile import Language

TRACE_HZ: Final = 25.0  # enough to draw a set; the recording holds every sample
YES_NO_ANSWERS: Final = ("band_tight", "warning_signs_start", "warning_signs_end")


@dataclass(slots=True, kw_only=True)
class SessionRecord:
    """What is known of a session so far.

    Parameters
    ----------
    plan : TrainingPlan
        What was to be done.
    patient_id : UUID
        Whose session it is.
    started_at : datetime
        With a time zone.
    sensor : dict
        Family, address, name and what else is known of it.
    language : {"en", "nl"}
        Of the feedback's text.
    exercise_sets : list of dict
        Sets that were done, as `set_documents` gives them.
    answers : dict
        Answers to the questions by code; None where left open.

    """

    plan: TrainingPlan
    patient_id: UUID
    started_at: datetime
    sensor: dict[str, Any]
    language: Language
    catalogue: str
    exercise_sets: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, int | None] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the session as it is stored and sent."""
        yes_no: dict[str, bool | None] = {
            code: None if self.answers[code] is None else bool(self.answers[code])
            for code in YES_NO_ANSWERS
            if code in self.answers
        }
        return {
            "patient_id": str(self.patient_id),
            "started_at": self.started_at.isoformat(),
            "engine": ENGINE_VERSION,
            "catalogue": self.catalogue,
            "sensor": self.sensor,
            "pain": {
                "before": self.answers.get("pain_before"),
                "worst": self.answers.get("pain_worst"),
            },
            "soreness": self.answers.get("soreness"),
            **yes_no,
            "language": self.language,
            "plan": plan_document(self.plan),
            "exercise_sets": self.exercise_sets,
        }


def plan_document(plan: TrainingPlan) -> dict[str, Any]:
    """Return what was to be done."""
    return {
        "exercise": plan.exercise.id,
        "sets": plan.sets,
        "reps": plan.reps,
        "rest_s": plan.rest_s,
        "side": plan.side,
    }


def set_documents(
    result: RecordingResult,
    plan: TrainingPlan,
    time_s: NDArray[np.float64],
    *,
    t0_s: float,
    language: Language,
) -> list[dict[str, Any]]:
    """Return the sets of a result, each with its exercise, side and trace.

    Parameters
    ----------
    result : RecordingResult
        Of what was measured for one set of the coach.
    plan : TrainingPlan
        What was to be done.
    time_s : (n,) ndarray
        Times of the samples that went into the result, on the same clock.
    t0_s : float
        The session's zero on that clock: the first sample of its recording.
    language : {"en", "nl"}
        Of the feedback's text.

    """
    document = analysis_document(
        result,
        exercise=plan.exercise,
        recording_format="live",
        side=plan.side,
        t0_s=t0_s,
        language=language,
    )
    calibration = document["calibration"]
    documents: list[dict[str, Any]] = []
    for one, described in zip(result.sets, document["sets"], strict=True):
        described |= {
            "exercise": plan.exercise.id,
            "side": plan.side,
            "calibration": calibration,
        }
        if result.angle_deg is not None:
            described["trace"] = trace(time_s, result.angle_deg, one.start_s, one.end_s)
        documents.append(described)
    return documents


def trace(
    time_s: NDArray[np.float64], angle_deg: NDArray[np.float64], start_s: float, end_s: float
) -> dict[str, list[float | None]]:
    """Return the angle of a set in at most 25 points a second, the highest of each 0.04 s.

    Parameters
    ----------
    time_s, angle_deg : (n,) ndarray
        Seconds and degrees; NaN where the angle is not known.
    start_s, end_s : float
        The set, on the same clock.

    Returns
    -------
    dict
        `t`, seconds from the start of the set, increasing, and `a`, degrees or None.

    """
    inside = (time_s >= start_s) & (time_s <= end_s)
    since_s, angles = time_s[inside] - start_s, angle_deg[inside]
    cells = np.floor(since_s * TRACE_HZ).astype(int)
    firsts = np.flatnonzero(np.diff(cells, prepend=-1))
    times: list[float | None] = []
    shown: list[float | None] = []
    for first, last in zip(firsts, [*firsts[1:], len(cells)], strict=True):
        piece = angles[first:last]
        k = first + (int(np.nanargmax(piece)) if np.isfinite(piece).any() else 0)
        times.append(round(float(since_s[k]), 3))
        shown.append(round(float(angles[k]), 1) if math.isfinite(angles[k]) else None)
    return {"t": times, "a": shown}
