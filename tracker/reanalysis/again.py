"""One recording through the present engine: what `tempo90 reanalyse` and the clinic's page run.

A sitting that a coach led is cut into its sets as then, each with its own rest pose, under the
plan that was stored with it. A recording that was imported is analysed in one piece, as then.
Times are fitted with hindsight where the recording still holds what the sensor sent; live, each
had to be given at once.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis import (
    ENGINE_VERSION,
    AnalysisError,
    ImuSamples,
    analyse_recording,
    analysis_document,
    load_catalogue,
)
from api.review.errors import UnreadableRecordingError
from api.review.reanalysis import Reanalysed
from api.schemas import SessionPublic, SetBody
from firmware_bridge import FirmwareBridgeError
from tracker.errors import RecordingError, TrackerError
from tracker.measuring import SetMeasurement
from tracker.offline_clock import retimed
from tracker.profile import Language
from tracker.reanalysis.windows import SetWindow, set_windows
from tracker.recording_file import RecordedSession, read_mcap
from tracker.recovery import planned_step
from tracker.session_record import trace

KEPT: Final = ("band", "reps_by_patient", "is_recovered")
"""What was told about a set, and is no result of the engine."""

LEAST_SHARE: Final = 0.98
"""Fewer samples than this of the live ones, decoded again, and the live times are used."""

REFUSED: Final = (AnalysisError, FirmwareBridgeError, TrackerError, LookupError, ValueError)
"""What a recording may come to of which nothing can be made."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the stored session knows that its recording does not."""

    language: Language
    pain: int | None
    side: str | None
    plan: Any


def analyse_session(recording: Path, session: SessionPublic) -> Reanalysed:
    """Analyse the recording of a stored session again.

    Parameters
    ----------
    recording : Path
        Its MCAP file.
    session : SessionPublic
        As it is stored.

    Raises
    ------
    UnreadableRecordingError
        If nothing can be made of the recording.

    """
    try:
        recorded = read_mcap(recording)
        found = _analyse(recorded, session)
    except REFUSED as error:
        raise UnreadableRecordingError(
            f"The recording of session {session.id} cannot be analysed again: {error} Its results "
            "stay as they are."
        ) from error
    return Reanalysed(
        engine=ENGINE_VERSION,
        catalogue=load_catalogue().version,
        sets=[SetBody.model_validate(one) for one in _with_told(found, session)],
    )


def _analyse(recorded: RecordedSession, session: SessionPublic) -> list[dict[str, Any]]:
    if not len(recorded.samples):
        raise RecordingError("There is no sample in it.")
    told = _told(recorded, session)
    windows = set_windows(recorded)
    samples = _best_times(recorded, keeps_cuts=bool(windows))
    if not windows:
        return _in_one_piece(recorded, samples, session, told)
    t0_s = float(recorded.samples.time_s[0])
    documents: list[dict[str, Any]] = []
    for window in windows:
        documents += _one_set(window, samples, recorded.thigh, told, t0_s)
    return documents


def _one_set(
    window: SetWindow, samples: ImuSamples, thigh: ImuSamples, told: _Told, t0_s: float
) -> list[dict[str, Any]]:
    piece, second = window.cut(samples), window.cut(thigh)
    if not len(piece):
        return []
    step = planned_step(told.plan, window.step_number)
    has_thigh = len(second) > 0
    measurement = SetMeasurement(step, window.set_number, window.step_number, has_thigh=has_thigh)
    if has_thigh:
        measurement.update_thigh(second)
    measurement.update(piece)
    measured = measurement.close(t0_s=t0_s, language=told.language, pain=told.pain)
    return list(measured.documents)


def _in_one_piece(
    recorded: RecordedSession, samples: ImuSamples, session: SessionPublic, told: _Told
) -> list[dict[str, Any]]:
    """Analyse a recording that no coach led, with the one exercise it was stored as."""
    names = recorded.header.exercises or tuple(one.exercise for one in session.exercise_sets)
    if len(set(names)) != 1:
        raise RecordingError("It does not say where one exercise ends and the next begins.")
    exercise = names[0]
    zero_deg = recorded.header.settings.get("zero_deg", 0.0)
    result = analyse_recording(samples, exercise, zero_deg=float(zero_deg))
    document = analysis_document(
        result,
        exercise=exercise,
        recording_format=recorded.header.sensor,
        side=told.side,
        t0_s=float(samples.time_s[0]),
        language=told.language,
    )
    for one, described in zip(result.sets, document["sets"], strict=True):
        described |= {"exercise": exercise, "side": described.get("side") or told.side}
        if result.angle_deg is not None:
            described["trace"] = trace(samples.time_s, result.angle_deg, one.start_s, one.end_s)
    return list(document["sets"])


def _best_times(recorded: RecordedSession, *, keeps_cuts: bool) -> ImuSamples:
    """Return the samples with the best times there are.

    The sets were cut by live times. A time fitted anew may lie on the other side of an edge; it
    differs by some milliseconds, and at an edge the leg lies still.
    """
    if not recorded.notifications or not keeps_cuts:
        return recorded.samples
    try:
        samples = retimed(recorded)
    except (FirmwareBridgeError, TrackerError, AnalysisError, ValueError):
        return recorded.samples  # a sensor that somebody built, or a damaged stretch
    is_whole = len(samples) >= LEAST_SHARE * len(recorded.samples)
    return samples if is_whole else recorded.samples


def _told(recorded: RecordedSession, session: SessionPublic) -> _Told:
    extra = session.__pydantic_extra__ or {}
    sides = {one.side for one in session.exercise_sets}
    return _Told(
        language="nl" if extra.get("language") == "nl" else "en",
        pain=session.pain.before if session.pain else None,
        side=sides.pop() if len(sides) == 1 else None,
        plan=extra.get("plan") or recorded.header.settings.get("steps"),
    )


def _with_told(found: list[dict[str, Any]], session: SessionPublic) -> list[dict[str, Any]]:
    """Give each set back what was told about the one in its place."""
    for described in found:
        before = _counterpart(described, session)
        if before is None:
            continue
        known = before.model_dump(mode="json")
        described |= {
            name: known[name]
            for name in KEPT
            if known.get(name) is not None and described.get(name) is None
        }
    return found


def _counterpart(described: dict[str, Any], session: SessionPublic) -> SetBody | None:
    """Return the stored set that lasts over most of the same time."""

    def shared_s(one: SetBody) -> float:
        first_s, last_s = float(described["start_s"]), float(described["end_s"])
        return min(one.end_s, last_s) - max(one.start_s, first_s)

    best = max(session.exercise_sets, key=shared_s, default=None)
    return best if best is not None and shared_s(best) > 0 else None
