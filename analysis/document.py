"""The analysis as one JSON document: the schema `tempo90.analysis/1` (docs/reference/measures.md).

Numbers are rounded to what they can mean. A number that is not known is null, and beside it
stands `<name>_absent` with the reason; beside a measured one stands `<name>_u`, the half-width
of its 95 % interval.
"""

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from analysis.exercise import Exercise, Movement, load_catalogue
from analysis.feedback import feedback_text, warning_text
from analysis.quality import OF_BOUTS, tempo_verdict
from analysis.results import (
    Bout,
    Calibration,
    Feedback,
    Hold,
    RecordingInfo,
    RecordingResult,
    Rep,
    SetQuality,
    SetResult,
)
from analysis.samples import Side

SCHEMA: Final = "tempo90.analysis/1"
DECIMALS: Final[Mapping[str, int]] = {
    "_s": 3,
    "_deg": 2,
    "_percent": 1,
    "_per_min": 1,
    "_hz": 2,
    "_g": 2,
}
OTHER_DECIMALS: Final = 4
MAYBE_ABSENT: Final = (
    "eccentric_s",
    "eccentric_moving_s",
    "pause_s",
    "concentric_s",
    "hold_s",
    "hold_scored_s",
    "sparc",
    "sway_deg",
    "impact_g",
)
UNMEASURED: Final = ("speed_mps", "distance_m", "sprint_percent", "power_w")

Document = dict[str, Any]


def analysis_document(
    result: RecordingResult,
    *,
    exercise: Exercise | str,
    recording_format: str,
    side: Side | str | None = None,
    t0_s: float = 0.0,
    language: str = "en",
) -> Document:
    """Write a result as the document that the command line prints and the service stores.

    Parameters
    ----------
    result : RecordingResult
        What the engine said.
    exercise : Exercise or str
        What was done: the prescription, or an id of the catalogue.
    recording_format : str
        Of the file or the sensor, such as `generic-csv`.
    side : {"left", "right"}, optional
        The leg that carried the sensor.
    t0_s : float
        Time of the first sample: taken off every time in the document.
    language : {"en", "nl"}
        Of the sentences.

    Returns
    -------
    dict
        Of numbers, strings, lists, dicts and None only; no NaN and no infinity.

    Raises
    ------
    UnknownExerciseError
        If the catalogue has no exercise of that id.

    """
    if isinstance(exercise, str):
        exercise = load_catalogue()[exercise]
    known_side = None if side is None else str(Side(side))
    return {
        "schema": SCHEMA,
        "engine": result.engine,
        "catalogue": result.catalogue,
        "exercise": exercise.id,
        "side": known_side,
        "recording": _recording(result.recording, recording_format, t0_s),
        "calibration": _calibration(result.calibration, t0_s),
        "sets": [_set(one, exercise, known_side, t0_s, language) for one in result.sets],
        "summary": {"reps": result.n_reps, "sets": len(result.sets)},
        "warnings": [
            {"code": code, "text": warning_text(code, language)} for code in result.warnings
        ],
        "language": language,
    }


def _recording(info: RecordingInfo, recording_format: str, t0_s: float) -> Document:
    return {
        "format": recording_format,
        "duration_s": _rounded("duration_s", info.duration_s),
        "rate_hz": _rounded("rate_hz", info.rate_hz),
        "coverage": _rounded("coverage", info.coverage),
        "gaps": [_span(gap, t0_s) for gap in info.gaps],
    }


def _calibration(calibration: Calibration, t0_s: float) -> Document:
    document: Document = {
        "method": calibration.method,
        "quality": _rounded("quality", calibration.quality),
        "zero_deg": _rounded("zero_deg", calibration.zero_deg),
    }
    if calibration.thigh is not None:
        document["thigh"] = str(calibration.thigh)
    if calibration.at_s is None:
        return document | {"at_s": None, "at_s_absent": "No rest pose was found."}
    return document | {"at_s": _rounded("at_s", calibration.at_s - t0_s)}


def _set(
    one: SetResult, exercise: Exercise, side: str | None, t0_s: float, language: str
) -> Document:
    document = _span(one, t0_s)
    known_side = one.side or side
    if known_side is not None:
        document["side"] = str(known_side)
    if exercise.movement == Movement.STILLNESS:
        document["holds"] = [_hold(hold, t0_s) for hold in one.holds]
    elif exercise.movement in {Movement.GAIT, Movement.CYCLING}:
        document["bouts"] = [
            {"kind": bout.kind}
            | _span(bout, t0_s)
            | _number("cadence_per_min", bout.cadence_per_min, "Too short to count a cadence.")
            | _direction(bout)
            for bout in one.bouts
        ]
    else:
        document["reps"] = [_rep(rep, exercise, t0_s) for rep in one.reps]
    document["quality"] = _quality(one.quality, exercise)
    document["feedback"] = [_feedback(feedback, language) for feedback in one.feedback]
    return document


def _rep(rep: Rep, exercise: Exercise, t0_s: float) -> Document:
    document: Document = {
        "start_s": _rounded("start_s", rep.start_s - t0_s),
        "peak_s": _rounded("peak_s", rep.peak_s - t0_s),
        "end_s": _rounded("end_s", rep.end_s - t0_s),
    }
    for name in ("peak_deg", "rom_deg"):
        document |= _with_uncertainty(rep, name, "The signal was not good enough.")
    document["phases"] = [{"kind": str(phase.kind)} | _span(phase, t0_s) for phase in rep.phases]
    for name in MAYBE_ABSENT:
        reason = rep.absent.get(name) or _why_absent(name, exercise)
        document |= _with_uncertainty(rep, name, reason)
    document["verdict"] = tempo_verdict(rep, exercise)
    document["flags"] = [str(flag) for flag in rep.flags]
    return document


def _direction(bout: Bout) -> Document:
    """Write which way a bout went, where that can be asked at all."""
    if bout.direction is None and "direction" not in bout.absent:
        return {}
    reason = bout.absent.get("direction")
    return {"direction": bout.direction} | ({"direction_absent": reason} if reason else {})


def _hold(hold: Hold, t0_s: float) -> Document:
    document = _span(hold, t0_s) | {"interruptions": hold.interruptions}
    document |= _with_uncertainty(hold, "still_s", "The signal did not show it.")
    return document | _number("pose_deg", hold.pose_deg, hold.absent.get("pose_deg", "Not seen."))


def _quality(quality: SetQuality, exercise: Exercise) -> Document:
    is_sport = exercise.movement in {Movement.GAIT, Movement.CYCLING}
    left_out = {"flags", "absent"} | (set() if is_sport else set(OF_BOUTS))
    # What sport would want to know and this sensor cannot: said, with the reason.
    unknown = {name: exercise.absent[name] for name in UNMEASURED if name in exercise.absent}
    document: Document = {}
    for name, reason in unknown.items() if is_sport else ():
        document |= _number(name, None, reason)
    for field in fields(quality):
        if field.name not in left_out:
            reason = quality.absent.get(field.name, "Not prescribed.")
            document |= _number(field.name, getattr(quality, field.name), reason)
    document["flags"] = {str(flag): n_reps for flag, n_reps in quality.flags.items()}
    return document


def _feedback(feedback: Feedback, language: str) -> Document:
    return {
        "code": feedback.code,
        "kind": str(feedback.kind),
        "text": feedback_text(feedback, language),
        "values": {name: _rounded(name, value) for name, value in feedback.values.items()},
    }


def _span(span: Any, t0_s: float) -> Document:
    """Write start and end of anything that has them."""
    return {
        "start_s": _rounded("start_s", span.start_s - t0_s),
        "end_s": _rounded("end_s", span.end_s - t0_s),
    }


def _with_uncertainty(measured: Rep | Hold, name: str, reason: str) -> Document:
    document = _number(name, getattr(measured, name), reason)
    half_width = getattr(measured, f"{name}_u", None)
    if document[name] is not None and half_width is not None and math.isfinite(half_width):
        document[f"{name}_u"] = _rounded(name, half_width)
    return document


def _number(name: str, value: float | None, reason: str) -> Document:
    shown = _rounded(name, value)
    return {name: shown} if shown is not None else {name: None, f"{name}_absent": reason}


def _rounded(name: str, value: Any) -> Any:
    """Round a float as its name asks; what is no finite number becomes None."""
    if not isinstance(value, float):
        return value
    if not math.isfinite(value):
        return None
    places = next((n for ending, n in DECIMALS.items() if name.endswith(ending)), OTHER_DECIMALS)
    return round(float(value), places) + 0.0  # + 0.0 turns -0.0 into 0.0


def _why_absent(name: str, exercise: Exercise) -> str:
    if name in exercise.absent:
        return exercise.absent[name]
    if name == "hold_scored_s" and exercise.hold_s is None:
        return "No hold is prescribed."
    return "The signal did not show it."
