"""A session as the document that is stored and sent (docs/reference/http.md)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analysis import ENGINE_VERSION, RecordingResult, analysis_document
from tracker.profile import Language
from tracker.training_plan import Step, TrainingPlan, plan_documents

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
        Sets that were measured, as `set_documents` gives them.
    timed : list of dict
        Sets that a clock led and no sensor saw.
    self_reported : list of dict
        Exercises that the patient says were done.
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
    timed: list[dict[str, Any]] = field(default_factory=list)
    self_reported: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, int | None] = field(default_factory=dict)

    def correct(self, step: int, set_number: int, reps: int | None) -> None:
        """Keep the patient's own count beside the measured one; None takes it back."""
        for one in [*self.exercise_sets, *self.timed]:
            if (one.get("step"), one.get("set")) == (step, set_number):
                one["reps_by_patient"] = reps
                return  # a set that a long gap cut in two has one count

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
            **_painkillers(self.answers),
            **({"rpe": self.answers["rpe"]} if "rpe" in self.answers else {}),
            "language": self.language,
            "plan": plan_documents(self.plan.steps),
            "exercise_sets": self.exercise_sets,
            **({"timed": self.timed} if self.timed else {}),
            **({"self_reported": self.self_reported} if self.self_reported else {}),
        }


def _painkillers(answers: Mapping[str, int | None]) -> dict[str, bool]:
    """Return the two flags; an answer left open says nothing."""
    taken = answers.get("painkiller")
    if taken is None:
        return {}
    return {"took_paracetamol": bool(taken & 1), "took_anti_inflammatory": bool(taken & 2)}


def set_documents(
    result: RecordingResult,
    step: Step,
    time_s: NDArray[np.float64],
    *,
    t0_s: float,
    language: Language,
    set_number: int | None = None,
    step_number: int = 1,
) -> list[dict[str, Any]]:
    """Return the sets of a result, each with its exercise, side and trace.

    Parameters
    ----------
    result : RecordingResult
        Of what was measured for one set of the coach.
    step : Step
        What was to be done.
    time_s : (n,) ndarray
        Times of the samples that went into the result, on the same clock.
    t0_s : float
        The session's zero on that clock: the first sample of its recording.
    language : {"en", "nl"}
        Of the feedback's text.
    set_number, step_number : int, optional
        Which set of which exercise the coach led; none of a recording made elsewhere.

    """
    side = step.side if set_number is None else step.side_of(set_number)
    document = analysis_document(
        result,
        exercise=step.exercise,
        recording_format="live",
        side=side,
        t0_s=t0_s,
        language=language,
    )
    calibration = document["calibration"]
    documents: list[dict[str, Any]] = []
    for one, described in zip(result.sets, document["sets"], strict=True):
        described |= {
            "exercise": step.exercise.id,
            "side": side,
            "calibration": calibration,
        }
        if step.band is not None:
            described["band"] = step.band
        if step.ordered is not None:
            described |= {"prescription": step.ordered.document(), "targets": targets(step)}
        if set_number is not None:
            described |= {"step": step_number, "set": set_number}
        if result.angle_deg is not None:
            described["trace"] = trace(time_s, result.angle_deg, one.start_s, one.end_s)
        documents.append(described)
    return documents


def targets(step: Step) -> dict[str, Any]:
    """Return what a set was judged by where it was ordered, so that it can be shown by that."""
    exercise = step.exercise
    return {
        "eccentric_s": exercise.eccentric_s,
        "in_tempo_s": list(exercise.in_tempo_s),
        "accepted_s": list(exercise.accepted_s),
        "peak_deg": exercise.peak_deg,
        "peak_good_deg": None if exercise.peak_good_deg is None else list(exercise.peak_good_deg),
        "hold_s": exercise.hold_s,
    }


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
